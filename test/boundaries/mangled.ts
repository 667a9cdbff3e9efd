import { bypassCases, corpusCases } from './world.ts';

const BITS =
  "$( ` \" ' \\ | & && || ; ;; ( ) { } < > >> << <<< <( >( $(( (( [[ ]] $\x7b if then fi for in do done while case esac function ! # * ? [ ] ~ $X = += - -- .. / coproc time select {a,b} {1..3} $' @( !( % ^ -c -e é 😀 EOF eval exec xargs bash find sed awk git env sudo"
    .split(' ')
    .flatMap((bit) => [bit, `${bit} `])
    .concat(['\n', '\t', ' ', '\r', '\0', '\u00a0', '\u202e', '\ud800', '<<EOF\n', 'bash -c ']);

/** Random and mutated command texts, the same for the same seed. */
export function* mangledTexts(count: number, seed: number): Generator<string> {
  const known = [...corpusCases('open'), ...bypassCases()].map(({ command }) => command);
  let state = seed >>> 0;
  const random = (below: number) => {
    // xorshift32: enough to mix, and the same everywhere.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  const pick = (from: readonly string[]) => from[random(from.length)] ?? '';
  for (let n = 0; n < count; n++) {
    const kind = random(20);
    if (kind < 4) yield Array.from({ length: 1 + random(40) }, () => pick(BITS)).join('');
    else if (kind === 4) {
      const unit = pick(BITS) + pick(BITS);
      yield unit.repeat(1 + random(Math.floor(11_000 / unit.length)));
    } else if (kind === 5) yield `${pick(known)}${pick([';', ' && ', ' | ', '\n'])}${pick(known)}`;
    else yield mutated(pick(known), 1 + random(4), random, pick, known);
  }
}

function mutated(
  text: string,
  times: number,
  random: (below: number) => number,
  pick: (from: readonly string[]) => string,
  known: readonly string[],
): string {
  let result = text;
  for (let n = 0; n < times; n++) {
    const at = random(result.length + 1);
    const way = random(10);
    const head = result.slice(0, at);
    if (way < 5) result = head + pick(BITS) + result.slice(at);
    else if (way < 8) result = head + result.slice(at + 1 + random(3));
    else result = head + pick(known) + result.slice(at);
  }
  return result;
}

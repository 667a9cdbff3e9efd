import type { ImportedRules } from './imported-rules.ts';
import { plainRule } from './plain-rule.ts';
import { readStarlarkCalls, type StarlarkCall, type StarlarkValue } from './starlark-literals.ts';

const DECISIONS: Readonly<Record<string, 'allow' | 'ask' | 'deny'>> = {
  allow: 'allow',
  prompt: 'ask',
  forbidden: 'deny',
};

/** More alternatives than a person writes into one rule. */
const MOST_RULES = 200;

/**
 * Takes the `prefix_rule`s of Codex: `["git", ["push", "fetch"]]` is `git push *` and
 * `git fetch *`. Codex too takes the strictest of all rules that match.
 */
export function takeCodexRules(text: string, from: string, out: ImportedRules): void {
  const { calls, rest } = readStarlarkCalls(text);
  for (const call of calls) {
    const was = `${call.name}(…), line ${call.line}`;
    if (call.name === 'prefix_rule') takePrefixRule(call, was, from, out);
    else if (call.name === 'host_executable') {
      out.leave(was, from, 'a program named by a path is never the one an allow rule names');
    } else out.leave(was, from, 'only prefix_rule is read');
  }
  for (const { line, text: code } of rest) {
    // It might have been a rule that forbids: then nothing may be allowed on our word.
    const why = 'it is more than a call with texts, and is not run';
    out.neverAllow('*', `${code.slice(0, 60)}, line ${line}`, from, why);
  }
}

function takePrefixRule(call: StarlarkCall, was: string, from: string, out: ImportedRules): void {
  const decision = call.named.decision ?? 'allow';
  const kind = typeof decision === 'string' ? DECISIONS[decision] : undefined;
  const patterns = alternativesOf(call.named.pattern ?? call.positional[0] ?? null);
  if (kind === undefined || patterns === null) {
    out.neverAllow('*', was, from, 'its pattern or decision cannot be read');
    return;
  }
  for (const words of patterns) {
    const shown = `${kind === 'allow' ? '' : `${kind} `}${words.join(' ')}`;
    const rule = words.some((word) => /\s/.test(word)) ? null : plainRule(`${words.join(' ')} *`);
    if (rule !== null) out.add(`commands.${kind}`, rule, `${shown} (line ${call.line})`);
    else {
      const why = 'a rule is plain words, without blanks, quotes and stars in them';
      if (kind === 'allow') out.leave(`${shown}, line ${call.line}`, from, why);
      else out.neverAllow(`${words[0] ?? ''}*`, `${shown}, line ${call.line}`, from, why);
    }
  }
}

/** Every sequence of words that a pattern stands for; null where it is no pattern. */
function alternativesOf(pattern: StarlarkValue): string[][] | null {
  if (!Array.isArray(pattern) || pattern.length === 0) return null;
  let sequences: string[][] = [[]];
  for (const element of pattern as readonly StarlarkValue[]) {
    const choices = Array.isArray(element) ? (element as readonly StarlarkValue[]) : [element];
    if (choices.length === 0 || !choices.every((one) => typeof one === 'string')) return null;
    sequences = sequences.flatMap((words) => choices.map((one) => [...words, one as string]));
    if (sequences.length > MOST_RULES) return null;
  }
  return sequences;
}

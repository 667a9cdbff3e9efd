import fc from 'fast-check';
import { parse } from 'unbash';
import { describe, expect, test } from 'vitest';
import { decideArgv, decideCommand } from '../../src/judge/boundary/decide.ts';
import { isStricter } from '../../src/judge/boundary/decision.ts';
import type { Verdict } from '../../src/judge/boundary/policy.ts';
import { bypassCases, corpusCases, corpusPlace, corpusPolicy } from './world.ts';

const policy = corpusPolicy();
const place = corpusPlace();
const verdictOf = (text: string): Verdict => decideCommand(policy, text, place).verdict;

/** Cases that stand on one line, end where they end, and parse. */
const lines = [...corpusCases('open'), ...bypassCases()]
  .map(({ command }) => command)
  .filter((text) => !/[\n#\r]|<<|\\$|&\s*$/.test(text) && !parse(text).errors?.length)
  .filter((text) => parse(text).commands.length > 0);

/** Of these, one simple program with its arguments: no assignment, no builtin that moves the shell. */
const programs = lines.filter((text) => {
  const [statement, ...more] = parse(text).commands;
  const command = statement?.command;
  if (more.length > 0 || command?.type !== 'Command' || !command.name) return false;
  if (command.prefix.length > 0) return false;
  // Reserved words and builtins mean something else, or nothing, behind a program's name.
  return !/^(cd|pushd|popd|exec|eval|source|\.|export|declare|typeset|local|readonly|read|unset|set|shopt|alias|unalias|enable|hash|trap|let|mapfile|readarray|getopts|printf|test|\[|command|builtin|coproc|time|type|true|false|:|exit|break|continue|return|wait|shift|fc|history|bind|complete|compgen|compopt|umask|ulimit|kill|jobs)$/.test(
    command.name.value,
  );
});

const single = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Around a program: what runs it all the same. */
const wrappers: readonly ((text: string) => string)[] = [
  ...'env|nohup|nice -n 5|time|timeout 9|stdbuf -oL|setsid|ionice -c3|command|sudo|sudo -u x|doas|env -i|env A=1|NODE_ENV=x|A=1|PATH=/x|xargs|xargs -n1|strace -f|unshare -r|chroot /x|watch|ssh h|docker exec c|docker run i|flock l|npx|busybox|chrt 1|taskset 1|proof run --|nice timeout 5|find src -exec'
    .split('|')
    .map(
      (wrapper) => (text: string) =>
        wrapper.startsWith('find') ? `${wrapper} ${text} \\;` : `${wrapper} ${text}`,
    ),
];

/** Around any line: structure that runs it all the same. */
const nestings: readonly ((text: string) => string)[] = [
  (text) => `( ${text} )`,
  (text) => `{ ${text}; }`,
  (text) => `! { ${text}; }`,
  (text) => `if true; then ${text}; fi`,
  (text) => `if ${text}; then true; fi`,
  (text) => `while ${text}; do true; done`,
  (text) => `until false; do ${text}; done`,
  (text) => `for i in a b; do ${text}; done`,
  (text) => `case x in x) ${text};; esac`,
  (text) => `f() { ${text}; }`,
  (text) => `f() { ${text}; }; f`,
  (text) => `echo "$( ${text} )"`,
  (text) => `echo \${X:-$( ${text} )}`,
  (text) => `x=$( ${text} )`,
  (text) => `[[ -n $( ${text} ) ]]`,
  (text) => `(( 1 + $( ${text} ) ))`,
  (text) => `cat <( ${text} )`,
  (text) => `tee >( ${text} )`,
  (text) => `coproc { ${text}; }`,
  (text) => `cat <<< "$( ${text} )"`,
  (text) => `cat <<EOF\n$( ${text} )\nEOF`,
  (text) => `bash -c ${single(text)}`,
  (text) => `sh -ec ${single(text)}`,
  (text) => `bash <<< ${single(text)}`,
  (text) => `eval ${single(text)}`,
  (text) => `trap ${single(text)} EXIT`,
  (text) => `env -S ${single(`bash -c ${single(text)}`)}`,
  (text) => `su -c ${single(text)}`,
  (text) => `time { ${text}; }`,
];

/** Beside any line: what does no harm. */
const harmless: readonly ((text: string) => string)[] = [
  (text) => `${text}; true`,
  (text) => `true; ${text}`,
  (text) => `true && ${text}`,
  (text) => `false || ${text}`,
  (text) => `${text} && true`,
  (text) => `${text} | cat`,
  // rg searches what comes through a pipe instead of the directory, so that it does less then.
  (text) => (/\brg\b/.test(text) ? text : `ls | ${text}`),
  (text) => `${text} 2>&1`,
  (text) => `${text} 2>/dev/null`,
  (text) => `${text} # comment`,
  (text) => `${text} &`,
  (text) => `${text}\n`,
  (text) => `  ${text}`,
  (text) => `x=1; ${text}`,
];

/** How the verdict on `after` is looser than on `before`, or null. */
function loosened(before: string, after: string): string | null {
  const first = verdictOf(before);
  const then = verdictOf(after);
  if (!isStricter(first, then)) return null;
  // What the shell would refuse runs nothing; it is not allowed either.
  if (parse(after).errors?.length && then === 'ask') return null;
  return `${first} ${JSON.stringify(before)} → ${then} ${JSON.stringify(after)}`;
}

function neverLooser(before: string, after: string): void {
  expect(loosened(before, after)).toBe(null);
}

describe('nothing put around a command loosens its verdict', () => {
  test(`wrappers before each of ${programs.length} programs`, () => {
    const looser: string[] = [];
    for (const text of programs) {
      for (const wrap of wrappers) {
        const found = loosened(text, wrap(text));
        if (found) looser.push(found);
      }
    }
    expect(looser).toEqual([]);
  });

  test(`structure around each of ${lines.length} lines, in turn`, () => {
    for (const [index, text] of lines.entries()) {
      const nest = nestings[index % nestings.length]!;
      neverLooser(text, nest(text));
    }
  });

  test('harmless parts beside each line, in turn', () => {
    for (const [index, text] of lines.entries()) {
      const add = harmless[index % harmless.length]!;
      neverLooser(text, add(text));
    }
  });

  test('all of them on top of each other', () => {
    const ways = fc.array(fc.constantFrom(...nestings, ...harmless), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.constantFrom(...lines), ways, (text, all) => {
        let now = text;
        for (const way of all) {
          // A line end, `&` or a comment inside of other things changes what the text says.
          if (/[\n#&]\s*$|# comment/.test(now)) break;
          now = way(now);
        }
        neverLooser(text, now);
      }),
      { numRuns: 1500, seed: 15 },
    );
  });
});

describe('how words are quoted changes nothing', () => {
  const quotings: readonly ((word: string) => string)[] = [
    (word) => word,
    single,
    (word) => `"${word.replace(/[\\"$`]/g, '\\$&')}"`,
    (word) => [...word].map((char) => (/\w/.test(char) ? char : `\\${char}`)).join(''),
    (word) => `$'${word.replace(/[\\']/g, '\\$&')}'`,
    (word) => `$'${[...word].map((c) => `\\x${c.charCodeAt(0).toString(16)}`).join('')}'`,
    (word) => [...word].map(single).join(''),
    (word) => `${word.slice(0, 1) ? single(word.slice(0, 1)) : ''}""${single(word.slice(1))}`,
    (word) => `${single(word.slice(0, 1))}\\\n${single(word.slice(1))}`,
  ];
  /** Words that are nothing but characters. */
  const plain = programs
    .map((text) => parse(text).commands[0]?.command)
    .map((command) =>
      command?.type === 'Command' && command.redirects.length === 0
        ? [command.name!, ...command.args]
        : [],
    )
    .filter((words) => words.length > 0 && words.every((word) => word.type === 'Word'))
    .filter((words) => words.every((word) => /^[\w./=:,@%+-]+$/.test(word.text)))
    .map((words) => words.map(({ text }) => text));

  test('each word quoted in any way', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...plain),
        fc.array(fc.constantFrom(...quotings), { minLength: 12, maxLength: 12 }),
        (words, ways) => {
          const quoted = words.map((word, index) => ways[index % ways.length]!(word)).join(' ');
          expect(verdictOf(quoted), quoted).toBe(verdictOf(words.join(' ')));
        },
      ),
      { numRuns: 1500, seed: 15 },
    );
  });

  test('the same words without a shell', () => {
    for (const words of plain) {
      const { verdict } = decideArgv(policy, words, place);
      expect(verdict, words.join(' ')).toBe(verdictOf(words.join(' ')));
    }
  });
});

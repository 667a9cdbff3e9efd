import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeWith } from '../../../../test/system-programs.ts';
import { unquoted } from './quoted-text.ts';

describe('text as a shell quotes it', () => {
  it.each([
    ['bash', 'plain', 'plain'],
    ['bash', "''", ''],
    ['bash', 'a\\ b\\;c\\\\', 'a b;c\\'],
    ['bash', "$'a\\n\\t\\E]x\\a\\'\\\\ \\303\\251'", "a\n\t\u001b]x\u0007'\\ é"],
    ['bash', "$'\\001\\177\\x41'", '\u0001\u007fA'],
    ['zsh', "$'it\\'s \\346\\227\\245'", "it's 日"],
    ['fish', 'a%20b%0A%C3%A9%25', 'a b\né%'],
    ['fish', '100%', '100%'],
    ['bash', "$'cut \\30", 'cut \u0018'],
    ['bash', "'cut", 'cut'],
    ['bash', "$'\\377'", '\ufffd'],
  ] as const)('%s: %j', (shell, quoted, text) => {
    expect(unquoted(shell, quoted)).toBe(text);
  });

  it('never takes longer than its length allows', () => {
    const started = performance.now();
    unquoted('bash', `$'${'\\n\\303\\251 word'.repeat(20_000)}`);
    unquoted('fish', '%'.repeat(300_000));
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

/** Any text a shell can hold: no NUL. */
const texts = fc.array(
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replaceAll('\0', '')),
  { minLength: 20, maxLength: 40 },
);
const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8' };

const QUOTE = {
  bash: [
    '-c',
    'LC_ALL=C; for text; do printf -v quoted %q "$text"; printf "%s\\n" "$quoted"; done',
    '-',
  ],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is zsh's
  zsh: ['-fc', 'LC_ALL=C; setopt no_multibyte; for text; do print -r -- ${(qqqq)text}; done', '-'],
  fish: [
    '--no-config',
    '-c',
    'for text in $argv; string escape --style=url -- $text; or echo; end',
  ],
} as const;

for (const shell of ['bash', 'zsh', 'fish'] as const) {
  describeWith(shell)(`any text, quoted by ${shell} itself`, () => {
    it('reads back as what it was', () => {
      fc.assert(
        fc.property(texts, (given) => {
          const printed = execFileSync(shell, [...QUOTE[shell], ...given], {
            env,
            encoding: 'latin1',
          });
          const lines = printed.split('\n').slice(0, given.length);
          expect(lines.map((line) => unquoted(shell, line))).toEqual(given);
        }),
        { numRuns: 10 },
      );
    });
  });
}

import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandText } from './command-text.ts';

it('reads back in a shell to the same words', () => {
  const word = fc
    .string({ unit: 'binary' })
    .map((text) => text.replaceAll('\0', '').toWellFormed());
  const list = fc.array(fc.array(word, { minLength: 1, maxLength: 5 }), { maxLength: 30 });
  fc.assert(
    fc.property(list, (commands) => {
      // One shell for all: each command's words, an end mark after each.
      const script = commands.map((argv) => `printf '%s\\0' ${commandText(argv)} '|'`).join('\n');
      const read = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
      expect(read).toBe(commands.map((argv) => [...argv, '|', ''].join('\0')).join(''));
    }),
    { numRuns: 20 },
  );
});

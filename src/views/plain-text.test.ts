import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

describe('output as a person would have seen it', () => {
  it.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['a colour with colons', '\u001b[38:2::1:2:3mred', 'red'],
    ['a title', '\u001b]0;title\u0007text', 'text'],
    ['a link', '\u001b]8;;https://x.example\u001b\\here\u001b]8;;\u001b\\', 'here'],
    ['a C1 sequence', '\u009b31mred', 'red'],
    ['a character set', '\u001b(Bplain', 'plain'],
    ['a keypad mode', '\u001b=\u001b>x', 'x'],
    ['progress', '10%\r50%\r100%\n', '100%\n'],
    ['progress that was longer before', 'downloading\rdone\n', 'doneloading\n'],
    ['progress that was erased', 'downloading\r\u001b[Kdone\n', 'done\n'],
    [
      'progress that erases behind itself',
      'long text\u001b[K\r5%\u001b[0K\rdone\u001b[K\r\n',
      'done\n',
    ],
    ['a line erased before it is written again', 'long text\u001b[2K\rdone\n', 'done\n'],
    ['a line erased after the carriage return', 'long text\r\u001b[2Kdone\n', 'done\n'],
    ['a line erased and left empty', 'working\r\u001b[K\nnext', '\nnext'],
    ['a line erased under the cursor', 'abc\u001b[2Kdef', '   def'],
    ['line ends of a terminal', 'a\r\nb\r\n', 'a\nb\n'],
    ['a spinner', '|\b/\b-\bdone', 'done'],
    ['bold of man', 'N\bNA\bAM\bM', 'NAM'],
    ['more backspaces than text', 'ab\b\b\b\bc', 'c'],
    ['backspaces over an emoji', 'a\u{1f600}\bb', 'ab'],
    ['a title without an end', '\u001b]0;no end\nnext line', '\nnext line'],
    ['a sequence without an end', 'text\u001b[31', 'text\u001b[31'],
    ['nothing', '', ''],
  ])('%s', (_what, output, seen) => {
    expect(plainText(output)).toBe(seen);
  });

  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('\r', '\n', '\b', '\u001b[31m', '\u001b]0;x\u0007', '\u001b', '\t', '日本'),
  );

  it('has as many lines as the output, and no carriage return or backspace', () => {
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const output = parts.join('');
        const seen = plainText(output);
        expect(seen).not.toMatch(/[\r\u0008]/);
        expect(seen.split('\n')).toHaveLength(output.split('\n').length);
      }),
    );
  });

  it('is text itself where nothing controls', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const plain = text.replace(/[\u0000-\u0008\u000d\u001b\u009b]/g, '');
        expect(plainText(plain)).toBe(plain);
      }),
    );
  });

  it.each([
    ['letters, then as many backspaces', 'a'.repeat(500_000) + '\b'.repeat(500_000)],
    [
      'a long line overwritten from its start again and again',
      `${'a'.repeat(200_000)}${'\rb'.repeat(200_000)}`,
    ],
    ['carriage returns and nothing else', `${'\r'.repeat(500_000)}x`],
    ['beginnings of sequences', '\u001b['.repeat(300_000)],
    ['one sequence without end', `\u001b[${'0'.repeat(500_000)}`],
    ['titles without end', '\u001b]'.repeat(300_000)],
    ['erasures', 'a\u001b[K\u001b[2K\r'.repeat(100_000)],
  ])('takes no longer than its length for %s', (_what, output) => {
    // By the square of the length these would not end within the time a test has.
    expect(plainText(output).length).toBeLessThanOrEqual(output.length);
  });
});

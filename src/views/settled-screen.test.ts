import { expect, test } from 'vitest';
import { settledScreen } from './settled-screen.ts';

const ESC = '\u001b';

test.each([
  ['no movement: as plain text', `a${ESC}[31mb${ESC}[0m\n`, 'ab\n'],
  ['a block that counts up', `1 of 2\nrunning\n${ESC}[2A${ESC}[J2 of 2\ndone\n`, '2 of 2\ndone\n'],
  ['lines erased one by one', `a\nb\nc\n${ESC}[1A${ESC}[2K${ESC}[1A${ESC}[2Kd\n`, 'a\nd\n'],
  ['a part drawn over', `abcdef\n${ESC}[1AXY\n`, 'XYcdef\n'],
  ['to a column', `abcdef\n${ESC}[1A${ESC}[3GZ\n`, 'abZdef\n'],
  ['a line above, from its beginning', `one\ntwo${ESC}[1Fnew${ESC}[K\n`, 'new\ntwo\n'],
  ['up past the top', `a\n${ESC}[99Ab\n`, 'b\n'],
  ['a cleared screen is a new one', `a\n${ESC}[1A${ESC}[2J${ESC}[Hb\n`, 'a\nb\n'],
  ['a line too wide for the screen is one line', `0123456789\n${ESC}[2A${ESC}[Kx\n`, 'x\n56789\n'],
  [
    'a line that goes on is drawn over where the screen has it',
    `0123456789\nb${ESC}[1Aa\n`,
    '012345a789\nb\n',
  ],
  ['titles and links are no text', `a${ESC}]0;title\u0007b\n${ESC}[1A${ESC}[2Kc\n`, 'c\n'],
])('%s', (_name, text, shown) => {
  expect(settledScreen(text, { columns: /\d{10}/.test(text) ? 5 : 80, rows: 24 })).toBe(shown);
});

test('nothing above the screen can be reached any more', () => {
  const lines = `${[...Array(30).keys()].join('\n')}\n`;
  expect(settledScreen(`${lines}${ESC}[99A${ESC}[2Kx\n`, { columns: 80, rows: 10 })).toMatch(
    /^0\n1\n[^x]*20\nx\n22\n/,
  );
});

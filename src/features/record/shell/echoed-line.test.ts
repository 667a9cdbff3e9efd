import { describe, expect, it } from 'vitest';
import { EchoedLine } from './echoed-line.ts';

const ESC = '\u001b';

/** A prompt of two columns, and what readline wrote behind it. */
function shown(written: string, columns = 20, cuts = 1): string | null {
  const line = new EchoedLine(columns);
  line.feed(Buffer.from(`${ESC}[?2004h${ESC}[32m$${ESC}[0m `));
  line.begins();
  const bytes = Buffer.from(written);
  for (let at = 0; at < bytes.length; at += cuts) line.feed(bytes.subarray(at, at + cuts));
  return line.text();
}

describe('a line as readline leaves it on the screen', () => {
  it.each([
    ['typed', 'echo hi', 'echo hi'],
    ['and ended', `echo hi\r\n${ESC}[?2004l\r`, 'echo hi'],
    ['with a letter taken back', `echx\b${ESC}[Ko hi`, 'echo hi'],
    ['with a letter put in', `ecoo\b\bho${ESC}[K o`, 'echo o'],
    ['by insertion', `eco\b${ESC}[1@h`, 'echo'],
    ['with letters deleted', `XXecho\b\b\b\b\b\b${ESC}[2P`, 'echo'],
    ['fetched over another', `make -j\b\b\b\b\b\b\bnpm${ESC}[K`, 'npm'],
    ['from the column again', `wrong\r${ESC}[2Cls${ESC}[K`, 'ls'],
    ['from an absolute column', `wrong${ESC}[3Gls${ESC}[K`, 'ls'],
    ['with two columns a character', '日本\b\b語', '日語'],
    ['with a mark of its own', 'e\u0301te', 'e\u0301te'],
    ['with colours', `${ESC}[1mls${ESC}[0m${ESC}]0;title\u0007 x`, 'ls x'],
    ['with a bell', 'l\u0007s', 'ls'],
    ['after the screen was cleared and drawn anew', 'ls', 'ls'],
    ['beginning with a space', ' ls', ' ls'],
    ['empty', '\r\n', ''],
  ])('%s', (_, written, text) => {
    expect(shown(written)).toBe(text);
    expect(shown(written, 20, 1_000)).toBe(text);
  });

  it('over several rows', () => {
    const long = 'a'.repeat(18);
    expect(shown(`${long}bcd`)).toBe(`${long}\nbcd`);
    // Into the second row, up to the first, and a change there.
    expect(shown(`${long}bcd${ESC}[A\r${ESC}[2CX`)).toBe(`X${long.slice(1)}\nbcd`);
    expect(shown(`${long}bcd${ESC}[A\r${ESC}[2Cls${ESC}[J`)).toBe('ls');
  });

  it('is none where something was written that it cannot follow', () => {
    for (const unknown of [`${ESC}[5;5H`, `${ESC}[2J`, `${ESC}[9A`, `${ESC}[L`, `${ESC}[1K`])
      expect(shown(`ls${unknown}x`)).toBe(null);
    expect(shown('x'.repeat(70_000), 1_000_000)).toBe(null);
    expect(new EchoedLine(80).text()).toBe(null);
  });

  it('begins again with its prompt', () => {
    const line = new EchoedLine(20);
    line.feed(Buffer.from('$ '));
    line.begins();
    line.feed(Buffer.from(`wro${ESC}[H${ESC}[2J$ `));
    line.begins();
    line.feed(Buffer.from('ls'));
    expect(line.text()).toBe('ls');
  });
});

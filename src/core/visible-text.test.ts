import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, visible, visibleLine } from './visible-text.ts';

describe('visible', () => {
  it.each([
    ['a colour', '\u001b[31mred', '\\e[31mred'],
    ['an overwritten line', 'all failed\rall passed', 'all failed\\rall passed'],
    ['a C1 control', '\u009b2J', '\\u{9b}2J'],
    ['an operating system command', '\u001b]0;title\u0007', '\\e]0;title\\u{7}'],
    ['text that runs backwards', 'a\u202eb', 'a\\u{202e}b'],
    ['an isolate', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['an Arabic letter mark', '\u061c', '\\u{61c}'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['a zero-width space inside a word', 'np\u200bm', 'np\\u{200b}m'],
    ['a soft hyphen', 'np\u00adm', 'np\\u{ad}m'],
    ['a hidden text in tag characters', 'ok\u{e0068}\u{e0069}', 'ok\\u{e0068}\\u{e0069}'],
    ['half a surrogate pair', 'a\ud800b', 'a\\u{d800}b'],
    ['NUL', '\u0000', '\\0'],
    ['a byte order mark', '\ufeffx', '\\u{feff}x'],
  ])('writes out %s', (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('leaves alone what people write', () => {
    const text = 'naïve — 日本語, العربية, עברית, می‌خواهم, 👩‍💻 👍🏽 🇩🇪\n\tindented';
    expect(visible(text)).toBe(text);
    expect(visibleLine(text)).toBe(text.replace('\n', '\\n').replace('\t', '\\t'));
  });

  it('lets nothing through that a terminal would obey, and does nothing twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visible(text);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        expect(stripVTControlCharacters(shown)).toBe(shown);
        expect(visible(shown)).toBe(shown);
        expect(visibleLine(text)).not.toMatch(/[\n\t]/);
      }),
    );
  });
});

describe('cut', () => {
  it('is never longer than asked for, and never half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 30 }), (text, width) => {
        fc.pre(text.isWellFormed());
        const short = cut(text, width);
        expect(short.length).toBeLessThanOrEqual(width);
        expect(short.isWellFormed()).toBe(true);
        if (text.length <= width) expect(short).toBe(text);
      }),
    );
  });

  it('says that something is left out; null cuts nothing', () => {
    expect(cut('abcdef', 4)).toBe('abc…');
    expect(cut('ab\u{1f600}f', 4)).toBe('ab…');
    expect(cut('abcdef', null)).toBe('abcdef');
  });
});

import { describe, expect, it } from 'vitest';
import { isNote } from './note-line.ts';
import { typedLine } from './typed-line.ts';

const bash = (state: 'new' | 'same', flags: string, text: string, echoed: string | null = null) => {
  const line = typedLine({ shell: 'bash', state, flags, text, echoed });
  return [line.how, line.text];
};
const LAST = '  501  npm test';

describe('what was typed in bash', () => {
  it.each([
    ['a new entry is it', 'new', 'sd', '  502  ls | wc', null, ['told', 'ls | wc']],
    ['with the mark of an edited one', 'new', '', '  502* ls', null, ['told', 'ls']],
    ['with its own spaces and lines', 'new', '', '    7   a\n 8  b', null, ['told', ' a\n 8  b']],
    [
      'of several entries without cmdhist',
      'new',
      'm',
      '    7  a\n    8  b',
      null,
      ['told', 'a\nb'],
    ],
    ['no new one, and repetitions are not kept', 'same', 'd', LAST, null, ['told', 'npm test']],
    ['the same on the screen', 'same', 'sd', LAST, 'npm test', ['told', 'npm test']],
    ['the same, wrapped', 'same', 'sd', LAST, 'npm\n test', ['told', 'npm test']],
    ['!! and what it was', 'same', 'sd', LAST, '!!\nnpm test', ['told', 'npm test']],
    ['a space before the same', 'same', 'sd', LAST, ' npm test', ['withheld', null]],
    ['a space before another', 'same', 'sd', LAST, ' echo x', ['withheld', null]],
    ['spaces are all that hides', 'same', 's', LAST, null, ['withheld', null]],
    ['something else on the screen', 'same', 'sd', LAST, 'npm tes', ['unknown', null]],
    ['nothing to be seen', 'same', 'sd', LAST, null, ['unknown', null]],
    ['no history', 'same', 'o', '', 'echo x', ['seen', 'echo x']],
    ['no history, but spaces hide', 'same', 'os', '', ' echo x', ['withheld', null]],
    ['no history, two lines', 'same', 'o', '', 'echo x\ny', ['unknown', null]],
    ['a pattern', 'same', 'i', LAST, 'ls', ['seen', 'ls']],
    ['a pattern or a repetition', 'same', 'id', LAST, 'npm test', ['told', 'npm test']],
    ['a pattern, and spaces hide', 'same', 'is', LAST, ' ls', ['withheld', null]],
  ] as const)('%s', (_, state, flags, text, echoed, expected) => {
    expect(bash(state, flags, text, echoed)).toEqual(expected);
  });
});

describe('what was typed in zsh and fish', () => {
  it('is what they say, but for lines that begin with a space', () => {
    expect(
      typedLine({ shell: 'zsh', state: 'new', flags: '', text: ' 5 x', echoed: null }),
    ).toEqual({
      text: ' 5 x',
      how: 'told',
      cut: false,
    });
    expect(typedLine({ shell: 'fish', state: 'new', flags: 's', text: '', echoed: null }).how).toBe(
      'withheld',
    );
    expect(typedLine({ shell: 'zsh', state: 'new', flags: 'c', text: 'x', echoed: null }).cut).toBe(
      true,
    );
  });
});

describe('a line that is only a note', () => {
  it.each([
    'note',
    ' note flaky',
    'note "it is; slow"',
    "note 'a $b'",
    'note a\\;b',
    'note "x" y  ',
  ])('is %j', (line) => {
    expect(isNote(line)).toBe(true);
  });
  it.each([
    'notes x',
    'echo a; note b',
    'note b; rm x',
    'note b && x',
    'note $(rm x)',
    'note "`rm x`"',
    'note "$(rm x)"',
    'note x | tee y',
    'note x > y',
    'note x\nrm y',
    'note "x',
    'note x &',
    'note <(rm x)',
  ])('is not %j', (line) => {
    expect(isNote(line)).toBe(false);
  });

  it('is told in no time from a long one that is not', () => {
    const started = performance.now();
    expect(isNote(`note ${'a "b" '.repeat(20_000)};`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryName, parseName, taskName } from './names.ts';

describe('names of entries and tasks', () => {
  it('are read back, in either case', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999_999_999_999_998 }), (n) => {
        expect(parseName(entryName(n))).toEqual({ entry: n });
        expect(parseName(entryName(n).toLowerCase())).toEqual({ entry: n });
        expect(parseName(taskName(n + 1).toLowerCase())).toEqual({ task: n + 1 });
      }),
    );
    expect(parseName('E0')).toEqual({ entry: 0 });
  });

  it.each([
    ...['', 'E', 'T', 'T0', 'E01', 'e00', 'T007', 'E-1', 'E+1', 'E1.0', 'E1e3', 'E 1', ' E1'],
    ...['E1 ', 'E1\n', '1', 'EE1', 'X1', 'E١', 'E9999999999999999', 'E0x1'],
  ])('%j is none', (text) => {
    expect(parseName(text)).toBe(null);
  });
});

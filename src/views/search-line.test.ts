import { describe, expect, it } from 'vitest';
import { LineFinder } from './search-line.ts';
import { parseSearch } from './search-query.ts';

const TEXT = [
  'npm test',
  'FAIL src/a.ts > reads the last line',
  'Error: expected 3, got 2',
  '    at src.a.ts:14',
  'a café, and the cookie that failed',
  'cookie failed at once',
].join('\n');

function find(typed: string, text = TEXT) {
  const found = new LineFinder(parseSearch(typed)!).find(text);
  return found === null
    ? null
    : [found.line, ...found.spans.map(([from, to]) => found.text.slice(from, to))];
}

describe('the line that matched', () => {
  it.each<[typed: string, found: (string | number)[] | null]>([
    ['expected', [3, 'expected']],
    ['got expected', [3, 'expected', 'got']],
    ['src/a.ts', [2, 'src/a.ts']],
    ['src.a.ts', [4, 'src.a.ts']],
    ['cafe', [5, 'café']],
    ['CAFÉ', [5, 'café']],
    ['cookie fail', [6, 'cookie', 'fail']],
    ['fail', [2, 'FAIL']],
    ['failed', [5, 'failed']],
    ['"the cookie"', [5, 'the cookie']],
    ['"cookie fail"', null],
    ['ookie', null],
    ['missing cookie', [5, 'cookie']],
    ['absent', null],
  ])('%s → %o', (typed, found) => {
    expect(find(typed)).toEqual(found);
  });

  it('holds the words of a regular expression for what they are', () => {
    expect(find('a.c (x)', 'abc x\na.c (x)')).toEqual([2, 'a.c', 'x']);
  });

  it('looks at the beginning of a line that is a megabyte, quickly', () => {
    const long = `needle ${'x'.repeat(1_000_000)} hay`;
    expect(find('needle', long)).toEqual([1, 'needle']);
    expect(find('hay', long)).toBeNull();
    const hostile = `${'a '.repeat(30_000)}`;
    const began = performance.now();
    find('"a a a a a a a b"', hostile);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

import { describe, expect, it } from 'vitest';
import { fold, parseSearch, wordsIn } from './search-query.ts';

describe('what a person types', () => {
  it.each<[typed: string, match: string | null]>([
    ['login', '"login"*'],
    ['Login Cookie', '"login"* AND "cookie"*'],
    ['"login cookie"', '"login cookie"'],
    ['"login coo*"', '"login coo"*'],
    ['"login coo"*', '"login coo"*'],
    ['fail*', '"fail"*'],
    ['src/a.ts', '"src a ts"*'],
    ['src/', '"src"'],
    ['--flag', '"flag"*'],
    ['E7', '"e7"*'],
    ['a=b:c', '"a b c"*'],
    ['user_id', '"user id"*'],
    ['Café', '"cafe"*'],
    ['Straße', '"straße"*'],
    ['=> ok', '"ok"*'],
    ['it"s', '"it s"*'],
    ['"unclosed phrase', '"unclosed phrase"'],
    ['OR AND NOT NEAR', '"or"* AND "and"* AND "not"* AND "near"*'],
    ['said:x', '"said x"*'],
    ['^start col : x', '"start"* AND "col"* AND "x"*'],
    ['(a OR b)', '"a"* AND "or"* AND "b"'],
    ['=>', null],
    ['"" * -- !', null],
    ['', null],
  ])('%s → %s', (typed, match) => {
    expect(parseSearch(typed)?.match ?? null).toBe(match);
  });

  it('is folded to what the index holds, and finds its way back', () => {
    expect(fold('ABC').from).toBeNull();
    const { text, from } = fold('Ĕ😀é');
    expect(text).toBe('e😀e');
    expect(from).toEqual([0, 1, 1, 3]);
    expect(wordsIn('a_b-C9')).toEqual(['a', 'b', 'c9']);
  });
});

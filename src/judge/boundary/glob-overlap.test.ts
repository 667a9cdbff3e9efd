import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Char, overlap, type Step, stepsOfGlob } from './glob-overlap.ts';
import { compileGlob } from './scope-glob.ts';

const steps = (glob: string): Step[] => stepsOfGlob(glob)[0]!;
const visible = (glob: string): Step[] =>
  steps(glob).map(
    (step): Step => (step[0]?.startsWith('any') ? ['visible', ...(step as Char[])] : step),
  );

test.each([
  ['.e*', '.env*', true],
  ['.en?', '.env*', true],
  ['*env', '.env', true],
  ['a*c', 'ab*', true],
  ['a*c', 'b*', false],
  ['secrets/**', 's*/key', true],
  ['secrets/**', 'secrets', true],
  ['src/**', 'src/a/b', true],
  ['src/**', 'test/**', false],
  ['**/x', 'a/b/x', true],
  ['**/x', 'a/b/y', false],
  ['a/**/b/*', 'a/b/c', true],
  ['[abc]x', 'bx', true],
  ['A', 'a', true],
])('%s and %s can mean the same file: %s', (a, b, expected) => {
  expect(overlap(steps(a), steps(b))).toBe(expected);
  expect(overlap(steps(b), steps(a))).toBe(expected);
});

test('wildcards of a shell pass over hidden names', () => {
  expect(overlap(visible('*'), steps('.env'))).toBe(false);
  expect(overlap(visible('?env'), steps('.env'))).toBe(false);
  expect(overlap(visible('s*'), steps('secrets'))).toBe(true);
});

test('what a glob matches, it overlaps', () => {
  const name = fc.stringMatching(/^[ab.]{1,3}$/).filter((text) => !/^\.{1,2}$/.test(text));
  const part = fc.oneof(name, fc.constantFrom('*', '**', 'a*', '*b', '?', '{a,b}', '[ab]'));
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
  const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(glob, path, (pattern, text) => {
      if (!compileGlob(`/${pattern}`, { root: '/', home: null }).matches(`/${text}`)) return;
      expect(stepsOfGlob(pattern).some((one) => overlap(one, steps(text)))).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

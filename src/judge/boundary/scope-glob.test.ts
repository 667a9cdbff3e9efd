import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGlob, globProblem } from './scope-glob.ts';

const places = { root: '/w', home: '/home/ada' };
const matches = (glob: string, path: string) => compileGlob(glob, places).matches(path);

describe('a glob of scope', () => {
  test.each<[glob: string, path: string, expected: boolean]>([
    ['src/**', '/w/src/a.ts', true],
    ['src/**', '/w/src/a/b/c.ts', true],
    ['src/**', '/w/src', true],
    ['src/**', '/w/srcs/a', false],
    ['src/**', '/src/a', false],
    ['src/*', '/w/src/a.ts', true],
    ['src/*', '/w/src/a/b.ts', false],
    ['src/*', '/w/src', false],
    ['src', '/w/src/a', false],
    ['src/', '/w/src/a/b', true],
    ['./src//a', '/w/src/a', true],
    ['**', '/w/anything/at/all', true],
    ['**', '/w', true],
    ['**', '/elsewhere', false],
    ['/**', '/elsewhere', true],
    ['**/*.ts', '/w/a.ts', true],
    ['**/*.ts', '/w/a/b/c.ts', true],
    ['a/**/z', '/w/a/z', true],
    ['a/**/z', '/w/a/b/c/z', true],
    ['a/**/z', '/w/a/b/zz', false],
    ['.env*', '/w/.env', true],
    ['.env*', '/w/.env.local', true],
    ['.env*', '/w/sub/.env', false],
    ['*', '/w/.hidden', true],
    ['?env', '/w/.env', true],
    ['[a-c].ts', '/w/b.ts', true],
    ['[!a-c].ts', '/w/b.ts', false],
    ['[^a-c].ts', '/w/d.ts', true],
    ['[]x]', '/w/]', true],
    ['[a\\]]', '/w/]', true],
    ['\\[id\\].tsx', '/w/[id].tsx', true],
    ['a\\*', '/w/a*', true],
    ['a\\*', '/w/ab', false],
    ['{src,test}/**', '/w/test/a', true],
    ['{src,test}/**', '/w/lib/a', false],
    ['{a,b/{c,d}}.ts', '/w/b/d.ts', true],
    ['{a}', '/w/{a}', true],
    ['app/(auth)/**', '/w/app/(auth)/page', true],
    ['/etc/shadow', '/etc/shadow', true],
    ['/etc/shadow', '/w/etc/shadow', false],
    ['~/.ssh/**', '/home/ada/.ssh/id', true],
    ['~', '/home/ada', true],
    ['~x', '/w/~x', true],
    ['Src/**', '/w/src/a', false],
    ['é*', '/w/éa', true],
    ['?', '/w/😀', true],
  ])('%s, %s', (glob, path, expected) => {
    expect(globProblem(glob)).toBe(null);
    expect(matches(glob, path)).toBe(expected);
  });

  test.each([
    ['', 'empty'],
    ['../x', '..'],
    ['src/../x', '..'],
    ['!src/**', 'negation'],
    ['src/*(a|b)', '{a,b}'],
    ['src/[a', '['],
    ['a\\', 'backslash'],
    ['a\0', 'NUL'],
    ['x'.repeat(1_001), 'longer'],
    ['{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}', 'braces'],
  ])('%j is refused', (glob, says) => {
    expect(globProblem(glob)).toContain(says);
  });

  test('a home that is not known matches nothing', () => {
    expect(compileGlob('~/x', { root: '/w', home: null }).matches('/x')).toBe(false);
  });

  test('covers what lies in a directory it names', () => {
    const covers = (glob: string, path: string) => compileGlob(glob, places).covers(path);
    expect(covers('secrets', '/w/secrets/deep/key')).toBe(true);
    expect(covers('**/secrets', '/w/a/secrets/key')).toBe(true);
    expect(covers('.env*', '/w/.env.d/x')).toBe(true);
    expect(covers('secrets', '/w/secret')).toBe(false);
    expect(covers('a/b', '/w/a')).toBe(false);
  });

  test('one that cannot be read is taken to the strict side', () => {
    expect(compileGlob('[', places).matches('/w/x')).toBe(false);
    expect(compileGlob('[', places, { forbids: true }).matches('/w/x')).toBe(true);
  });

  test('both cases, where it forbids', () => {
    const either = (glob: string) => compileGlob(glob, places, { forbids: true });
    expect(either('Secrets').matches('/w/sEcrets')).toBe(true);
    expect(either('[a-c]É').matches('/w/Bé')).toBe(true);
    expect(either('[A-C]').matches('/w/b')).toBe(true);
    expect(either('a').matches('/W/a')).toBe(false);
  });
});

/** Few letters, so that they meet often. */
const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 4 });
const glob = fc
  .array(
    fc.oneof(
      fc.constant('**'),
      fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), minLength: 1, maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((segments) => segments.join('/'))
  .filter((text) => globProblem(text) === null);
const path = fc
  .array(
    name.filter((one) => !/^\.\.?$/.test(one)),
    { minLength: 1, maxLength: 4 },
  )
  .map((names) => `/w/${names.join('/')}`);

test('agrees with a regular expression of the same meaning', () => {
  fc.assert(
    fc.property(glob, path, (text, at) => {
      const source = text
        .split('/')
        .filter((segment) => segment !== '.')
        .map((segment) =>
          segment === '**'
            ? '(/[^/]+)*'
            : `/${segment.replaceAll('.', '\\.').replaceAll('?', '[^/]').replace(/\*+/g, '[^/]*')}`,
        )
        .join('');
      expect(matches(text, at)).toBe(new RegExp(`^/w${source}$`).test(at));
    }),
    { numRuns: 2_000 },
  );
});

test('a directory that matches covers what is in it', () => {
  fc.assert(
    fc.property(glob, path, (text, at) => {
      const compiled = compileGlob(text, places);
      if (compiled.matches(at)) expect(compiled.covers(`${at}/below`)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('no glob and no path makes it slow', () => {
  const started = performance.now();
  const wild = compileGlob(`${'*a'.repeat(400)}b`, places);
  expect(wild.matches(`/w/${'a'.repeat(4_000)}`)).toBe(false);
  expect(compileGlob(`${'**/a*/'.repeat(100)}z`, places).matches(`/w${'/aa'.repeat(1_300)}`)).toBe(
    false,
  );
  expect(performance.now() - started).toBeLessThan(5_000);
});

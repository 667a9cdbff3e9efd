import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decidePath } from './decide.ts';
import { type Narrowing, narrowed } from './narrowing.ts';
import type { Policy, Rule } from './policy.ts';
import { standingOf } from './scope.ts';
import { compileGlob, globProblem } from './scope-glob.ts';

const place = { root: '/w', home: '/home/ada', cwd: '/w', actor: 'agent' as const };

const globText = fc
  .array(fc.constantFrom('**', '*', 'a', 'b', 'a*', '.x', '{a,b}'), { minLength: 1, maxLength: 3 })
  .map((segments) => segments.join('/'))
  .filter((text) => globProblem(text) === null);
const rules = (text: fc.Arbitrary<string>): fc.Arbitrary<Rule[]> =>
  fc.array(
    text.map((one) => ({ text: one, line: 1 })),
    { maxLength: 3 },
  );
const hosts = fc.constantFrom('a.test', '*.a.test', 'b.test:80');

const policies: fc.Arbitrary<Policy> = fc
  .record({
    write: rules(globText),
    generated: rules(globText),
    ask: rules(globText),
    deny: rules(globText),
    allow: rules(hosts),
    host: fc.constantFrom('allow' as const, 'deny' as const),
  })
  .map(({ write, generated, ask, deny, allow, host }) => ({
    mode: 'enforce',
    scope: { write, generated, ask, deny: deny.map((rule) => ({ ...rule, all: false })) },
    commands: {
      default: { human: 'allow', agent: 'ask' },
      allow: [],
      ask: [],
      deny: [],
      examples: { allow: [], ask: [], deny: [] },
    },
    network: { allow, default: host },
    models: { allow: [] },
  }));

const narrowings: fc.Arbitrary<Narrowing> = fc.record({
  scope: fc.option(fc.array(globText, { maxLength: 3 })),
  denyNetwork: fc.boolean(),
});

const paths = fc
  .array(fc.constantFrom('a', 'b', 'ab', '.x', '.proof', 'proof.yaml'), { maxLength: 3 })
  .map((names) => `/w/${names.join('/')}`.replace(/\/$/, ''));

const STRICTNESS = { allow: 0, ask: 1, deny: 2 };

function judged(policy: Policy, path: string) {
  return {
    write: decidePath(policy, path, 'write', place).verdict,
    read: decidePath(policy, path, 'read', place).verdict,
  };
}

/** The hosts that rules name, and whether all others may be reached. */
const reached = ({ network }: Policy) => ({
  hosts: network.allow.map(({ text }) => text),
  others: network.default,
});

test('a narrowing never loosens', () => {
  fc.assert(
    fc.property(policies, narrowings, paths, (policy, narrowing, path) => {
      const less = narrowed(policy, narrowing);
      const [before, after] = [judged(policy, path), judged(less, path)];
      for (const action of ['write', 'read'] as const) {
        expect(STRICTNESS[after[action]]).toBeGreaterThanOrEqual(STRICTNESS[before[action]]);
      }
      const [was, is] = [reached(policy), reached(less)];
      expect(is.hosts.every((host) => was.hosts.includes(host))).toBe(true);
      if (was.others === 'deny') expect(is.others).toBe('deny');
      if (narrowing.denyNetwork) expect(is).toEqual({ hosts: [], others: 'deny' });
    }),
    { numRuns: 3_000 },
  );
});

test('twice is once, and the order of two says nothing', () => {
  fc.assert(
    fc.property(policies, narrowings, narrowings, paths, (policy, a, b, path) => {
      const once = judged(narrowed(policy, a), path);
      expect(judged(narrowed(narrowed(policy, a), a), path)).toEqual(once);
      const [ab, ba] = [narrowed(narrowed(policy, a), b), narrowed(narrowed(policy, b), a)];
      expect(judged(ab, path)).toEqual(judged(ba, path));
      expect(reached(ab)).toEqual(reached(ba));
    }),
    { numRuns: 2_000 },
  );
});

test('what is left is what both permit', () => {
  fc.assert(
    fc.property(policies, fc.array(globText, { maxLength: 3 }), paths, (policy, scope, path) => {
      const left = standingOf(narrowed(policy, { scope, denyNetwork: false }), path, place);
      if (left.standing !== 'in') return;
      expect(standingOf(policy, path, place).standing).toBe('in');
      expect(scope.some((glob) => compileGlob(glob, place).matches(path))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

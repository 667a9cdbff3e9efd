import { expect, test } from 'vitest';
import { decidePath } from './decide.ts';
import type { Policy, Rule } from './policy.ts';
import { standingOf } from './scope.ts';

const rules = (...texts: string[]): Rule[] => texts.map((text, i) => ({ text, line: i + 1 }));
const none = { allow: [], ask: [], deny: [] };
const policy: Policy = {
  mode: 'enforce',
  scope: {
    write: rules('src/**', 'docs/*'),
    generated: rules('dist/**'),
    ask: rules('package.json', 'src/generated'),
    deny: rules('.env*', 'secrets', 'src/private/**').map((rule) => ({ ...rule, all: false })),
  },
  commands: { default: { human: 'allow', agent: 'ask' }, ...none, examples: none },
  network: { allow: [], default: 'deny' },
  models: { allow: [] },
};
const place = { root: '/w', home: '/home/ada', cwd: '/w', actor: 'agent' as const };

const cases: readonly (readonly [path: string, standing: string, rule: string | null])[] = [
  ['/w/src/a.ts', 'in', 'src/**'],
  ['/w/SRC/a.ts', 'out', null],
  ['/w/docs/a.md', 'in', 'docs/*'],
  ['/w/docs/deep/a.md', 'out', null],
  ['/w/README.md', 'out', null],
  ['/etc/passwd', 'out', null],
  ['/w/dist/a.js', 'generated', 'dist/**'],
  ['/w/package.json', 'ask', 'package.json'],
  ['/w/sub/package.json', 'out', null],
  ['/w/SRC/Generated/api.ts', 'ask', 'src/generated'],
  ['/w/src/generated/api.ts', 'ask', 'src/generated'],
  ['/w/.env.local', 'denied', '.env*'],
  ['/w/src/deep/.env', 'denied', '.env*'],
  ['/w/secrets/a/b', 'denied', 'secrets'],
  ['/w/SECRETS/key', 'denied', 'secrets'],
  ['/w/src/private/x', 'denied', 'src/private/**'],
  ['/w/proof.yaml', 'ask', null],
  ['/w/.git/hooks/pre-commit', 'ask', null],
];

test.each(cases)('%s is %s', (path, standing, rule) => {
  const found = standingOf(policy, path, place);
  expect([found.standing, found.rule?.text ?? null]).toEqual([standing, rule]);
});

const VERDICT: Readonly<Record<string, string>> = {
  in: 'allow',
  generated: 'allow',
  ask: 'ask',
  out: 'ask',
  denied: 'deny',
};

test.each(cases)('%s: the decider says the same', (path, standing) => {
  expect(decidePath(policy, path, 'write', place).verdict).toBe(VERDICT[standing]);
});

test('a narrowing takes away, and leaves what is generated', () => {
  const narrow: Policy = {
    ...policy,
    scope: { ...policy.scope, within: [rules('src/**'), rules('**/*.ts')] },
  };
  for (const [path, standing] of [
    ['/w/src/a.ts', 'in'],
    ['/w/src/a.css', 'out'],
    ['/w/docs/a.ts', 'out'],
    ['/w/package.json', 'out'],
    ['/w/dist/a.js', 'generated'],
    ['/w/.env', 'denied'],
  ] as const) {
    expect(standingOf(narrow, path, place).standing).toBe(standing);
    expect(decidePath(narrow, path, 'write', place).verdict).toBe(VERDICT[standing]);
  }
});

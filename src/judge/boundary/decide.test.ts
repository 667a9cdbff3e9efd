import { describe, expect, test } from 'vitest';
import { decideArgv, decideCommand, decidePath } from './decide.ts';
import type { Place } from './place.ts';
import type { Policy, Rule } from './policy.ts';

const rules = (...texts: string[]): Rule[] =>
  texts.map((text, index) => ({ text, line: index + 1 }));

function policy(changes: { allow?: string[]; ask?: string[]; deny?: string[] } = {}): Policy {
  return {
    mode: 'enforce',
    scope: {
      write: rules('src/**', 'notes.md'),
      generated: rules('dist/**'),
      ask: rules('package.json'),
      deny: rules('.env*', 'secrets/**').map((rule) => ({ ...rule, all: false })),
    },
    commands: {
      default: { human: 'allow', agent: 'ask' },
      allow: rules(...(changes.allow ?? ['npm test', 'npm run *', 'ls *', 'cat *', 'git diff *'])),
      ask: rules(...(changes.ask ?? ['git push *'])),
      deny: rules(...(changes.deny ?? ['rm -rf *', 'curl *'])),
      examples: { allow: [], ask: [], deny: [] },
    },
    network: { allow: [], default: 'deny' },
    models: { allow: [] },
  };
}

const place: Place = { actor: 'agent', cwd: '/w', root: '/w', home: '/home/me' };

describe('a command', () => {
  test('is judged part by part, each with its rule, its line and a sentence', () => {
    const { verdict, parts } = decideCommand(policy(), 'npm test && rm -fr x > src/log', place);
    expect(verdict).toBe('deny');
    expect(parts.map(({ text, verdict, rule }) => [text, verdict, rule?.text, rule?.line])).toEqual(
      [
        ['npm test', 'allow', 'npm test', 1],
        ['write src/log', 'allow', 'src/**', 1],
        ['rm -fr x > src/log', 'deny', 'rm -rf *', 1],
        ['write x', 'ask', undefined, undefined],
      ],
    );
    for (const { why } of parts) expect(why).not.toBe('');
  });

  test.each([
    ['agent', 'frobnicate', 'ask'],
    ['human', 'frobnicate', 'allow'],
    ['human', 'frobnicate; rm -rf x', 'deny'],
    ['human', 'git push', 'ask'],
    ['human', '$X -rf /', 'ask'],
    ['human', 'echo "', 'ask'],
    ['human', 'cat .env', 'deny'],
    ['human', './x', 'allow'],
    ['human', 'curl x | sh', 'deny'],
    ['human', 'wget x | sh', 'ask'],
  ] as const)('for a %s: %s → %s', (actor, text, verdict) => {
    expect(decideCommand(policy(), text, { ...place, actor }).verdict).toBe(verdict);
  });

  test('without any rule, everything is the default', () => {
    const none = policy({ allow: [], ask: [], deny: [] });
    expect(decideCommand(none, 'npm test', place).verdict).toBe('ask');
    expect(decideCommand(none, 'npm test', { ...place, actor: 'human' }).verdict).toBe('allow');
    expect(decideCommand(none, 'true', place).verdict).toBe('allow');
  });

  test('text too long, too deep or with hidden characters is asked about, never allowed', () => {
    for (const text of [
      `ls ${'a '.repeat(6000)}`,
      `${'ls $('.repeat(200)}x${')'.repeat(200)}`,
      `${'(ls; '.repeat(40)}ls${')'.repeat(40)}`,
      `${"bash -c '".repeat(3)}ls`,
      'ls \u0000',
      'ls\r',
      'ls \u202e src',
      'ls\u00a0src',
      'l\u0455 src',
      'ls \ud800',
      `ls${' | ls'.repeat(500)}`,
    ]) {
      expect(decideCommand(policy(), text, place).verdict, text.slice(0, 30)).toBe('ask');
    }
  });

  test('what is denied in a long text is denied still', () => {
    const text = `rm -rf x; ls${' | ls'.repeat(500)}`;
    expect(decideCommand(policy(), text, place).verdict).toBe('deny');
  });
});

describe('arguments without a shell', () => {
  test.each([
    [['npm', 'test'], 'allow'],
    [['npm', 'test', ';', 'rm', '-rf', 'x'], 'ask'],
    [['ls', '; rm -rf x'], 'allow'],
    [['ls', '$(rm -rf x)'], 'allow'],
    [['ls', '>', '.env'], 'deny'],
    [['bash', '-c', 'rm -rf x'], 'deny'],
    [['bash', '-c', 'npm test'], 'ask'],
    [['env', 'A=1', 'rm', '-rf', 'x'], 'deny'],
    [['cat', '.env'], 'deny'],
    [['cat', '.e*'], 'allow'],
    [['cat', '~/.ssh/id_rsa'], 'allow'],
    [[''], 'ask'],
    [[], 'ask'],
  ] as const)('%j → %s', (argv, verdict) => {
    expect(decideArgv(policy(), argv, place).verdict).toBe(verdict);
  });
});

describe('a path of a file tool', () => {
  const links = (path: string) =>
    path.replace(/^\/w\/src\/env$/, '/w/.env').replace(/^\/w\/src\/out/, '/tmp/out');
  test.each([
    ['src/a.ts', 'write', 'allow'],
    ['/w/src/a.ts', 'write', 'allow'],
    ['src/../src/a.ts', 'write', 'allow'],
    ['src', 'write', 'allow'],
    ['notes.md', 'write', 'allow'],
    ['dist/x/y', 'write', 'allow'],
    ['other.md', 'write', 'ask'],
    ['src/../other', 'write', 'ask'],
    ['/tmp/x', 'write', 'ask'],
    ['package.json', 'write', 'ask'],
    ['package.json', 'read', 'allow'],
    ['.env', 'read', 'deny'],
    ['.env.local', 'write', 'deny'],
    ['packages/a/.env', 'read', 'deny'],
    ['.ENV', 'read', 'deny'],
    ['secrets', 'read', 'deny'],
    ['secrets/a/b', 'read', 'deny'],
    ['src/env', 'read', 'deny'],
    ['src/env', 'write', 'deny'],
    ['src/out/x', 'write', 'ask'],
    ['/home/me/.ssh/id_ed25519', 'read', 'ask'],
    ['/etc/hosts', 'read', 'allow'],
    ['proof.yaml', 'write', 'ask'],
    ['.git/hooks/pre-commit', 'write', 'ask'],
    ['src/x/.git/config', 'write', 'ask'],
    ['/proc/self/cwd/.env', 'read', 'deny'],
    ['/dev/null', 'write', 'allow'],
    ['', 'read', 'ask'],
    ['src/\u202ea', 'write', 'ask'],
  ] as const)('%s %s → %s', (path, access, verdict) => {
    expect(decidePath(policy(), path, access, { ...place, links }).verdict).toBe(verdict);
  });

  test('the policy itself and git keep protected where everything may be written', () => {
    const wide = { ...policy(), scope: { ...policy().scope, write: rules('**') } };
    expect(decidePath(wide, 'any/where', 'write', place).verdict).toBe('allow');
    for (const path of ['proof.yaml', '.git/config', '.git/hooks/x', 'sub/.git/HEAD']) {
      expect(decidePath(wide, path, 'write', place).verdict, path).toBe('ask');
    }
  });
});

test('a directory known to be there makes the way after `cd` certain', () => {
  const text = 'cd lib; echo x > ../src/a';
  const allowing = policy({ allow: ['echo *'] });
  expect(decideCommand(allowing, text, place).verdict).toBe('ask');
  const there = { ...place, isDirectory: (path: string) => path === '/w/lib' };
  expect(decideCommand(allowing, text, there).verdict).toBe('allow');
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { draftPolicy } from './draft-policy.ts';
import { parsePolicy } from './parse-policy.ts';
import { registryHosts } from './registry-hosts.ts';
import { readWorkspaceSigns } from './workspace-signs.ts';

const dir = mkdtempSync(join(tmpdir(), 'proof-draft-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let count = 0;

/** A workspace with these files, and a home beside it. */
function workspace(files: Record<string, string>, home: Record<string, string> = {}) {
  const place = join(dir, String(count++));
  for (const [folder, all] of [
    ['root', files],
    ['home', home],
  ] as const) {
    mkdirSync(join(place, folder), { recursive: true });
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(join(place, folder, name, '..'), { recursive: true });
      writeFileSync(join(place, folder, name), text);
    }
  }
  return { root: join(place, 'root'), home: join(place, 'home') };
}

async function drafted(files: Record<string, string>, home: Record<string, string> = {}) {
  const place = workspace(files, home);
  const text = draftPolicy(readWorkspaceSigns(place.root, place.home, {}), 'schema.json');
  const parsed = await parsePolicy(text);
  if (Array.isArray(parsed)) throw new Error(`${JSON.stringify(parsed)}\n${text}`);
  return { text, ...parsed };
}
const texts = (rules: readonly { text: string }[]) => rules.map(({ text }) => text);

test('an empty workspace gets a policy that observes and holds', async () => {
  const { policy, remarks, text } = await drafted({});
  expect(policy.mode).toBe('observe');
  expect(texts(policy.scope.write)).toEqual(['**']);
  expect(texts(policy.commands.allow)).toContain('git status *');
  expect(policy.network).toEqual({ allow: [], default: 'deny' });
  expect(remarks).toEqual([]);
  expect(text.startsWith('# yaml-language-server: $schema=schema.json\n')).toBe(true);
});

test.each<[files: Record<string, string>, rule: string]>([
  [{ 'package.json': '{}' }, 'npm run *'],
  [{ 'package.json': '{}', 'pnpm-lock.yaml': '' }, 'pnpm run *'],
  [{ 'package.json': '{}', 'yarn.lock': '' }, 'yarn test *'],
  [{ 'package.json': '{}', 'bun.lock': '' }, 'bun test *'],
  [{ 'pyproject.toml': '' }, 'pytest *'],
  [{ 'go.mod': '' }, 'go test *'],
  [{ 'Cargo.toml': '' }, 'cargo test *'],
  [{ Makefile: 'all: a\n\ntest:\n\techo\nX := y\n.PHONY: test\n' }, 'make test'],
])('%j proposes %s', async (files, rule) => {
  const { policy } = await drafted(files);
  expect(texts(policy.commands.allow)).toContain(rule);
});

test('what is generated, asked and secret is proposed from what is there', async () => {
  const { policy, text } = await drafted({
    'package.json': '{}',
    '.gitignore': 'node_modules\n/dist/\n*.log\ncoverage/\n',
    '.github/workflows/ci.yml': '',
    '.gitlab-ci.yml': '',
    '.env.example': '',
    'secrets/key': '',
    'src/a.ts': '',
    'node_modules/x/index.js': '',
  });
  expect(texts(policy.scope.generated)).toEqual(['node_modules/**', 'coverage/**', 'dist/**']);
  expect(texts(policy.scope.ask)).toEqual(['package.json', '.github/**', '.gitlab-ci.yml']);
  expect(texts(policy.scope.deny)).toEqual(
    expect.arrayContaining(['.env', 'secrets/**', '~/.ssh/**']),
  );
  expect(texts(policy.scope.deny)).not.toContain('.env*');
  expect(text).toContain('#   write: [secrets/**, src/**]');
});

test('hosts come from the package managers’ own configuration, without what is secret in it', async () => {
  const { policy, text } = await drafted(
    {
      'package.json': '{}',
      '.npmrc':
        '@ours:registry=https://ada:pass@npm.example.org:8443/x/\n; registry=https://no.test\n',
      'pyproject.toml': '[[tool.uv.index]]\nurl = "https://py.example.org/simple"\n',
      'go.mod': '',
    },
    { '.npmrc': 'registry=https://mirror.example.org/npm/\nhttps-proxy=http://proxy.test:1\n' },
  );
  expect(texts(policy.network.allow)).toEqual([
    'npm.example.org:8443',
    'mirror.example.org',
    'py.example.org',
  ]);
  expect(text).not.toContain('pass');
  expect(text).toContain('"mirror.example.org" # ~/.npmrc');
  expect(text).toContain('# go is used here and no registry is configured');
});

test('hosts from the environment', () => {
  const { root, home } = workspace({});
  const env = {
    GOPROXY: 'https://go.example.org|https://two.example.org,direct',
    PIP_INDEX_URL: 'https://py.example.org/simple',
    npm_config_registry: 'https://npm.example.org',
    HTTPS_PROXY: 'http://proxy.test',
  };
  const hosts = registryHosts(['go', 'pip', 'npm'], { root, home, env });
  expect(hosts).toEqual([
    { host: 'go.example.org', from: '$GOPROXY' },
    { host: 'two.example.org', from: '$GOPROXY' },
    { host: 'py.example.org', from: '$PIP_INDEX_URL' },
    { host: 'npm.example.org', from: '$npm_config_registry' },
  ]);
});

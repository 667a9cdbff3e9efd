import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Arrow, formatViolations, violationsIn } from '../scripts/architecture.ts';
import { pathsNamedIn } from '../scripts/named-paths.ts';

/** The only imports between feature slices. A new one needs a reason, and must close no cycle. */
const arrows: readonly Arrow[] = [
  { from: 'record', to: 'workspace', because: 'a command is recorded with the tree around it' },
  { from: 'record', to: 'boundaries', because: 'a command is judged before it runs' },
  { from: 'record', to: 'approvals', because: 'an asked command runs once its approval is there' },
  { from: 'evidence', to: 'record', because: 'test reports are read from recorded output' },
  { from: 'claims', to: 'record', because: 'a claim is checked again by recording a new run' },
  { from: 'replay', to: 'record', because: 'a replayed command is recorded like any other' },
  { from: 'replay', to: 'workspace', because: 'the recorded tree is checked out' },
  { from: 'replay', to: 'bundles', because: 'a bundle from elsewhere can be replayed' },
  { from: 'runbooks', to: 'record', because: 'each step of a runbook is a recorded command' },
  { from: 'runbooks', to: 'approvals', because: 'a step may wait for an approval' },
  { from: 'agents', to: 'record', because: "an agent's hooked commands become entries" },
  { from: 'agents', to: 'claims', because: "claims are read from an agent's closing message" },
  { from: 'agents', to: 'tasks', because: "an agent's session opens or joins a task" },
  { from: 'traffic', to: 'claims', because: 'a figure of an investigation can be claimed' },
];

const root = join(import.meta.dirname, '..');

test('the sources keep the one rule of dependence', () => {
  const files = [...sourcesIn('src'), ...sourcesIn('web')];
  const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  expect(formatViolations(violationsIn(sources, arrows))).toBe('');
});

test('the arrows between slices form no cycle', () => {
  const reachable = (slice: string): string[] =>
    arrows.filter(({ from }) => from === slice).flatMap(({ to }) => [to, ...reachable(to)]);
  for (const { from } of arrows) expect(reachable(from)).not.toContain(from);
});

test('every path that AGENTS.md names exists', () => {
  const agents = join(root, 'AGENTS.md');
  if (!existsSync(agents)) return;
  const named = pathsNamedIn(readFileSync(agents, 'utf8'), readdirSync(root));
  // dist/ is there only after a build, and what CI makes is not in the repository.
  const kept = named.filter((path) => !/^(dist|node_modules)\b/.test(path));
  expect(kept.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

/** file, source, and the part of the rule that must be named; an empty rule means it is allowed. */
const samples: readonly [file: string, source: string, rule: string][] = [
  ['src/views/log.ts', "import { x } from '../core/ids.ts';", ''],
  ['src/core/ids.ts', "import * as z from 'zod';", ''],
  ['src/core/ids.ts', "import { x } from '../views/log.ts';", 'core may not import views'],
  [
    'src/judge/exit.ts',
    "import { x } from '../features/record/run.ts';",
    'may not import features',
  ],
  ['src/features/record/run.ts', "import { op } from '../../app/op.ts';", 'may not import app'],
  ['src/core/ids.ts', "import { join } from 'node:path';", 'no node: import'],
  ['src/core/ids.ts', "import type { Buffer } from 'node:buffer';", 'no node: import'],
  ['src/judge/exit.ts', "import { parse } from 'unbash';", 'no package but zod'],
  ['src/judge/junit.ts', "import { Parser } from 'htmlparser2';", ''],
  ['src/judge/junit.ts', "import { Parser } from 'htmlparser2-like';", 'no package but zod'],
  ['src/judge/boundary/walk.ts', "import { parse } from 'unbash';", ''],
  ['src/judge/boundary/walk.ts', "import { parse } from 'yaml';", 'no package but zod'],
  ['src/judge/boundary/walk.ts', "import { join } from 'node:path';", 'no node: import'],
  ['src/views/log.ts', "import { parse } from 'unbash';", 'no package but zod'],
  ['src/views/log.ts', "export { x } from 'node:fs';", 'no node: import'],
  ['src/views/log.ts', "export * from '../ledger/open.ts';", 'not by views'],
  ['src/surfaces/cli/main.ts', "import '../../ledger/open.ts';", 'not by surfaces'],
  ['src/features/record/run.ts', "import { open } from '../../ledger/open.ts';", ''],
  ['src/app/context.ts', "import { open } from '../ledger/open.ts';", ''],
  ['src/ledger/open.ts', "import { x } from '../judge/exit.ts';", 'ledger imports only core'],
  ['src/ledger/open.ts', "import { DatabaseSync } from 'node:sqlite';", ''],
  ['src/ledger/verify.ts', "import { x } from 'node:crypto';", 'the verifier has no I/O'],
  ['src/platform/git.ts', "import { x } from '../views/log.ts';", 'platform imports only core'],
  ['src/platform/git.ts', "import { x } from '../ledger/open.ts';", 'platform imports only core'],
  ['src/features/record/run.ts', "import '../../platform/pty.ts';", 'platform is wired only in'],
  ['src/app/registry.ts', "await import('../platform/pty.ts');", 'platform is wired only in'],
  ['src/app/context.ts', "import { pty } from '../platform/pty.ts';", ''],
  ['src/app/context-git.ts', "import { git } from '../platform/git.ts';", ''],
  ['src/features/record/run.ts', "import { x } from '../workspace/walk.ts';", ''],
  ['src/features/workspace/walk.ts', "import '../record/run.ts';", 'no arrow workspace → record'],
  [
    'src/features/tasks/open.ts',
    "type T = import('../record/run.ts').T;",
    'no arrow tasks → record',
  ],
  [
    'src/features/tasks/open.ts',
    "import r = require('../record/run.ts');",
    'no arrow tasks → record',
  ],
  ['src/features/shared.ts', "import { x } from './record/run.ts';", 'belongs to none'],
  ['src/core/ids.ts', 'const m = await import(name);', 'must name its target'],
  ['src/core/ids.ts', "import { x } from '../../test/skips.ts';", 'nothing from outside src/'],
  ['src/app/version.ts', "import p from '../../package.json';", 'nothing from outside src/'],
  ['src/server/app.ts', "import { x } from '../core/ids.ts';", 'not a layer'],
  ['src/core/ids.ts', "import { y } from './ids.ts';", 'no cycles'],
  ['src/core/utils.ts', '', 'name it after'],
  ['src/ledger/helpers/x.ts', '', 'name it after'],
  ['src/ledger/string-utils.test.ts', '', 'name it after'],
  ['src/core/content-type.ts', '', ''],
  ['src/core/long.ts', '// x\n'.repeat(301), 'at most 300 lines'],
  ['src/core/long.ts', `// @generated by x\n${'// x\n'.repeat(301)}`, ''],
  ['src/core/long.test.ts', `import 'node:fs';${'\n'.repeat(400)}`, ''],
  ['web/pages/log.ts', "import { x } from '../../src/views/log.ts';", ''],
  [
    'web/pages/log.ts',
    "import { x } from '../../src/ledger/verify.ts';",
    'web imports core, views',
  ],
  ['web/verify/page.ts', "import { x } from '../../src/ledger/verify.ts';", ''],
];

for (const [file, source, rule] of samples) {
  test(`${file}: ${source.slice(0, 60).trim()} — ${rule || 'allowed'}`, () => {
    const violations = violationsIn(new Map([[file, source]]), arrows);
    if (rule === '') expect(formatViolations(violations)).toBe('');
    else expect(formatViolations(violations)).toContain(rule);
  });
}

test('a violation names file, line, import and rule', () => {
  const source = "// a comment\n\nimport { x } from '../app/op.ts';\n";
  const violations = violationsIn(new Map([['src/views/log.ts', source]]), arrows);
  expect(formatViolations(violations)).toMatch(
    /^src\/views\/log\.ts:3 {2}'\.\.\/app\/op\.ts' {2}— /,
  );
});

test('a cycle over three files, one arrow of it only types, is named with its way', () => {
  const sources = new Map([
    ['src/core/a.ts', "import { b } from './b.ts';"],
    ['src/core/b.ts', "export type { C } from './c.ts';"],
    ['src/core/c.ts', "import { a } from './a.ts';"],
  ]);
  const [violation, ...others] = violationsIn(sources, arrows);
  expect(others).toEqual([]);
  expect(violation?.rule).toBe(
    'no cycles: src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts',
  );
});

test('paths are told from commands, packages and placeholders', () => {
  const text = [
    'See `src/core/ids.ts:12`, `docs/`, `src/gone` and [the format](docs/LEDGER.md#entry).',
    'Run `npm run check`, never `application/json`, `@lydell/node-pty`, `src/**/*.ts`, `E<n>.md`.',
    '```\nsrc/in/a/block.ts\n```',
  ].join('\n');
  const named = ['src/core/ids.ts', 'docs/', 'src/gone', 'docs/LEDGER.md'];
  expect(pathsNamedIn(text, ['src', 'docs'])).toEqual(named);
});

function sourcesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?<!\.d)\.tsx?$/.test(path) && !path.includes('node_modules'))
    .map((path) => `${folder}/${path}`)
    .sort();
}

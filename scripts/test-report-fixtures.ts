/**
 * Runs the real test runners on the small projects in test/fixtures/test-reports/projects and keeps
 * what they wrote as fixtures, so that parsers are held against programs and not against memory.
 *
 *   node scripts/test-report-fixtures.ts RUNNERS [NAME…]
 *
 * RUNNERS is a folder in which the npm runners of test/fixtures/test-reports/README.md were
 * installed; pytest, go, gotestsum and cargo come from the system. Paths of this machine become
 * /project, its name becomes host.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

interface Recipe {
  /** File name of the fixture. */
  name: string;
  project: 'vitest' | 'jest' | 'mocha' | 'node' | 'tape' | 'playwright' | 'python' | 'go' | 'rust';
  command: string;
  /** What is kept: a stream, all that a terminal of 100 columns got, or a file the command writes. */
  keep: string;
  env?: Record<string, string>;
}

const VITEST = 'vitest run --no-color --root .';
const JEST = 'jest --no-cache --ci --no-color';
const NODE = 'node --test';
const PYTEST = '/usr/bin/python3 -m pytest -p no:cacheprovider';
const UNITTEST = '/usr/bin/python3 -m unittest';

const RECIPES: readonly Recipe[] = [
  { name: 'vitest.txt', project: 'vitest', command: VITEST, keep: 'both' },
  {
    name: 'vitest-colour.txt',
    project: 'vitest',
    command: 'vitest run --root .',
    keep: 'both',
    env: { FORCE_COLOR: '1' },
  },
  {
    name: 'vitest-verbose.txt',
    project: 'vitest',
    command: `${VITEST} --reporter=verbose`,
    keep: 'both',
  },
  {
    name: 'vitest-good.txt',
    project: 'vitest',
    command: `${VITEST} --dir . --config good.config.mjs`,
    keep: 'both',
  },
  { name: 'vitest-none.txt', project: 'vitest', command: `${VITEST} no-such-file`, keep: 'both' },
  {
    name: 'vitest-unhandled.txt',
    project: 'vitest',
    command: `${VITEST} --config unhandled.config.mjs`,
    keep: 'both',
  },
  {
    name: 'vitest.json',
    project: 'vitest',
    command: `${VITEST} --reporter=json --outputFile=out.json`,
    keep: 'out.json',
  },
  {
    name: 'vitest.junit.xml',
    project: 'vitest',
    command: `${VITEST} --reporter=junit --outputFile=out.xml`,
    keep: 'out.xml',
  },
  { name: 'vitest.tap', project: 'vitest', command: `${VITEST} --reporter=tap`, keep: 'stdout' },
  {
    name: 'vitest-flat.tap',
    project: 'vitest',
    command: `${VITEST} --reporter=tap-flat`,
    keep: 'stdout',
  },
  {
    name: 'vitest-terminal.txt',
    project: 'vitest',
    command: 'vitest run --root .',
    keep: 'terminal',
  },
  { name: 'jest-terminal.txt', project: 'jest', command: 'jest --no-cache', keep: 'terminal' },
  {
    name: 'playwright-terminal.txt',
    project: 'playwright',
    command: 'playwright test',
    keep: 'terminal',
  },
  { name: 'jest.txt', project: 'jest', command: JEST, keep: 'stderr' },
  { name: 'jest-verbose.txt', project: 'jest', command: `${JEST} --verbose`, keep: 'stderr' },
  {
    name: 'jest-good.txt',
    project: 'jest',
    command: `${JEST} --testRegex good.check`,
    keep: 'stderr',
  },
  {
    name: 'jest-none.txt',
    project: 'jest',
    command: `${JEST} --testRegex no-such-file`,
    keep: 'both',
  },
  { name: 'jest.json', project: 'jest', command: `${JEST} --json`, keep: 'stdout' },
  {
    name: 'jest.junit.xml',
    project: 'jest',
    command: `${JEST} --reporters=jest-junit`,
    keep: 'junit.xml',
  },
  {
    name: 'jest.ctrf.json',
    project: 'jest',
    command: `${JEST} --reporters=jest-ctrf-json-reporter`,
    keep: 'ctrf/ctrf-report.json',
  },
  { name: 'mocha.txt', project: 'mocha', command: 'mocha "*.spec.cjs"', keep: 'stdout' },
  { name: 'mocha-dot.txt', project: 'mocha', command: 'mocha -R dot "*.spec.cjs"', keep: 'stdout' },
  { name: 'mocha-good.txt', project: 'mocha', command: 'mocha good.check.cjs', keep: 'stdout' },
  {
    name: 'mocha-none.txt',
    project: 'mocha',
    command: 'mocha -g nothing-has-this-name "*.spec.cjs"',
    keep: 'both',
  },
  { name: 'mocha.json', project: 'mocha', command: 'mocha -R json "*.spec.cjs"', keep: 'stdout' },
  { name: 'mocha.tap', project: 'mocha', command: 'mocha -R tap "*.spec.cjs"', keep: 'stdout' },
  {
    name: 'mocha.xunit.xml',
    project: 'mocha',
    command: 'mocha -R xunit "*.spec.cjs"',
    keep: 'stdout',
  },
  {
    name: 'mocha.ctrf.json',
    project: 'mocha',
    command: 'mocha -R mocha-ctrf-json-reporter "*.spec.cjs"',
    keep: 'ctrf/ctrf-report.json',
  },
  { name: 'node.tap', project: 'node', command: `${NODE} --test-reporter=tap`, keep: 'stdout' },
  {
    name: 'node20.tap',
    project: 'node',
    command: `NODE20 --test --test-reporter=tap`,
    keep: 'stdout',
  },
  { name: 'node.txt', project: 'node', command: `${NODE} --test-reporter=spec`, keep: 'stdout' },
  {
    name: 'node20.txt',
    project: 'node',
    command: `NODE20 --test --test-reporter=spec`,
    keep: 'stdout',
  },
  {
    name: 'node.junit.xml',
    project: 'node',
    command: `${NODE} --test-reporter=junit`,
    keep: 'stdout',
  },
  {
    name: 'node-good.tap',
    project: 'node',
    command: `${NODE} --test-reporter=tap good.check.mjs`,
    keep: 'stdout',
  },
  {
    name: 'node-good.txt',
    project: 'node',
    command: `${NODE} --test-reporter=spec good.check.mjs`,
    keep: 'stdout',
  },
  {
    name: 'node-none.txt',
    project: 'node',
    command: `${NODE} --test-reporter=spec --test-name-pattern=nothing-has-this-name`,
    keep: 'stdout',
  },
  {
    name: 'node-none.tap',
    project: 'node',
    command: `${NODE} --test-reporter=tap --test-name-pattern=nothing-has-this-name good.check.mjs`,
    keep: 'stdout',
  },
  { name: 'tape.tap', project: 'tape', command: 'tape calc.cjs', keep: 'stdout' },
  {
    name: 'playwright.txt',
    project: 'playwright',
    command: 'playwright test --reporter=list',
    keep: 'stdout',
  },
  {
    name: 'playwright-line.txt',
    project: 'playwright',
    command: 'playwright test --reporter=dot',
    keep: 'stdout',
  },
  {
    name: 'playwright.json',
    project: 'playwright',
    command: 'playwright test --reporter=json',
    keep: 'stdout',
  },
  {
    name: 'playwright.junit.xml',
    project: 'playwright',
    command: 'playwright test --reporter=junit',
    keep: 'stdout',
  },
  {
    name: 'playwright.ctrf.json',
    project: 'playwright',
    command: 'playwright test --reporter=playwright-ctrf-json-reporter',
    keep: 'ctrf/ctrf-report.json',
  },
  {
    name: 'pytest.txt',
    project: 'python',
    command: `${PYTEST} --continue-on-collection-errors --reruns 1`,
    keep: 'stdout',
  },
  {
    name: 'pytest-verbose.txt',
    project: 'python',
    command: `${PYTEST} -v test_calc.py`,
    keep: 'stdout',
  },
  {
    name: 'pytest-quiet.txt',
    project: 'python',
    command: `${PYTEST} -q test_calc.py`,
    keep: 'stdout',
  },
  {
    name: 'pytest-xdist.txt',
    project: 'python',
    command: `${PYTEST} -v -n 2 test_calc.py`,
    keep: 'stdout',
  },
  { name: 'pytest-broken.txt', project: 'python', command: PYTEST, keep: 'stdout' },
  {
    name: 'pytest-good.txt',
    project: 'python',
    command: `${PYTEST} good_check.py`,
    keep: 'stdout',
  },
  {
    name: 'pytest-none.txt',
    project: 'python',
    command: `${PYTEST} -k nothing_has_this_name test_calc.py`,
    keep: 'stdout',
  },
  {
    name: 'pytest.junit.xml',
    project: 'python',
    command: `${PYTEST} --continue-on-collection-errors --reruns 1 --junit-xml=out.xml`,
    keep: 'out.xml',
  },
  {
    name: 'pytest-xunit1.junit.xml',
    project: 'python',
    command: `${PYTEST} -o junit_family=xunit1 --junit-xml=out.xml test_calc.py`,
    keep: 'out.xml',
  },
  { name: 'unittest.txt', project: 'python', command: `${UNITTEST} test_cases`, keep: 'stderr' },
  {
    name: 'unittest-verbose.txt',
    project: 'python',
    command: `${UNITTEST} -v test_cases`,
    keep: 'stderr',
  },
  {
    name: 'unittest-none.txt',
    project: 'python',
    command: `${UNITTEST} good_check`,
    keep: 'stderr',
  },
  { name: 'go.txt', project: 'go', command: 'go test ./...', keep: 'both' },
  { name: 'go-verbose.txt', project: 'go', command: 'go test -v ./...', keep: 'both' },
  { name: 'go-good.txt', project: 'go', command: 'go test ./good ./none ./empty', keep: 'stdout' },
  { name: 'go.ndjson', project: 'go', command: 'go test -json ./...', keep: 'stdout' },
  {
    name: 'go-good.ndjson',
    project: 'go',
    command: 'go test -json ./good ./none ./empty',
    keep: 'stdout',
  },
  {
    name: 'go-none.ndjson',
    project: 'go',
    command: 'go test -json -run NothingHasThisName ./good',
    keep: 'stdout',
  },
  {
    name: 'gotestsum.junit.xml',
    project: 'go',
    command: 'gotestsum --junitfile=out.xml --no-color -- ./...',
    keep: 'out.xml',
  },
  {
    name: 'gotestsum-rerun.ndjson',
    project: 'go',
    command:
      'gotestsum --rerun-fails=2 --rerun-fails-max-failures=50 --jsonfile=out.json --packages=./calc --no-color',
    keep: 'out.json',
  },
  {
    name: 'gotestsum-rerun.junit.xml',
    project: 'go',
    command:
      'gotestsum --rerun-fails=2 --rerun-fails-max-failures=50 --junitfile=out.xml --packages=./calc --no-color',
    keep: 'out.xml',
  },
  {
    name: 'cargo.txt',
    project: 'rust',
    command: 'CARGO test --offline --no-fail-fast',
    keep: 'both',
  },
  {
    name: 'cargo-stdout.txt',
    project: 'rust',
    command: 'CARGO test --offline --no-fail-fast',
    keep: 'stdout',
  },
  {
    name: 'cargo-quiet.txt',
    project: 'rust',
    command: 'CARGO test --offline -q --lib',
    keep: 'stdout',
  },
  {
    name: 'cargo-good.txt',
    project: 'rust',
    command: 'CARGO test --offline --test good',
    keep: 'stdout',
  },
  {
    name: 'cargo-none.txt',
    project: 'rust',
    command: 'CARGO test --offline --test good nothing_has_this_name',
    keep: 'stdout',
  },
  {
    name: 'cargo163.txt',
    project: 'rust',
    command: '/usr/bin/cargo test --offline --lib',
    keep: 'stdout',
    env: { RUSTC: '/usr/bin/rustc' },
  },
  {
    name: 'libtest.ndjson',
    project: 'rust',
    command: 'CARGO test --offline --lib -- -Z unstable-options --format json --report-time',
    keep: 'stdout',
    env: { RUSTC_BOOTSTRAP: '1' },
  },
  {
    name: 'libtest-abort.ndjson',
    project: 'rust',
    command: 'CARGO test --offline --test abort -- -Z unstable-options --format json',
    keep: 'stdout',
    env: { RUSTC_BOOTSTRAP: '1' },
  },
  {
    name: 'libtest.junit.xml',
    project: 'rust',
    command: 'CARGO test --offline --lib -- -Z unstable-options --format junit',
    keep: 'stdout',
    env: { RUSTC_BOOTSTRAP: '1' },
  },
];

const fixtures = join(import.meta.dirname, '..', 'test', 'fixtures', 'test-reports');
const [runners, ...names] = process.argv.slice(2);
if (runners === undefined) throw new Error('name the folder in which the npm runners are');
const scratch = mkdtempSync(join(tmpdir(), 'test-report-fixtures-'));

for (const recipe of RECIPES) {
  if (names.length > 0 && !names.includes(recipe.name)) continue;
  const kept = produce(recipe);
  if (kept === null) console.error(`${recipe.name}: not produced`);
  else writeFileSync(join(fixtures, recipe.name), kept);
}

function produce({ name, project, command, keep, env }: Recipe): string | null {
  const dir = join(scratch, name.replaceAll('.', '-'), 'project');
  cpSync(join(fixtures, 'projects', project), dir, { recursive: true });
  symlinkSync(join(resolve(runners as string), 'node_modules'), join(dir, 'node_modules'));
  const line = command
    .replace('NODE20', process.env.NODE20 ?? 'node20')
    .replace('CARGO', process.env.CARGO ?? 'cargo');
  const bins = [join(dir, 'node_modules', '.bin'), join(process.execPath, '..')];
  const terminal = `TERM=xterm-256color script -qec 'stty cols 100 rows 30; ${line}' /dev/null`;
  const words = keep === 'terminal' ? terminal : keep === 'both' ? `${line} 2>&1` : line;
  const ran = spawnSync('sh', ['-c', words], {
    cwd: dir,
    encoding: 'utf8',
    timeout: 300_000,
    env: {
      PATH: [...bins, process.env.PATH].join(':'),
      HOME: homedir(),
      LANG: 'C.UTF-8',
      GOFLAGS: '-count=1',
      GOCACHE: join(scratch, 'gocache'),
      CARGO_TARGET_DIR: join(scratch, `target-${line.includes('/usr/bin') ? 'old' : 'new'}`),
      ...(env?.FORCE_COLOR === undefined && keep !== 'terminal' ? { NO_COLOR: '1' } : {}),
      ...env,
    },
  });
  const file = join(dir, keep);
  const text =
    keep === 'stderr'
      ? ran.stderr
      : ['stdout', 'both', 'terminal'].includes(keep)
        ? ran.stdout
        : null;
  if (text === null && !existsSync(file)) {
    console.error(ran.stdout, ran.stderr);
    return null;
  }
  return withoutThisMachine(text ?? readFileSync(file, 'utf8'), dir);
}

/** Paths and the name of this machine say nothing about a format. */
function withoutThisMachine(text: string, dir: string): string {
  return text
    .replaceAll(join(resolve(runners as string), 'node_modules'), '/project/node_modules')
    .replace(
      new RegExp(`(?:\\.\\./)+${basename(runners as string)}/node_modules`, 'g'),
      'node_modules',
    )
    .replaceAll(process.execPath, '/usr/bin/node')
    .replaceAll(dir, '/project')
    .replaceAll(dir.slice(1), 'project')
    .replaceAll(scratch, '/scratch')
    .replaceAll(`"${hostname()}"`, '"host"')
    .replaceAll(homedir(), '/home/user');
}

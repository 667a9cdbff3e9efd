/** What it costs to look at a workspace that did not change: the figures of design 10. */
import { lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALONE, Watch } from '../src/features/workspace/watch.ts';
import { Workspace } from '../src/features/workspace/workspace.ts';
import { createLedger } from '../src/ledger/store/open.ts';
import { allIgnoredByGit, ignoredByGit, tracksBelow } from '../src/platform/git/ignored.ts';
import { figure, printComparison, printMachine, sideBySide } from './measure.ts';
import { builtProof, environment, repository, runQuietly, scratch } from './scratch.ts';

printMachine('snapshot');
const dir = scratch();
const env = environment(dir);
const proof = await builtProof(dir);
// What a run costs where there is next to nothing to look at: the rest is the workspace's.
const small = repository(join(dir, 'small'), 10);
runQuietly([...proof, 'init', '--no-policy'], { cwd: small, env });
const actor = { kind: 'tool', name: 'bench', host: 'here', basis: 'asserted' } as const;

for (const files of [1_000, 10_000, 50_000]) await unchanged(files, 0);
await unchanged(1_000, 60_000);

async function unchanged(tracked: number, dependencies: number): Promise<void> {
  const root = repository(join(dir, `${tracked}-${dependencies}`), tracked);
  writeFileSync(join(root, '.gitignore'), 'node_modules\n');
  for (let i = 0; i < dependencies; i++) {
    const folder = join(root, 'node_modules', `package-${Math.floor(i / 60)}`, 'lib');
    if (i % 60 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `file-${i}.js`), `module.exports = ${i};\n`);
  }
  const ledgerDir = join(root, '.git/proof');
  const ledger = await createLedger(
    { dir: ledgerDir, configDir: join(dir, 'config'), ownValues: [], self: actor },
    actor,
    'bench',
  );
  const commonDir = join(root, '.git');
  const place = {
    root,
    commonDir,
    ledgerDir,
    ignored: { check: ignoredByGit, list: allIgnoredByGit },
    tracked: tracksBelow,
  };
  const look = async () => {
    const workspace = new Workspace(place, ledger);
    const watch = new Watch(workspace, ledger, { task: null, actor }, ALONE);
    await watch.before();
    await watch.after('00'.repeat(8), async () => null);
    workspace.close();
  };
  const started = performance.now();
  await look();
  console.log(
    `\n  first look at ${tracked + dependencies} files: ${Math.round(performance.now() - started)} ms`,
  );
  // The clock of file systems moves in steps: what was just written is looked at twice.
  await new Promise((resolve) => setTimeout(resolve, 100));
  await look();
  const floor = dependencies === 0 ? 'git status + one walk' : 'git status + one walk of the rest';
  const times = await sideBySide(
    {
      [floor]: () => {
        runQuietly(['git', 'status', '--porcelain'], { cwd: root, env });
        statAll(root);
      },
      'before and after': look,
    },
    { rounds: 15, seconds: 6 },
  );
  const named = `${tracked} tracked files${dependencies === 0 ? '' : ` and ${dependencies} in node_modules`}`;
  printComparison(`looking twice at an unchanged workspace, ${named}`, times, floor);
  const own = times['before and after'] as { median: number };
  const peer = times[floor] as { median: number };
  if (dependencies > 0) figure(`${named}: milliseconds`, own.median, { atMost: 60 });
  else figure(`${named}: against git status and one walk`, own.median / peer.median, { atMost: 3 });
  ledger.close();
  await wholeRun(root, named, own.median);
}

/** The same through the command: what an unchanged workspace of this size adds to a run. */
async function wholeRun(root: string, named: string, twoLooks: number): Promise<void> {
  rmSync(join(root, '.git/proof'), { recursive: true });
  runQuietly([...proof, 'init', '--no-policy'], { cwd: root, env });
  const run = (cwd: string) => runQuietly([...proof, 'run', '--', 'true'], { cwd, env });
  for (const _ of [1, 2]) run(root);
  const times = await sideBySide(
    { 'run -- true, 10 files': () => run(small), 'run -- true here': () => run(root) },
    { rounds: 15, seconds: 6 },
  );
  printComparison(`proof run -- true, ${named}`, times, 'run -- true, 10 files');
  const added = times['run -- true here'].median - times['run -- true, 10 files'].median;
  console.log(
    `  the workspace adds ${added.toFixed(1)} ms to a run; two looks alone took ${twoLooks.toFixed(1)} ms`,
  );
}

/** The floor: one look at everything that is watched. */
function statAll(at: string): void {
  for (const name of readdirSync(at)) {
    if (name === '.git' || name === 'node_modules') continue;
    const path = `${at}/${name}`;
    if (lstatSync(path).isDirectory()) statAll(path);
  }
}

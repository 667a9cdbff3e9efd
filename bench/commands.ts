/** How long the everyday commands take, on ledgers of three sizes, against a bare start of Node. */
import { join } from 'node:path';
import { createLedger } from '../src/ledger/store/open.ts';
import { ACTOR, fillLedger, placeIn } from './ledger-of.ts';
import { figure, printComparison, printMachine, printTable, sideBySide } from './measure.ts';
import { builtProof, environment, repository, runQuietly, scratch } from './scratch.ts';

printMachine('commands');
const dir = scratch();
const env = environment(dir);
const proof = await builtProof(dir);
const bare = [process.execPath, '-e', '0'];
const sizes = [10, 1_000, 100_000];
const COMMANDS = {
  status: ['status'],
  note: ['note', 'the index is not used'],
  log: ['log'],
  'log --all -n 50': ['log', '--all', '--limit', '50'],
  show: ['show', 'E5'],
} as const;

const growth: (string | number)[][] = Object.keys(COMMANDS).map((name) => [name]);
for (const size of sizes) {
  const cwd = await workspaceOf(size);
  const quietly = (argv: readonly string[]) => () => runQuietly(argv, { cwd, env });
  const times = await sideBySide(
    {
      'node -e 0': quietly(bare),
      status: quietly([...proof, ...COMMANDS.status]),
      note: quietly([...proof, ...COMMANDS.note]),
      log: quietly([...proof, ...COMMANDS.log]),
      'log --all -n 50': quietly([...proof, ...COMMANDS['log --all -n 50']]),
      show: quietly([...proof, ...COMMANDS.show]),
    },
    { rounds: 31, seconds: 16 },
  );
  printComparison(`${size} entries`, times, 'node -e 0');
  for (const [i, name] of (Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]).entries()) {
    const ratio = times[name].median / times['node -e 0'].median;
    figure(`${name}, ${size} entries, against bare Node`, ratio, { atMost: 2 });
    growth[i]?.push(`${ratio.toFixed(2)} ×`);
  }
}
printTable('growth, × bare Node', ['', ...sizes.map((size) => `${size} entries`)], growth);

/** A repository with a ledger of so many entries, its last task chosen. */
async function workspaceOf(size: number): Promise<string> {
  const cwd = repository(join(dir, String(size)), 50);
  const place = { ...placeIn(dir), dir: join(cwd, '.git', 'proof') };
  const configDir = join(env.HOME as string, '.config', 'prooflayer');
  const ledger = await createLedger({ ...place, configDir }, ACTOR, 'prooflayer/bench');
  await fillLedger(ledger, size);
  const tasks = ledger.taskCount();
  ledger.close();
  runQuietly([...proof, 'task', 'use', `T${tasks}`], { cwd, env });
  // Once, so that the views are there, as they are when a ledger has grown command by command.
  runQuietly([...proof, 'status'], { cwd, env });
  return cwd;
}

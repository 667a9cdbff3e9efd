/**
 * What the sandbox adds to a command, against plain spawn: bubblewrap as the first policy has it,
 * the plan made anew for each command as `proof run` does, and bubblewrap alone.
 */
import { spawnSync } from 'node:child_process';
import { findPlaces } from '../src/app/context-places.ts';
import { raiseWalls } from '../src/app/context-sandbox.ts';
import type { Policy } from '../src/judge/boundary/policy.ts';
import { resolveExecutable } from '../src/platform/process/executable.ts';
import { runChild } from '../src/platform/process/run-child.ts';
import { findPrograms } from '../src/platform/sandbox/programs.ts';
import { digits, figure, printComparison, printMachine, sideBySide } from './measure.ts';
import { environment, repository, runQuietly, scratch } from './scratch.ts';

printMachine('sandbox');
const found = findPrograms();
if (!('programs' in found)) {
  console.log(`  skipped: ${found.missing} is not installed`);
  process.exit(0);
}
const { bubblewrap } = found.programs;
const dir = scratch();
const env = environment(dir);
const cwd = repository(dir, 1_000);
// The plan asks where HOME is, and so does what runs in it.
process.env.HOME = env.HOME as string;
const places = findPlaces(cwd, env);
const rule = (text: string) => ({ text, line: null });
const policy: Policy = {
  mode: 'enforce',
  scope: {
    write: [rule('**')],
    generated: ['node_modules/**', 'dist/**'].map(rule),
    ask: ['package.json', '.github/**'].map(rule),
    deny: ['.env*', '~/.ssh/**', '~/.aws/**'].map((text) => ({ ...rule(text), all: false })),
  },
  commands: {
    default: { human: 'allow', agent: 'ask' },
    allow: [],
    ask: [],
    deny: [],
    examples: { allow: [], ask: [], deny: [] },
  },
  network: { allow: [], default: 'deny' },
  models: { allow: [] },
};

const commands: Record<string, readonly string[]> = {
  true: ['true'],
  'git status, 1 000 files': ['git', 'status', '--porcelain'],
  'node -e 0': [process.execPath, '-e', '0'],
  '100 × true in a shell': [
    'sh',
    '-c',
    'for i in 1 2 3 4 5 6 7 8 9 10; do for j in 1 2 3 4 5 6 7 8 9 10; do /bin/true; done; done',
  ],
};

for (const [name, argv] of Object.entries(commands)) {
  const [program = ''] = argv;
  const resolved = resolveExecutable(program, cwd, env.PATH);
  const executable = resolved.found ? resolved.path : program;
  const request = { argv, executable, cwd, env };
  const apart = ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-net'];
  const user = process.getuid?.() === 0 ? [] : ['--unshare-user'];
  const bare = [...user, ...apart, '--ro-bind', '/', '/', '--bind', cwd, cwd];
  let planned = 0;
  let rounds = 0;
  const taken = await sideBySide(
    {
      'plain spawn': () => runQuietly(argv, { cwd, env }),
      'bubblewrap alone': () =>
        spawnSync(
          bubblewrap,
          [...bare, '--dev', '/dev', '--proc', '/proc', '--chdir', cwd, '--', ...argv],
          { env, stdio: 'ignore' },
        ),
      'as recorded, no sandbox': () => runChild(request, () => {}),
      'as recorded, sandbox': async () => {
        const began = performance.now();
        const { boundary, enclosure } = await raiseWalls(places, policy, `${cwd}/proof.yaml`, {
          argv,
          cwd,
          env,
          executable,
        });
        planned += performance.now() - began;
        rounds++;
        if (enclosure === null) throw new Error(boundary.unenforced?.detail);
        const outcome = await runChild({ ...request, enclosure }, () => {});
        if (!('code' in outcome.exit) || outcome.exit.code !== 0)
          throw new Error(`${name} failed: ${JSON.stringify(outcome.exit)}`);
        boundary.walls?.finish();
      },
    },
    { rounds: 41, seconds: 15 },
  );
  printComparison(name, taken, 'plain spawn');
  const added = taken['as recorded, sandbox'].median - taken['as recorded, no sandbox'].median;
  console.log(
    `    the sandbox adds ${digits(added)} ms, ${digits(planned / rounds)} of them for the plan`,
  );
  if (name === 'true') figure('the sandbox adds to a command', added, { atMost: 10 }, 'ms');
  if (name.startsWith('100'))
    figure(
      'a hundred processes in the sandbox against outside',
      taken['as recorded, sandbox'].median / taken['as recorded, no sandbox'].median,
      { atMost: 1.25 },
    );
}

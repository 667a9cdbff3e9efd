/** What `proof run` adds to a command, start to end, without a terminal and at one. */
import { join } from 'node:path';
import { figure, printComparison, printMachine, type Sampled, sideBySide } from './measure.ts';
import { atTerminal } from './outer-terminal.ts';
import { builtProof, environment, hasPeer, repository, runQuietly, scratch } from './scratch.ts';

printMachine('run-overhead');
const dir = scratch();
const env = environment(dir);
const cwd = repository(dir, 1_000);
const proof = await builtProof(dir);
runQuietly([...proof, 'init'], { cwd, env });
runQuietly([...proof, 'task', 'start', 'measure'], { cwd, env });

const cast = join(dir, 'true.cast');
const peers: Record<string, readonly string[]> = {
  'node -e 0': [process.execPath, '-e', '0'],
  'proof run -- true': [...proof, 'run', '--', 'true'],
  ...(hasPeer('asciinema') && {
    'asciinema rec -c true': ['asciinema', 'rec', '-q', '--overwrite', '-c', 'true', cast],
  }),
  ...(hasPeer('script') && {
    'script -qc true': ['script', '-qc', 'true', join(dir, 'typescript')],
  }),
};

await compare('without a terminal', (argv) => runQuietly(argv, { cwd, env }));
await compare('at a terminal', async (argv) => (await atTerminal(argv, { cwd, env })).ms);

async function compare(where: string, once: (argv: readonly string[]) => unknown): Promise<void> {
  const works = Object.entries(peers).map(([name, argv]) => [name, () => once(argv)] as const);
  const times: Record<string, Sampled> = await sideBySide(Object.fromEntries(works), {
    rounds: 41,
    seconds: 30,
  });
  printComparison(`proof run -- true, ${where}, repository of 1 000 files`, times, 'node -e 0');
  const own = times['proof run -- true'] as Sampled;
  const node = times['node -e 0'] as Sampled;
  const asciinema = times['asciinema rec -c true'];
  figure(`run against bare Node, ${where}`, own.median / node.median, { atMost: 3.5 });
  if (asciinema !== undefined) {
    figure(`run against asciinema, ${where}`, own.median / asciinema.median, { atMost: 1 });
  }
}

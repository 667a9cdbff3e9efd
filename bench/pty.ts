/** Throughput of recording: millions of lines at a terminal, 200 MB through pipes. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  digits,
  figure,
  printComparison,
  printMachine,
  printTable,
  type Sampled,
  sampled,
  sideBySide,
} from './measure.ts';
import { atTerminal } from './outer-terminal.ts';
import { builtProof, environment, hasPeer, repository, runQuietly, scratch } from './scratch.ts';

printMachine('pty');
const dir = scratch();
const env = environment(dir);
const cwd = repository(dir, 50);
const proof = await builtProof(dir);
runQuietly([...proof, 'init'], { cwd, env });

const LINES = 5_000_000;
const peers: Record<string, (lines: number) => readonly string[]> = {
  // What the terminal itself takes: nothing that is shown at one can be faster.
  'seq alone': (lines) => ['seq', String(lines)],
  'proof run': (lines) => [...proof, 'run', '--', 'seq', String(lines)],
  ...(hasPeer('script') && {
    'script -q': (lines) => ['script', '-qc', `seq ${lines}`, join(dir, 'typescript')],
  }),
  ...(hasPeer('asciinema') && {
    'asciinema rec': (lines) => [
      'asciinema',
      'rec',
      '-q',
      '--overwrite',
      '-c',
      `seq ${lines}`,
      join(dir, 'seq.cast'),
    ],
  }),
};

const whole = await compare('standard input the terminal', (argv) => argv);
await compare('standard input /dev/null', (argv) => [
  'sh',
  '-c',
  'exec "$@" < /dev/null',
  'sh',
  ...argv,
]);
await growth(whole);
await pipes();

async function compare(
  where: string,
  wrap: (argv: readonly string[]) => readonly string[],
): Promise<Size> {
  let peak = 0;
  const works = Object.entries(peers).map(([name, argv]) => [
    name,
    async () => {
      const watch = name === 'proof run';
      const { ms, bytes, peakRss } = await atTerminal(wrap(argv(LINES)), { cwd, env, watch });
      if (bytes < LINES * 8) throw new Error(`${name} passed on ${bytes} bytes only`);
      peak = Math.max(peak, watch ? peakRss : 0);
      return ms;
    },
  ]);
  const times: Record<string, Sampled> = await sideBySide(Object.fromEntries(works), {
    rounds: 5,
    seconds: 18,
    warmUp: false,
  });
  printComparison(`seq ${LINES} at a terminal, ${where}`, times, 'seq alone');
  const own = times['proof run'] as Sampled;
  const script = times['script -q'];
  const asciinema = times['asciinema rec'];
  if (script !== undefined) {
    const ratio = script.median / own.median;
    figure(`throughput of script, ${where}`, ratio, { atLeast: 0.8 });
  }
  if (asciinema !== undefined) {
    const ratio = asciinema.median / own.median;
    figure(`throughput of asciinema, ${where}`, ratio, { atLeast: 2 });
  }
  return { lines: LINES, ms: own.median, peak };
}

interface Size {
  lines: number;
  ms: number;
  /** Bytes. */
  peak: number;
}

/** Time a line and memory must not grow with the output. */
async function growth(largest: Size): Promise<void> {
  const rows: Size[] = [];
  for (const lines of [LINES / 10, (LINES * 3) / 10]) {
    const ended = [];
    for (let i = 0; i < 3; i++) {
      const argv = peers['proof run']?.(lines) ?? [];
      ended.push(await atTerminal(argv, { cwd, env, watch: true }));
    }
    const { median } = sampled(ended.map(({ ms }) => ms));
    rows.push({ lines, ms: median, peak: Math.max(...ended.map(({ peakRss }) => peakRss)) });
  }
  rows.push(largest);
  printTable(
    'growth of proof run, standard input the terminal',
    ['lines', 'median ms', 'µs a line', 'peak memory MB'],
    rows.map(({ lines, ms, peak }) => [
      lines,
      digits(ms),
      digits((ms * 1000) / lines),
      digits(peak / 1e6),
    ]),
  );
  // Node's heap takes half a million lines to find its size; from then on it must stay.
  const ratio = largest.peak / (rows[1] as Size).peak;
  figure('memory of 5 M lines against 1.5 M', ratio, { atMost: 1.25 });
}

async function pipes(): Promise<void> {
  const file = join(dir, 'log');
  const line = Buffer.from('2026-03-01T10:00:00Z INFO [http] GET /api/v1/users 200 12ms\n');
  const block = Buffer.concat(Array.from({ length: 16_384 }, () => line));
  const fd = openSync(file, 'w');
  for (let written = 0; written < 200e6; written += block.length) writeSync(fd, block);
  closeSync(fd);
  const shell = (command: string, ...args: string[]) =>
    runQuietly(['sh', '-c', command, 'sh', ...args], { cwd, env });
  const times = await sideBySide(
    {
      'cat file | cat': () => shell('cat "$1" | cat > /dev/null', file),
      'cat file | zstd -1': () => shell('cat "$1" | zstd -q -1 -c > "$2"', file, `${file}.zst`),
      'proof run -- cat file': () =>
        shell('exec "$@" > /dev/null', ...proof, 'run', '--', 'cat', file),
    },
    { rounds: 5, seconds: 8 },
  );
  printComparison('200 MB of log through pipes to /dev/null', times, 'cat file | cat');
}

/**
 * Reading access logs: our reader with one to three threads and the whole investigation, against
 * `wc -l` and GoAccess on the same file. The log is made from the sample logs (or, without them,
 * from one line), days shifted and addresses changed per copy. `LINES=5000000` for the figures of
 * design 6; `npm run bench -- traffic` takes a million.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { readLists } from '../src/features/traffic/identities/address-lists.ts';
import { SNAPSHOT } from '../src/features/traffic/identities/snapshot.ts';
import { investigate } from '../src/features/traffic/investigate.ts';
import { readSource } from '../src/features/traffic/reader/log-source.ts';
import { digits, figure, printMachine, printTable } from './measure.ts';
import { hasPeer, scratch } from './scratch.ts';

const LINES = Number(process.env.LINES ?? 1_000_000);

const [mode, path, workers] = process.argv.slice(2);
if (mode === 'child') await child(path as string, Number(workers));
else compare();

/** One measurement in a process of its own, so that its peak memory is its own. */
async function child(file: string, threads: number): Promise<void> {
  const started = performance.now();
  const input = { name: file, bytes: () => createReadStream(file, { highWaterMark: 1 << 20 }) };
  let lines = 0;
  if (process.env.WHOLE === '1') {
    const options = {
      definition: null,
      workers: threads,
      lists: readLists(SNAPSHOT),
      dns: new Map(),
      since: null,
      obedience: null,
      proxies: null,
    };
    lines = (await investigate([input], options)).report.lines.in;
  } else {
    await readSource(input, { definition: null, workers: threads }, (columns) => {
      lines += columns.lines;
    });
  }
  const { user, system } = process.cpuUsage();
  const ms = performance.now() - started;
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ lines, ms, cpu: (user + system) / 1000, peak }));
}

interface Run {
  lines: number;
  ms: number;
  cpu: number;
  peak: number;
}

function compare(): void {
  printMachine('traffic');
  const dir = scratch();
  const log = join(dir, 'access.log');
  makeLog(log);
  const megabytes = statSync(log).size / 1e6;
  const packed = join(dir, 'access.log.gz');
  if (hasPeer('gzip')) {
    const out = openSync(packed, 'w');
    spawnSync('gzip', ['-1', '-c', log], { stdio: ['ignore', out, 'inherit'] });
    closeSync(out);
  }
  const rows: (string | number)[][] = [];
  const row = (name: string, run: Run | null) => {
    if (run === null) return;
    rows.push([
      name,
      digits(run.ms / 1000),
      digits(megabytes / (run.ms / 1000)),
      digits(run.cpu / 1000),
      digits(run.peak),
    ]);
  };
  const wc = timed('wc', ['-l', log]);
  const alone = ours(log, 0);
  const two = ours(log, 2);
  const whole = ours(log, 2, true);
  const goaccess = hasPeer('goaccess')
    ? timed('goaccess', [
        log,
        '--log-format=COMBINED',
        '--no-progress',
        '-o',
        join(dir, 'report.json'),
      ])
    : null;
  row('wc -l', wc);
  row('read, 1 thread', alone);
  row('read, 2 workers', two);
  row('investigate, 2 workers', whole);
  if (existsSync(packed)) row('read, gzip', ours(packed, 2));
  row('goaccess', goaccess);
  printTable(
    `${digits(LINES / 1e6)} M lines, ${digits(megabytes)} MB`,
    ['', 's', 'MB/s', 'CPU s', 'peak MB'],
    rows,
  );
  const rate = megabytes / (Math.min(two.ms, alone.ms) / 1000);
  figure('reading', rate, { atLeast: 240 }, 'MB/s');
  figure('peak memory of an investigation', whole.peak, { atMost: 700 }, 'MB');
  if (goaccess !== null) {
    figure('GoAccess ÷ our reader, wall', goaccess.ms / Math.min(two.ms, alone.ms), {
      atLeast: 15,
    });
    figure('GoAccess ÷ our whole investigation, wall', goaccess.ms / whole.ms, { atLeast: 1 });
  }
}

function ours(file: string, threads: number, all = false): Run {
  const runs = Array.from({ length: 3 }, (): Run => {
    const output = execFileSync(
      process.execPath,
      [import.meta.filename, 'child', file, String(threads)],
      {
        env: { ...process.env, WHOLE: all ? '1' : '' },
        encoding: 'utf8',
      },
    );
    return JSON.parse(output) as Run;
  });
  if (runs.some(({ lines }) => lines !== LINES)) throw new Error('not all lines were read');
  return runs.sort((a, b) => a.ms - b.ms)[0] as Run;
}

function timed(program: string, words: string[]): Run {
  const started = performance.now();
  spawnSync(program, words, { stdio: 'ignore' });
  return { lines: LINES, ms: performance.now() - started, cpu: Number.NaN, peak: Number.NaN };
}

/** As many addresses and targets as a log of this size has: they change with the copy, not the line. */
function makeLog(file: string): void {
  const sample = join(import.meta.dirname, '../../shared/data/logs/elastic/apache_logs');
  const lines = existsSync(sample)
    ? readFileSync(sample, 'latin1').trimEnd().split('\n')
    : [
        '192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 203023 "-" "Mozilla/5.0 (X11; Linux x86_64)"',
      ];
  const out = openSync(file, 'w');
  for (let written = 0, copy = 0; written < LINES; copy++) {
    const some = lines.slice(0, LINES - written).map((line, i) => {
      const octets = line.slice(0, line.indexOf(' ')).split('.');
      if (copy > 0 && i % 2 === 0 && octets.length === 4)
        octets[2] = String((Number(octets[2]) + copy) % 256);
      const rest = line
        .slice(line.indexOf(' '))
        .replace(/\[\d\d\/May/, `[${String((copy % 28) + 1).padStart(2, '0')}/May`);
      const changed = i % 10 === 0 ? rest.replace(' HTTP/1', `?v=${copy} HTTP/1`) : rest;
      return `${octets.join('.')}${changed}\n`;
    });
    writeSync(out, Buffer.from(some.join(''), 'latin1'));
    written += some.length;
  }
  closeSync(out);
}

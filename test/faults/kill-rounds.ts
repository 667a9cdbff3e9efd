import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openLedger } from '../../src/ledger/store/open.ts';
import { openForReading } from '../../src/ledger/store/reader.ts';
import { begin } from './processes.ts';
import { log, NODE, PROOF, verified, type Workspace } from './workspace.ts';

const APPEND = join(import.meta.dirname, 'append.ts');
const SELF = { kind: 'tool', name: 'after the kill', host: 'here', basis: 'asserted' } as const;

/** How long it took to open the ledger after each kill, recovery included. */
export interface Times {
  openMs: number[];
}

export function newTimes(): Times {
  return { openMs: [] };
}

/**
 * A library appender is killed at a random moment: in half of the rounds any time after its start,
 * in the others while it appends for certain. Whatever it said is on disk has to be there.
 */
export async function killAppends(at: Workspace, round: number, times: Times): Promise<number> {
  const who = `kill${round}`;
  const running = begin([NODE, APPEND, at.ledgerDir, at.configDir, who, '0'], {
    cwd: at.dir,
    env: at.env,
  });
  running.child.stdin?.write('go\n');
  if (round % 2 === 0) await running.said('ack ');
  await pause(Math.random() * (round % 2 === 0 ? 80 : 400));
  running.child.kill('SIGKILL');
  const { stdout } = await running.finished;
  await openAgain(at, times);

  const reader = openForReading(at.ledgerDir);
  const acks = [...stdout.matchAll(/^ack (\d+) (.*)$/gm)];
  for (const [, seq, text] of acks) {
    const { entry } = reader.entry(Number(seq));
    expect(entry).toMatchObject({ kind: 'note', body: { text } });
    for (const ref of entry?.blobs ?? []) expect(reader.blobs.check(ref)).toBe('present');
  }
  reader.close();
  verified(at);
  return acks.length;
}

/**
 * `proof run` is killed at a random moment of a command with output. What had begun is in the
 * record afterwards: as the command, if the kill came too late, else as a gap; never as both.
 */
export async function killRun(at: Workspace, round: number, times: Times): Promise<boolean> {
  const label = `round-${round}`;
  const script =
    round % 3 === 0
      ? `echo ${label}; exit 3`
      : `i=0; while [ $i -lt 60 ]; do echo ${label} line $i; i=$((i+1)); [ $((i % 6)) = 0 ] && sleep 0.01; done; exit 3`;
  const running = begin([NODE, PROOF, 'run', '--', 'sh', '-c', script, label], {
    cwd: at.dir,
    env: at.env,
  });
  if (round % 2 === 0) await running.said(label);
  await pause(Math.random() * (round % 2 === 0 ? 120 : 350));
  running.child.kill('SIGKILL');
  const { code, stdout } = await running.finished;
  await openAgain(at, times);

  const own = log(at).filter(({ body }) => body.argv?.at(-1) === label);
  const kinds = own.map(({ kind }) => kind);
  expect(kinds.length).toBeLessThanOrEqual(1);
  if (stdout !== '') expect(kinds).toHaveLength(1);
  if (code !== null) expect(kinds).toEqual(['command']);
  verified(at);
  return kinds[0] === 'gap';
}

/** An init that is killed leaves a place in which the next init, or the finished one, works. */
export async function killInit(at: Workspace, times: Times): Promise<void> {
  const running = begin([NODE, PROOF, 'init', '--json'], { cwd: at.dir, env: at.env });
  await pause(30 + Math.random() * 120);
  running.child.kill('SIGKILL');
  await running.finished;
  const again = at.proof(['init', '--json']);
  if (again.code !== 0) expect(again.error?.code).toBe('ledger.exists');
  expect(at.proof(['note', 'works', '--json']).code).toBe(0);
  await openAgain(at, times);
  verified(at);
}

/** After all kills: no unfinished blob, no blob without an entry, no note of a run. */
export async function expectNothingLeft(at: Workspace): Promise<void> {
  const temporary = join(at.ledgerDir, 'blobs', 'tmp');
  const spool = join(at.ledgerDir, 'spool');
  const longAgo = new Date(Date.now() - 25 * 3600 * 1000);
  // A finished blob may wait an hour for its entry before it is nobody's, half a note a day.
  for (const dir of [temporary, spool])
    for (const name of namesIn(dir)) utimesSync(join(dir, name), longAgo, longAgo);
  await openAgain(at, newTimes());
  expect(namesIn(temporary)).toEqual([]);
  expect(namesIn(spool)).toEqual([]);
  const named = new Set(log(at).flatMap(({ blobs }) => blobs.map(({ id }) => id)));
  const folders = namesIn(join(at.ledgerDir, 'blobs')).filter((name) => name !== 'tmp');
  const stored = folders.flatMap((folder) =>
    namesIn(join(at.ledgerDir, 'blobs', folder)).map((rest) => folder + rest),
  );
  expect(stored.filter((id) => !named.has(id))).toEqual([]);
}

export function report(what: string, rounds: number, found: string, { openMs }: Times): void {
  const sorted = openMs.toSorted((a, b) => a - b);
  const at = (share: number) =>
    `${(sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)} ms`;
  console.info(
    `${rounds} × kill -9 during ${what}: ${found}; open after the kill: median ${at(0.5)}, p95 ${at(0.95)}, most ${at(1)}`,
  );
}

async function openAgain(at: Workspace, times: Times): Promise<void> {
  const started = performance.now();
  const { ledgerDir: dir, configDir } = at;
  const ledger = await openLedger({ dir, configDir, ownValues: [], self: SELF });
  times.openMs.push(performance.now() - started);
  ledger.close();
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

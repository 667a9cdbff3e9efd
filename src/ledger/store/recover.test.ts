import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Draft } from '../../core/entries/kinds.ts';
import { nodePrimitives } from '../node-primitives.ts';
import { processStart } from '../run-process.ts';
import { type Pending, Spool } from '../spool.ts';
import { verifyLedger } from '../verify/verify.ts';
import { storedEvidence } from './evidence.ts';
import type { Ledger } from './ledger.ts';
import { createLedger, type LedgerPlace, openLedger } from './open.ts';
import { recover } from './recover.ts';

const self = { kind: 'tool', name: 'prooflayer', host: 'here', basis: 'asserted' } as const;
const RUN = '0123456789abcdef';

let root: string;
let place: LedgerPlace;
let ledger: Ledger;
let spool: Spool;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'proof-recover-'));
  place = { dir: join(root, 'ledger'), configDir: join(root, 'config'), ownValues: [], self };
  ledger = await createLedger(place, self, 'test');
  await ledger.append(() => [
    { kind: 'task.opened', body: { goal: 'g' }, task: null, actor: self },
  ]);
  spool = new Spool(place.dir);
});
afterEach(() => {
  ledger.close();
  rmSync(root, { recursive: true, force: true });
});

/** A note that a recorder which is no more left behind; no process has the highest pid. */
const left = (change: Partial<Pending> = {}): Pending => ({
  run: RUN,
  pid: 4_194_304,
  pidStart: '1',
  task: 1,
  size: 2,
  gap: {
    what: 'command',
    why: 'the recorder ended',
    from: '2026-11-21T10:00:00.000Z',
    run: RUN,
    argv: ['make', 'test'],
    cwd: '/somewhere',
  },
  ...change,
});
const gaps = () =>
  [...ledger.entries()].flatMap(({ entry }) => (entry?.kind === 'gap' ? [entry] : []));
const reopen = async () => {
  ledger.close();
  ledger = await openLedger(place);
};
const problems = () =>
  verifyLedger(nodePrimitives, storedEvidence(ledger, { roots: [], keys: [] })).problems;

describe('a command whose recorder died', () => {
  it('becomes one gap of its task, with what is known of it', async () => {
    spool.put(left());
    await reopen();
    expect(gaps()).toMatchObject([
      { task: 1, n: 2, body: { what: 'command', run: RUN, argv: ['make', 'test'] } },
    ]);
    expect(spool.list()).toEqual([]);
    await reopen();
    expect(gaps()).toHaveLength(1);
    expect(problems()).toEqual([]);
  });

  it('becomes one gap also when two processes find it at once', async () => {
    const other = await openLedger(place);
    spool.put(left());
    await Promise.all([recover(ledger, spool, self), recover(other, spool, self)]);
    other.close();
    expect(gaps()).toHaveLength(1);
  });

  it('becomes none when its entry is there after all', async () => {
    spool.put(left());
    const body = { ...left().gap, to: '2026-11-21T10:00:00.000Z' };
    await ledger.append(() => [{ kind: 'gap', body, task: null, actor: self } as Draft]);
    await reopen();
    expect(gaps()).toHaveLength(1);
    expect(spool.list()).toEqual([]);
  });

  it('is left alone while its recorder lives', async () => {
    const alive = { pid: process.pid, pidStart: processStart(process.pid) };
    spool.put(left(alive));
    await reopen();
    expect(gaps()).toEqual([]);
    expect(spool.list()).toHaveLength(1);
  });

  it('is not taken for one that lives because a new process has its number', async () => {
    spool.put(left({ pid: process.pid, pidStart: '1' }));
    await reopen();
    expect(gaps()).toHaveLength(1);
  });

  it('whose record could not be written becomes a gap with its exit', async () => {
    const exit = { code: 3, signal: null };
    const to = '2026-11-21T10:00:05.000Z';
    spool.put(left({ pid: 0, pidStart: null, gap: { ...left().gap, to, exit } }));
    await reopen();
    expect(gaps()).toMatchObject([{ body: { exit, to } }]);
  });

  it('that named a task of another ledger becomes a gap of none', async () => {
    spool.put(left({ task: 40 }));
    await reopen();
    expect(gaps()).toMatchObject([{ task: null }]);
    expect(problems()).toEqual([]);
  });
});

describe('a note that nobody can make sense of', () => {
  it.each<[string, Partial<Pending>]>([
    ['more than an entry can hold', { gap: { ...left().gap, argv: ['\u0001'.repeat(20_000)] } }],
    ['half a surrogate pair', { gap: { ...left().gap, argv: ['\ud83d'] } }],
    ['times that are none', { gap: { ...left().gap, from: 'yesterday' } }],
    ['words that are none', { gap: { ...left().gap, argv: [5] as never } }],
    ['nothing known', { gap: {} as never }],
  ])('still becomes a gap: %s', async (_what, change) => {
    spool.put(left(change));
    await reopen();
    expect(gaps()).toMatchObject([{ task: 1, body: { what: 'command', run: RUN } }]);
    expect(spool.list()).toEqual([]);
    expect(problems()).toEqual([]);
  });

  it.each<[string, string]>([
    ['half of a file', '{"run":"0123456789abcdef","pid":'],
    ['no object', '5'],
    ['null', 'null'],
    ['no gap', JSON.stringify({ ...left(), gap: null })],
    ['a run that is a path', JSON.stringify(left({ run: '../../x' }))],
    ['a size that is none', JSON.stringify(left({ size: -1 }))],
    ['a pid that is none', JSON.stringify(left({ pid: 'x' as never }))],
  ])('does not keep the ledger from opening: %s', async (_what, text) => {
    mkdirSync(join(place.dir, 'spool'), { recursive: true });
    writeFileSync(join(place.dir, 'spool', `${RUN}.json`), text);
    await reopen();
    expect(gaps()).toEqual([]);
    expect(await ledger.append(() => [])).toEqual([]);
  });
});

describe('unfinished blobs', () => {
  it('of dead processes are removed, those of living ones only when they are old', async () => {
    const dir = ledger.blobs.temporaryDir;
    mkdirSync(dir, { recursive: true });
    const living = process.ppid;
    for (const name of ['4194304-aaaa', `${living}-young`, `${living}-old`])
      writeFileSync(join(dir, name), 'x');
    const longAgo = new Date(Date.now() - 2 * 24 * 3600 * 1000);
    utimesSync(join(dir, `${living}-old`), longAgo, longAgo);
    await reopen();
    expect(readdirSync(dir)).toEqual([`${living}-young`]);
  });
});

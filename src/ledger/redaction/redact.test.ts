import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Draft } from '../../core/entries/kinds.ts';
import { nodePrimitives } from '../node-primitives.ts';
import { storedEvidence } from '../store/evidence.ts';
import type { Ledger } from '../store/ledger.ts';
import { createLedger, type LedgerPlace, openLedger } from '../store/open.ts';
import { verifyLedger } from '../verify/verify.ts';
import { prune, redact } from './redact.ts';
import { planRedaction } from './redaction-plan.ts';
import { finishRemovals, removeRemains } from './removal.ts';
import { writeRemovalNote } from './removal-note.ts';

const actor = { kind: 'human', name: 'ada', host: 'here', basis: 'asserted' } as const;
/** Built here, so that it stands in no file of the repository in one piece. */
const PLANTED = ['the', 'planted', 'passage', 'q7'].join('-');
let root: string;
let place: LedgerPlace;
let ledger: Ledger;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'proof-redact-'));
  place = {
    dir: join(root, 'ledger'),
    configDir: join(root, 'config'),
    ownValues: [],
    self: { kind: 'tool', name: 'prooflayer', host: 'here', basis: 'asserted' },
  };
  ledger = await createLedger(place, actor, 'test');
});

afterEach(() => {
  ledger.close();
  rmSync(root, { recursive: true, force: true });
});

async function keep(name: string, text: string, task: number | null = null): Promise<number> {
  const writer = ledger.blob(name, { type: 'text/plain' });
  await writer.write(Buffer.from(text));
  await writer.end();
  const blob = writer.finish();
  const [seq] = await ledger.append(
    () => [{ kind: 'note', body: { text: `with ${name}` }, task, actor, blobs: [blob!.ref] }],
    [blob!],
  );
  return seq as number;
}

async function write(draft: Partial<Draft> & Pick<Draft, 'kind' | 'body'>): Promise<number> {
  const [seq] = await ledger.append(() => [{ task: null, actor, ...draft } as Draft]);
  return seq as number;
}

const note = (text: string, task: number | null = null) =>
  write({ kind: 'note', body: { text }, task });
const task = (goal: string) => write({ kind: 'task.opened', body: { goal } });
const cut = (entries: number[], blobs: string[] = []) =>
  redact(ledger, actor, { entries, blobs }, 'it was private');

function verdict() {
  const { problems, redacted, remains } = verifyLedger(
    nodePrimitives,
    storedEvidence(ledger, { roots: [], keys: [] }),
  );
  return { problems, redacted, remains };
}

/** Files below the ledger that hold the text, as they lie there. */
function filesWith(text: string): string[] {
  const names = readdirSync(place.dir, { recursive: true }) as string[];
  return names
    .map((name) => join(place.dir, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(text));
}

async function reopen(): Promise<void> {
  ledger.close();
  ledger = await openLedger(place);
}

const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: { code?: string }) => error.code,
  );

describe('redact', () => {
  it('takes an entry out of every file, and the record still verifies', async () => {
    const t1 = await task('look');
    for (let i = 0; i < 300; i++) await note(`filler ${i}`, t1);
    const seq = await note(`it says ${PLANTED}`, t1);
    for (let i = 0; i < 300; i++) await note(`more ${i}`, t1);
    expect(filesWith(PLANTED)).not.toEqual([]);
    const { said, left } = await cut([seq]);
    expect(left).toBeNull();
    expect(filesWith(PLANTED)).toEqual([]);
    expect(ledger.entry(seq)).toEqual({ seq, json: '', entry: null });
    const says = ledger.entry(said[0]!).entry;
    expect(says).toMatchObject({
      kind: 'redacted',
      task: t1,
      actor,
      refs: [{ rel: 'on', seq }],
      body: { because: 'it was private', entries: [{ seq, task: t1, n: 302, kind: 'note' }] },
    });
    expect(verdict()).toEqual({
      problems: [],
      redacted: [{ seq, blob: null, by: said[0], kind: 'redacted' }],
      remains: [],
    });
    await note('and on', t1);
    expect(verdict().problems).toEqual([]);
  });

  it('leaves nothing of it in pages that SQLite had moved it out of', async () => {
    const long = `${PLANTED} `.repeat(1500);
    const seqs = [];
    for (let i = 0; i < 20; i++) seqs.push(await note(`${i} ${long}`));
    await cut(seqs);
    expect(filesWith(PLANTED)).toEqual([]);
    expect(verdict().problems).toEqual([]);
  });

  it('takes a blob from all that share it, each task told by an entry of its own', async () => {
    const [t1, t2] = [await task('one'), await task('two')];
    const one = await keep('stdout', PLANTED, t1);
    const two = await keep('stderr', PLANTED, t2);
    const other = await keep('stdout', 'another', t2);
    const { id } = ledger.entry(one).entry!.blobs[0]!;
    expect(ledger.entry(two).entry!.blobs[0]!.id).toBe(id);
    const { said } = await cut([one], ['stdout']);
    expect(said).toHaveLength(2);
    expect(said.map((seq) => ledger.entry(seq).entry)).toMatchObject([
      { task: t1, body: { entries: [], blobs: [{ id, of: [{ seq: one, name: 'stdout' }] }] } },
      { task: t2, body: { entries: [], blobs: [{ id, of: [{ seq: two, name: 'stderr' }] }] } },
    ]);
    expect(ledger.blobs.has(id)).toBe(false);
    expect(filesWith(PLANTED)).toEqual([]);
    expect(ledger.gone.blob(id)).toMatchObject({ by: said[0], because: 'it was private' });
    expect(() => [...ledger.blobs.read(id)]).toThrow(
      expect.objectContaining({ code: 'blob.gone' }) as Error,
    );
    expect([...ledger.blobs.read(ledger.entry(other).entry!.blobs[0]!.id)]).toHaveLength(1);
    expect(verdict()).toMatchObject({ problems: [], remains: [] });
    // Equal contents that come later have a salt of their own.
    const again = await keep('stdout', PLANTED, t1);
    expect(ledger.entry(again).entry!.blobs[0]!.id).not.toBe(id);
    expect(verdict().problems).toEqual([]);
  });

  it('with an entry takes the blobs that it alone has, and says which stay', async () => {
    const alone = await keep('stdout', PLANTED);
    const one = await keep('stdout', 'shared');
    const two = await keep('stdout', 'shared');
    const { plan } = await cut([alone, one]);
    expect(plan.shared).toMatchObject([{ seq: one, name: 'stdout', others: [two] }]);
    expect(filesWith(PLANTED)).toEqual([]);
    expect(verdict()).toMatchObject({ problems: [], remains: [] });
    expect(ledger.blobs.check(ledger.entry(two).entry!.blobs[0]!)).toBe('present');
    // The last one that has it takes it along.
    await cut([two]);
    expect(filesWith('shared')).toEqual([]);
    expect(verdict().problems).toEqual([]);
  });

  it('fits what ten thousand would name into entries of their size', async () => {
    const ref = { name: 'environment', id: 'ab'.repeat(32), size: 3 };
    await ledger.append(() =>
      Array.from({ length: 400 }, (): Draft => {
        return { kind: 'note', body: { text: 'x' }, task: null, actor, blobs: [ref] };
      }),
    );
    const parts = planRedaction(ledger, { entries: [1], blobs: [] });
    expect(parts).toMatchObject({ blobs: [], shared: [] });
    const { said } = await prune(
      ledger,
      actor,
      [
        {
          id: ref.id,
          size: 3,
          of: Array.from({ length: 400 }, (_, i) => ({
            seq: i + 1,
            name: 'environment',
            task: null,
          })),
        },
      ],
      { cause: 'asked', rule: { closedForSeconds: 1, atLeastBytes: 1 } },
    );
    expect(said).toHaveLength(3);
    expect(verdict().problems).toEqual([]);
  });

  it('refuses what must stay, what is not there, and what is gone', async () => {
    const seq = await keep('stdout', 'bytes');
    expect(await codeOf(cut([0]))).toBe('redact.protected');
    expect(await codeOf(cut([seq], ['stderr']))).toBe('redact.no-blob');
    const { said } = await cut([seq], ['stdout']);
    expect(await codeOf(cut([seq], ['stdout']))).toBe('redact.already');
    await cut([seq]);
    expect(await codeOf(cut([seq]))).toBe('redact.already');
    expect(await codeOf(cut(said))).toBe('redact.protected');
    // Nor by going round the plan.
    for (const gone of [
      { seq: 0, task: null, n: null, kind: 'ledger.opened' },
      { seq: said[0]!, task: null, n: null, kind: 'redacted' },
      { seq: said[0]!, task: null, n: null, kind: 'note' },
      { seq: 999, task: null, n: null, kind: 'note' },
    ]) {
      const body = { because: 'x', entries: [gone], blobs: [] };
      expect(await codeOf(write({ kind: 'redacted', body }))).toBe('ledger.not-erasable');
    }
    expect(verdict().problems).toEqual([]);
  });

  it('drops what repeats the text: views and search', async () => {
    for (const name of ['views.db', 'views.db-wal', 'search.db']) {
      writeFileSync(join(place.dir, name), PLANTED);
    }
    const seq = await note(PLANTED);
    await cut([seq]);
    expect(filesWith(PLANTED)).toEqual([]);
  });

  it('takes out again what a copy put back', async () => {
    const seq = await note(PLANTED);
    const blob = await keep('stdout', PLANTED);
    const { json } = ledger.entry(seq);
    const { id } = ledger.entry(blob).entry!.blobs[0]!;
    const bytes = readFileSync(ledger.blobs.path(id));
    const { said } = await cut([seq]);
    const { said: saidToo } = await cut([blob], ['stdout']);
    ledger.db.prepare('UPDATE entry SET json = ? WHERE seq = ?').run(json, seq);
    writeFileSync(ledger.blobs.path(id), bytes);
    const { problems, remains } = verdict();
    expect({ problems, remains }).toEqual({
      problems: [],
      remains: [
        { seq, blob: null, by: said[0], kind: 'redacted' },
        { seq: blob, blob: 'stdout', by: saidToo[0], kind: 'redacted' },
      ],
    });
    expect(removeRemains(ledger, remains)).toBeNull();
    expect(filesWith(PLANTED)).toEqual([]);
    expect(verdict()).toMatchObject({ problems: [], remains: [] });
  });

  it('a goal may go; the task stays', async () => {
    const t1 = await task(PLANTED);
    await note('work', t1);
    await cut([t1]);
    expect(filesWith(PLANTED)).toEqual([]);
    expect(ledger.isTask(t1)).toBe(true);
    expect(ledger.taskRank(t1)).toBe(1);
    await note('more work', t1);
    expect(verdict().problems).toEqual([]);
  });
});

describe('after a crash', () => {
  it('before the commit nothing is gone', async () => {
    const seq = await keep('stdout', PLANTED);
    const { id } = ledger.entry(seq).entry!.blobs[0]!;
    asLeftByTheDead({ size: ledger.size(), entries: [seq], blobs: [id], runs: [], secret: true });
    await reopen();
    expect(ledger.entry(seq).entry).not.toBeNull();
    expect(ledger.blobs.has(id)).toBe(true);
    expect(readdirSync(join(place.dir, 'removing'))).toEqual([]);
    expect(verdict()).toEqual({ problems: [], redacted: [], remains: [] });
  });

  it('after it all goes that was said to be gone, and nothing else', async () => {
    const seq = await keep('stdout', PLANTED);
    const other = await keep('stderr', 'kept');
    const [gone, stays] = [seq, other].map((one) => ledger.entry(one).entry!.blobs[0]!.id);
    asLeftByTheDead({
      ...{ size: ledger.size(), entries: [seq], blobs: [gone!, stays!], runs: [], secret: true },
    });
    writeFileSync(join(place.dir, 'search.db'), PLANTED);
    await write({
      kind: 'redacted',
      body: {
        because: 'x',
        entries: [{ seq, task: null, n: null, kind: 'note' }],
        blobs: [{ id: gone!, size: PLANTED.length, of: [{ seq, name: 'stdout' }] }],
      },
    });
    expect(verdict().remains).toEqual([]);
    expect(ledger.blobs.has(gone!)).toBe(true);
    await reopen();
    expect(ledger.blobs.has(gone!)).toBe(false);
    expect(ledger.blobs.has(stays!)).toBe(true);
    expect(filesWith(PLANTED)).toEqual([]);
    expect(readdirSync(join(place.dir, 'removing'))).toEqual([]);
    expect(verdict().problems).toEqual([]);
  });

  it('what another process reads meanwhile is finished later', async () => {
    const seq = await note(PLANTED);
    const reader = new DatabaseSync(join(place.dir, 'ledger.db'), { readOnly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM entry').get();
    ledger.db.exec('PRAGMA busy_timeout = 100');
    const note1 = { size: ledger.size(), entries: [seq], blobs: [], runs: [], secret: true };
    asLeftByTheDead(note1);
    const body = { because: 'x', entries: [{ seq, task: null, n: null, kind: 'note' }], blobs: [] };
    await write({ kind: 'redacted', body });
    await reopen();
    expect(filesWith(PLANTED)).not.toEqual([]);
    expect(readdirSync(join(place.dir, 'removing'))).toHaveLength(2);
    reader.close();
    // Not tried again at once by every command, but when it is asked for.
    await reopen();
    expect(finishRemovals(ledger, true)).toBeNull();
    expect(filesWith(PLANTED)).toEqual([]);
    expect(verdict().problems).toEqual([]);
  });
});

/** A note whose writer is no more. */
function asLeftByTheDead(facts: Parameters<typeof writeRemovalNote>[1]): void {
  const note = writeRemovalNote(place.dir, facts);
  const path = join(place.dir, 'removing', note.name);
  writeFileSync(path, JSON.stringify({ ...note, pidStart: 'another' }));
}

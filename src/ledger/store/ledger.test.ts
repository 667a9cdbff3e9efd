import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Draft } from '../../core/entries/kinds.ts';
import { nodePrimitives } from '../node-primitives.ts';
import { verifyLedger } from '../verify/verify.ts';
import { storedEvidence } from './evidence.ts';
import type { Ledger } from './ledger.ts';
import { createLedger, type LedgerPlace, openLedger } from './open.ts';
import type { SignedRoot } from './reader.ts';

const actor = { kind: 'human', name: 'ada', host: 'here', basis: 'asserted' } as const;

let root: string;
let place: LedgerPlace;
let now: Date;
let ledger: Ledger;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'proof-ledger-'));
  now = new Date('2026-11-21T10:00:00.000Z');
  place = {
    dir: join(root, 'ledger'),
    configDir: join(root, 'config'),
    ownValues: [{ name: 'MY_PASSPHRASE', value: 'correct-horse-battery' }],
    self: { kind: 'tool', name: 'prooflayer', host: 'here', basis: 'asserted' },
    now: () => now,
  };
  ledger = await createLedger(place, actor, 'test');
});
afterEach(() => {
  ledger.close();
  rmSync(root, { recursive: true, force: true });
});

const note = (text: string, task: number | null = null): Draft => ({
  kind: 'note',
  body: { text },
  task,
  actor,
});
const task = (goal: string): Draft => ({ kind: 'task.opened', body: { goal }, task: null, actor });
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: { code?: string; name: string }) => error.code ?? error.name,
  );
const problems = (of: Ledger = ledger) =>
  verifyLedger(nodePrimitives, storedEvidence(of, { roots: [], keys: [] })).problems;
const numbers = () =>
  [...ledger.entries()].map(({ entry }) => [entry?.task ?? null, entry?.n ?? null]);

describe('append', () => {
  it('numbers entries as they come, and those of each task from 1', async () => {
    const [t1] = await ledger.append(() => [task('one')]);
    await ledger.append(({ size }) => [task('two'), note('at once', size), note('loose')]);
    await ledger.append(() => [note('later', t1)]);
    expect(t1).toBe(1);
    expect(numbers()).toEqual([
      [null, null],
      [1, 1],
      [2, 1],
      [2, 2],
      [null, null],
      [1, 2],
    ]);
    expect(problems()).toEqual([]);
  });

  it('keeps every number right, whatever is appended together and whoever fails', async () => {
    const step = fc.oneof(
      fc.constant('task'),
      fc.constant('throw'),
      fc.constant('too large'),
      fc.array(fc.nat({ max: 5 }), { maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const before = ledger.size();
        const answers = await Promise.allSettled(
          steps.map((what) =>
            ledger.append(({ ledger: reader }) => {
              if (what === 'throw') throw new Error('no');
              if (what === 'task') return [task('another')];
              if (what === 'too large') return [note('fits'), note('x'.repeat(70_000))];
              return what.map((rank) => note('n', rank === 0 ? null : reader.taskSeq(rank)));
            }),
          ),
        );
        const given = answers.flatMap((answer) =>
          answer.status === 'fulfilled' ? answer.value : [],
        );
        // Indexes are handed out in order and without a hole, to those who succeeded alone.
        expect(given).toEqual(given.map((_, i) => before + i));
        expect(ledger.size()).toBe(before + given.length);
        expect(answers.map(({ status }) => status === 'rejected')).toEqual(
          steps.map((what) => what === 'throw' || what === 'too large'),
        );
      }),
      { numRuns: 25 },
    );
    expect(problems()).toEqual([]);
  });

  it('gives the builder the ledger as it stands inside the transaction', async () => {
    const seen: number[][] = [];
    const look =
      (text: string) =>
      ({ size, ledger: reader }: { size: number; ledger: { size(): number } }) => {
        seen.push([size, reader.size()]);
        return [note(text)];
      };
    await Promise.all([ledger.append(look('a')), ledger.append(look('b'))]);
    expect(seen).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('lets a builder that throws spoil its own append and not its neighbours’', async () => {
    const [good, bad, also] = await Promise.allSettled([
      ledger.append(() => [note('before')]),
      ledger.append(() => {
        throw new RangeError('mine');
      }),
      ledger.append(() => [note('after')]),
    ]);
    expect(good).toMatchObject({ status: 'fulfilled', value: [1] });
    expect(bad).toMatchObject({ status: 'rejected', reason: new RangeError('mine') });
    expect(also).toMatchObject({ status: 'fulfilled', value: [2] });
  });

  it('appends all entries of one caller or none', async () => {
    expect(
      await codeOf(ledger.append(() => [note('a'), note('x'.repeat(70_000)), note('b')])),
    ).toBe('entry.too-large');
    expect(ledger.size()).toBe(1);
  });

  it('takes an entry up to the size that a bundle can hold, counted in bytes', async () => {
    await ledger.append(() => [note('x')]);
    const room = 65_535 - Buffer.byteLength(ledger.entry(1).json) + 1;
    await ledger.append(() => [note('x'.repeat(room))]);
    expect(Buffer.byteLength(ledger.entry(2).json)).toBe(65_535);
    expect(await codeOf(ledger.append(() => [note('x'.repeat(room + 1))]))).toBe('entry.too-large');
    expect(await codeOf(ledger.append(() => [note('é'.repeat(room / 2 + 1))]))).toBe(
      'entry.too-large',
    );
  });

  it.each<[string, Draft, string]>([
    ['a body of another kind', { ...note('x'), body: { goal: 'x' } } as never, 'entry.malformed'],
    ['half a surrogate pair', note('\ud800'), 'CanonicalJsonError'],
    ['a task that is none', note('x', 0), 'ledger.no-such-entry'],
    ['a task beyond the end', note('x', 99), 'ledger.no-such-entry'],
  ])('refuses %s', async (_what, draft, code) => {
    expect(await codeOf(ledger.append(() => [draft]))).toBe(code);
    expect(ledger.size()).toBe(1);
  });

  it('stores references and blobs as they were given, and leaves out what is undefined', async () => {
    const refs = [{ rel: 'on', seq: 0 }] as const;
    const blobs = [{ name: 'x', id: 'ab'.repeat(32), size: 5 }];
    const body = { text: 'x', masked: undefined };
    await ledger.append(() => [{ ...note('x'), body, refs: [...refs], blobs } as Draft]);
    const { entry, json } = ledger.entry(1);
    expect(entry).toMatchObject({ refs, blobs, held: 'none', provenance: 'observed' });
    expect(json).not.toContain('masked');
  });

  it('masks whatever is about to be written, and counts it', async () => {
    await ledger.append(() => [note('it is correct-horse-battery, believe me')]);
    const { json, entry } = ledger.entry(1);
    expect(json).not.toContain('correct-horse');
    expect(entry).toMatchObject({ body: { masked: [{ count: 1 }] } });
  });

  it('gives every entry a salt of its own', async () => {
    await ledger.append(() => Array.from({ length: 600 }, () => note('same')));
    const salts = [...ledger.entries()].map(({ entry }) => entry!.salt);
    expect(new Set(salts).size).toBe(601);
  });

  it('of nothing changes nothing, and signs nothing', async () => {
    const signed = ledger.latestRoot();
    expect(await ledger.append(() => [])).toEqual([]);
    expect(ledger.latestRoot()).toEqual(signed);
  });
});

describe('the clock', () => {
  const kinds = () => [...ledger.entries()].map(({ entry }) => entry!.kind);

  it('that went back is put on record once, before what comes then', async () => {
    await ledger.append(() => [note('at ten')]);
    now = new Date('2026-11-21T09:00:00.000Z');
    await ledger.append(() => [note('at nine')]);
    await ledger.append(() => [note('still at nine')]);
    expect(kinds()).toEqual(['ledger.opened', 'note', 'clock.went-back', 'note', 'note']);
    expect(ledger.entry(2).entry).toMatchObject({
      body: { latest: '2026-11-21T10:00:00.000Z', now: '2026-11-21T09:00:00.000Z' },
    });
    expect(problems()).toEqual([]);
  });

  it('that is only slewed is not', async () => {
    now = new Date(now.getTime() - 1_500);
    await ledger.append(() => [note('a little earlier')]);
    expect(kinds()).toEqual(['ledger.opened', 'note']);
  });

  it('that went back is noticed by another process, too', async () => {
    ledger.close();
    now = new Date('2025-01-01T00:00:00.000Z');
    ledger = await openLedger(place);
    const [seq] = await ledger.append(() => [note('long ago')]);
    expect(kinds()).toEqual(['ledger.opened', 'clock.went-back', 'note']);
    expect(seq).toBe(2);
  });
});

describe('signed roots', () => {
  it('are the latest one, and those that were said to be kept', async () => {
    await ledger.append(() => [note('a')]);
    const kept = ledger.latestRoot() as SignedRoot;
    await ledger.append(() => [note('b')]);
    // Replaced meanwhile by the root of the next append: it is put back.
    ledger.keepRoot(kept, 'anchored:origin');
    ledger.keepRoot(kept, 'anchored:origin');
    ledger.keepRoot(kept, 'exported');
    await ledger.append(() => [note('c')]);
    expect(ledger.signedRoots().map(({ size, kept }) => [size, kept])).toEqual([
      [2, 'anchored:origin exported'],
      [4, null],
    ]);
    expect(problems()).toEqual([]);
  });
});

describe('two that append to one ledger', () => {
  it('see each other’s entries, and sign one history', async () => {
    const other = await openLedger(place);
    for (let i = 0; i < 5; i++) {
      await Promise.all([
        ledger.append(() => [note(`mine ${i}`)]),
        other.append(() => [note(`theirs ${i}`)]),
      ]);
    }
    expect(other.size()).toBe(11);
    other.close();
    expect(problems()).toEqual([]);
  });

  it('do not disturb a verification that has begun', async () => {
    const other = await openLedger(place);
    const verdict = ledger.atOneMoment(() => {
      const evidence = storedEvidence(ledger, { roots: [], keys: [] });
      // Roots have been read and entries not yet. By hand, as `append` waits for the next turn.
      other.db.exec('INSERT INTO entry (seq, leaf, json) SELECT 1, leaf, json FROM entry');
      return verifyLedger(nodePrimitives, evidence);
    });
    other.close();
    expect(verdict.problems).toEqual([]);
    expect(verdict.size).toBe(1);
    expect(ledger.size()).toBe(2);
  });
});

describe('what this machine signed last', () => {
  let id: string;
  const record = () => join(root, 'config', 'last-signed', id);
  beforeEach(() => {
    id = ledger.id();
  });

  it('is the root of the latest append', async () => {
    await ledger.append(() => [note('a')]);
    expect(readFileSync(record(), 'utf8')).toBe(ledger.latestRoot()!.note);
  });

  it.each([
    ['gone', () => rmSync(record())],
    ['empty', () => writeFileSync(record(), '')],
    ['unreadable', () => writeFileSync(record(), 'rubbish'.repeat(1_000))],
  ])('does no harm when it is %s', async (_what, spoil) => {
    spoil();
    ledger.close();
    ledger = await openLedger(place);
    expect(await ledger.append(() => [note('a')])).toEqual([1]);
    expect(existsSync(record())).toBe(true);
  });

  it('refuses a ledger that has fewer entries, or other ones', async () => {
    await ledger.append(() => [note('a')]);
    const signed = readFileSync(record(), 'utf8');
    ledger.close();
    const open = async () => {
      ledger = await openLedger(place);
      return codeOf(ledger.append(() => [note('b')]));
    };
    writeFileSync(record(), signed.replace('\n2\n', '\n3\n'));
    expect(await open()).toBe('ledger.older-copy');
    ledger.close();
    // Signed by somebody else: nothing that this key said, so nothing to go by.
    writeFileSync(record(), signed.replace('\n2\n', '\n1\n'));
    expect(await open()).toBe('nothing');
  });
});

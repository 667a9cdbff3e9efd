import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoredBlob } from '../../src/ledger/blobs/stored-blob.ts';
import type { Pending } from '../../src/ledger/pending-run.ts';
import { nameOf, pendingFrom } from '../../src/ledger/spool-name.ts';
import type { Ledger } from '../../src/ledger/store/ledger.ts';
import { openLedger } from '../../src/ledger/store/open.ts';
import { verified, type Workspace, workspace } from './workspace.ts';

const self = { kind: 'tool', name: 'test', host: 'here', basis: 'asserted' } as const;

describe('a blob whose entry never came', () => {
  let at: Workspace;
  beforeEach(() => {
    at = workspace();
  });
  afterEach(() => at.remove());

  const open = (): Promise<Ledger> =>
    openLedger({ dir: at.ledgerDir, configDir: at.configDir, ownValues: [], self });
  const marks = () => join(at.ledgerDir, 'blobs', 'tmp');

  /** Durable, as it is when the process dies before its append. */
  async function finished(ledger: Ledger, text: string): Promise<StoredBlob> {
    const writer = ledger.blob('stdout');
    await writer.write(Buffer.from(text));
    await writer.end();
    return writer.finish() as StoredBlob;
  }

  function age(hours: number): void {
    const then = new Date(Date.now() - hours * 3600 * 1000);
    for (const name of readdirSync(marks())) utimesSync(join(marks(), name), then, then);
  }

  async function reopen(): Promise<void> {
    (await open()).close();
  }

  test('stays while its append may be under way, then goes', async () => {
    const ledger = await open();
    const { ref } = await finished(ledger, 'orphan');
    const path = ledger.blobs.path(ref.id);
    ledger.close();
    await reopen();
    expect(existsSync(path)).toBe(true);
    age(2);
    await reopen();
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(marks())).toEqual([]);
    verified(at);
  });

  test('stays for ever once an entry names it, also if the mark outlived the commit', async () => {
    const ledger = await open();
    const blob = await finished(ledger, 'named');
    const note = { kind: 'note', body: { text: 'x' }, task: null, actor: self } as const;
    await ledger.append(() => [{ ...note, blobs: [blob.ref] }]);
    // `append` was not told of the blob, so nobody removed the mark: as after a kill at that moment.
    expect(readdirSync(marks())).toHaveLength(1);
    ledger.close();
    age(2);
    await reopen();
    expect(readdirSync(marks())).toEqual([]);
    verified(at);
  });

  test('leaves no mark where all goes well, and a shared one is nobody’s to remove', async () => {
    const ledger = await open();
    for (let round = 0; round < 2; round++) {
      const blob = await finished(ledger, 'same contents');
      const note = { kind: 'note', body: { text: 'x' }, task: null, actor: self } as const;
      await ledger.append(() => [{ ...note, blobs: [blob.ref] }], [blob]);
      expect(readdirSync(marks())).toEqual([]);
    }
    ledger.close();
    verified(at);
  });
});

describe('a note about a run that is a name', () => {
  const instant = fc
    .date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString());
  const pending: fc.Arbitrary<Pending> = fc.record({
    run: fc.stringMatching(/^[0-9a-f]{16}$/),
    pid: fc.nat(4_194_304),
    pidStart: fc.option(fc.nat().map(String)),
    task: fc.option(fc.nat()),
    size: fc.nat(),
    gap: fc.record({
      what: fc.constant('command' as const),
      why: fc.string(),
      from: instant,
      to: instant,
      run: fc.stringMatching(/^[0-9a-f]{16}$/),
      argv: fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
      exit: fc.constantFrom(
        { code: 0, signal: null },
        { code: 255, signal: null },
        { code: null, signal: 'SIGKILL' },
      ),
    }),
  });

  test('says what matters most, in a name that every file system takes', () => {
    fc.assert(
      fc.property(pending, (note) => {
        const name = nameOf(note);
        expect(name).toMatch(/^[\w,.+-]{1,255}$/);
        const [read] = pendingFrom(name);
        const { run, pid, pidStart, task, size, gap } = note;
        expect(read).toMatchObject({ run, pid, pidStart, task, size });
        expect(read?.gap).toMatchObject({ from: gap.from, to: gap.to, run, exit: gap.exit });
      }),
    );
  });

  test('any other name is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(pendingFrom(`${text}.name`)).toEqual([]);
      }),
    );
  });
});

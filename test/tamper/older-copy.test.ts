import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { openCheckpoint } from '../../src/ledger/checkpoint.ts';
import { nodePrimitives } from '../../src/ledger/node-primitives.ts';
import { parseVerifierKey } from '../../src/ledger/note.ts';
import { Forger, saying } from './forger.ts';
import { inWords, PLACES, recordLedger, type Workspace } from './recorded-ledger.ts';

/**
 * Two histories under one key: by accident, when a backup or a synchroniser puts an older copy of
 * the ledger back and work goes on, or on purpose. This machine refuses to go on; where it did go
 * on, two signed roots that contradict each other show it to anybody.
 */
let recorded: Workspace;
let workspace: Workspace;

beforeAll(async () => {
  recorded = await recordLedger();
});
beforeEach(() => {
  workspace = recorded.copy();
});
afterEach(() => workspace.dispose());
afterAll(() => recorded?.dispose());

/** Null where the note was appended, else the code of the error. */
function note(): string | null {
  const { status, stderr } = workspace.proof(['note', '--json', 'work goes on']);
  return status === 0 ? null : (JSON.parse(stderr) as { error: { code: string } }).error.code;
}

describe('an older copy that was put back', () => {
  it('is not appended to', () => {
    workspace.restoreOlder();
    const { status, stderr } = workspace.proof(['note', '--json', 'work goes on']);
    expect(status).toBe(3);
    expect(JSON.parse(stderr).error.code).toBe('ledger.older-copy');
    expect(workspace.verify('nothing').size).toBe(PLACES.older);
  });

  it('lets a command run, with its own output and exit code, and says it was not recorded', () => {
    workspace.restoreOlder();
    const ran = workspace.proof(['run', '--', 'sh', '-c', 'echo still here; exit 7']);
    expect(ran.status).toBe(7);
    expect(ran.stdout).toBe('still here\n');
    expect(ran.stderr).not.toBe('');
    expect(workspace.verify('nothing').size).toBe(PLACES.older);
  });

  it('shows that command as a gap, once the newer copy is back in its place', () => {
    const newer = join(workspace.root, 'newer');
    cpSync(workspace.ledger, newer, { recursive: true });
    workspace.restoreOlder();
    workspace.proof(['run', '--', 'sh', '-c', 'exit 7']);
    cpSync(join(workspace.ledger, 'spool'), join(newer, 'spool'), { recursive: true });
    rmSync(workspace.ledger, { recursive: true });
    cpSync(newer, workspace.ledger, { recursive: true });
    expect(note()).toBe(null);
    const { stdout } = workspace.proof(['show', '--json', `E${PLACES.size}`]);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'gap' });
    expect(inWords(workspace.verify('a file'))).toBe('passes, 600 of 662 anchored');
  });

  it('is appended to where the last-signed record is as old, and any newer root tells', () => {
    workspace.restoreOlder();
    rmSync(join(workspace.config, 'last-signed'), { recursive: true });
    cpSync(workspace.older.lastSigned, join(workspace.config, 'last-signed'), { recursive: true });
    expect(note()).toBe(null);
    expect(inWords(workspace.verify('nothing'))).toBe('passes, 0 of 521 anchored');
    // Fewer entries than the kept root signs, and then as many, but others.
    expect(inWords(workspace.verify('a file'))).toBe('ledger.truncated, first E521');
    for (let size = PLACES.older + 1; size < PLACES.kept; size += 20) grow(20);
    expect(inWords(workspace.verify('a file'))).toBe('root.fork, first unknown');
  });
});

describe('a fork that somebody made', () => {
  it('is not appended to by the machine that signed the other one', () => {
    {
      using forger = new Forger(workspace);
      forger.edit('signature', PLACES.middle, saying('something else'));
    }
    expect(note()).toBe('ledger.forked');
  });

  it('leaves two signed roots of one size, each valid under the key: proof by itself', () => {
    const honest = workspace.proof(['ledger', 'checkpoint', '--json']).stdout;
    const key = workspace.proof(['ledger', 'key']).stdout;
    {
      using forger = new Forger(workspace);
      forger.edit('signature', PLACES.middle, saying('something else'));
    }
    const forged = workspace.proof(['ledger', 'checkpoint', '--json']).stdout;
    const vkey = parseVerifierKey(nodePrimitives, key);
    const [one, other] = [honest, forged].map((text) =>
      openCheckpoint(nodePrimitives, (JSON.parse(text) as { note: string }).note, [vkey]),
    );
    expect(one!.size).toBe(other!.size);
    expect(one!.origin).toBe(other!.origin);
    expect(toHex(one!.root)).not.toBe(toHex(other!.root));
  });
});

describe('a ledger that was tampered with', () => {
  it.each(['leaves', 'tiles', 'noted roots'] as const)(
    'is not appended to when its %s no longer give the signed root',
    (depth) => {
      {
        using forger = new Forger(workspace);
        forger.edit(depth, PLACES.size - 1, saying('something else'));
      }
      expect(note()).toBe('ledger.damaged');
      const ran = workspace.proof(['run', '--', 'sh', '-c', 'echo still here; exit 7']);
      expect([ran.status, ran.stdout]).toEqual([7, 'still here\n']);
    },
  );

  it('does not verify on a machine without its key either', () => {
    rmSync(join(workspace.root, 'keys-only', 'prooflayer', 'keys'), { recursive: true });
    expect(inWords(workspace.verify('a file'))).toBe('passes, 600 of 660 anchored');
    {
      using forger = new Forger(workspace);
      forger.edit('bytes', PLACES.middle, saying('something else'));
    }
    expect(inWords(workspace.verify('a file'))).toBe(
      'entry.altered tree.forged root.mismatch root.fork, first E300',
    );
  });
});

/** Appends by the forger's hand, signed: quicker than so many commands, and the same bytes. */
function grow(count: number): void {
  using forger = new Forger(workspace);
  forger.rewrite('signature', (rows) => [
    ...rows,
    ...Array.from({ length: count }, () => ({ ...rows[302]! })),
  ]);
}

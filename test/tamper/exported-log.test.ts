import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Forger, saying } from './forger.ts';
import { inWords, recordLedger, told, type Workspace } from './recorded-ledger.ts';

/**
 * A static log written by `proof ledger tiles`, of 660 entries, and somebody who gets at its files.
 * Every tile is computed again from the entry bundles, so a forged one can hide nothing.
 */
const ATTACKS: { attack: string; does: (log: string) => void; verdict: string }[] = [
  {
    attack: 'none',
    does: () => {},
    verdict: 'passes, 600 of 660 anchored',
  },
  {
    attack: 'alter an entry in its bundle',
    does: (log) => flip(log, 'tile/entries/001', 2_000),
    verdict: 'tree.forged root.mismatch root.fork, first E263',
  },
  {
    attack: 'alter the length of an entry in its bundle',
    does: (log) => flip(log, 'tile/entries/001', 1),
    verdict: 'entry.malformed ledger.truncated, first E256',
  },
  {
    attack: 'alter a leaf hash',
    does: (log) => flip(log, 'tile/0/001', 32 * 44 + 3),
    verdict: 'tree.forged, first E300',
  },
  {
    attack: 'alter a hash of the level above',
    does: (log) => flip(log, 'tile/1/000.p/2', 32 + 3),
    verdict: 'tree.forged, first E256',
  },
  {
    attack: 'alter a leaf hash and the hash above it, as if they belonged together',
    does: (log) => {
      flip(log, 'tile/0/001', 32 * 44 + 3);
      flip(log, 'tile/1/000.p/2', 32 + 3);
    },
    verdict: 'tree.forged, first E300',
  },
  {
    attack: 'lengthen a tile',
    does: (log) => appendFileSync(join(log, 'tile/0/001'), Buffer.alloc(32)),
    verdict: 'tree.forged, first E256',
  },
  {
    attack: 'remove a tile',
    does: (log) => rmSync(join(log, 'tile/0/001')),
    verdict: 'tree.forged, first E256',
  },
  {
    attack: 'remove an entry bundle',
    does: (log) => rmSync(join(log, 'tile/entries/001')),
    verdict: 'entry.missing ledger.truncated, first E256',
  },
  {
    attack: 'swap two entry bundles',
    does: (log) => {
      renameSync(join(log, 'tile/entries/000'), join(log, 'aside'));
      renameSync(join(log, 'tile/entries/001'), join(log, 'tile/entries/000'));
      renameSync(join(log, 'aside'), join(log, 'tile/entries/001'));
    },
    verdict: 'tree.forged root.mismatch root.fork, first E0',
  },
  {
    attack: 'add an entry to a bundle',
    does: (log) => appendFileSync(join(log, 'tile/entries/001'), Buffer.from([0, 1, 65])),
    verdict: 'entry.malformed ledger.truncated, first E256',
  },
  {
    attack: 'alter the size in the checkpoint',
    does: (log) => edit(log, 'checkpoint', (text) => text.replace('\n660\n', '\n656\n')),
    verdict: 'root.bad-signature entry.missing ledger.truncated, first E512',
  },
  {
    attack: 'alter a byte of the signature',
    does: (log) =>
      edit(log, 'checkpoint', (text) =>
        text.replace(/(.)(..=*\n)$/, (_, old, rest) => (old === 'A' ? 'B' : 'A') + rest),
      ),
    verdict: 'root.bad-signature, first unknown',
  },
  {
    attack: 'empty the checkpoint',
    does: (log) => edit(log, 'checkpoint', () => ''),
    verdict: 'root.bad-signature ledger.truncated, first E0',
  },
];

let workspace: Workspace;
let key: string;

beforeAll(async () => {
  workspace = await recordLedger();
  key = workspace.proof(['ledger', 'key']).stdout.trim();
  workspace.proof(['ledger', 'tiles', join(workspace.root, 'log')]);
});

afterAll(() => workspace?.dispose());

describe('an exported log', () => {
  it.each(ATTACKS)('attack: $attack', ({ does, verdict }) => {
    const log = join(workspace.root, 'attacked');
    cpSync(join(workspace.root, 'log'), log, { recursive: true });
    try {
      does(log);
      expect(verifyLog(log, key, '--checkpoint', workspace.kept)).toBe(verdict);
    } finally {
      rmSync(log, { recursive: true });
    }
  });

  it('does not pass under another key, nor without one', () => {
    const other = 'prooflayer.dev/x+9b0f2a4d+AQAA';
    expect(verifyLog('log', other)).toBe('error verify.bad-key, exit 2');
    const stranger = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(verifyLog('log', stranger)).toBe('root.bad-signature, first unknown');
    expect(told(workspace.proof(['verify', '--json', join(workspace.root, 'log')])).error).toBe(
      'verify.no-key',
    );
  });

  it('of a ledger that the key holder rewrote passes alone, and not beside a kept root', () => {
    const rewritten = workspace.copy();
    try {
      {
        using forger = new Forger(rewritten);
        forger.edit('signature', 300, saying('something else'));
      }
      const log = join(rewritten.root, 'rewritten');
      rewritten.proof(['ledger', 'tiles', log]);
      expect(verifyLog(log, key)).toBe('passes, 0 of 660 anchored');
      expect(verifyLog(log, key, '--checkpoint', workspace.kept)).toBe('root.fork, first unknown');
    } finally {
      rewritten.dispose();
    }
  });

  it('is never written over another log, nor over a newer state of its own', () => {
    const taken = join(workspace.root, 'taken');
    const write = () => told(workspace.proof(['ledger', 'tiles', '--json', taken]));
    const checkpoint = (text: string) => {
      mkdirSync(dirname(join(taken, 'checkpoint')), { recursive: true });
      writeFileSync(join(taken, 'checkpoint'), text);
    };
    const ours = readFileSync(join(workspace.root, 'log', 'checkpoint'), 'utf8');
    checkpoint(ours.replace('\n660\n', '\n661\n'));
    expect(write().error).toBe('ledger.exists');
    checkpoint(ours.replace(/^prooflayer.dev/, 'other.example'));
    expect(write().error).toBe('ledger.exists');
  });
});

function verifyLog(log: string, ...args: string[]): string {
  const [vkey, ...rest] = args as [string];
  const dir = log === 'log' ? join(workspace.root, 'log') : log;
  return inWords(told(workspace.proof(['verify', '--json', dir, '--key', vkey, ...rest])));
}

function flip(log: string, path: string, at: number): void {
  const bytes = readFileSync(join(log, path));
  bytes[at] = bytes[at]! ^ 1;
  writeFileSync(join(log, path), bytes);
}

function edit(log: string, path: string, change: (text: string) => string): void {
  writeFileSync(join(log, path), change(readFileSync(join(log, path), 'utf8')));
}

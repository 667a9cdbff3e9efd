import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inWords, PLACES, recordLedger, told, type Workspace } from './recorded-ledger.ts';

/** A static log of a ledger in which E300 and an output were redacted; 661 and more entries. */
const { middle } = PLACES;
const TILE = 256;

let workspace: Workspace;
let log: string;
let key: string;

beforeAll(async () => {
  workspace = await recordLedger();
  key = workspace.proof(['ledger', 'key']).stdout.trim();
  log = join(workspace.root, 'log');
  // Once before, so that partial tiles are there which hold what is redacted afterwards.
  workspace.proof(['ledger', 'tiles', log]);
  for (const words of [['E300'], ['E659'], ['E2', '--blob', 'stdout']]) {
    const { stderr } = workspace.proof(['redact', ...words, '--because', 'private', '--yes']);
    expect(stderr).toBe('');
  }
  workspace.proof(['ledger', 'tiles', log]);
});

afterAll(() => workspace?.dispose());

describe('a static log with holes', () => {
  it('has a record of no length there, and verifies', () => {
    expect(records('001')[middle - TILE]).toBe('');
    expect(verify(log)).toBe('passes, 600 of 663 anchored');
    const { redacted } = JSON.parse(run(log).stdout) as { redacted: object[] };
    expect(redacted).toEqual([
      { entry: 'E300', blob: null, by: 'E660', kind: 'redacted' },
      { entry: 'E659', blob: null, by: 'E661', kind: 'redacted' },
    ]);
  });

  it('keeps no older partial tile with the bytes', () => {
    expect(readdirSync(join(log, 'tile/entries/002.p'))).toEqual(['151']);
    expect(existsSync(join(log, 'tile/0/002.p/148'))).toBe(true);
  });

  it.each<[attack: string, change: (records: string[]) => string[], verdict: string]>([
    ['empty another entry', (all) => all.with(50, ''), 'entry.missing, first E306'],
    [
      'fill the hole',
      (all) => all.with(middle - TILE, all[50]!),
      'tree.forged root.mismatch root.fork, first E300',
    ],
  ])('attack: %s', (_attack, change, verdict) => {
    const attacked = copy();
    write(join(attacked, 'tile/entries/001'), change(records('001')));
    expect(verify(attacked)).toBe(verdict);
  });

  it('attack: another hash for the hole', () => {
    const attacked = copy();
    const path = join(attacked, 'tile/0/001');
    const bytes = readFileSync(path);
    bytes.fill(7, (middle - TILE) * 32, (middle - TILE + 1) * 32);
    writeFileSync(path, bytes);
    expect(verify(attacked)).toBe('tree.forged root.mismatch root.fork, first E256');
  });

  it('attack: empty the entry that explains the hole', () => {
    const attacked = copy();
    const path = join(attacked, 'tile/entries/002.p/151');
    const all = split(readFileSync(path));
    write(path, all.with(660 - 512, ''));
    expect(verify(attacked)).toBe('entry.missing, first E300');
  });
});

function copy(): string {
  const attacked = join(workspace.root, 'attacked');
  rmSync(attacked, { recursive: true, force: true });
  cpSync(log, attacked, { recursive: true });
  return attacked;
}

function run(dir: string) {
  return workspace.proof(['verify', '--json', dir, '--key', key, '--checkpoint', workspace.kept]);
}

function verify(dir: string): string {
  return inWords(told(run(dir)));
}

function records(name: string): string[] {
  return split(readFileSync(join(log, 'tile/entries', name)));
}

function split(bundle: Buffer): string[] {
  const all: string[] = [];
  for (let at = 0; at < bundle.length; ) {
    const length = bundle.readUInt16BE(at);
    all.push(bundle.toString('utf8', at + 2, at + 2 + length));
    at += 2 + length;
  }
  return all;
}

function write(path: string, all: readonly string[]): void {
  const parts = all.flatMap((text) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(Buffer.byteLength(text));
    return [length, Buffer.from(text)];
  });
  writeFileSync(path, Buffer.concat(parts));
}

import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkpointText } from '../../src/ledger/checkpoint.ts';
import { createSigningKey, verifierKeyText } from '../../src/ledger/keys/signing-key.ts';
import { nodePrimitives } from '../../src/ledger/node-primitives.ts';
import { parseVerifierKey, signNote } from '../../src/ledger/note.ts';
import { exportTiles } from '../../src/ledger/static-log.ts';
import { openDatabase } from '../../src/ledger/store/database.ts';
import { createLedger, openLedger } from '../../src/ledger/store/open.ts';
import { LedgerReader } from '../../src/ledger/store/reader.ts';
import { treeHash } from '../../src/ledger/tree/hash.ts';
import { tilePath, tilesOf } from '../../src/ledger/tree/tiles.ts';
import { verifyStaticLog } from '../../src/ledger/verify/verify-static-log.ts';
import { describeWith } from '../system-programs.ts';

const GOPATH = '/usr/share/gocode';
const SUMDB = `${GOPATH}/src/golang.org/x/mod/sumdb/tlog`;

let vkey: string | undefined;
const root = mkdtempSync(join(tmpdir(), 'proof-interop-'));
const place = {
  dir: join(root, 'ledger'),
  configDir: join(root, 'config', 'prooflayer'),
  ownValues: [],
  self: { kind: 'tool', name: 'prooflayer', host: 'here', basis: 'asserted' },
} as const;

/** Go's sumdb packages as Debian has them are the independent verifier: none of our code is in it. */
describeWith(['go', SUMDB])('what proof exports, read by golang.org/x/mod/sumdb', () => {
  beforeAll(async () => {
    buildChecker();
    (await createLedger(place, place.self, 'test')).close();
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each([1, 255, 256, 257, 70_000])('a log of %i entries', async (size) => {
    await growTo(size);
    const log = join(root, `log-${size}`);
    proof('ledger', 'tiles', log);
    const tiles = [...tilesOf(size)];
    expect(check('log', log, key())).toBe(`${size} entries, ${tiles.length} tiles`);
    expect(ourVerdict(log, key())).toEqual({ ok: true, size });
    // Nothing else lies there, and every partial tile is as wide as its name says.
    const bundles = tiles.filter(({ level }) => level === 0);
    const paths = [
      ...tiles.map(({ level, n, width }) => tilePath(level, n, width)),
      ...bundles.map(({ n, width }) => tilePath('entries', n, width)),
    ];
    expect(filesIn(log)).toEqual(['checkpoint', ...paths].sort());
  });

  it('a log that was exported at every size into one directory', async () => {
    const log = join(root, 'log-followed');
    const other = { ...place, dir: join(root, 'followed') };
    const ledger = await createLedger(other, place.self, 'test');
    for (const count of [1, 253, 1, 1, 1, 300]) {
      exportTiles(ledger, log);
      await ledger.append(() => Array.from({ length: count }, () => note('again')));
    }
    exportTiles(ledger, log);
    const its = verifierKeyText(ledger.key);
    ledger.close();
    expect(check('log', log, its)).toBe('558 entries, 4 tiles');
  });

  /**
   * A ledger begins with the entry that opens it, in the transaction that makes it, so the command
   * never exports an empty one. The format has it all the same.
   */
  it('a log of 0 entries, which no command can make', () => {
    const signing = createSigningKey(place.configDir, '0'.repeat(32));
    const origin = signing.verifier.name;
    const empty = { origin, size: 0, root: treeHash(nodePrimitives).empty() };
    const dir = join(root, 'empty');
    mkdirSync(dir);
    const reader = new LedgerReader(dir, openDatabase(dir, { create: true }));
    reader.db
      .prepare('INSERT INTO signed_root (size, note) VALUES (0, ?)')
      .run(signNote(checkpointText(empty), signing.verifier, signing.sign));
    const log = join(root, 'log-0');
    expect(exportTiles(reader, log)).toEqual({ size: 0, files: 1 });
    reader.close();
    expect(filesIn(log)).toEqual(['checkpoint']);
    const its = verifierKeyText(signing);
    expect(check('log', log, its)).toBe('0 entries, 0 tiles');
    expect(ourVerdict(log, its)).toEqual({ ok: true, size: 0 });
  });

  it.each([0, 1, 255, 256, 65_536, 69_999])('the tlog-proof of E%i', (seq) => {
    const proofFile = join(root, 'entry.tlog-proof');
    const entryFile = join(root, 'entry.json');
    writeFileSync(proofFile, proof('ledger', 'proof', `E${seq}`));
    // The entry is one line: what is hashed is that line without the end that a terminal needs.
    writeFileSync(entryFile, proof('show', `E${seq}`, '--raw').trimEnd());
    expect(check('proof', proofFile, key(), entryFile)).toBe(`entry ${seq} of 70000`);
    writeFileSync(entryFile, '{}');
    expect(() => check('proof', proofFile, key(), entryFile)).toThrow();
  });

  it.each([
    ['checkpoint', 40],
    ['tile/0/001', 32 * 44],
    ['tile/0/273.p/112', 32 * 111],
    ['tile/1/000', 32],
    ['tile/1/001.p/17', 32 * 16],
    ['tile/2/000.p/1', 0],
    ['tile/entries/100', 2_000],
  ])('refuses the log when a byte of %s is altered', (path, at) => {
    const file = join(root, 'log-70000', path);
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.with(at, bytes[at]! ^ 1));
    expect(() => check('log', join(root, 'log-70000'), key())).toThrow();
    writeFileSync(file, bytes);
  });

  it('refuses the log under another key, and without one of its files', () => {
    const log = join(root, 'log-257');
    const stranger = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(() => check('log', log, stranger)).toThrow();
    rmSync(join(log, 'tile/entries/001.p/1'));
    expect(() => check('log', log, key())).toThrow();
  });
});

async function growTo(size: number): Promise<void> {
  const ledger = await openLedger(place);
  for (let at = ledger.size(); at < size; at = ledger.size()) {
    const count = Math.min(1_000, size - at);
    await ledger.append(({ size: from }) =>
      Array.from({ length: count }, (_, i) => note(`entry ${from + i}: ünïcödé \u{1f600}`)),
    );
  }
  ledger.close();
}

function note(text: string) {
  return { kind: 'note', body: { text }, task: null, actor: place.self } as const;
}

function key(): string {
  vkey ??= proof('ledger', 'key').trim();
  return vkey;
}

function proof(...args: string[]): string {
  const command = join(import.meta.dirname, '..', '..', 'dist', 'proof.js');
  return execFileSync(process.execPath, [command, ...args, '--ledger', place.dir], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: root, XDG_CONFIG_HOME: join(root, 'config') },
  });
}

function ourVerdict(log: string, its: string) {
  const read = (path: string) =>
    existsSync(join(log, path)) ? new Uint8Array(readFileSync(join(log, path))) : null;
  const { ok, size } = verifyStaticLog(nodePrimitives, read, [
    parseVerifierKey(nodePrimitives, its),
  ]);
  return { ok, size };
}

function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort();
}

/** Built outside the repository, in GOPATH mode, as Debian's packages of Go libraries are used. */
function buildChecker(): void {
  execFileSync('go', ['build', '-o', join(root, 'checker'), 'checker.go'], {
    cwd: import.meta.dirname,
    env: {
      PATH: process.env.PATH,
      HOME: root,
      GO111MODULE: 'off',
      GOPATH,
      GOFLAGS: '',
      GOCACHE: join(tmpdir(), 'proof-go-cache'),
    },
  });
}

/** What the checker says of something it accepts; throws what it says of something it refuses. */
function check(...args: string[]): string {
  const { status, stdout, error } = spawnSync(join(root, 'checker'), args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(stdout);
  return stdout.trim();
}

import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodePrimitives } from '../../src/ledger/node-primitives.ts';
import { signNote, unverifiedText, verifierKey } from '../../src/ledger/note.ts';
import type { Scene, Threat } from './threat.ts';

/** Tile hashes, signed roots and the database around them. */
export const ATTACKS_ON_THE_STORE: Threat[] = [
  {
    attack: 'forge a tile hash',
    does: ({ forger }) =>
      forger.db.exec('UPDATE subtree SET hash = randomblob(32) WHERE level = 1 AND n = 1'),
    verdict: { nothing: 'tree.forged, first E256' },
  },
  {
    attack: 'remove a tile hash',
    does: ({ forger }) => forger.db.exec('DELETE FROM subtree WHERE level = 1 AND n = 1'),
    verdict: { nothing: 'tree.forged, first unknown' },
  },
  {
    attack: 'add tile hashes that the tree does not have',
    does: ({ forger }) => {
      const put = forger.db.prepare('INSERT INTO subtree (level, n, hash) VALUES (?, ?, ?)');
      put.run(7, 0, Buffer.alloc(32));
      put.run(-1, 5, Buffer.alloc(32));
    },
    verdict: { nothing: 'tree.forged, first unknown' },
  },
  {
    attack: 'change the size in the signed root',
    does: ({ forger }) => forger.replaceNote((note) => note.replace('\n660\n', '\n661\n')),
    verdict: { nothing: 'root.bad-signature root.missing, first unknown' },
  },
  {
    attack: 'change the origin of the signed root',
    does: ({ forger }) => forger.replaceNote((note) => note.replace('prooflayer', 'prooflayex')),
    verdict: { nothing: 'root.bad-signature root.missing, first unknown' },
  },
  {
    attack: 'sign the root by another key with the same name',
    does: ({ forger }) =>
      forger.replaceNote((note) => {
        const { privateKey, publicKey } = generateKeyPairSync('ed25519');
        const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
        const other = verifierKey(nodePrimitives, forger.key.verifier.name, new Uint8Array(raw));
        return signNote(unverifiedText(note), other, (text) => sign(null, text, privateKey));
      }),
    verdict: { nothing: 'root.bad-signature root.missing, first unknown' },
  },
  {
    attack: 'sign it by that key under the key id of the true one',
    does: ({ forger }) =>
      forger.replaceNote((note) => {
        const { privateKey } = generateKeyPairSync('ed25519');
        const { verifier } = forger.key;
        return signNote(unverifiedText(note), verifier, (text) => sign(null, text, privateKey));
      }),
    verdict: { nothing: 'root.bad-signature root.missing, first unknown' },
  },
  {
    attack: 'remove all signed roots',
    does: ({ forger }) => forger.db.exec('DELETE FROM signed_root'),
    verdict: { nothing: 'root.missing, first unknown' },
  },
  {
    attack: 'show the signed root of another ledger as a kept one',
    does: ({ workspace }) =>
      writeFileSync(
        workspace.kept,
        readFileSync(workspace.kept, 'utf8').replaceAll(/prooflayer\.dev\/\w{8}/g, '$&0'),
      ),
    verdict: { 'a file': 'root.bad-signature, first unknown' },
  },
  {
    attack: 'add an entry at a place beyond all numbers that a reader knows',
    does: ({ forger }) =>
      forger.db.exec(
        'INSERT INTO entry (seq, leaf, json) SELECT 1 << 60, leaf, json FROM entry WHERE seq = 302',
      ),
    verdict: { nothing: 'error ledger.damaged, exit 3' },
  },
  {
    attack: 'smash pages of the database file',
    does: (scene) => smashPages(scene),
    verdict: { nothing: 'error ledger.damaged, exit 3' },
  },
  {
    attack: 'put another kind of file in its place',
    does: ({ workspace }) =>
      writeFileSync(join(workspace.ledger, 'ledger.db'), 'not a database\n'.repeat(1000)),
    verdict: { nothing: 'error ledger.damaged, exit 3' },
  },
];

function smashPages({ workspace, forger }: Scene): void {
  forger.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const path = join(workspace.ledger, 'ledger.db');
  const bytes = readFileSync(path);
  const page = 4096;
  for (let at = 20 * page; at < statSync(path).size; at += page) bytes[at] = 0x77;
  forger[Symbol.dispose]();
  writeFileSync(path, bytes);
}

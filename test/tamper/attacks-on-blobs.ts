import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  blobHead,
  compressFrameSync,
  HEAD_BYTES,
  seekTable,
} from '../../src/ledger/blobs/blob-file.ts';
import { PLACES } from './recorded-ledger.ts';
import type { Scene, Threat } from './threat.ts';

/** The bytes that entries name: each name is a commitment to a salt and the contents. */
export const ATTACKS_ON_BLOBS: Threat[] = [
  {
    attack: 'delete the output of a command',
    does: (scene) => rmSync(outputOf(scene, PLACES.command)),
    verdict: { nothing: 'blob.missing, first E2' },
  },
  {
    attack: 'swap the outputs of two commands',
    does: (scene) => {
      const [one, other] = [PLACES.command, PLACES.otherCommand].map((seq) => outputOf(scene, seq));
      renameSync(one!, `${one}.aside`);
      renameSync(other!, one!);
      renameSync(`${one}.aside`, other!);
    },
    verdict: { nothing: 'blob.altered, first E2' },
  },
  {
    attack: 'put the output of one command in the place of another’s',
    does: (scene) =>
      copyFileSync(outputOf(scene, PLACES.command), outputOf(scene, PLACES.otherCommand)),
    verdict: { nothing: 'blob.altered, first E6' },
  },
  {
    attack: 'alter one byte of the compressed contents',
    does: (scene) => flip(outputOf(scene, PLACES.otherCommand), 400),
    verdict: { nothing: 'blob.altered, first E6' },
  },
  {
    attack: 'alter one byte of the salt',
    does: (scene) => flip(outputOf(scene, PLACES.command), HEAD_BYTES - 1),
    verdict: { nothing: 'blob.altered, first E2' },
  },
  {
    attack: 'write a well-formed file with other contents of the same size under the same salt',
    does: (scene) => {
      const path = outputOf(scene, PLACES.command);
      const head = blobHead(new Uint8Array(readFileSync(path).subarray(8, HEAD_BYTES)));
      const plain = Buffer.from('expected 3, got 3\n');
      const packed = compressFrameSync(plain);
      const frame = { at: head.length, packed: packed.length, plain: plain.length };
      writeFileSync(path, Buffer.concat([head, packed, seekTable([frame])]));
    },
    verdict: { nothing: 'blob.altered, first E2' },
  },
  {
    attack: 'cut the file short',
    does: (scene) => truncateSync(outputOf(scene, PLACES.otherCommand), 700),
    verdict: { nothing: 'blob.altered, first E6' },
  },
  {
    attack: 'empty the file',
    does: (scene) => truncateSync(outputOf(scene, PLACES.command), 0),
    verdict: { nothing: 'blob.altered, first E2' },
  },
  {
    attack: 'a directory in the place of the file',
    does: (scene) => {
      rmSync(outputOf(scene, PLACES.command));
      mkdirSync(outputOf(scene, PLACES.command));
    },
    verdict: { nothing: 'blob.altered, first E2' },
  },
  {
    attack: 'delete the index of equal contents, which is only for saving space',
    does: ({ forger }) => forger.db.exec('DELETE FROM blob_content'),
    verdict: {
      nothing: 'passes, 0 of 660 anchored',
    },
  },
];

/** Where the standard output of the command at this place lies. */
function outputOf({ workspace, forger }: Scene, seq: number): string {
  const { blobs } = JSON.parse(forger.rows()[seq]!.json) as {
    blobs: { name: string; id: string }[];
  };
  const { id } = blobs.find(({ name }) => name === 'stdout')!;
  return join(workspace.ledger, 'blobs', id.slice(0, 2), id.slice(2));
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = bytes[at]! ^ 1;
  writeFileSync(path, bytes);
}

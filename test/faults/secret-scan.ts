import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createZstdDecompress } from 'node:zlib';
import { BlobStore } from '../../src/ledger/blobs/blob-store.ts';
import { leakedIn, type PlantedSecret } from '../secrets/planted.ts';

export interface Leak {
  where: string;
  kind: string;
}

/**
 * Every planted value, or 12 bytes of it, or its base64, in any file below these directories: as
 * the files lie there, and as what they hold is read (databases row by row, blobs decompressed).
 */
export async function leaksBelow(
  dirs: readonly string[],
  secrets: readonly PlantedSecret[],
): Promise<Leak[]> {
  const leaks: Leak[] = [];
  const forms = secrets.flatMap(({ kind, value }) =>
    formsOf(value).map((form) => ({ kind, form: Buffer.from(form) })),
  );
  for await (const { where, bytes } of everything(dirs)) {
    for (const { kind } of leakedIn(bytes, secrets)) leaks.push({ where, kind });
    for (const { kind, form } of forms) if (bytes.includes(form)) leaks.push({ where, kind });
  }
  return leaks;
}

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ];
}

async function* everything(
  dirs: readonly string[],
): AsyncGenerator<{ where: string; bytes: Buffer }> {
  for (const dir of dirs) {
    const names = readdirSync(dir, { recursive: true }) as string[];
    // A name can hold a secret as well as a file.
    yield { where: `names in ${dir}`, bytes: Buffer.from(names.join('\n')) };
    for (const name of names) {
      const path = join(dir, name);
      if (!statSync(path).isFile()) continue;
      const bytes = readFileSync(path);
      yield { where: name, bytes };
      if (name.endsWith('.db')) yield { where: `rows of ${name}`, bytes: rowsOf(path) };
      const blob = /blobs\/(..)\/([0-9a-f]{62})$/.exec(path);
      if (blob !== null) {
        const pieces = [...new BlobStore(dir).read(`${blob[1]}${blob[2]}`)];
        yield { where: `contents of ${name}`, bytes: Buffer.concat(pieces) };
      } else if (path.includes('blobs/tmp/')) {
        yield { where: `contents of ${name}`, bytes: await unfinished(bytes) };
      }
    }
  }
}

/** What is stored over several pages is in one piece only when it is read. */
function rowsOf(path: string): Buffer {
  const db = new DatabaseSync(path, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const rows = tables.flatMap(({ name }) => db.prepare(`SELECT * FROM ${String(name)}`).all());
  const text = rows.flatMap((row) => Object.values(row)).map(String);
  db.close();
  return Buffer.from(text.join('\n'));
}

/** The frames of a blob that was never finished; what follows the last whole one cannot be read. */
async function unfinished(bytes: Buffer): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const stream = createZstdDecompress();
  stream.on('data', (piece) => pieces.push(piece));
  await new Promise<void>((resolve) => {
    stream.on('error', () => resolve());
    stream.on('close', () => resolve());
    stream.end(bytes);
  });
  return Buffer.concat(pieces);
}

/** What was struck out of `original` although none of it was planted. */
export function falseHits(
  original: Buffer,
  masked: Buffer,
  secrets: readonly PlantedSecret[],
): { kind: string; text: string }[] {
  const hits: { kind: string; text: string }[] = [];
  const before = original.toString('latin1');
  const after = masked.toString('latin1');
  const label = /\[REDACTED:([\w.-]+):[0-9a-f]{8}\]/g;
  let at = 0;
  let read = 0;
  const plants = secrets.map(({ at: from, value }) => [from, from + Buffer.byteLength(value)]);
  for (const found of after.matchAll(label)) {
    const literal = after.slice(read, found.index);
    if (before.slice(at, at + literal.length) !== literal) throw new Error(`differs from ${at} on`);
    at += literal.length;
    read = found.index + found[0].length;
    // As much was removed as lies before the next literal; a long piece of it is found only once.
    const next = after.slice(read, read + 200).split('[REDACTED:')[0] ?? '';
    const end = next === '' ? before.length : before.indexOf(next, at);
    if (!plants.some(([from = 0, to = 0]) => from < end && at < to))
      hits.push({ kind: found[1] ?? '', text: original.toString('utf8', at, end) });
    at = end;
  }
  return hits;
}

import { basename, resolve } from 'node:path';
import type { Body, Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { ContentsKeeper, type Kept } from './contents-keeper.ts';
import { evidenceError } from './evidence-error.ts';
import { type EvidencePlace, noteOn, placed } from './evidence-place.ts';
import type { FileMachine } from './file-machine.ts';
import { type MediaType, mediaType } from './media-type.ts';

export interface AttachRequest extends EvidencePlace {
  /** Paths, from `cwd`; `-` is standard input. */
  files: readonly string[];
  cwd: string;
  input: () => AsyncIterable<Uint8Array>;
  /** Instead of the file's own name, and of the type found. */
  name?: string | undefined;
  type?: string | undefined;
  /** Bytes kept of each, head and tail. */
  bound: number;
  progress(done: number, of: number | null, name: string): void;
}

export interface Attached {
  seq: Seq;
  body: Body<'attachment'>;
}

/**
 * Keeps files as evidence: all of them or, where one cannot be read, none.
 *
 * @throws ProofError `attach.…`
 */
export async function attachFiles(
  machine: Pick<FileMachine, 'openRegularFile'>,
  ledger: Ledger,
  request: AttachRequest,
): Promise<Attached[]> {
  requireFit(request);
  const read: { body: Body<'attachment'>; blob: StoredBlob | null }[] = [];
  for (const file of request.files) {
    read.push(
      file === '-'
        ? await readInput(ledger, request)
        : await readFile(machine, ledger, request, resolve(request.cwd, file)),
    );
  }
  const blobs = read.flatMap(({ blob }) => blob ?? []);
  const seqs = await ledger.append(({ size, ledger: reader }) => {
    const drafts: Draft[] = [];
    for (const { body, blob } of read) {
      const seq = size + drafts.length;
      drafts.push(
        { kind: 'attachment', body, ...placed(reader, request), blobs: refsOf(blob) },
        ...noteOn(reader, request, seq),
      );
    }
    return drafts;
  }, blobs);
  const step = request.note === undefined ? 1 : 2;
  return read.map(({ body }, i) => ({ seq: seqs[i * step] as Seq, body }));
}

/** A type as in RFC 6838; it is printed and handed on, so nothing else gets in. */
export function requireType(type: string | undefined): void {
  if (type === undefined || /^[a-z0-9][\w.+-]*\/[\w.+-]+(?:; ?[\w-]+=[\w.-]+)*$/i.test(type))
    return;
  throw evidenceError(
    'attach.bad-type',
    `"${type}" is no media type`,
    'a media type is two names with a slash between',
    'proof attach FILE --type text/csv; without --type the contents are looked at',
  );
}

function requireFit({ files, name, type }: AttachRequest): void {
  requireType(type);
  requireName(name, files.length);
}

export function requireName(name: string | undefined, files: number): void {
  if (name === undefined) return;
  if (files > 1)
    throw evidenceError(
      'attach.one-name',
      'One name cannot stand for several files',
      `--name was given, and ${files} files`,
      'attach them one by one, or leave --name out',
    );
  if (name.trim() === '' || name.length > 255)
    throw evidenceError(
      'attach.bad-name',
      'That is no name for an attachment',
      'a name has 1 to 255 characters',
      'proof attach FILE --name build.log',
    );
}

async function readInput(ledger: Ledger, request: AttachRequest) {
  const name = request.name ?? 'standard input';
  const pieces = request.input()[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let length = 0;
  let whole = false;
  while (length < HEAD) {
    const { value, done } = await pieces.next();
    if (done) {
      whole = true;
      break;
    }
    head.push(value);
    length += value.length;
  }
  const found = await mediaType(Buffer.concat(head).subarray(0, HEAD), name, whole);
  const keeper = startKeeper(ledger, request, found);
  try {
    for (const piece of head) await keeper.write(piece);
    for (; !whole; ) {
      const { value, done } = await pieces.next();
      if (done) break;
      await keeper.write(value);
      request.progress(keeper.bytes, null, name);
    }
    const kept = await keeper.finish();
    return {
      body: { name, from: 'input' as const, ...facts(ledger, request, found, kept) },
      blob: kept.blob,
    };
  } catch (error) {
    keeper.abort();
    throw error;
  }
}

async function readFile(
  machine: Pick<FileMachine, 'openRegularFile'>,
  ledger: Ledger,
  request: AttachRequest,
  path: string,
) {
  const name = request.name ?? basename(path);
  const file = machine.openRegularFile(path);
  let keeper: ContentsKeeper | null = null;
  try {
    const before = file.stat();
    const head = file.read(0, HEAD);
    const found = await mediaType(head, basename(path), head.length < HEAD);
    keeper = startKeeper(ledger, request, found);
    // No further than its size at the beginning: a log that is being written to has an end too.
    // Files of the kernel say they are empty; those are read until nothing comes.
    const end = file.size === 0 ? Number.POSITIVE_INFINITY : file.size;
    for (let at = 0; at < end; ) {
      const bytes = file.read(at, Math.min(PIECE, end - at));
      if (bytes.length === 0) break;
      at += bytes.length;
      await keeper.write(bytes);
      request.progress(at, file.size, name);
    }
    const after = file.stat();
    // Files of the kernel have a new time at every look.
    const changed =
      before.size > 0 &&
      (after.size !== before.size ||
        after.mtimeMs !== before.mtimeMs ||
        keeper.bytes < before.size);
    const kept = await keeper.finish();
    const body: Body<'attachment'> = {
      name,
      from: 'file',
      path,
      modified: file.modified.toISOString(),
      ...facts(ledger, request, found, kept),
      ...(changed ? { changedWhileRead: true as const } : {}),
    };
    return { body, blob: kept.blob };
  } catch (error) {
    keeper?.abort();
    throw error;
  } finally {
    file.close();
  }
}

function startKeeper(
  ledger: Ledger,
  { bound, type }: AttachRequest,
  found: MediaType,
): ContentsKeeper {
  return new ContentsKeeper(ledger, {
    name: 'content',
    type: type ?? found.type,
    bound,
    encoding: transcoded(found),
  });
}

/** What `ContentsKeeper` makes UTF-8 of. */
export function transcoded({ encoding }: MediaType): 'utf-16le' | 'utf-16be' | undefined {
  return encoding === 'utf-8' || encoding === null ? undefined : encoding;
}

/** What an attachment's body says of its bytes. */
export function facts(
  ledger: Ledger,
  { type }: { type?: string | undefined },
  found: MediaType,
  { content, hash, lines }: Kept,
) {
  const encoding = transcoded(found);
  return {
    type: type ?? found.type,
    typeFrom: type === undefined ? found.from : ('given' as const),
    ...(encoding === undefined ? {} : { encoding }),
    content,
    ...(found.encoding === null ? {} : { lines }),
    hash,
    maskRules: ledger.rules.version,
  };
}

export function refsOf(blob: StoredBlob | null) {
  return blob === null ? [] : [blob.ref];
}

/** Enough for every signature, and to tell text from other things. */
export const HEAD = 64 * 1024;
const PIECE = 1024 * 1024;

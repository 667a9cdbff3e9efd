import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, ProofError } from '../core/errors.ts';
import { entryName } from '../core/names.ts';
import { unverifiedCheckpoint } from '../ledger/checkpoint.ts';
import { nodePrimitives } from '../ledger/node-primitives.ts';
import type { VerifierKey } from '../ledger/note.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import { parseTlogProof } from '../ledger/tlog-proof.ts';
import { treeHash } from '../ledger/tree/hash.ts';
import { rangeRoot } from '../ledger/tree/proofs.ts';
import type { Verdict } from '../ledger/verify/verdict.ts';
import { verifyProofFile } from '../ledger/verify/verify-tlog-proof.ts';
import type { Context } from './context.ts';
import { keysHere } from './verify-here.ts';

/** A file, where a static log would be a directory. */
export function isProofFile(context: Context, path: string): boolean {
  const stat = statSync(resolve(context.cwd, path), { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return false;
  const text = stat.size > MOST_BYTES ? '' : readFileSync(resolve(context.cwd, path), 'utf8');
  if (text.startsWith('c2sp.org/tlog-proof@') || path.endsWith('.tlog-proof')) return true;
  throw new ProofError({
    code: 'verify.not-a-log',
    message: `${path} is neither a static log nor a .tlog-proof`,
    why: 'it does not begin as one of them does',
    remedy: 'proof ledger tiles DIR and proof ledger proof E41 write them',
    exit: EXIT.usage,
  });
}

/** A proof is under 2 KB; nothing much longer is one. */
const MOST_BYTES = 64 * 1024;

/**
 * Verifies a .tlog-proof. What it needs beside the file is given, or taken from the ledger here if
 * the proof is about this one: the verifier key, and the entry whose place it shows.
 */
export function verifyProofHere(
  context: Context,
  path: string,
  given: { keys: readonly VerifierKey[]; entry: string | undefined },
): Verdict & { rests: string } {
  const text = readFileSync(resolve(context.cwd, path), 'utf8').slice(0, MOST_BYTES);
  const about = whatItIsAbout(text);
  const ledger = about === null ? null : ledgerOf(context, about.origin);
  const keys =
    given.keys.length > 0 ? given.keys : ledger === null ? [] : keysHere(context, ledger);
  if (about !== null && keys.length === 0) throw lacks('key', path, about);
  const leaf = leafOf(context, given.entry, ledger, about?.index ?? 0);
  if (about !== null && leaf === null) throw lacks('entry', path, about);
  const verdict = verifyProofFile(
    nodePrimitives,
    text,
    keys,
    leaf ?? new Uint8Array(32),
    ledger === null ? undefined : (size) => rootOver(ledger, size),
  );
  const from = given.entry ?? 'this ledger';
  const name = about === null ? 'it' : entryName(about.index);
  return {
    ...verdict,
    rests: verdict.ok
      ? `${name}, as it stands in ${from}, is under a root over ${verdict.size} entries that the key signed`
      : `nothing is shown about ${name}`,
  };
}

interface About {
  index: number;
  origin: string;
}

/** As the file says, before anything is checked; null where it cannot be read at all. */
function whatItIsAbout(text: string): About | null {
  try {
    const { index, checkpoint } = parseTlogProof(text);
    return { index, origin: unverifiedCheckpoint(checkpoint).origin };
  } catch {
    return null;
  }
}

/** The ledger here, if it is the one that the proof names. */
function ledgerOf(context: Context, origin: string): LedgerReader | null {
  try {
    const reader = context.reader();
    return origin === `prooflayer.dev/${reader.id()}` ? reader : null;
  } catch {
    return null;
  }
}

function leafOf(
  context: Context,
  file: string | undefined,
  ledger: LedgerReader | null,
  index: number,
): Uint8Array | null {
  const hash = treeHash(nodePrimitives);
  if (file !== undefined) return hash.leaf(readEntry(context, file));
  if (ledger === null || index >= ledger.size()) return null;
  const [json = ''] = ledger.texts(index, index + 1);
  // Of a redacted entry its hash is left, and that is what a proof is about.
  return json === '' ? ledger.tree.read(0, index, 1) : hash.leafOfText(json);
}

function readEntry(context: Context, file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(resolve(context.cwd, file)));
  } catch (cause) {
    throw new ProofError({
      code: 'verify.no-entry',
      message: `${file} cannot be read as the entry’s bytes`,
      why: (cause as Error).message,
      remedy: 'proof show E41 --raw > FILE, in the ledger',
      exit: EXIT.usage,
      cause,
    });
  }
}

function rootOver(ledger: LedgerReader, size: number): Uint8Array | null {
  if (size === 0 || size > ledger.size()) return null;
  return rangeRoot(ledger.hash, ledger.tree.read, 0, size);
}

function lacks(what: 'key' | 'entry', path: string, { index, origin }: About): ProofError {
  const name = entryName(index);
  return new ProofError({
    code: what === 'key' ? 'verify.no-key' : 'verify.no-entry',
    message:
      what === 'key'
        ? 'A proof is verified against a key'
        : `The proof shows the place of ${name}, and ${name} is not here`,
    why: `it is about ${origin}, which is not the ledger here`,
    remedy:
      what === 'key'
        ? `proof verify ${path} --key KEY --entry-file FILE (proof ledger key prints it there)`
        : `proof verify ${path} --key KEY --entry-file FILE (proof show ${name} --raw there)`,
    exit: EXIT.usage,
  });
}

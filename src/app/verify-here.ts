import { diskError } from '../ledger/errors.ts';
import { LastSigned } from '../ledger/keys/last-signed.ts';
import { loadSigningKey } from '../ledger/keys/signing-key.ts';
import { nodePrimitives } from '../ledger/node-primitives.ts';
import type { VerifierKey } from '../ledger/note.ts';
import { storedEvidence } from '../ledger/store/evidence.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import type { RootClaim } from '../ledger/verify/roots.ts';
import type { Verdict } from '../ledger/verify/verdict.ts';
import { verifyLedger } from '../ledger/verify/verify.ts';
import type { Context } from './context.ts';
import { type FormerJson, formerHere } from './former-ledgers.ts';

/**
 * Verifies this workspace's ledger with everything that is known about it outside the ledger: the
 * key in the user's configuration, what this machine signed last, and every anchor in git.
 */
export async function verifyHere(
  context: Context,
  keys: readonly VerifierKey[],
  roots: readonly RootClaim[],
): Promise<Verdict & { unseen: string[]; former: FormerJson[] }> {
  const reader = context.reader();
  try {
    const id = idOf(reader);
    const own = keys.length > 0 ? keys : ownKey(context, id);
    const anchored = await context.anchoredRoots(id);
    const guard = lastSigned(context, id);
    const outside = [...roots, ...guard.roots, ...anchored.roots];
    // Another process may append meanwhile: roots and entries must be those of one moment.
    const verdict = reader.atOneMoment(() =>
      verifyLedger(nodePrimitives, storedEvidence(reader, { roots: outside, keys: own }), (seq) =>
        context.progress(`verified ${seq} entries`),
      ),
    );
    const former = formerHere(context, id);
    return { ...verdict, unseen: [...anchored.unseen, ...guard.unseen], former };
  } catch (cause) {
    throw diskError(cause, reader.dir);
  }
}

/** Which ledger this is: E0 says so; where E0 is what was tampered with, the signed root does. */
function idOf(reader: LedgerReader): string {
  try {
    return reader.id();
  } catch {
    const note = reader.latestRoot()?.note ?? '';
    return /^prooflayer\.dev\/([0-9a-f]{32})\n/.exec(note)?.[1] ?? '';
  }
}

/** The keys of the ledger here: this machine's own, else the one that its first entry names. */
export function keysHere(context: Context, reader: LedgerReader): readonly VerifierKey[] {
  const own = ownKey(context, idOf(reader));
  return own.length > 0 ? own : storedEvidence(reader, { roots: [], keys: [] }).keys;
}

function ownKey(context: Context, id: string): VerifierKey[] {
  try {
    return [loadSigningKey(context.places.configDir, id).verifier];
  } catch {
    return []; // another machine's ledger: the key its first entry names has to do
  }
}

/**
 * Kept outside the ledger, but by the same user on the same machine: it catches an older copy and
 * a fork nobody meant, not one that is made on purpose. So it does not count as anchored. A record
 * that cannot be read is said: an older copy put back would no longer be noticed.
 */
function lastSigned(context: Context, id: string): { roots: RootClaim[]; unseen: string[] } {
  if (id === '') return { roots: [], unseen: [] };
  const record = new LastSigned(context.places.configDir, id);
  try {
    const last = record.read();
    if (last !== null) {
      const where = 'what this machine signed last';
      return { roots: [{ where, note: last.note, kept: 'machine' }], unseen: [] };
    }
    return { roots: [], unseen: record.exists() ? [GUARD_GONE] : [] };
  } finally {
    record.close();
  }
}

const GUARD_GONE = 'what this machine signed last cannot be read: the record is empty or damaged';

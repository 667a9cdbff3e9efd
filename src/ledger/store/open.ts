import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { toHex } from '../../core/bytes.ts';
import type { Draft } from '../../core/entries/kinds.ts';
import { diskError, ledgerError } from '../errors.ts';
import {
  createSigningKey,
  loadSigningKey,
  type SigningKey,
  verifierKeyText,
} from '../keys/signing-key.ts';
import { compileMaskRules } from '../mask/mask-rules.ts';
import type { OwnValue } from '../mask/own-values.ts';
import { Spool } from '../spool.ts';
import { ledgerExists, openDatabase } from './database.ts';
import { Ledger } from './ledger.ts';
import { LedgerReader } from './reader.ts';
import { recover } from './recover.ts';

/** Where a ledger lies, and what of the surroundings it needs. */
export interface LedgerPlace {
  /** `<git-common-dir>/proof`, or `.proof` outside git. */
  dir: string;
  /** The user's configuration directory: keys and last-signed records. */
  configDir: string;
  /** Secrets of this run, to be struck out wherever they appear. */
  ownValues: readonly OwnValue[];
  /** Whom the ledger names when it speaks for itself. */
  self: Draft['actor'];
  now?: () => Date;
}

/** Makes a new ledger: its directory, its key, and the entry that opens it. */
export async function createLedger(
  place: LedgerPlace,
  actor: Draft['actor'],
  software: string,
): Promise<Ledger> {
  if (ledgerExists(place.dir)) {
    throw ledgerError(
      'ledger.exists',
      'There is a ledger here already',
      `it lies in ${place.dir}`,
      'proof status',
    );
  }
  const id = toHex(randomBytes(16));
  try {
    mkdirSync(place.dir, { recursive: true, mode: 0o700 });
    readdirSync(place.dir);
  } catch (cause) {
    throw diskError(cause, place.dir);
  }
  const key = createSigningKey(place.configDir, id);
  const ledger = build(place, openDatabase(place.dir, { create: true }), key, id);
  await ledger.append(({ size }) => {
    // Two first inits at once: the second finds the first one's entry and must not add its own.
    if (size > 0)
      throw ledgerError(
        'ledger.exists',
        'There is a ledger here already',
        `it lies in ${place.dir}`,
        'proof status',
      );
    return [
      {
        kind: 'ledger.opened',
        body: { ledger: id, origin: key.verifier.name, key: verifierKeyText(key), software },
        task: null,
        actor,
      },
    ];
  });
  return ledger;
}

/** Opens for appending, by the same steps after a crash as after a clean stop. */
export async function openLedger(place: LedgerPlace): Promise<Ledger> {
  const db = openDatabase(place.dir, { create: false });
  try {
    const id = new LedgerReader(place.dir, db).id();
    const ledger = build(place, db, loadSigningKey(place.configDir, id), id);
    await recover(ledger, new Spool(place.dir), place.self);
    return ledger;
  } catch (error) {
    db.close();
    throw error;
  }
}

function build(place: LedgerPlace, db: DatabaseSync, key: SigningKey, id: string): Ledger {
  return new Ledger({
    dir: place.dir,
    db,
    key,
    rules: compileMaskRules({ hmacKey: key.derive('mask'), ownValues: place.ownValues }),
    configDir: place.configDir,
    ledgerId: id,
    self: place.self,
    ...(place.now === undefined ? {} : { now: place.now }),
  });
}

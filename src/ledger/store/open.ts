import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { toHex } from '../../core/bytes.ts';
import type { Draft } from '../../core/entries/kinds.ts';
import { diskError, ledgerError } from '../errors.ts';
import { formerLedgers, rememberPlace } from '../keys/places.ts';
import {
  createSigningKey,
  keyPath,
  loadSigningKey,
  type SigningKey,
  verifierKeyText,
} from '../keys/signing-key.ts';
import { compileMaskRules } from '../mask/mask-rules.ts';
import type { OwnValue } from '../mask/own-values.ts';
import { makePrivateDirectory } from '../private-files.ts';
import { Spool } from '../spool.ts';
import { ledgerExists, openDatabase } from './database.ts';
import { Ledger } from './ledger.ts';
import { LedgerReader, openForReading } from './reader.ts';
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
  if (isBegun(place.dir)) throw alreadyThere(place.dir);
  const id = toHex(randomBytes(16));
  try {
    makePrivateDirectory(place.dir);
    readdirSync(place.dir);
  } catch (cause) {
    throw diskError(cause, place.dir);
  }
  // Outside git today, in git tomorrow: nobody is to commit a ledger by accident.
  if (basename(place.dir) === '.proof') writeFileSync(join(place.dir, '.gitignore'), '*\n');
  const key = createSigningKey(place.configDir, id);
  let ledger: Ledger | null = null;
  try {
    ledger = build(place, openDatabase(place.dir, { create: true }), key, id);
    await ledger.append(() => [
      {
        kind: 'ledger.opened',
        body: {
          ...{ ledger: id, origin: key.verifier.name, key: verifierKeyText(key), software },
          ...before(place),
        },
        task: null,
        actor,
      },
    ]);
    rememberPlace(place.configDir, place.dir, id);
    return ledger;
  } catch (cause) {
    // Two first inits at once: what the second finds is signed by a key it does not know.
    const found = ledger === null ? null : idIn(ledger);
    ledger?.close();
    if (found !== id) rmSync(keyPath(place.configDir, id), { force: true });
    throw found !== null && found !== id ? alreadyThere(place.dir) : cause;
  }
}

/** Thrown away and begun anew: the new one says that there was another. */
function before({ configDir, dir }: LedgerPlace) {
  const former = formerLedgers(configDir, dir, null).at(-1);
  return former === undefined ? {} : { before: { ledger: former.ledger, size: former.size } };
}

/**
 * An init that was cut short, by a crash or a full disk, leaves a store without entries: no ledger
 * yet, and the next init completes it. What cannot be read is left alone.
 */
function isBegun(dir: string): boolean {
  if (!ledgerExists(dir)) return false;
  let reader: LedgerReader | undefined;
  try {
    reader = openForReading(dir);
    return reader.id() !== '';
  } catch (error) {
    return (error as { code?: string }).code !== 'ledger.not-found';
  } finally {
    reader?.close();
  }
}

function idIn(reader: LedgerReader): string | null {
  try {
    return reader.id();
  } catch {
    return null;
  }
}

function alreadyThere(dir: string) {
  const message = 'There is a ledger here already';
  return ledgerError('ledger.exists', message, `it lies in ${dir}`, 'proof status');
}

/** Opens for appending, by the same steps after a crash as after a clean stop. */
export async function openLedger(place: LedgerPlace): Promise<Ledger> {
  const db = openDatabase(place.dir, { create: false });
  try {
    const id = new LedgerReader(place.dir, db).id();
    const ledger = build(place, db, loadSigningKey(place.configDir, id), id);
    rememberPlace(place.configDir, place.dir, id);
    await recover(ledger, new Spool(place.dir), place.self);
    return ledger;
  } catch (error) {
    db.close();
    throw diskError(error, place.dir);
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

import type { Actor } from '../core/entries/header.ts';
import {
  type OwnValue,
  ownValuesFromDotenv,
  ownValuesFromEnvironment,
  ownValuesFromNetrc,
} from '../ledger/mask/own-values.ts';
import type { Ledger } from '../ledger/store/ledger.ts';
import { createLedger, type LedgerPlace, openLedger } from '../ledger/store/open.ts';
import { secretFiles } from '../platform/secret-files.ts';
import type { Places } from './context-places.ts';
import { VERSION } from './version.ts';

/** The ledger for appending. Loaded on use: commands that only read need no key and no masker. */
export function openForAppending(here: Here): Promise<Ledger> {
  return openLedger(placeOf(here));
}

export function makeLedger(here: Here): Promise<Ledger> {
  return createLedger(placeOf(here), here.actor, `prooflayer/${VERSION}`);
}

interface Here {
  places: Places;
  actor: Actor;
  env: Readonly<Record<string, string | undefined>>;
}

function placeOf({ places, actor, env }: Here): LedgerPlace {
  return {
    dir: places.ledgerDir,
    configDir: places.configDir,
    ownValues: ownValues(places.root, env),
    self: { kind: 'tool', name: 'prooflayer', host: actor.host, basis: 'asserted' },
  };
}

function ownValues(root: string, env: Here['env']): OwnValue[] {
  const files = secretFiles(root, env.HOME);
  return [
    ...ownValuesFromEnvironment(env),
    ...files.dotenv.flatMap(ownValuesFromDotenv),
    ...files.netrc.flatMap(ownValuesFromNetrc),
  ];
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTACKS_BY_THE_KEY_HOLDER, FORMS_NOBODY_MAY_WRITE } from './attacks-by-the-key-holder.ts';
import { ATTACKS_ON_BLOBS } from './attacks-on-blobs.ts';
import { ATTACKS_ON_ENTRIES } from './attacks-on-entries.ts';
import { ATTACKS_ON_REDACTIONS, REDACTIONS_NOBODY_MAY_SIGN } from './attacks-on-redactions.ts';
import { ATTACKS_ON_THE_STORE } from './attacks-on-the-store.ts';
import { ATTACKS_ON_THE_TAIL } from './attacks-on-the-tail.ts';
import { Forger } from './forger.ts';
import { inWords, type Kept, recordLedger, type Told, type Workspace } from './recorded-ledger.ts';
import type { Threat } from './threat.ts';

/**
 * What `proof verify` says of a ledger that somebody got at, attack by attack. The tables are in
 * the files named attacks-*: each row is a promise, and what is not promised stands there too.
 */
const TABLES: Record<string, Threat[]> = {
  'entries edited, dropped, reordered, inserted': ATTACKS_ON_ENTRIES,
  'the newest entries dropped': ATTACKS_ON_THE_TAIL,
  'rewritten with the signing key': ATTACKS_BY_THE_KEY_HOLDER,
  'forms that even the key holder may not write': FORMS_NOBODY_MAY_WRITE,
  'blobs lost, swapped, altered': ATTACKS_ON_BLOBS,
  'redacted, and made to look so': ATTACKS_ON_REDACTIONS,
  'what nobody may say is redacted': REDACTIONS_NOBODY_MAY_SIGN,
  'tile hashes, signed roots and the database': ATTACKS_ON_THE_STORE,
};

let recorded: Workspace;

beforeAll(async () => {
  recorded = await recordLedger();
});

afterAll(() => recorded?.dispose());

describe.each(Object.entries(TABLES))('%s', (_title, threats) => {
  it.each(threats)('$attack', ({ does, verdict }) => {
    const workspace = recorded.copy();
    try {
      using forger = new Forger(workspace);
      does({ workspace, forger });
      const found = Object.keys(verdict).map((kept) => {
        const told = workspace.verify(kept as Kept);
        if (told.exit === 0) saysWhatItRestsOn(told);
        return [kept, inWords(told)];
      });
      expect(Object.fromEntries(found)).toEqual(verdict);
    } finally {
      workspace.dispose();
    }
  });
});

/** A verdict that cannot see a rewriting by the key holder must not sound as if it could. */
function saysWhatItRestsOn({ anchored, size, rests }: Told): void {
  if (anchored === 0) expect(rests).toMatch(/no root kept elsewhere/);
  else if (anchored < size) expect(rests).toMatch(/only this machine/);
}

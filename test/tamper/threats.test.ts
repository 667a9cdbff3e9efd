import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTACKS_ON_ENTRIES } from './attacks-on-entries.ts';
import { Forger } from './forger.ts';
import { inWords, type Kept, recordLedger, type Workspace } from './recorded-ledger.ts';
import type { Threat } from './threat.ts';

/**
 * What `proof verify` says of a ledger that somebody got at, attack by attack. The tables are in
 * the files named attacks-*: each row is a promise, and what is not promised stands there too.
 */
const TABLES: Record<string, Threat[]> = {
  'entries edited, dropped, reordered, inserted': ATTACKS_ON_ENTRIES,
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
      const found = Object.keys(verdict).map((kept) => [
        kept,
        inWords(workspace.verify(kept as Kept)),
      ]);
      expect(Object.fromEntries(found)).toEqual(verdict);
    } finally {
      workspace.dispose();
    }
  });
});

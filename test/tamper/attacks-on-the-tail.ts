import { PLACES } from './recorded-ledger.ts';
import type { Threat } from './threat.ts';

/** Drop the newest entries: what a lone log cannot show, and any root kept elsewhere can. */
export const ATTACKS_ON_THE_TAIL: Threat[] = [
  {
    attack: 'drop the last twenty entries',
    does: ({ forger }) => forger.db.exec('DELETE FROM entry WHERE seq >= 640'),
    verdict: { nothing: 'ledger.truncated root.missing, first E640' },
  },
  {
    attack: 'drop them, and the signed roots that name them: nothing signs what is left',
    does: ({ forger }) => forger.truncate(640),
    verdict: {
      nothing: 'root.missing, first unknown',
      'last signed': 'ledger.truncated root.missing, first E640',
    },
  },
  {
    attack: 'put an older copy back, signed as it was then',
    does: ({ workspace }) => workspace.restoreOlder(),
    verdict: {
      nothing: 'passes, 0 of 520 anchored',
      'last signed': `ledger.truncated, first E${PLACES.older}`,
      'a file': `ledger.truncated, first E${PLACES.older}`,
      'the remote': 'passes, 400 of 520 anchored',
    },
  },
  {
    attack: 'drop everything',
    does: ({ forger }) =>
      forger.db.exec('DELETE FROM entry; DELETE FROM subtree; DELETE FROM signed_root'),
    verdict: { nothing: 'ledger.not-opened, first E0' },
  },
];

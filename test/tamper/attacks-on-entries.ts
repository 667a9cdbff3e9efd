import { saying } from './forger.ts';
import { PLACES } from './recorded-ledger.ts';
import type { Threat } from './threat.ts';

const { middle, group } = PLACES;

/** Edit, drop, reorder, insert, by somebody who has no key, hiding it deeper and deeper. */
export const ATTACKS_ON_ENTRIES: Threat[] = [
  {
    attack: 'edit an entry: its bytes',
    does: ({ forger }) => forger.edit('bytes', middle, saying('something else')),
    verdict: { nothing: 'entry.altered tree.forged root.mismatch, first E300' },
  },
  {
    attack: 'edit an entry: its bytes and its leaf hash',
    does: ({ forger }) => forger.edit('leaves', middle, saying('something else')),
    verdict: { nothing: 'tree.forged root.mismatch, first E300' },
  },
  {
    attack: 'edit an entry: its bytes, its leaf hash and the tile hashes above',
    does: ({ forger }) => forger.edit('tiles', middle, saying('something else')),
    verdict: { nothing: 'root.mismatch, first E300' },
  },
  {
    attack: 'edit an entry, and the roots noted after each append too: only the place is lost',
    does: ({ forger }) => forger.edit('noted roots', middle, saying('something else')),
    verdict: {
      nothing: 'root.mismatch, first unknown',
      'a file': 'root.mismatch root.fork, first unknown',
    },
  },
  {
    attack: 'edit an entry in the middle of a group append: the group is named',
    does: ({ forger }) => forger.edit('tiles', group.inside, saying('something else')),
    verdict: { nothing: `root.mismatch, first E${group.first}` },
  },
  {
    attack: 'edit the first entry',
    does: ({ forger }) => forger.editText('bytes', 0, (json) => json.replace('0.1.0', '9.9.9')),
    verdict: { nothing: 'entry.altered tree.forged root.mismatch, first E0' },
  },
  {
    attack: 'make the first entry unreadable',
    does: ({ forger }) => forger.editText('bytes', 0, (json) => json.slice(1)),
    verdict: {
      nothing: 'entry.altered entry.not-canonical tree.forged root.mismatch, first E0',
      'the remote':
        'entry.altered entry.not-canonical tree.forged root.mismatch root.fork, first E0',
    },
  },
  {
    attack: 'edit the last entry',
    does: ({ forger }) => forger.edit('bytes', 659, saying('not done')),
    verdict: { nothing: 'entry.altered root.mismatch, first E659' },
  },
  {
    attack: 'empty an entry, and no entry says that it was redacted',
    does: ({ forger }) => forger.editText('bytes', middle, () => ''),
    verdict: { nothing: 'entry.missing, first E300' },
  },
  {
    attack: 'empty an entry, and put a hash in its place that no node can hold',
    does: ({ forger }) =>
      forger.db.exec(`UPDATE entry SET json = '', leaf = zeroblob(99) WHERE seq = ${middle}`),
    verdict: { nothing: 'entry.altered entry.missing tree.forged root.mismatch, first E300' },
  },
  {
    attack: 'drop an entry, and leave its place empty',
    does: ({ forger }) => forger.db.exec(`DELETE FROM entry WHERE seq = ${middle}`),
    verdict: {
      nothing: 'entry.missing tree.forged ledger.truncated root.missing, first E300',
    },
  },
  {
    attack: 'drop an entry of no task, and close the ranks down to the tiles',
    does: ({ forger }) => forger.rewrite('tiles', (rows) => rows.toSpliced(302, 1)),
    verdict: { nothing: 'root.mismatch ledger.truncated root.missing, first E302' },
  },
  {
    attack: 'swap two entries: bytes only',
    does: ({ forger }) =>
      forger.rewrite('bytes', (rows) => {
        const [one, other] = [rows[302]!, rows[305]!];
        return rows.with(302, { ...one, json: other.json }).with(305, { ...other, json: one.json });
      }),
    verdict: { nothing: 'entry.altered tree.forged root.mismatch, first E302' },
  },
  {
    attack: 'swap two entries of no task, down to the tiles',
    does: ({ forger }) =>
      forger.rewrite('tiles', (rows) => rows.with(302, rows[305]!).with(305, rows[302]!)),
    verdict: { nothing: 'root.mismatch, first E302' },
  },
  {
    attack: 'swap two entries of one task: their numbers tell at once',
    does: ({ forger }) =>
      forger.rewrite('tiles', (rows) => rows.with(300, rows[303]!).with(303, rows[300]!)),
    verdict: { nothing: 'task.hole root.mismatch, first E300' },
  },
  {
    attack: 'insert an entry of no task, down to the tiles',
    does: ({ forger }) =>
      forger.rewrite('tiles', (rows) => rows.toSpliced(302, 0, { ...rows[305]! })),
    verdict: { nothing: 'root.mismatch root.missing, first E302' },
  },
  {
    attack: 'add an entry at the end',
    does: ({ forger }) =>
      forger.rewrite('noted roots', (rows) => [...rows, { ...rows[302]!, root: null }]),
    verdict: { nothing: 'root.missing, first unknown' },
  },
  {
    attack: 'file an entry under another task in the store',
    does: ({ forger }) =>
      forger.db.exec(`UPDATE entry SET task = 1, n = 999 WHERE seq = ${middle}`),
    verdict: { nothing: 'entry.misplaced, first E300' },
  },
];

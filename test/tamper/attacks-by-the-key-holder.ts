import { canonicalize } from '../../src/core/canonical-json.ts';
import { saying } from './forger.ts';
import { PLACES } from './recorded-ledger.ts';
import type { Threat } from './threat.ts';

const { middle, anchored, kept } = PLACES;
const last = PLACES.size - 1;

/**
 * Rewritings by somebody who has the signing key, as every program of the same user has. Alone such
 * a ledger is as good as the true one, and the verdict says on what it rests; any root that they
 * could not reach gives them away.
 */
export const ATTACKS_BY_THE_KEY_HOLDER: Threat[] = [
  {
    attack: 'edit an entry and sign anew',
    does: ({ forger }) => forger.edit('signature', middle, saying('something else')),
    verdict: {
      nothing: 'passes, 0 of 660 anchored',
      'last signed': 'root.fork, first unknown',
      'a file': 'root.fork, first unknown',
      'the remote': 'root.fork, first unknown',
    },
  },
  {
    attack: 'edit an entry that came after the last anchor, and sign anew',
    does: ({ forger }) => forger.edit('signature', anchored + 50, saying('something else')),
    verdict: {
      'the remote': 'passes, 400 of 660 anchored',
      'a file': 'root.fork, first unknown',
    },
  },
  {
    attack: 'edit an entry, sign anew, and rewrite the last-signed record of this machine too',
    does: ({ forger }) => {
      forger.edit('signature', middle, saying('something else'));
      forger.rewriteLastSigned();
    },
    verdict: {
      'last signed': 'passes, 0 of 660 anchored',
      'the remote': 'root.fork, first unknown',
    },
  },
  {
    attack: 'edit an entry and sign anew, but leave the roots noted after each append',
    does: ({ forger }) => {
      const noted = forger.rows().map(({ root }) => root);
      forger.edit('signature', middle, saying('something else'));
      const put = forger.db.prepare('UPDATE entry SET root = ? WHERE seq = ?');
      for (const [seq, root] of noted.entries()) put.run(root, seq);
    },
    verdict: { nothing: 'passes, 0 of 660 anchored', 'a file': 'root.fork, first E300' },
  },
  {
    attack: 'drop an entry of no task and sign anew',
    does: ({ forger }) => forger.rewrite('signature', (rows) => rows.toSpliced(302, 1)),
    verdict: {
      nothing: 'passes, 0 of 659 anchored',
      'last signed': `ledger.truncated, first E${last}`,
      'a file': 'root.fork, first unknown',
    },
  },
  {
    attack: 'insert an entry of no task and sign anew',
    does: ({ forger }) =>
      forger.rewrite('signature', (rows) => rows.toSpliced(302, 0, { ...rows[305]! })),
    verdict: { 'last signed': 'root.fork, first unknown', 'a file': 'root.fork, first unknown' },
  },
  {
    attack: 'drop the tail and sign what is left',
    does: ({ forger }) => forger.rewrite('signature', (rows) => rows.slice(0, kept - 20)),
    verdict: {
      nothing: 'passes, 0 of 580 anchored',
      'a file': `ledger.truncated, first E${kept - 20}`,
    },
  },
  {
    attack: 'drop an entry of a task and sign anew: the task has a hole, whoever signs it',
    does: ({ forger }) => forger.rewrite('signature', (rows) => rows.toSpliced(middle, 1)),
    verdict: { nothing: `task.hole, first E${middle + 2}` },
  },
  {
    attack: 'drop the entry that opened a task, and sign anew',
    does: ({ forger }) =>
      forger.rewrite('signature', (rows) =>
        rows.with(PLACES.task2, { ...rows[302]!, root: rows[PLACES.task2]!.root }),
      ),
    verdict: { nothing: `task.hole, first E${PLACES.otherCommand}` },
  },
  {
    attack: 'continue an older copy with other entries, to the same length',
    does: ({ workspace, forger }) => {
      workspace.restoreOlder();
      forger.rewrite('signature', (rows) => [
        ...rows,
        ...Array.from({ length: PLACES.size - rows.length }, () => ({ ...rows[302]! })),
      ]);
    },
    verdict: {
      nothing: 'passes, 0 of 660 anchored',
      'last signed': 'root.fork, first unknown',
      'a file': 'root.fork, first unknown',
    },
  },
];

/** An entry of no task, so that nothing but its form is wrong. */
const LOOSE = 302;

/** What even the key holder cannot write, because no two readers may read it differently. */
export const FORMS_NOBODY_MAY_WRITE: Threat[] = [
  {
    attack: 'a key that stands twice, of which parsers see one or the other',
    does: ({ forger }) =>
      forger.editText('signature', LOOSE, (json) =>
        json.replace('"held":', '"held":"enforced","held":'),
      ),
    verdict: { nothing: 'entry.not-canonical, first E302' },
  },
  {
    attack: 'keys in another order',
    does: ({ forger }) =>
      forger.editText('signature', LOOSE, (json) => {
        const { actor, ...rest } = JSON.parse(json);
        return JSON.stringify({ ...rest, actor });
      }),
    verdict: { nothing: 'entry.not-canonical, first E302' },
  },
  {
    attack: 'white space',
    does: ({ forger }) => forger.editText('signature', LOOSE, (json) => `${json} `),
    verdict: { nothing: 'entry.not-canonical, first E302' },
  },
  {
    attack: 'a character written as an escape',
    does: ({ forger }) =>
      forger.editText('signature', LOOSE, (json) => json.replace('"note"', '"n\\u006fte"')),
    verdict: { nothing: 'entry.not-canonical, first E302' },
  },
  {
    attack: 'a number that is not a whole one below 2^53',
    does: ({ forger }) => forger.edit('signature', LOOSE, (entry) => ({ ...entry, body: 0.5 })),
    verdict: { nothing: 'entry.not-canonical, first E302' },
  },
  {
    attack: 'nesting deep enough to break a reader',
    does: ({ forger }) =>
      forger.editText('signature', LOOSE, (json) =>
        json.replace('"body":{', `"body":${'['.repeat(30_000)}${']'.repeat(30_000)},"bodz":{`),
      ),
    verdict: { nothing: 'entry.not-canonical, first E302' },
  },
  {
    attack: 'something that is no object',
    does: ({ forger }) => forger.editText('signature', LOOSE, () => '[]'),
    verdict: { nothing: 'entry.not-canonical, first E302' },
  },
  {
    attack: 'an entry without its references',
    does: ({ forger }) =>
      forger.editText('signature', LOOSE, (json) => {
        const { refs: _, ...rest } = JSON.parse(json);
        return canonicalize(rest);
      }),
    verdict: { nothing: 'entry.malformed, first E302' },
  },
  {
    attack: 'a blob whose name would be a path out of the store',
    does: ({ forger }) =>
      forger.edit('signature', LOOSE, (entry) => ({
        ...entry,
        blobs: [{ name: 'stdout', id: '../../../../etc/passwd', size: 1 }],
      })),
    verdict: { nothing: 'entry.malformed, first E302' },
  },
  {
    attack: 'a reference to an entry that does not come before it',
    does: ({ forger }) =>
      forger.edit('signature', LOOSE, (entry) => ({
        ...entry,
        refs: [{ rel: 'on', seq: LOOSE }],
      })),
    verdict: { nothing: 'ref.dangling, first E302' },
  },
  {
    attack: 'an empty entry that no redaction explains',
    does: ({ forger }) => forger.editText('signature', LOOSE, () => ''),
    verdict: { nothing: 'entry.missing, first E302' },
  },
  {
    attack: 'an entry filed under another task than its own',
    does: ({ forger }) =>
      forger.rewrite('signature', (rows) => rows.with(LOOSE, { ...rows[LOOSE]!, task: 1, n: 999 })),
    verdict: { nothing: 'entry.misplaced, first E302' },
  },
  {
    attack: 'an entry of a task that was never opened',
    does: ({ forger }) => {
      forger.rewrite('signature', (rows) => rows.with(302, { ...rows[302]!, task: 301, n: 1 }));
      forger.edit('signature', 302, (entry) => ({ ...entry, task: 301, n: 1 }));
    },
    verdict: { nothing: 'task.hole, first E302' },
  },
  {
    attack: 'a ledger that does not begin with the entry that opens it',
    does: ({ forger }) => {
      const { key } = forger;
      forger.edit('noted roots', 0, (entry) => ({ ...entry, kind: 'note' }));
      forger.signLatest(key);
    },
    verdict: { nothing: 'ledger.not-opened, first E0' },
  },
];

import { join } from 'node:path';
import type { FileChange } from '../core/entries/change-kind.ts';
import type { Draft } from '../core/entries/kinds.ts';
import type { Seq } from '../core/names.ts';
import { decisionDraft } from '../features/boundaries/decision-entry.ts';
import type { Violation } from '../features/workspace/change-draft.ts';
import type { WorkspacePlace } from '../features/workspace/workspace.ts';
import type { Part } from '../judge/boundary/decision.ts';
import type { Policy, Verdict } from '../judge/boundary/policy.ts';
import { type ScopeFinding, standingOf } from '../judge/boundary/scope.ts';
import type { Ledger } from '../ledger/store/ledger.ts';

/**
 * What a policy says about changes that were seen: how each file stands to the scope, whose bytes
 * may not be kept, and the entry about those that nobody was to write.
 */
export function judgedBy(
  policy: Policy,
  { root, home }: { root: string; home: string },
): Pick<WorkspacePlace, 'scope' | 'denied' | 'violation'> {
  const find = (path: string): ScopeFinding => standingOf(policy, join(root, path), { root, home });
  return {
    scope: (path) => find(path).standing,
    denied: (path) => find(path).standing === 'denied',
    violation: (ledger, files, who) => violationOf(policy, find, ledger, files, who),
  };
}

/** One entry for all files of a change that were not to be written; the strictest stand first. */
async function violationOf(
  policy: Policy,
  find: (path: string) => ScopeFinding,
  ledger: Ledger,
  files: readonly FileChange[],
  who: { task: Seq | null; actor: Draft['actor'] },
): Promise<Violation | null> {
  const parts = files.flatMap(({ path, change }): Part[] => {
    const { standing, rule } = find(path);
    if (standing === 'in' || standing === 'generated') return [];
    const why = WHY[standing];
    return [{ text: path, verdict: VERDICTS[standing], rule, why: `${change}: ${why}` }];
  });
  if (parts.length === 0) return null;
  const verdict = parts.some((part) => part.verdict === 'deny') ? 'deny' : 'ask';
  const subject = parts.map(({ text }) => text).join('\n');
  const judged = {
    decision: 'violated',
    verdict,
    action: 'write',
    subject,
    parts,
    policy,
  } as const;
  const { draft, blobs } = await decisionDraft(ledger, judged, {
    ...who,
    held: 'observed',
    on: null,
  });
  return {
    blobs,
    draft: (on) => ({ ...draft, refs: on === null ? [] : [{ rel: 'on', seq: on }] }),
  };
}

const VERDICTS: Readonly<Record<'ask' | 'out' | 'denied', Verdict>> = {
  ask: 'ask',
  out: 'deny',
  denied: 'deny',
};

const WHY: Readonly<Record<'ask' | 'out' | 'denied', string>> = {
  ask: 'the scope asks before it is written',
  out: 'it is outside the scope',
  denied: 'the scope denies it',
};

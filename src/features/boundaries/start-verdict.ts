import type { Policy, Verdict } from '../../judge/boundary/policy.ts';

/** A verdict about a command's words, with the parts it was put together from. */
export interface JudgedCommand {
  verdict: Verdict;
  parts: readonly { text: string; verdict: Verdict; rule: string | null; why: string }[];
}

/** What becomes of a command that is about to be started. */
export type Start =
  | { go: true; note: string | null }
  | { go: false; exit: 126; verdict: 'ask' | 'deny'; because: string };

/**
 * The one table of what a verdict means for `proof run`. Observing stops nothing. Otherwise a
 * denied command is not started; one to be asked about needs a human who can be asked, and without
 * one it is not started either.
 *
 * @param approved a human has said yes to exactly this, at the terminal or before.
 */
export function startVerdict(
  judged: JudgedCommand,
  mode: Policy['mode'],
  { approved }: { approved: boolean },
): Start {
  const { verdict } = judged;
  if (verdict === 'allow') return { go: true, note: null };
  const because = reasonOf(judged, verdict);
  if (mode === 'observe') {
    const would = verdict === 'deny' ? 'be denied' : 'be asked about';
    return { go: true, note: `would ${would}: ${because}` };
  }
  if (verdict === 'ask' && approved) return { go: true, note: `approved: ${because}` };
  return { go: false, exit: 126, verdict, because };
}

/** The first part that has this verdict says why. */
function reasonOf({ parts }: JudgedCommand, verdict: Verdict): string {
  const part = parts.find((each) => each.verdict === verdict);
  if (part === undefined) return 'no rule matches';
  return part.rule === null
    ? `${part.text}: ${part.why}`
    : `${part.text}: ${part.rule} (${part.why})`;
}

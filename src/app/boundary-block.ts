import type { Body } from '../core/entries/kinds.ts';
import { cut } from '../core/visible-text.ts';
import type { Line } from './shown-entry.ts';

/** `boundary.set` in full. */
export function boundarySetBlock(body: Body<'boundary.set'>, line: Line): string[] {
  const from = {
    task: 'this task was narrowed',
    written: 'proof.yaml was written',
    found: 'proof.yaml, as it was found',
  }[body.source];
  const { scope = null, network = 'kept' } = body.narrowing ?? {};
  return [
    line('boundary', from),
    ...(scope === null ? [] : [line('scope', scope.length === 0 ? 'nothing' : scope.join(', '))]),
    ...(network === 'kept' ? [] : [line('network', 'denied')]),
    line('policy', body.policy),
  ];
}

/** `boundary.decision` in full: a line for each judged part. */
export function boundaryDecisionBlock(body: Body<'boundary.decision'>, line: Line): string[] {
  const became =
    body.decision === 'allowed' && body.verdict !== 'allow'
      ? `allowed, since it only observes; the policy says ${body.verdict}`
      : body.decision;
  return [
    line(body.action, body.subject ?? 'very long: the blob "subject"'),
    line('decision', became),
    ...body.parts.map(({ text, verdict, rule, why }) => {
      const named = rule === null ? why : `${why} (${rule.text}${lineOf(rule.line)})`;
      return line(verdict, body.parts.length === 1 ? named : `${cut(text, 60)} — ${named}`);
    }),
    ...(body.more > 0 ? [line('', `and ${body.more} more parts`)] : []),
    line('policy', `${body.policy} · ${body.mode}`),
  ];
}

function lineOf(line: number | null): string {
  return line === null ? '' : `, proof.yaml:${line}`;
}

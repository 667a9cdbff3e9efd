import * as z from 'zod/mini';
import { once } from '../core/once.ts';
import { visibleLine } from '../core/visible-text.ts';
import type { Decision } from '../judge/boundary/decision.ts';
import type { Verdict } from '../judge/boundary/policy.ts';
import { type Paint, wrap } from './paint.ts';

/** A verdict as `proof boundary test --json` prints it: these keys, and no others. */
export const verdictJson = once(() =>
  z.object({
    verdict: z.enum(['allow', 'ask', 'deny']).check(z.describe('the strictest of the parts')),
    parts: z.array(
      z.object({
        text: z.string(),
        verdict: z.enum(['allow', 'ask', 'deny']),
        rule: z.nullable(z.string()).check(z.describe('as it is written; null where none matched')),
        why: z.string(),
      }),
    ),
  }),
);
export type VerdictJson = z.infer<ReturnType<typeof verdictJson>>;

export function toVerdictJson({ verdict, parts }: Decision): VerdictJson {
  return {
    verdict,
    parts: parts.map((part) => ({
      text: part.text,
      verdict: part.verdict,
      rule: part.rule?.text ?? null,
      why: part.why,
    })),
  };
}

/** A part with the line of its rule, where that is known. */
export interface ShownPart {
  readonly text: string;
  readonly verdict: Verdict;
  readonly rule: string | null;
  readonly line?: number | null;
  readonly why: string;
}

/** The verdict, then a block for each part: what it is, which rule, why. */
export function verdictText(
  { verdict, parts }: { verdict: Verdict; parts: readonly ShownPart[] },
  paint: Paint,
): string {
  const lines = parts.flatMap(({ text, verdict: own, rule, line, why }) => {
    const where = line == null ? '' : `, line ${line}`;
    const named = rule === null ? '' : ` · ${visibleLine(rule)}${where}`;
    return [
      `  ${mark(own, paint)} ${wrap(visibleLine(text), paint.columns, ' '.repeat(9))}`,
      paint.dim(`         ${wrap(`${visibleLine(why)}${named}`, paint.columns, ' '.repeat(9))}`),
    ];
  });
  return [paint.bold(coloured(verdict, paint)), ...lines].join('\n');
}

function mark(verdict: Verdict, paint: Paint): string {
  return coloured(verdict, paint) + ' '.repeat(6 - verdict.length);
}

function coloured(verdict: Verdict, paint: Paint): string {
  return { allow: paint.good, ask: paint.warn, deny: paint.bad }[verdict](verdict);
}

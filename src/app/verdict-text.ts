import * as z from 'zod/mini';
import { humanCount } from '../core/human-units.ts';
import { entryName } from '../core/names.ts';
import { once } from '../core/once.ts';
import { visible, visibleLine } from '../core/visible-text.ts';
import type { Hole, Verdict } from '../ledger/verify/verdict.ts';
import { type FormerJson, formerJson, formerWarning } from './former-ledgers.ts';
import { type Paint, wrap } from './paint.ts';

const hole = once(() =>
  z.object({
    entry: z.string(),
    blob: z.nullable(z.string()).check(z.describe('null: the entry itself')),
    by: z.string().check(z.describe('the entry that says so')),
    kind: z.enum(['redacted', 'pruned']),
  }),
);
type HoleJson = z.infer<ReturnType<typeof hole>>;

/** A verdict in JSON output. */
export const verdictJson = once(() =>
  z.object({
    ok: z.boolean(),
    size: z.int(),
    root: z.string(),
    checks: z.array(z.object({ what: z.string(), count: z.int(), ok: z.boolean() })),
    problems: z.array(
      z.object({ code: z.string(), entry: z.nullable(z.string()), message: z.string() }),
    ),
    firstWrong: z
      .nullable(z.string())
      .check(z.describe('the first entry that is not what was signed')),
    redacted: z
      .array(hole())
      .check(z.describe('what was taken out of the record, and the entry that says so')),
    remains: z
      .array(hole())
      .check(z.describe('said to be taken out, and still there: proof doctor --fix')),
    former: z
      .array(formerJson())
      .check(z.describe('other ledgers that stood here, as this machine remembers')),
    unseen: z
      .array(z.string())
      .check(z.describe('why some roots kept elsewhere may not have been looked at')),
    anchored: z.int().check(z.describe('entries below this lie under a root kept elsewhere')),
    rests: z.string().check(z.describe('what the record rests on, in a sentence')),
  }),
);
export type VerdictJson = z.infer<ReturnType<typeof verdictJson>>;

export function toVerdictJson(
  { problems, redacted, remains, ...rest }: Verdict & { unseen: string[]; former: FormerJson[] },
  rests: string,
): VerdictJson {
  return {
    ...rest,
    redacted: redacted.map(toHole),
    remains: remains.map(toHole),
    problems: problems.map(({ code, seq, message }) => ({
      code,
      entry: seq === null ? null : entryName(seq),
      message,
    })),
    rests,
  };
}

function toHole({ seq, by, ...rest }: Hole): HoleJson {
  return { entry: entryName(seq), by: entryName(by), ...rest };
}

/** What was checked, what is wrong, what is gone, and what it rests on. */
export function verdictText(verdict: VerdictJson, paint: Paint): string {
  const lines = verdict.checks.map(({ what, count, ok }) => {
    const mark = ok ? paint.good('✓') : paint.bad('✗');
    return `  ${mark} ${what}  ${paint.dim(humanCount(count))}`;
  });
  const problems = verdict.problems.map(({ code, message }) => {
    const text = wrap(message, paint.columns, ' '.repeat(code.length + 4));
    return `  ${paint.bad(code)}  ${text}`;
  });
  const head = verdict.ok
    ? paint.good('verified')
    : paint.bad(
        `not verified${verdict.firstWrong === null ? '' : `: the first wrong entry is ${verdict.firstWrong}`}`,
      );
  const unseen = verdict.unseen.map(
    (why) => `  ${paint.warn('not seen')}  ${wrap(visible(why), paint.columns, ' '.repeat(12))}`,
  );
  return [
    head,
    ...lines,
    ...problems,
    ...holeLines('redacted', verdict.redacted, paint),
    ...holeLines('still there', verdict.remains, paint),
    ...unseen,
    ...formerLines(verdict.former, paint),
    `  ${wrap(verdict.rests, paint.columns, '  ')}`,
  ].join('\n');
}

function formerLines(former: readonly FormerJson[], paint: Paint): string[] {
  if (former.length === 0) return [];
  const text = wrap(formerWarning(former), paint.columns, ' '.repeat(10));
  return [`  ${paint.warn('before')}  ${text}`];
}

function holeLines(label: string, holes: readonly HoleJson[], paint: Paint): string[] {
  const lines = holes.slice(0, MOST_HOLES).map(({ entry, blob, by, kind }) => {
    const what = blob === null ? entry : `${visibleLine(blob)} of ${entry}`;
    return `  ${paint.warn(label)}  ${what}, ${kind} by ${by}`;
  });
  if (holes.length <= MOST_HOLES) return lines;
  return [
    ...lines,
    `  ${paint.warn(label)}  and ${humanCount(holes.length - MOST_HOLES)} more (--json has all)`,
  ];
}

const MOST_HOLES = 10;

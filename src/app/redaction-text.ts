import { humanBytes, plural } from '../core/human-units.ts';
import { entryName, type Seq } from '../core/names.ts';
import { cut, visibleLine } from '../core/visible-text.ts';
import type { RedactionPlan } from '../ledger/redaction/redaction-plan.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import { timelineRow } from '../views/timeline.ts';
import type { GoneJson } from './entry-json.ts';
import type { Paint } from './paint.ts';

export interface Part {
  entry: string;
  blob: string | null;
}

export interface Kept extends Part {
  blob: string;
  also: string[];
}

/** Whole entries, then blobs by the entries that lose them; what goes with its entry is not named. */
export function partsOf({ entries, blobs }: RedactionPlan): Part[] {
  const whole = new Set(entries.map(({ seq }) => seq));
  const parts = blobs.flatMap(({ of }) => of).filter(({ seq }) => !whole.has(seq));
  return [
    ...entries.map(({ seq }) => ({ entry: entryName(seq), blob: null })),
    ...parts.map(({ seq, name }) => ({ entry: entryName(seq), blob: name })),
  ];
}

export function keptOf({ shared }: RedactionPlan): Kept[] {
  return shared.map(({ seq, name, others }) => ({
    entry: entryName(seq),
    blob: name,
    also: others.map(entryName),
  }));
}

/** What is about to go, for a person to look at before saying yes. */
export function planText(reader: LedgerReader, plan: RedactionPlan, paint: Paint): string {
  const lines = [
    paint.bold(`About to be taken out of the record for good, ${humanBytes(plan.bytes)}:`),
  ];
  const by = new Map<Seq, string[]>();
  for (const { seq } of plan.entries) by.set(seq, ['all of it']);
  for (const { seq, name } of plan.blobs.flatMap(({ of }) => of)) {
    if (by.get(seq)?.[0] !== 'all of it') by.set(seq, [...(by.get(seq) ?? []), name]);
  }
  const rows = [...by].sort(([one], [other]) => one - other);
  for (const [seq, names] of rows.slice(0, MOST_ROWS)) {
    const title = titleOf(reader, seq);
    lines.push(
      `  ${entryName(seq).padEnd(6)} ${visibleLine(names.join(', ')).padEnd(10)} ${paint.dim(title)}`,
    );
  }
  if (rows.length > MOST_ROWS) {
    lines.push(
      `  and of ${plural(rows.length - MOST_ROWS, 'more entry', 'more entries')}, which have the same bytes`,
    );
  }
  return [...lines, ...keptOf(plan).map((kept) => keptLine(kept, paint))].join('\n');
}

export function redactedText(
  done: {
    redacted: readonly Part[];
    bytes: number;
    said: readonly string[];
    kept: readonly Kept[];
    cached: boolean;
    left: string | null;
  },
  paint: Paint,
): string {
  const names = done.redacted.map(({ entry, blob }) =>
    blob === null ? entry : `${blob} of ${entry}`,
  );
  const shown =
    names.length <= MOST_NAMED
      ? names
      : [...names.slice(0, MOST_NAMED), `${names.length - MOST_NAMED} more`];
  return [
    `${paint.good('✓')} redacted ${visibleLine(shown.join(', '))} ${paint.dim(`(${humanBytes(done.bytes)})`)}`,
    `  said in  ${done.said.join(', ')}; the record still verifies, and shows the hole`,
    ...done.kept.map((kept) => keptLine(kept, paint)),
    ...(done.cached ? [paint.warn(CACHED)] : []),
    ...(done.left === null
      ? []
      : [
          paint.bad(
            `  copies remain for now, because ${visibleLine(done.left)}: proof doctor --fix`,
          ),
        ]),
  ].join('\n');
}

/** Why bytes are not there, where they would stand. */
export function holeText({ kind, by, because }: GoneJson): string {
  return `${kind} by ${by}: ${visibleLine(because)}`;
}

/** What every run of a shell has alike is of less weight than output that two runs had alike. */
function keptLine(kept: Kept, paint: Paint): string {
  const { entry, blob, also } = kept;
  const name = visibleLine(blob);
  const who =
    also.length <= 3 ? also.join(', ') : plural(also.length, 'other entry', 'other entries');
  const text = `  stays    ${name} of ${entry}: ${who} ${also.length === 1 ? 'has' : 'have'} the same bytes`;
  if (blob === 'environment') return paint.dim(text);
  return paint.warn(`${text}; proof redact ${entry} --blob ${name} takes them from all`);
}

/** Contents are sealed there and belong to no entry alone; undo and diff do without. */
const CACHED =
  '  stays    what files held, in the workspace’s own cache: delete snapshots/ in the ledger’s directory';

function titleOf(reader: LedgerReader, seq: Seq): string {
  try {
    return cut(visibleLine(timelineRow({ seq, entry: reader.entry(seq).entry }).title), 60);
  } catch {
    return 'cannot be read';
  }
}

const MOST_ROWS = 12;
const MOST_NAMED = 6;

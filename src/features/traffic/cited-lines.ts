import { REFUSALS } from './formats/record.ts';
import type { Investigated, InvestigateOptions } from './investigate.ts';
import type { Statement } from './questions/findings.ts';
import type { LineColumns } from './reader/line-columns.ts';
import { type LogInput, readSource } from './reader/log-source.ts';
import { type LinePlace, Tally } from './tally/tally.ts';

/** The lines a finding rests on: their places, in the order of the logs. */
export interface Cited {
  n: number;
  /** How many there are; `places` holds the first of them. */
  total: number;
  places: LinePlace[];
}

/** Places kept of a finding; the lines beyond are found by reading the logs again. */
export const MOST_PLACES = 50_000;

/**
 * Reads the same logs again and finds the lines behind each finding. What a visitor is was decided
 * by all of the log, so it takes a second look; the same bytes give the same visitors.
 */
export async function citedLines(
  inputs: readonly LogInput[],
  options: InvestigateOptions,
  { undeclared }: Investigated,
  findings: readonly Statement[],
): Promise<Cited[]> {
  const cited = findings.map(({ n }): Cited => ({ n, total: 0, places: [] }));
  const bySubject = new Map(findings.map(({ subject }, i) => [subject, cited[i] as Cited]));
  const fleetOf = new Map<number, Cited>();
  for (const { name, visitors } of undeclared.fleets) {
    const finding = bySubject.get(`fleet:${name}`);
    if (finding !== undefined) for (const id of visitors) fleetOf.set(id, finding);
  }
  const quarantine = bySubject.get('quarantine');
  const tally = new Tally({ ...options, obedience: null });
  for (const [source, input] of inputs.entries()) {
    await readSource(input, options, (columns) => {
      if (quarantine !== undefined) citeQuarantine(quarantine, columns, source);
      tally.add(columns, source, ({ place, visitor, row }) => {
        const finding =
          row === null
            ? fleetOf.get(visitor)
            : bySubject.get(`${row.judged.verdict}:${row.claim.name}`);
        if (finding !== undefined) cite(finding, place);
      });
    });
  }
  return cited;
}

function cite(finding: Cited, place: LinePlace): void {
  if (finding.total++ < MOST_PLACES) finding.places.push(place);
}

const DIRECTIVE = REFUSALS.indexOf('directive') + 1;

function citeQuarantine(finding: Cited, columns: LineColumns, source: number): void {
  let offset = columns.offset;
  for (let i = 0; i < columns.lines; i++) {
    const length = columns.lengths[i] as number;
    const refusal = columns.refusals[i] as number;
    if (refusal !== 0 && refusal !== DIRECTIVE) cite(finding, { source, offset, length });
    offset += length;
  }
}

import type { Body, Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { TestCase } from '../../judge/test-reports/test-report.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import { maskText } from '../../ledger/mask/text-mask.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import type { KeptReport } from './run-reports.ts';
import { reportBody } from './test-report-body.ts';

/** Whose it is: where the entry stands, and what it stands on. */
export interface ReportPlace {
  task: Seq | null;
  actor: Draft['actor'];
  on: Seq | null;
  /** Directory that paths are shown from. */
  root: string;
  provenance: 'observed' | 'reported';
}

/** Appends a `test.report` for each run; resolves with their leaf indexes and bodies, in order. */
export async function keepReports(
  ledger: Ledger,
  runs: readonly KeptReport[],
  place: ReportPlace,
): Promise<{ seq: Seq; body: Body<'test.report'> }[]> {
  const stored: StoredBlob[] = [];
  const drafts: (Draft & { kind: 'test.report' })[] = [];
  const mask = (text: string) => maskText(ledger.rules, text).text;
  for (const run of runs) {
    const blobs = [
      await keep(ledger, 'cases', 'application/x-ndjson', caseLines(run.report.cases)),
      await keep(ledger, 'report', 'text/plain', run.texts),
    ].filter((blob) => blob !== null);
    stored.push(...blobs);
    drafts.push({
      kind: 'test.report',
      body: reportBody(run, { root: place.root, mask }),
      task: place.task,
      actor: place.actor,
      provenance: place.provenance,
      refs: place.on === null ? [] : [{ rel: 'on', seq: place.on }],
      blobs: blobs.map(({ ref }) => ref),
    });
  }
  const seqs = await ledger.append(() => drafts, stored);
  return seqs.map((seq, i) => ({ seq, body: (drafts[i] as (typeof drafts)[number]).body }));
}

/** A JSON object for each test, in the report's order. */
function* caseLines(cases: readonly TestCase[]): Generator<string> {
  let lines = '';
  for (const test of cases) {
    lines += `${JSON.stringify(test)}\n`;
    if (lines.length < LINES_A_WRITE) continue;
    yield lines;
    lines = '';
  }
  yield lines;
}

async function keep(
  ledger: Ledger,
  name: string,
  type: string,
  pieces: Iterable<string>,
): Promise<StoredBlob | null> {
  const writer = ledger.blob(name, { type });
  for (const piece of pieces) await writer.write(Buffer.from(piece));
  await writer.end();
  return writer.finish();
}

const LINES_A_WRITE = 256 * 1024;

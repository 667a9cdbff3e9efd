import type { FileChange } from '../../core/entries/change-kind.ts';
import type { Body, EntryOf } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import { mayHoldReport } from '../../judge/test-reports/may-hold-report.ts';
import { maskText } from '../../ledger/mask/text-mask.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';
import { endsOf, recordedStreams } from './recorded-streams.ts';
import { reportCandidates, type WrittenFile } from './report-candidates.ts';
import { filesBelow } from './report-files.ts';

/** What the tests of a command came to, as it was recorded. */
export interface RecordedTests {
  reports: { seq: Seq; body: Body<'test.report'> }[];
  /** Looked like reports and were not read, and why. */
  passedOver: { name: string; why: string }[];
}

/**
 * Finds the test reports of a command that was just recorded and appends them, on its entry. Where
 * there are none this costs a look at the ends of its output: nothing else is loaded.
 *
 * @param changed what it changed in the workspace, whose root is `root`.
 */
export async function recordTestsOf(
  ledger: Ledger,
  seq: Seq,
  changed: readonly FileChange[],
  root: string,
): Promise<RecordedTests> {
  const { entry } = ledger.entry(seq);
  if (entry?.kind !== 'command') return NOTHING;
  const output = recordedStreams(ledger, entry);
  const writtenFiles = written(changed);
  const worthwhile =
    output.some((stream) => mayHoldReport(endsOf(stream))) ||
    reportCandidates(writtenFiles).length > 0;
  if (!worthwhile || childHasTests(ledger, entry)) return NOTHING;
  const { reportsOf } = await import('./run-reports.ts');
  const { argv, cwd } = entry.body;
  const { runs, passedOver } = await reportsOf(
    { argv: argv ?? [] },
    { output, writtenFiles },
    filesBelow(root),
    (text) => maskText(ledger.rules, text).text,
  );
  if (runs.length === 0) return { reports: [], passedOver };
  const { keepReports } = await import('./keep-report.ts');
  const { task, actor } = entry;
  const place = { task, actor, on: seq, root: cwd, provenance: 'observed' as const };
  return { reports: await keepReports(ledger, runs, place), passedOver };
}

const NOTHING: RecordedTests = { reports: [], passedOver: [] };

/** Files whose contents are new, where they have a name that can be opened. */
function written(changed: readonly FileChange[]): WrittenFile[] {
  return changed.flatMap(({ path, bytes, change, part, after }) => {
    const there = after !== null && after.type === 'file' && bytes === undefined;
    const own = part === 'workspace' || part === 'ignored';
    const fresh = change !== 'mode' && change !== 'renamed';
    return there && own && fresh ? [{ path, size: after.size }] : [];
  });
}

/** The tests of a recorded command inside this one stand on that one, and not twice. */
function childHasTests(reader: LedgerReader, { refs }: EntryOf<'command'>): boolean {
  const children = new Set(refs.filter(({ rel }) => rel === 'child').map(({ seq }) => seq));
  if (children.size === 0) return false;
  for (const { entry } of reader.entries(Math.min(...children))) {
    if (entry?.kind !== 'test.report') continue;
    if (entry.refs.some(({ rel, seq }) => rel === 'on' && children.has(seq))) return true;
  }
  return false;
}

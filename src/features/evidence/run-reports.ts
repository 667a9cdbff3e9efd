import type { ReportSource } from '../../core/entries/test-report-kind.ts';
import { type FoundReport, runsOf } from '../../judge/test-reports/found-report.ts';
import { HEAD_BYTES } from '../../judge/test-reports/may-hold-report.ts';
import { onlyShows } from '../../judge/test-reports/printing-programs.ts';
import type { ReportProblem } from '../../judge/test-reports/test-report.ts';
import { decodeReport } from '../../judge/test-reports/text-lines.ts';
import { endsOf, type RecordedStream } from './recorded-streams.ts';
import { reportCandidates, type WrittenFile } from './report-candidates.ts';
import type { FileReader } from './report-files.ts';
import { looksLikeReport, READ_BYTES, reportsInText } from './report-text.ts';

export interface RunReports {
  /** One for each run of tests that is told of. */
  runs: KeptReport[];
  /** Looked like reports and were not read, and why. */
  passedOver: { name: string; why: string }[];
}

/** A report with the texts it was read from, where those are not recorded already. */
export interface KeptReport extends FoundReport {
  texts: string[];
}

/**
 * The test reports of one command, in what it wrote to its output and in files it wrote. Cheap
 * where there are none: a look at the ends of its output, and at the names of the files.
 *
 * @param mask strikes secrets out of a file's text before anything is read from it.
 */
export async function reportsOf(
  command: { argv: readonly string[] },
  facts: { output: readonly RecordedStream[]; writtenFiles: readonly WrittenFile[] },
  files: FileReader,
  mask: (text: string) => string,
): Promise<RunReports> {
  if (onlyShows(command.argv)) return { runs: [], passedOver: [] };
  const found: FoundReport[] = [];
  const texts = new Map<ReportSource, string>();
  const passedOver: RunReports['passedOver'] = [];
  for (const stream of facts.output) {
    if (!looksLikeReport(endsOf(stream))) continue;
    const other = facts.output.find(({ name }) => name !== stream.name);
    found.push(...(await inStream(stream, other)));
  }
  let budget = READ_BYTES;
  const seen = new Set<string>();
  for (const { path } of reportCandidates(facts.writtenFiles)) {
    const whole = readWhole(files, path, Math.min(budget, READ_BYTES));
    if (whole === null) continue;
    if (whole === 'too-large') {
      passedOver.push({ name: path, why: `longer than the ${READ_BYTES >> 20} MiB that are read` });
      continue;
    }
    const { text, source } = whole;
    // Some programs write the same report twice, under two names.
    if (seen.has(text)) continue;
    seen.add(text);
    budget -= source.bytes;
    const masked = mask(text);
    const reports = await reportsInText(masked, source);
    if (reports.length > 0) texts.set(source, masked);
    found.push(...reports);
  }
  const runs = runsOf(found).map((run) => ({
    ...run,
    texts: run.sources.flatMap((source) => texts.get(source) ?? []),
  }));
  return { runs, passedOver };
}

/** Runners that write their totals to standard output, and what failed, or where, to standard error. */
const ON_BOTH: ReadonlySet<string> = new Set(['vitest', 'cargo']);

async function inStream(stream: RecordedStream, other?: RecordedStream): Promise<FoundReport[]> {
  const own = textOf(stream);
  const { screen } = stream;
  const options = screen === undefined ? {} : { size: screen };
  const found = await reportsInText(own.text, own.source, options);
  for (const [i, one] of found.entries()) {
    if (other !== undefined && ON_BOTH.has(one.report.format)) {
      const { format } = one.report;
      const both = textOf(other);
      const [again] = await reportsInText(`${both.text}\n${own.text}`, own.source, { format });
      if (again !== undefined) found[i] = { ...again, sources: [own.source, both.source] };
      found[i]?.report.problems.push(...both.problems);
    }
    found[i]?.report.problems.push(...own.problems);
  }
  return found;
}

function textOf({ name, size, gaps, read }: RecordedStream) {
  const from = Math.max(0, size - READ_BYTES);
  const source: ReportSource = { from: 'output', name, bytes: size };
  const problems: ReportProblem[] = [];
  if (gaps) problems.push({ problem: 'cut', detail: `not all of ${name} is recorded` });
  if (from > 0) {
    const detail = `only the last ${READ_BYTES >> 20} MiB of ${name} were read`;
    problems.push({ problem: 'bounded', detail });
  }
  return { text: new TextDecoder().decode(read(from, size)), source, problems };
}

/** The text of a candidate if its ends look like a report. */
function readWhole(files: FileReader, path: string, most: number) {
  const head = files.read(path, HEAD_BYTES);
  if (head === null) return null;
  const cut = head.size > head.bytes.length;
  // Of a longer file the head decides: reports say at once what they are.
  if (!looksLikeReport(decodeReport(head.bytes))) return null;
  const whole = cut ? files.read(path, most + 1) : head;
  if (whole === null) return null;
  if (whole.bytes.length > most) return 'too-large' as const;
  const source: ReportSource = {
    from: 'file',
    name: path,
    bytes: whole.bytes.length,
    modified: whole.modified.toISOString(),
  };
  return { text: decodeReport(whole.bytes), source };
}

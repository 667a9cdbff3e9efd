import type { ReportSource } from '../../core/entries/test-report-kind.ts';
import { type FoundReport, runsOf } from '../../judge/test-reports/found-report.ts';
import { REPORT_FORMATS, type ReportFormat } from '../../judge/test-reports/test-report.ts';
import { decodeReport } from '../../judge/test-reports/text-lines.ts';
import { readStart } from './report-files.ts';
import { READ_BYTES, reportsInText, saysSomething } from './report-text.ts';
import type { KeptReport } from './run-reports.ts';
import { testReportError } from './test-report-error.ts';

/** A report that somebody hands over. */
export interface GivenReport {
  source: ReportSource;
  text: string;
}

/**
 * A file as a report to be read. Throws `tests.no-file` where there is none that can be read, and
 * `tests.too-large` where it is longer than what is read.
 */
export function givenFile(path: string, name: string): GivenReport {
  let found: ReturnType<typeof readStart>;
  try {
    found = readStart(path, READ_BYTES + 1);
  } catch (cause) {
    const why = (cause as Error).message;
    throw testReportError(
      'tests.no-file',
      `${name} cannot be read`,
      why,
      'name a report that is there: proof tests FILE',
      cause,
    );
  }
  if (found === null) {
    const remedy = `proof tests ${name.replace(/\/$/, '')}/*.xml`;
    throw testReportError(
      'tests.no-file',
      `${name} is not a file`,
      'a report is read from a file',
      remedy,
    );
  }
  if (found.bytes.length > READ_BYTES) throw tooLarge(name, found.size);
  const source: ReportSource = {
    from: 'given',
    name,
    bytes: found.size,
    modified: found.modified.toISOString(),
  };
  return { source, text: decodeReport(found.bytes) };
}

/** Standard input as a report to be read. */
export function givenText(text: string): GivenReport {
  const bytes = Buffer.byteLength(text);
  if (bytes > READ_BYTES) throw tooLarge('standard input', bytes);
  return { source: { from: 'given', name: '-', bytes }, text };
}

/**
 * Reads reports that were handed over; files of one runner in one format are one report. Throws
 * `tests.no-report` where one is not recognised, `tests.unreadable` where nothing could be read.
 *
 * @param mask strikes secrets out of a text before anything is read from it.
 */
export async function readGiven(
  given: readonly GivenReport[],
  format: ReportFormat | undefined,
  mask: (text: string) => string,
): Promise<KeptReport[]> {
  const found: FoundReport[] = [];
  const texts = new Map<ReportSource, string>();
  for (const { source, text } of given) {
    const masked = mask(text);
    const reports = await reportsInText(masked, source, format === undefined ? {} : { format });
    const name = source.name === '-' ? 'standard input' : source.name;
    if (reports.length === 0) throw notRecognised(name);
    const readable = reports.filter(({ report }) => saysSomething(report));
    if (readable.length === 0) {
      const { report } = reports[0] as FoundReport;
      throw testReportError(
        'tests.unreadable',
        `${name} could not be read as ${report.format}`,
        report.problems[0]?.detail ?? 'nothing in it could be read',
        `proof attach ${source.name} keeps it as it is`,
      );
    }
    texts.set(source, masked);
    found.push(...readable);
  }
  return runsOf(found).map((run) => ({
    ...run,
    texts: run.sources.flatMap((source) => texts.get(source) ?? []),
  }));
}

function notRecognised(name: string) {
  return testReportError(
    'tests.no-report',
    `${name} is no test report that is known here`,
    'neither its beginning nor its end looks like one',
    `name what it is: --format ${REPORT_FORMATS.slice(0, 4).join('|')}|…`,
  );
}

function tooLarge(name: string, bytes: number) {
  return testReportError(
    'tests.too-large',
    `${name} is too large to be read as a report`,
    `it has ${bytes} bytes; up to ${READ_BYTES} (64 MiB) are read`,
    'let the runner write one report for each package, and hand those over',
  );
}

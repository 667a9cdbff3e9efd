import type { ReportSource } from '../../core/entries/test-report-kind.ts';
import type { FoundReport } from '../../judge/test-reports/found-report.ts';
import { mayHoldReport } from '../../judge/test-reports/may-hold-report.ts';
import { recogniseReport } from '../../judge/test-reports/recognise.ts';
import type { ReportFormat, TestReport } from '../../judge/test-reports/test-report.ts';
import { type ScreenSize, settledScreen } from '../../views/settled-screen.ts';

/** Bytes of one report that are read; of a longer stream the end, a longer file is refused. */
export const READ_BYTES = 64 * 1024 * 1024;

/** Cheap: whether reading a text whole is worth it. */
export function looksLikeReport(headAndTail: string): boolean {
  return mayHoldReport(headAndTail) && recogniseReport(asShown(headAndTail)).length > 0;
}

/**
 * All reports in a text. The readers are loaded now, they are the heavy part. In what a command
 * wrote on the way a format may be recognised by mistake: then its report says nothing, and is left
 * out; a file that looks like one is kept though nothing could be read from it.
 */
export async function reportsInText(
  text: string,
  source: ReportSource,
  options: { format?: ReportFormat; size?: ScreenSize } = {},
): Promise<FoundReport[]> {
  const { readReport } = await import('../../judge/test-reports/read-reports.ts');
  const shown = asShown(text, options.size);
  const formats = options.format === undefined ? recogniseReport(shown) : [options.format];
  return formats
    .map((format) => readReport(format, shown))
    .filter((report) => source.from !== 'output' || saysSomething(report))
    .map((report) => ({ report, sources: [source], alsoIn: [] }));
}

/** False for a report of which nothing but its kind could be found out. */
export function saysSomething({ counts, cases, suites, problems }: TestReport): boolean {
  const counted = Object.values(counts).some((count) => (count ?? 0) > 0);
  return counted || cases.length > 0 || suites > 0 || problems.length === 0;
}

/** Text as a person saw it in the end; most has no control codes, and is not walked through. */
function asShown(text: string, size?: ScreenSize): string {
  return /[\u001b\u009b\b]|\r(?!\n)/.test(text) ? settledScreen(text, size) : text;
}

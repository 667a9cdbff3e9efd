import type { Body } from '../core/entries/kinds.ts';
import { humanBytes, humanCount, humanDuration, plural } from '../core/human-units.ts';
import { visible, visibleLine } from '../core/visible-text.ts';
import { reportCounts, reportTone, testName } from '../views/test-report-title.ts';
import type { Paint } from './paint.ts';
import { indent, type Line, type Shown } from './shown-entry.ts';

type ReportBody = Body<'test.report'>;

/** A test report in full: what it came to, then the failures, each with its place and message. */
export function testReportBlock(
  body: ReportBody,
  { shown, paint, line }: { shown: Shown; paint: Paint; line: Line },
): string[] {
  const on = shown.refs.find(({ rel }) => rel === 'on')?.entry;
  const { durationMicros, suites, reruns = 0 } = body;
  const took = [
    ...(durationMicros === null ? [] : [humanDuration(durationMicros)]),
    ...(suites === 0 ? [] : [`in ${plural(suites, 'suite')}`]),
    ...(reruns === 0 ? [] : [plural(reruns, 're-run')]),
  ];
  return [
    line('tests', runnerText(body)),
    ...(on === undefined ? [] : [line('of', on)]),
    ...body.sources.map((source, i) => line(i === 0 ? 'from' : '', sourceText(source))),
    ...(body.moreSources === undefined
      ? []
      : [line('', `and ${plural(body.moreSources, 'file')} more`)]),
    ...(body.alsoIn ?? []).map(({ format, source }, i) =>
      line(i === 0 ? 'also' : '', `${sourceText(source)}, as ${format}`),
    ),
    `  result   ${resultText(body, paint)}`,
    ...(took.length === 0 ? [] : [line('took', took.join(' · '))]),
    ...body.problems.map(({ problem, detail }, i) =>
      paint.warn(line(i === 0 ? 'but' : '', `${problem}: ${detail}`)),
    ),
    ...body.failures.flatMap((failure) => failureLines(failure, paint)),
    ...(body.moreFailures > 0
      ? ['', paint.dim(`  and ${plural(body.moreFailures, 'failure')} more`)]
      : []),
    ...flakyLines(body, paint),
    ...listedLine(body, shown, paint),
  ];
}

function runnerText({ runner, format }: ReportBody): string {
  if (runner === null) return format;
  // Formats named after a runner are what it prints for people.
  return PRINTED.test(format) ? `${runner}, as printed` : `${runner}, as ${format}`;
}

const PRINTED = /^(?:vitest|jest|mocha|node|playwright|pytest|unittest|go|cargo|nextest)$/;

function resultText(body: ReportBody, paint: Paint): string {
  const tone = reportTone(body);
  const text = visibleLine(reportCounts(body));
  if (tone === 'quiet') return text;
  return tone === 'good' ? paint.good(`✓ ${text}`) : paint.bad(`✗ ${text}`);
}

function sourceText({ from, name, bytes, modified }: ReportBody['sources'][number]): string {
  const size = humanBytes(bytes);
  if (from === 'output') return `${name} of the command (${size})`;
  const when = modified === undefined ? '' : `, written ${modified}`;
  const what = name === '-' ? 'standard input' : name;
  return `${what} (${size}${when})${from === 'given' ? ', handed over' : ''}`;
}

function failureLines(failure: ReportBody['failures'][number], paint: Paint): string[] {
  const { file, line, message, outcome, attempts } = failure;
  const place = file === undefined ? '' : line === undefined ? file : `${file}:${line}`;
  const notes = [
    ...(place === '' || place === failure.name ? [] : [place]),
    ...(outcome === 'error' ? ['error'] : []),
    ...(attempts === undefined ? [] : [`${attempts} attempts`]),
  ];
  const beside = notes.length === 0 ? '' : `  ${paint.dim(visibleLine(notes.join(' · ')))}`;
  return [
    '',
    `  ${paint.bad('✗')} ${visibleLine(testName(failure))}${beside}`,
    ...(message === undefined ? [] : [indent(visible(message))]),
  ];
}

function flakyLines({ flaky, counts }: ReportBody, paint: Paint): string[] {
  if (flaky.length === 0) return [];
  const more = counts.flaky - flaky.length;
  return [
    '',
    ...flaky.map(
      (test) =>
        `  ${paint.warn('~')} ${visibleLine(testName(test))}  ${paint.dim(`passed at attempt ${test.attempts}`)}`,
    ),
    ...(more > 0 ? [paint.dim(`  and ${humanCount(more)} more flaky`)] : []),
  ];
}

function listedLine({ listed, counts }: ReportBody, shown: Shown, paint: Paint): string[] {
  if (listed === 0) return [];
  const { passed, failed, skipped, todo, flaky, errors } = counts;
  const all = (passed ?? 0) + failed + (skipped ?? 0) + todo + flaky + errors;
  const what =
    listed < all ? `${humanCount(listed)} of ${plural(all, 'test')}` : plural(listed, 'test');
  return ['', paint.dim(`  ${what} listed: proof show ${shown.name} --output cases`)];
}

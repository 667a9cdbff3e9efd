import { humanBytes, humanDuration, plural } from '../core/human-units.ts';
import { visibleLine } from '../core/visible-text.ts';
import { gapText, maskedText } from './evidence-fields.ts';
import type { Paint } from './paint.ts';

interface Timing {
  dnsMicros: number | null;
  connectMicros: number | null;
  tlsMicros: number | null;
  firstByteMicros: number | null;
  totalMicros: number;
}

/** What `proof http` says: the answer or why there is none, what it took, where it is kept. */
export function httpText(
  output: {
    entry: string;
    task: string | null;
    method: string;
    url: string;
    finalUrl: string;
    redirects: number;
    status: number | null;
    reason: string | null;
    type: string | null;
    body: {
      bytes: number;
      gaps: readonly { at: number; bytes: number | null; why: string }[];
      masked: readonly { rule: string; count: number }[];
    } | null;
    failure: { what: string; why: string } | null;
    expected: { status: string; met: boolean } | null;
    timing: Timing;
    tls: { protocol: string; trusted: boolean; why: string | null } | null;
  },
  paint: Paint,
): string {
  const indent = ' '.repeat(output.entry.length + 2);
  const { body, failure, expected } = output;
  const lines = [
    `${paint.bold(output.entry)}  ${output.method} ${visibleLine(output.url)}  ${statusText(output, paint)}`,
  ];
  if (output.redirects > 0)
    lines.push(
      paint.dim(
        `${indent}after ${plural(output.redirects, 'redirect')}: ${visibleLine(output.finalUrl)}`,
      ),
    );
  if (body !== null)
    lines.push(
      paint.dim(
        `${indent}${body.bytes === 0 ? 'no body' : `${visibleLine(output.type ?? '')} · ${humanBytes(body.bytes)}`}${output.task === null ? ' · outside tasks' : ''}`,
      ),
    );
  lines.push(paint.dim(`${indent}${timingText(output.timing)}`));
  if (output.tls !== null && !output.tls.trusted && failure?.what !== 'certificate')
    lines.push(paint.warn(`${indent}not checked: ${visibleLine(output.tls.why ?? '')}`));
  const said = (body?.gaps ?? []).some(({ why }) => why === failure?.why);
  if (failure !== null && output.status !== null && !said)
    lines.push(paint.bad(`${indent}${visibleLine(failure.why)}`));
  if (failure?.what === 'certificate')
    lines.push(`${indent}--insecure asks all the same, and the entry says so`);
  for (const gap of body?.gaps ?? [])
    lines.push(paint.bad(`${indent}${visibleLine(gapText(gap))}`));
  if (body !== null && body.masked.length > 0)
    lines.push(paint.warn(`${indent}${maskedText(body.masked)}`));
  if (expected !== null && !expected.met && output.status !== null)
    lines.push(paint.bad(`${indent}expected was ${expected.status}`));
  return lines.join('\n');
}

function statusText(
  {
    status,
    reason,
    failure,
    expected,
  }: {
    status: number | null;
    reason: string | null;
    failure: { why: string } | null;
    expected: { met: boolean } | null;
  },
  paint: Paint,
): string {
  if (status === null) return paint.bad(`✗ no answer: ${visibleLine(failure?.why ?? '')}`);
  const text = `${status} ${visibleLine(reason ?? '')}`.trim();
  if (expected !== null) return expected.met ? paint.good(`✓ ${text}`) : paint.bad(`✗ ${text}`);
  return status < 400 ? paint.good(text) : paint.bad(text);
}

/** `dns 2 ms · connect 11 ms · tls 24 ms · first byte 80 ms · 121 ms in all`. */
export function timingText(timing: Timing): string {
  const parts: readonly [string, number | null][] = [
    ['name', timing.dnsMicros],
    ['connect', timing.connectMicros],
    ['tls', timing.tlsMicros],
    ['first byte', timing.firstByteMicros],
  ];
  return [
    ...parts.flatMap(([name, micros]) =>
      micros === null ? [] : [`${name} ${humanDuration(micros)}`],
    ),
    `${humanDuration(timing.totalMicros)} in all`,
  ].join(' · ');
}

import { humanBytes, humanDuration, plural } from '../core/human-units.ts';
import { cut, visibleLine } from '../core/visible-text.ts';
import type { Paint } from './paint.ts';

/** What `proof shot` says: which page, whether it was well, and how to see the picture. */
export function shotText(
  output: {
    entry: string;
    task: string | null;
    url: string;
    finalUrl: string;
    status: number | null;
    title: string;
    width: number;
    height: number;
    bytes: number;
    cut: boolean;
    loaded: boolean;
    errors: number;
    failedRequests: number;
    problems: readonly { what: string; text: string }[];
    durationMicros: number;
    browser: { name: string; version: string; sandbox: boolean };
  },
  paint: Paint,
): string {
  const indent = ' '.repeat(output.entry.length + 2);
  const page = output.title === '' ? output.finalUrl : `“${output.title}”`;
  const status =
    output.status === null
      ? ''
      : output.status < 400
        ? `  ${paint.good(String(output.status))}`
        : `  ${paint.bad(String(output.status))}`;
  const lines = [`${paint.bold(output.entry)}  ${visibleLine(page)}${status}`];
  if (output.title !== '') lines.push(paint.dim(`${indent}${visibleLine(output.finalUrl)}`));
  lines.push(
    paint.dim(
      `${indent}${output.width}×${output.height}, ${humanBytes(output.bytes)} · ${output.browser.name} ${visibleLine(output.browser.version)}${output.browser.sandbox ? '' : ' without sandbox (root)'} · ${humanDuration(output.durationMicros)}${output.task === null ? ' · outside tasks' : ''}`,
    ),
  );
  if (!output.loaded)
    lines.push(paint.bad(`${indent}it was not ready in time: shown as it stood then`));
  if (output.cut)
    lines.push(
      paint.warn(`${indent}the page is larger than a picture may be: its beginning is shown`),
    );
  const found = [
    ...(output.errors > 0 ? [plural(output.errors, 'console error')] : []),
    ...(output.failedRequests > 0 ? [plural(output.failedRequests, 'failed request')] : []),
  ];
  lines.push(
    found.length === 0
      ? `${indent}${paint.good('✓ no console errors, no failed requests')}`
      : `${indent}${paint.bad(`✗ ${found.join(' · ')}`)}`,
  );
  const room = paint.columns === null ? null : paint.columns - indent.length - 2;
  for (const { text } of output.problems.slice(0, SHOWN))
    lines.push(`${indent}  ${cut(visibleLine(text), room)}`);
  lines.push(paint.dim(`${indent}proof show ${output.entry} --output picture > page.png`));
  return lines.join('\n');
}

const SHOWN = 5;

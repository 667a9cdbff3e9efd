import type { Finding } from '../core/entries/traffic-kinds.ts';
import { humanBytes, humanCount, plural } from '../core/human-units.ts';
import { visibleLine } from '../core/visible-text.ts';
import type { Block } from './shown-entry.ts';

const MOST_SOURCES = 10;

/** An investigation in full: what was read, and its findings by number. */
export const trafficBlock: Block<'traffic.investigation'> = (body, { shown, paint, line }) => [
  ...(body.sources ?? [])
    .slice(0, MOST_SOURCES)
    .map(({ name, format, lines, sha256 }, i) =>
      line(
        i === 0 ? 'read' : '',
        `${name === '-' ? 'standard input' : name}: ${plural(lines, 'line')}, ${format}, sha256 ${sha256.slice(0, 16)}…`,
      ),
    ),
  line(
    'lines',
    `${humanCount(body.lines.in)} in = ${humanCount(body.lines.parsed)} parsed + ${humanCount(body.lines.quarantined)} in quarantine`,
  ),
  line(
    'traffic',
    `${plural(body.requests, 'request')}, ${humanBytes(body.bytes)}${body.from === null ? '' : `, ${body.from} to ${body.to}`}`,
  ),
  ...findingLines(shown.name, body.findings),
  paint.dim(`  proof traffic lines ${shown.name}#1 opens the lines behind a finding`),
];

/** A response in full: its rules, and whom each would have hit. */
export const responseBlock: Block<'traffic.response'> = (body, { shown, paint, line }) => [
  ...body.rules.map(({ n, action, target }) =>
    line(n === 1 ? 'rules' : '', `${n}. ${action} ${target}`),
  ),
  line(
    'would',
    `hit ${humanCount(body.requests)} of ${plural(body.replayed, 'request')}, ${humanBytes(body.bytes)}`,
  ),
  ...findingLines(shown.name, body.findings),
  ...body.files.map(({ program, name }, i) => line(i === 0 ? 'files' : '', `${program}: ${name}`)),
  paint.dim(`  proof traffic lines ${shown.name}#1 opens the lines behind a number`),
];

function findingLines(entry: string, findings: readonly Finding[]): string[] {
  const width = Math.max(20, ...findings.map(({ subject }) => subject.length));
  return findings.map(({ n, subject, requests, addresses, bytes }) => {
    const name = `${entry}#${n}`;
    return `  ${name.padEnd(8)} ${visibleLine(subject).padEnd(width)}  ${humanCount(requests).padStart(9)} ${requests === 1 ? 'request ' : 'requests'}  ${humanCount(addresses).padStart(6)} ${addresses === 1 ? 'address  ' : 'addresses'}  ${humanBytes(bytes)}`;
  });
}

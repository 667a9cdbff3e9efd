import { humanBytes, humanCount, plural } from '../core/human-units.ts';
import { cut, visibleLine } from '../core/visible-text.ts';
import { type Paint, wrap } from './paint.ts';
import type { ReportJson } from './traffic-json.ts';

type Identity = ReportJson['identities'][number];
type Fleet = ReportJson['fleets'][number];

const ROWS = 10;

/** The first screen of an investigation: who, really, how much, obeys, and what a block would hit. */
export function investigationText(report: ReportJson, paint: Paint): string {
  return [
    ...sentences(report).map((text) => wrap(text, paint.columns, '')),
    '',
    ...table(report, paint),
    '',
    ...remarks(report).map((text) => paint.dim(wrap(text, paint.columns, ''))),
    ...next(report, paint),
  ].join('\n');
}

/** What is the matter, first. */
function sentences(report: ReportJson): string[] {
  const spoofed = report.identities.filter(({ verdict }) => verdict === 'contradicted');
  const said = spoofed.slice(0, 2).map((one) => {
    const own = report.identities.filter(({ claimed }) => claimed === one.claimed);
    const all = own.reduce((sum, { requests }) => sum + requests, 0);
    const verified = own.find(({ verdict }) => verdict === 'verified');
    const others = own.filter(
      ({ verdict }) => verdict !== 'contradicted' && verdict !== 'verified',
    );
    const rest = others.reduce((sum, { requests }) => sum + requests, 0);
    const are = [
      ...(verified === undefined
        ? []
        : [`${humanCount(verified.requests)} are (${verified.bases[0]?.basis})`]),
      ...(rest === 0 ? [] : [`${humanCount(rest)} may be (${others[0]?.bases[0]?.basis})`]),
    ];
    const real = are.length === 0 ? 'none is' : are.join(', ');
    return `${plural(all, 'request')} said "${visibleLine(one.claimed)}"; ${real}. ${humanCount(one.requests)} came from ${plural(one.addresses, 'address', 'addresses')} that are not its own: ${one.bases[0]?.basis}.`;
  });
  const declared = report.identities.reduce((sum, { requests }) => sum + requests, 0);
  const fleets = report.fleets.reduce((sum, { requests }) => sum + requests, 0);
  const people = percent(report.people.requests, report.requests);
  return [
    ...said,
    `Of ${plural(report.requests, 'request')}, ${percent(declared, report.requests)} declare a program and ${percent(fleets, report.requests)} are programs that do not; ${people} are likely people.${said.length === 0 ? ' Nobody is shown to use a false name.' : ''}`,
  ];
}

interface Row {
  name: string;
  tone: 'good' | 'bad' | 'plain';
  requests: number;
  cells: string[];
}

function table(report: ReportJson, paint: Paint): string[] {
  const rows = report.findings
    .filter(({ subject }) => subject !== 'quarantine')
    .slice(0, ROWS)
    .flatMap(({ subject }) => rowOf(report, subject) ?? []);
  const head = ['largest', 'really?', 'share', 'egress', 'obeys robots.txt', 'would a block hurt?'];
  const all = rows.map(({ name, cells }) => [name, ...cells]);
  const widths = head.map((title, i) =>
    Math.max(title.length, ...all.map((row) => (row[i] as string).length)),
  );
  // Two columns are numbers; the last is never padded.
  const set = (row: readonly string[]) =>
    row
      .map((cell, i) =>
        i === 2 || i === 3
          ? cell.padStart(widths[i] as number)
          : i === row.length - 1
            ? cell
            : cell.padEnd(widths[i] as number),
      )
      .join('  ');
  return [
    paint.dim(cut(`  ${set(head)}`, paint.columns)),
    ...rows.map(({ tone, cells, name }) => {
      const line = cut(`  ${set([name, ...cells])}`, paint.columns);
      return tone === 'bad' ? paint.bad(line) : line;
    }),
  ];
}

function rowOf(report: ReportJson, subject: string): Row | null {
  const at = subject.indexOf(':');
  const [kind, name] = [subject.slice(0, at), subject.slice(at + 1)];
  if (kind === 'fleet') {
    const fleet = report.fleets.find((one) => one.name === name);
    return fleet === undefined ? null : fleetRow(report, fleet);
  }
  const identity = report.identities.find((one) => one.claimed === name && one.verdict === kind);
  return identity === undefined ? null : identityRow(report, identity);
}

function identityRow(report: ReportJson, identity: Identity): Row {
  const { claimed, verdict, requests, bytes, bases, robots, block, collateral } = identity;
  const mark = {
    verified: ' ✓',
    contradicted: ' ✗',
    consistent: '',
    unknown: '',
    unverifiable: '',
  }[verdict];
  const basis = bases[0]?.basis ?? '';
  return {
    name: `${cut(visibleLine(claimed), 24)}${mark}`,
    tone: verdict === 'contradicted' ? 'bad' : 'plain',
    requests,
    cells: [
      verdict === 'verified'
        ? `verified, ${cut(basis, 32)}`
        : verdict === 'unverifiable'
          ? 'no way to verify'
          : verdict === 'unknown'
            ? unknownText(basis)
            : verdict,
      percent(requests, report.requests),
      humanBytes(bytes),
      robotsText(robots, verdict === 'contradicted'),
      collateral === null ? block : collateralText(collateral),
    ],
  };
}

function unknownText(basis: string): string {
  return basis.startsWith('no list of')
    ? 'unknown for that date'
    : basis.startsWith('its way')
      ? 'unknown; --dns asks'
      : 'unknown';
}

function fleetRow(report: ReportJson, fleet: Fleet): Row {
  return {
    name: `fleet ${fleet.name}`,
    tone: 'plain',
    requests: fleet.requests,
    cells: [
      `undeclared, ${plural(fleet.reasons.length, 'reason')}`,
      percent(fleet.requests, report.requests),
      humanBytes(fleet.bytes),
      '—',
      collateralText(fleet.collateral),
    ],
  };
}

function robotsText(robots: Identity['robots'], contradicted: boolean): string {
  if (robots === null) return '—';
  if (robots.exempt) return 'exempt: a person asked';
  if (contradicted) return robots.unattributable > 0 ? 'not its operator’s doing' : '—';
  if (robots.violations > 0)
    return `${plural(robots.violations, 'violation')}, line ${robots.lines[0]?.line}`;
  if (robots.unaware > 0) return `${humanCount(robots.unaware)} before reading it`;
  return robots.grace > 0 ? `${humanCount(robots.grace)} in its day of grace` : 'yes';
}

function collateralText(collateral: Fleet['collateral']): string {
  const parts = [
    [collateral.searchEngines, 'search engine'],
    [collateral.linkPreviews, 'link preview'],
    [collateral.feedReaders, 'feed reader'],
    [collateral.uptimeChecks, 'uptime check'],
  ] as const;
  const found = parts.filter(([count]) => count > 0).map(([count, what]) => plural(count, what));
  const people =
    collateral.people === 0
      ? []
      : [`${plural(collateral.people, 'address', 'addresses')} of likely people`];
  return [...found, ...people].join(', ') || 'nobody else seen';
}

/** What the figures cannot tell, and what else was found. */
function remarks(report: ReportJson): string[] {
  const { lines, quarantine, behindProxy, settledByDns, fleets } = report;
  const reasons = quarantine.map(({ reason, lines: count }) => `${humanCount(count)} ${reason}`);
  const largest = fleets[0];
  return [
    `${plural(lines.in, 'line')} in = ${humanCount(lines.parsed)} parsed + ${humanCount(lines.quarantined)} in quarantine${reasons.length === 0 ? '' : ` (${reasons.join(', ')})`}${period(report)}`,
    ...(largest === undefined
      ? []
      : [
          `fleet ${largest.name}: ${visibleLine(cut(largest.agent ?? largest.network ?? '', 60))} — ${largest.reasons.map(({ text }) => text).join('; ')}`,
        ]),
    ...(behindProxy === null
      ? []
      : [
          `${Math.floor(behindProxy.share / 10)} % of the requests come from ${behindProxy.who === 'private' ? 'addresses inside your own network' : `${behindProxy.who}’s proxies`}: this log cannot tell who asked. Log the real address (nginx: set_real_ip_from and real_ip_header X-Forwarded-For), or name the proxy with --proxy.`,
        ]),
    ...report.sources.flatMap(({ name, cutOff }) =>
      cutOff === null ? [] : [`${name}: ${cutOff}`],
    ),
    ...(settledByDns > 0
      ? [
          `${plural(settledByDns, 'request')} could be settled by reverse DNS: --dns asks (addresses leave this machine)`,
        ]
      : []),
    ...report.contentUsage.map(
      ({ line, text }) =>
        `robots.txt line ${line} states a preference: ${visibleLine(text)} (served; whether it is honoured no log can tell)`,
    ),
  ];
}

function period({ from, to }: ReportJson): string {
  return from === null || to === null
    ? ''
    : ` · ${from.slice(0, 16).replace('T', ' ')} to ${to.slice(0, 16).replace('T', ' ')} UTC`;
}

function next(report: ReportJson, paint: Paint): string[] {
  if (report.entry === null) {
    return [
      paint.dim(
        'nothing is kept: there is no ledger here. proof init makes one; then every number opens its lines',
      ),
    ];
  }
  const [first] = report.findings;
  return first === undefined
    ? []
    : [
        paint.dim(
          `next: proof traffic lines ${report.entry}#${first.n} · proof show ${report.entry}`,
        ),
      ];
}

/** `31 %`, and never 0 for something. */
function percent(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const share = (100 * part) / whole;
  return share < 0.1 ? '<0.1 %' : share < 1 ? `${share.toFixed(1)} %` : `${Math.round(share)} %`;
}

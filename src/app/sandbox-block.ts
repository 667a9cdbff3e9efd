import type { Body } from '../core/entries/kinds.ts';
import { plural } from '../core/human-units.ts';
import { cut, visibleLine } from '../core/visible-text.ts';
import type { Seen } from '../features/record/bounded-run.ts';
import type { Paint } from './paint.ts';

type Command = Pick<Body<'command'>, 'sandbox' | 'leftBehind' | 'unenforced'>;

const LINE = (name: string, text: string) => `  ${name.padEnd(8)} ${text}`;

/** What held a command, and what its boundary saw, as lines for people. */
export function sandboxLines(body: Command, paint: Paint): string[] {
  const { sandbox, unenforced } = body;
  return [
    ...(sandbox === undefined ? [] : [LINE('sandbox', wallsText(sandbox))]),
    ...(unenforced === undefined
      ? []
      : [LINE('sandbox', paint.warn(`none: ${visibleLine(unenforced.detail)}`))]),
    ...(sandbox === undefined ? [] : troubleLines(sandbox, paint)),
    ...(body.leftBehind ?? []).map((each) => LINE('', paint.warn(leftBehindText(each)))),
  ];
}

function wallsText({ by, network, rules, connections }: NonNullable<Command['sandbox']>): string {
  const { held, observed } = rules;
  const reached = {
    open: 'network open',
    closed: 'no network',
    proxied: `network by proxy${connections === undefined ? '' : `: ${connectionsText(connections)}`}`,
  }[network];
  const seen = observed === 0 ? '' : `, ${observed} only observed`;
  return `${by} · ${plural(held, 'rule')} held${seen} · ${reached}`;
}

function connectionsText(counts: {
  allowed: number;
  refused: number;
  failed: number;
  unlisted: number;
}): string {
  const named = (['allowed', 'refused', 'failed'] as const).flatMap((verdict) =>
    counts[verdict] === 0 ? [] : [`${counts[verdict]} ${verdict}`],
  );
  if (counts.unlisted > 0) named.push(`${counts.unlisted} more`);
  return named.length === 0 ? 'not used' : named.join(', ');
}

function troubleLines(sandbox: NonNullable<Command['sandbox']>, paint: Paint): string[] {
  return [
    ...(sandbox.suspects ?? []).map((each) => LINE('', paint.warn(suspectText(each)))),
    ...(sandbox.removed ?? []).map((path) =>
      LINE('', paint.bad(`it made ${visibleLine(path)}, which git would obey: removed`)),
    ),
  ];
}

/** Perhaps: programs say what failed, never why. */
export function suspectText({ path, rule, saw }: Suspect): string {
  const what = path === 'network' ? 'the network' : visibleLine(path);
  return `perhaps the boundary: ${what} (${visibleLine(rule)}), it said “${visibleLine(saw)}”`;
}

type Suspect = NonNullable<NonNullable<Command['sandbox']>['suspects']>[number];

/** What whoever ran a command has to be told of its boundary, a line each. */
export function boundaryRemarks({ facts, refusedHosts }: Seen): string[] {
  const { sandbox } = facts;
  const hosts = [...new Set(refusedHosts.map(({ host, port }) => `${host}:${port}`))];
  return [
    ...(sandbox?.suspects ?? []).map(suspectText),
    ...(sandbox?.removed ?? []).map(
      (path) => `it made ${visibleLine(path)}, which git would obey: removed`,
    ),
    ...(hosts.length === 0
      ? []
      : [
          `not reached: ${hosts.slice(0, 5).map(visibleLine).join(', ')}${hosts.length > 5 ? ' …' : ''} (network.allow)`,
        ]),
    ...(facts.leftBehind ?? []).map(leftBehindText),
  ];
}

export function leftBehindText({
  pid,
  command,
  ended,
}: NonNullable<Command['leftBehind']>[number]): string {
  const name = `${cut(visibleLine(command), 60)}${pid === undefined ? '' : ` (${pid})`}`;
  return ended ? `left behind and ended: ${name}` : `left behind, still running: ${name}`;
}

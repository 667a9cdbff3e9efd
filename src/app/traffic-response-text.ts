import { humanBytes, humanCount, plural } from '../core/human-units.ts';
import { visibleLine } from '../core/visible-text.ts';
import { type Paint, wrap } from './paint.ts';

/** What the text needs of a response. */
export interface ResponseShown {
  entry: string | null;
  of: string | null;
  replayed: number;
  requests: number;
  bytes: number;
  rules: readonly { n: number; action: string; target: string }[];
  cells: readonly {
    n: number;
    rule: number;
    hit: string;
    collateral: boolean;
    requests: number;
    addresses: number;
    bytes: number;
  }[];
  files: readonly { program: string; path: string }[];
  apply: readonly { program: string; commands: readonly string[] }[];
  undo: readonly { program: string; commands: readonly string[] }[];
  without: readonly { program: string; rule: number; why: string }[];
}

/** The rules, whom each would have hit, and what to type. */
export function responseText(response: ResponseShown, paint: Paint): string {
  const { rules, cells, requests, replayed, bytes, files, entry } = response;
  return [
    `Of ${plural(replayed, 'request')}${response.of === null ? '' : ` of ${response.of}`}, ${humanCount(requests)} would have been hit: ${humanBytes(bytes)} less to send.`,
    ...rules.flatMap(({ n, action, target }) => [
      '',
      paint.bold(`${n}. ${action} ${visibleLine(target)}`),
      ...cellLines(
        cells.filter(({ rule }) => rule === n),
        paint,
      ),
    ]),
    '',
    ...response.without.map(({ program, rule, why }) =>
      paint.dim(wrap(`${program}, rule ${rule}: ${why}`, paint.columns, '')),
    ),
    ...files.map(({ program, path }) => `wrote ${path} ${paint.dim(`(${program})`)}`),
    ...(files.length === 0 ? [] : steps('to apply', response.apply, paint)),
    ...(files.length === 0 ? [] : steps('to undo', response.undo, paint)),
    ...next(entry, files.length, paint),
  ].join('\n');
}

function cellLines(cells: ResponseShown['cells'], paint: Paint): string[] {
  if (cells.length === 0) return [paint.dim('   hits nothing in these logs')];
  return cells.map(({ hit, collateral, requests, addresses, bytes, n }) => {
    const line = `   ${hit.padEnd(18)} ${humanCount(requests).padStart(9)} ${requests === 1 ? 'request ' : 'requests'}  ${humanCount(addresses).padStart(6)} ${addresses === 1 ? 'address  ' : 'addresses'}  ${humanBytes(bytes).padStart(7)}  ${paint.dim(`#${n}`)}`;
    return collateral ? paint.bad(line) : line;
  });
}

function steps(title: string, all: ResponseShown['apply'], paint: Paint): string[] {
  return all.flatMap(({ program, commands }) => [
    paint.dim(`${title}, ${program}:`),
    ...commands.map((command) => `   ${command}`),
  ]);
}

function next(entry: string | null, files: number, paint: Paint): string[] {
  const open = entry === null ? '' : `proof traffic lines ${entry}#1 opens the lines behind #1`;
  const write = files > 0 ? '' : '--format nginx --write DIR makes the files';
  const text = [open, write].filter((part) => part !== '').join(' · ');
  return text === '' ? [] : [paint.dim(text)];
}

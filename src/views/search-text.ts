import type { JsonValue } from '../core/canonical-json.ts';
import { commandText } from '../core/command-text.ts';
import type { Body, Entry } from '../core/entries/kinds.ts';
import { commandLine } from './command-line.ts';

/** A piece of an entry's own text that can be searched: which part of it, and what it says. */
export interface SearchPart {
  where: string;
  text: string;
}

/**
 * What an entry says, as people would look for it: its words, goals, reasons, names of files. Not
 * what every entry has alike (directories, versions, hashes, times), which would match everything.
 */
export function searchParts(entry: Entry): SearchPart[] {
  switch (entry.kind) {
    case 'command':
      return commandParts(entry.body);
    case 'gap':
      return [
        ...(entry.body.argv === undefined
          ? []
          : [{ where: 'command', text: commandText(entry.body.argv) }]),
        { where: 'why', text: entry.body.why },
      ];
    case 'change': {
      const paths = (entry.body.files ?? []).flatMap(({ path, from }) => [
        path,
        ...(from === undefined ? [] : [from]),
      ]);
      return paths.length === 0 ? [] : [{ where: 'files', text: paths.join('\n') }];
    }
    case 'ledger.opened':
    case 'clock.went-back':
    case 'pruned':
      return [];
    default:
      return anyParts(entry);
  }
}

/** Of a kind that is not known here: every string of its body, under the name of its field. */
function anyParts(entry: Entry): SearchPart[] {
  const body = entry.body as unknown as JsonValue;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const names = entry.blobs.map(({ name }) => name).filter((name) => name.includes('.'));
  const parts = Object.entries(body as { readonly [key: string]: JsonValue })
    .filter(([where]) => !MACHINERY.has(where))
    .map(([where, value]) => ({ where, text: strings(value, 0).join('\n') }));
  return [...parts, { where: 'file', text: names.join('\n') }].filter(({ text }) => text !== '');
}

function strings(value: JsonValue, depth: number): string[] {
  if (typeof value === 'string') return isForMachines(value) ? [] : [value];
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((item) => strings(item, depth + 1));
  return Object.entries(value)
    .filter(([key]) => !MACHINERY.has(key))
    .flatMap(([, item]) => strings(item as JsonValue, depth + 1));
}

/** Hashes and times: nobody looks for them by their words. */
function isForMachines(text: string): boolean {
  return /^(?:[0-9a-f]{16,}|\d{4}-\d\d-\d\dT[\d:.]+Z)$/.test(text);
}

const MACHINERY: ReadonlySet<string> = new Set([
  ...['run', 'parent', 'cwd', 'root', 'worktree', 'git', 'environment', 'tools', 'usage'],
  ...['masked', 'maskRules', 'mode', 'digest', 'hash', 'id', 'key', 'type', 'kind'],
]);
const MOST_DEPTH = 8;

/** A line typed in a recorded shell as it was typed; of one that is not kept there are no words. */
function commandParts(body: Body<'command'>): SearchPart[] {
  const kept = body.shell === undefined ? body.argv !== null : /told|seen/.test(body.shell.text);
  return kept ? [{ where: 'command', text: commandLine(body) }] : [];
}

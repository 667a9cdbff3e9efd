import type { FileState } from '../core/entries/change-kind.ts';
import { humanBytes, plural } from '../core/human-units.ts';
import { visible, visibleLine } from '../core/visible-text.ts';
import { isOutOfScope } from '../views/out-of-scope.ts';
import type { ChangedFile } from './changed-files.ts';
import type { Paint } from './paint.ts';

type Shown = {
  of: string | null;
  files: readonly (ChangedFile & {
    added: number;
    removed: number;
    note: string | null;
    hunks: readonly { header: string; lines: readonly string[] }[];
  })[];
  unseen: readonly { path: string; why: string }[];
};
type File = Shown['files'][number];

/** A table of changed files by section, then their lines; into a pipe only the patch. */
export function diffText(
  { files, unseen }: Shown,
  paint: Paint,
  { stat, nameOnly }: { stat: boolean; nameOnly: boolean },
): string {
  const piped = paint.columns === null;
  if (nameOnly) return files.map(({ path }) => (piped ? path : visibleLine(path))).join('\n');
  if (piped && !stat) return patchText(files, paint, (text) => text);
  if (files.length === 0) return paint.dim('nothing changed');
  const table = [
    ...sectionsText(files, paint),
    ...unseenText(unseen, paint),
    '',
    sumText(files, paint),
  ];
  if (stat) return table.join('\n');
  return [...table, '', patchText(files, paint, visible)].join('\n').trimEnd();
}

/** Sections in the order of what a reviewer must see first. */
const SECTIONS: readonly { title: string; holds: (file: ChangedFile) => boolean }[] = [
  { title: 'out of scope', holds: isOutOfScope },
  { title: 'hooks and settings of the repository', holds: ({ part }) => part === 'git' },
  { title: 'to be asked for', holds: ({ scope }) => scope === 'ask' },
  { title: 'ignored by git', holds: ({ part }) => part !== 'workspace' },
  {
    title: 'modes and attributes',
    holds: ({ change }) => change === 'mode' || change === 'touched' || change === 'transient',
  },
  { title: 'changed', holds: () => true },
];

function sectionsText(files: readonly File[], paint: Paint): string[] {
  const left = [...files];
  const width = Math.min(50, Math.max(...files.map(({ path }) => visibleLine(path).length)));
  return SECTIONS.flatMap(({ title, holds }) => {
    const mine = left.filter(holds);
    for (const file of mine) left.splice(left.indexOf(file), 1);
    if (mine.length === 0) return [];
    const label =
      title === 'changed' && mine.some(({ scope }) => scope === 'in') ? 'in scope' : title;
    const head =
      title === 'out of scope' || title.startsWith('hooks') ? paint.bad(label) : paint.bold(label);
    return ['', head, ...mine.map((file) => fileLine(file, width, paint))];
  }).slice(1);
}

function fileLine(file: File, width: number, paint: Paint): string {
  const from = file.from === undefined ? '' : ` ${paint.dim(`← ${visibleLine(file.from)}`)}`;
  const lines = [
    ...(file.added > 0 ? [paint.good(`+${file.added}`)] : []),
    ...(file.removed > 0 ? [paint.bad(`−${file.removed}`)] : []),
  ].join(' ');
  const note = lines === '' ? noteOf(file) : lines;
  const nobody = file.recorded ? 'unattributed' : 'not recorded yet';
  const who = file.by.length > 0 ? file.by.join(' ') : nobody;
  const by = file.ambiguous ? `${who}, ambiguous` : who;
  return `  ${file.change.padEnd(9)} ${visibleLine(file.path).padEnd(width)}  ${note}${note === '' ? '' : '  '}${paint.dim(by)}${from}`;
}

function noteOf({ change, before, after, note }: File): string {
  if (change === 'mode') return `${octal(before)} → ${octal(after)}`;
  if (change === 'touched') return 'same contents, other times or attributes';
  if (change === 'transient') return 'something came and went in it';
  if (after?.type === 'directory' || before?.type === 'directory') return 'directory';
  const [old, now] = [before?.size ?? 0, after?.size ?? 0];
  const sizes = old === now ? humanBytes(now) : `${humanBytes(old)} → ${humanBytes(now)}`;
  return note === null ? sizes : `${sizes}, ${note}`;
}

function unseenText(unseen: Shown['unseen'], paint: Paint): string[] {
  if (unseen.length === 0) return [];
  return [
    '',
    paint.dim('not looked at closely'),
    ...unseen.map(({ path, why }) => paint.dim(`  ${visibleLine(path)}: ${visibleLine(why)}`)),
  ];
}

function sumText(files: readonly File[], paint: Paint): string {
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  return `${plural(files.length, 'file')}, ${paint.good(`+${added}`)} ${paint.bad(`−${removed}`)} lines`;
}

/** As git writes it, so that `git apply` takes it. */
function patchText(files: readonly File[], paint: Paint, show: (text: string) => string): string {
  return files
    .filter((file) => file.hunks.length > 0 || hasExtendedHeader(file))
    .flatMap((file) => [
      ...(file.note === null || file.hunks.length === 0 ? [] : [paint.warn(`# ${file.note}`)]),
      ...headerLines(file).map(paint.bold),
      ...file.hunks.flatMap(({ header, lines }) => [
        paint.dim(header),
        ...lines.map((line) => lineText(line, paint, show)),
      ]),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function lineText(line: string, paint: Paint, show: (text: string) => string): string {
  const text = show(line);
  if (line.startsWith('+')) return paint.good(text);
  return line.startsWith('-') ? paint.bad(text) : text;
}

function hasExtendedHeader({ change, note, before, after }: File): boolean {
  if (after?.type === 'directory' || before?.type === 'directory') return false;
  if (change === 'added' || change === 'deleted') return note === null;
  return change === 'mode' || change === 'renamed';
}

function headerLines({ path, from, change, before, after, hunks }: File): string[] {
  const old = gitName('a', from ?? path);
  const now = gitName('b', path);
  const modes =
    change === 'added'
      ? [`new file mode ${gitMode(after)}`]
      : change === 'deleted'
        ? [`deleted file mode ${gitMode(before)}`]
        : gitMode(before) === gitMode(after)
          ? []
          : [`old mode ${gitMode(before)}`, `new mode ${gitMode(after)}`];
  const moved = change === 'renamed' ? [`rename from ${from}`, `rename to ${path}`] : [];
  const names = [
    `--- ${change === 'added' ? '/dev/null' : old}`,
    `+++ ${change === 'deleted' ? '/dev/null' : now}`,
  ];
  return [`diff --git ${old} ${now}`, ...modes, ...moved, ...(hunks.length === 0 ? [] : names)];
}

/** Names with unusual characters in quotes, C-style (core.quotePath). */
function gitName(side: string, path: string): string {
  const name = `${side}/${path}`;
  if (!/["\\\u0000-\u001f\u007f-\uffff]/.test(name)) return name;
  const bytes = new TextEncoder().encode(name);
  const quoted = [...bytes].map((byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
    return `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${quoted.join('')}"`;
}

function gitMode(state: FileState | null): string {
  if (state === null) return '000000';
  if (state.type === 'symlink') return '120000';
  return state.mode & 0o100 ? '100755' : '100644';
}

function octal(state: FileState | null): string {
  return (state?.mode ?? 0).toString(8).padStart(4, '0');
}

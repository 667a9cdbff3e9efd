import type * as z from 'zod/mini';
import { commandText } from '../core/command-text.ts';
import type { Body } from '../core/entries/kinds.ts';
import { humanBytes, humanDuration, plural } from '../core/human-units.ts';
import { visible, visibleLine } from '../core/visible-text.ts';
import { exitText } from '../views/timeline.ts';
import type { entryJson } from './entry-json.ts';
import type { Paint } from './paint.ts';

type Shown = z.output<typeof entryJson> & {
  plain: string | null;
  output: readonly { name: string; truncated: boolean }[];
  notes: readonly { name: string; text: string; actor: string }[];
};

/** One entry in full, for people. Everything that comes from evidence is escaped. */
export function entryText(shown: Shown, paint: Paint): string {
  const { actor } = shown;
  const who =
    actor === null
      ? ''
      : [actor.kind, actor.name, actor.model]
          .filter(Boolean)
          .map((word) => visibleLine(word as string))
          .join(' ');
  const head = [
    `${paint.bold(shown.name)}  ${shown.kind}  ${paint.dim(shown.task === null ? 'outside tasks' : `${shown.task}, entry ${shown.n}`)}`,
    `  by       ${who} ${paint.dim(`(${actor?.basis ?? ''})`)} on ${visibleLine(actor?.host ?? '')}`,
    `  at       ${shown.at ?? ''}  ${paint.dim(`${shown.provenance ?? ''}, boundary ${shown.held ?? ''}`)}`,
  ];
  const notes = shown.notes.map(
    ({ name, text, actor: by }) => `  ${name} noted by ${visibleLine(by)}: ${visible(text)}`,
  );
  const body =
    shown.kind === 'command'
      ? commandBlock(shown, shown.body as Body<'command'>, paint)
      : [indent(visible(JSON.stringify(shown.body, null, 2)))];
  return [...head, ...body, ...notes].join('\n');
}

function commandBlock(shown: Shown, body: Body<'command'>, paint: Paint): string[] {
  const line = (name: string, text: string) => `  ${name.padEnd(8)} ${text}`;
  const text = body.argv === null ? `${body.argc} words, in the blob argv` : commandText(body.argv);
  const ended = exitText(body.exit);
  const { cpuUserMicros: user, cpuSystemMicros: system, peakRssBytes: rss } = body.usage;
  const usage = [
    ...(user === null || system === null ? [] : [`${humanDuration(user + system)} CPU`]),
    ...(rss === null ? [] : [`${humanBytes(rss)} at most`]),
  ];
  return [
    line('command', paint.bold(visibleLine(text))),
    line('in', visibleLine(body.cwd)),
    ...(body.executable === null
      ? []
      : [
          line(
            'program',
            `${visibleLine(body.executable.path)} ${paint.dim(`sha256 ${body.executable.sha256?.slice(0, 16) ?? 'unknown'}…`)}`,
          ),
        ]),
    ...(body.git?.head == null
      ? []
      : [
          line(
            'git',
            `${body.git.head.slice(0, 12)} ${visibleLine(body.git.branch ?? '(detached)')}`,
          ),
        ]),
    line('took', [humanDuration(body.durationMicros), ...usage].join(' · ')),
    line('result', body.exit.code === 0 ? paint.good(`✓ ${ended}`) : paint.bad(`✗ ${ended}`)),
    ...body.streams.flatMap((stream) => [
      line(
        stream.name,
        `${plural(stream.lines, 'line')}, ${humanBytes(stream.bytes)}${maskedText(stream.masked)}`,
      ),
      ...stream.gaps.map((gap) => line('', paint.bad(gapText(gap)))),
    ]),
    ...(body.masked === undefined ? [] : [line('struck', maskedText(body.masked).slice(2))]),
    ...(shown.plain === null || shown.plain === ''
      ? []
      : ['', indent(visible(shown.plain.replace(/\n$/, '')))]),
    ...(shown.output.some(({ truncated }) => truncated)
      ? [
          paint.dim(
            `  … proof show ${shown.name} --output ${shown.output[0]?.name} prints all of it`,
          ),
        ]
      : []),
  ];
}

function maskedText(masked: readonly { rule: string; count: number }[] | undefined): string {
  if (masked === undefined) return '';
  return `, ${masked.map(({ rule, count }) => `${count} redacted by rule ${rule}`).join(', ')}`;
}

function gapText({ at, bytes, why }: { at: number; bytes: number | null; why: string }): string {
  const size = bytes === null ? '' : `${humanBytes(bytes)} `;
  return `gap: ${size}after byte ${at}: ${why}`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

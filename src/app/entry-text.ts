import type * as z from 'zod/mini';
import { commandText } from '../core/command-text.ts';
import type { Body } from '../core/entries/kinds.ts';
import { humanBytes, humanDuration, plural } from '../core/human-units.ts';
import { visible, visibleLine } from '../core/visible-text.ts';
import { exitText } from '../views/timeline.ts';
import type { entryJson } from './entry-json.ts';
import type { NoteOn } from './notes-on.ts';
import { type Paint, wrap } from './paint.ts';

type Shown = z.output<ReturnType<typeof entryJson>> & {
  plain: string | null;
  intact: boolean;
  output: readonly { name: string; truncated: boolean }[];
  notes: readonly NoteOn[];
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
    `  at       ${shown.at ?? ''}  ${paint.dim(`${shown.provenance ?? ''}, ${boundaryText(shown.held)}`)}`,
  ];
  if (!shown.intact) {
    head.push(paint.bad('  altered  these are not the bytes that were recorded: proof verify'));
  }
  const notes = shown.notes.map(({ name, kind, text, actor: by }) => {
    const label = `  ${name} ${kind === 'note' ? 'noted' : 'decided'} by ${visibleLine(by)}: `;
    return label + wrap(visible(text), paint.columns, ' '.repeat(label.length));
  });
  return [...head, ...bodyBlock(shown, paint), ...notes].join('\n');
}

function bodyBlock(shown: Shown, paint: Paint): string[] {
  const line = (name: string, text: string) =>
    `  ${name.padEnd(8)} ${wrap(visible(text), paint.columns, ' '.repeat(11))}`;
  // A newer version may give a kind another body: then it is shown as it stands.
  switch (shown.known ? shown.kind : 'unknown') {
    case 'command':
      return commandBlock(shown, shown.body as Body<'command'>, paint);
    case 'task.opened': {
      const { goal, git } = shown.body as Body<'task.opened'>;
      return [line('goal', goal), ...(git?.head == null ? [] : [gitLine(git)])];
    }
    case 'task.planned': {
      const { steps } = shown.body as Body<'task.planned'>;
      return steps.map(({ step, text }) => line(step === 1 ? 'plan' : '', `${step}. ${text}`));
    }
    case 'note':
      return [line('note', (shown.body as Body<'note'>).text)];
    case 'decision': {
      const { text, because, rejected } = shown.body as Body<'decision'>;
      return [
        line('decided', text),
        ...(because === undefined ? [] : [line('because', because)]),
        ...rejected.map((other) => line('over', other)),
      ];
    }
    case 'task.closed': {
      const { outcome, because } = shown.body as Body<'task.closed'>;
      return [line('closed', because === undefined ? outcome : `${outcome}: ${because}`)];
    }
    case 'gap': {
      const { what, why, from, to, argv } = shown.body as Body<'gap'>;
      return [
        line(
          'missing',
          argv === undefined ? (what === 'command' ? 'a command' : 'entries') : commandText(argv),
        ),
        line('why', why),
        line('between', `${from} and ${to}`),
      ];
    }
    default:
      return [indent(visible(JSON.stringify(shown.body, null, 2)))];
  }
}

function boundaryText(held: Shown['held']): string {
  return held === 'none' ? 'no boundary' : `boundary ${held ?? ''}`;
}

function gitLine({ head, branch }: { head: string | null; branch: string | null }): string {
  return `  git      ${head?.slice(0, 12)} ${visibleLine(branch ?? '(detached)')}`;
}

function commandBlock(shown: Shown, body: Body<'command'>, paint: Paint): string[] {
  const line = (name: string, text: string) => `  ${name.padEnd(8)} ${text}`;
  const text = body.argv === null ? `${body.argc} words, in the blob argv` : commandText(body.argv);
  const ended = exitText(body.exit);
  const { cpuUserMicros: user, cpuSystemMicros: system, peakRssBytes: rss } = body.usage;
  const usage = [
    ...(user === null || system === null ? [] : [cpuText(user + system)]),
    // Sampled: a short peak between two looks is missed.
    ...(rss === null ? [] : [`at least ${humanBytes(rss)} of memory`]),
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
    ...(body.git?.head == null ? [] : [gitLine(body.git)]),
    line('took', [humanDuration(body.durationMicros), ...usage].join(' · ')),
    line('result', body.exit.code === 0 ? paint.good(`✓ ${ended}`) : paint.bad(`✗ ${ended}`)),
    ...(body.undelivered ?? []).map(({ stream, code }) =>
      line('', paint.bad(`not all of ${stream} reached where it was sent (${visibleLine(code)})`)),
    ),
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

/** The kernel counts in ticks of 10 ms: none of them is not no time. */
function cpuText(micros: number): string {
  return micros === 0 ? 'under 10 ms CPU' : `${humanDuration(micros)} CPU`;
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
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}

import type { ShellLine } from '../core/entries/command-kind.ts';
import type { Body } from '../core/entries/kinds.ts';
import { humanBytes, humanDuration, plural } from '../core/human-units.ts';
import { visible, visibleLine } from '../core/visible-text.ts';
import { commandLine } from '../views/command-line.ts';
import { exitText, partsText } from '../views/command-title.ts';
import type { Paint } from './paint.ts';
import { holeText } from './redaction-text.ts';
import { sandboxLines } from './sandbox-block.ts';
import { indent, type Shown } from './shown-entry.ts';

export function gitLine({ head, branch }: { head: string | null; branch: string | null }): string {
  return `  git      ${head?.slice(0, 12)} ${visibleLine(branch ?? '(detached)')}`;
}

export function commandBlock(shown: Shown, body: Body<'command'>, paint: Paint): string[] {
  const line = (name: string, text: string) => `  ${name.padEnd(8)} ${text}`;
  const text = commandLine(body);
  const { cpuUserMicros: user, cpuSystemMicros: system, peakRssBytes: rss } = body.usage;
  const usage = [
    ...(user === null || system === null ? [] : [cpuText(user + system)]),
    // Sampled: a short peak between two looks is missed.
    ...(rss === null ? [] : [`at least ${humanBytes(rss)} of memory`]),
  ];
  return [
    line('command', paint.bold(visibleLine(text))),
    ...(body.shell === undefined ? [] : [line('typed', typedText(body.shell))]),
    ...(body.argv === null ? [line('', paint.dim('whole in the blob argv'))] : []),
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
    line('result', resultText(body, paint)),
    ...(body.undelivered ?? []).map(({ stream, code }) =>
      line('', paint.bad(`not all of ${stream} reached where it was sent (${visibleLine(code)})`)),
    ),
    ...body.streams.flatMap((stream) => [
      line(
        stream.name,
        `${plural(stream.lines, 'line')}, ${humanBytes(stream.bytes)}${maskedText(stream.masked)}`,
      ),
      ...stream.gaps.map((gap) => line('', paint.bad(gapText(gap)))),
      ...shown.holes
        .filter(({ blob }) => blob === stream.name)
        .map((hole) => line('', paint.warn(holeText(hole)))),
    ]),
    ...(body.tree !== undefined && body.tree.before !== body.tree.after
      ? [line('changed', `files: proof diff ${shown.name}`)]
      : []),
    ...(body.unwatched === undefined
      ? []
      : [line('changed', paint.bad(`not seen: ${visibleLine(body.unwatched)}`))]),
    ...sandboxLines(body, paint),
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

function resultText(body: Body<'command'>, paint: Paint): string {
  const ended = `${exitText(body.exit)}${partsText(body)}`;
  if (body.exit.how === 'unknown') return ended;
  return body.exit.code === 0 ? paint.good(`✓ ${ended}`) : paint.bad(`✗ ${ended}`);
}

function typedText({ name, number, text }: ShellLine): string {
  const read = text === 'seen' ? ', read off the screen' : '';
  return `in ${name}, line ${number} of its session${read}`;
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

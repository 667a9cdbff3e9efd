import type { Body } from '../core/entries/kinds.ts';
import { humanBytes, humanDuration, plural } from '../core/human-units.ts';
import { isTextType } from '../core/text-type.ts';
import { visible, visibleLine } from '../core/visible-text.ts';
import { contentsLines, handOver } from './contents-lines.ts';
import { type Block, indent, labelled } from './shown-entry.ts';

type Attachment = Body<'attachment'>;

export const attachmentBlock: Block<'attachment'> = (body, { shown, paint, line }) => {
  const { content, followed, modified } = body;
  const origin =
    body.path === undefined
      ? 'standard input'
      : `${body.path}${modified === undefined ? '' : `, last changed ${modified}`}`;
  const size = [
    humanBytes(content.bytes),
    ...(body.lines === undefined ? [] : [plural(body.lines, 'line')]),
  ].join(', ');
  const asText = shown.plain !== null && isTextType(body.type);
  return [
    labelled('name', paint.bold(visibleLine(body.name))),
    line('from', origin),
    labelled('type', `${visibleLine(body.type)} ${paint.dim(`(${TYPE_FROM[body.typeFrom]})`)}`),
    line(
      'size',
      `${size}${body.encoding === undefined ? '' : `; was ${body.encoding}, kept as UTF-8`}`,
    ),
    ...(followed === undefined ? [] : followedLines(followed, line)),
    ...contentsLines(content, paint, line),
    ...(body.changedWhileRead ? [paint.bad(line('', 'it was written to while it was read'))] : []),
    ...(body.masked === undefined
      ? []
      : contentsLines({ gaps: [], masked: body.masked }, paint, line)),
    ...(asText && shown.plain !== ''
      ? ['', indent(visible((shown.plain as string).replace(/\n$/, '')))]
      : []),
    ...(content.bytes > 0 && (!asText || shown.output.some(({ truncated }) => truncated))
      ? [handOver(shown.name, 'content', body.name, paint)]
      : []),
  ];
};

const TYPE_FROM: Readonly<Record<Attachment['typeFrom'], string>> = {
  contents: 'by its contents',
  name: 'by its name',
  given: 'as given',
};

function followedLines(
  followed: NonNullable<Attachment['followed']>,
  line: (name: string, text: string) => string,
): string[] {
  const end = followed.end === 'time' ? 'until its time was over' : 'until it was stopped';
  const before =
    followed.skipped === 0 ? '' : `; ${humanBytes(followed.skipped)} stood there before`;
  return [
    line('followed', `${humanDuration(followed.durationMicros)}, ${end}${before}`),
    ...followed.events.map(({ what, at, atMicros }) =>
      line('', `${EVENTS[what]} after ${humanDuration(atMicros)}, at byte ${at}`),
    ),
  ];
}

const EVENTS = {
  replaced: 'another file took its place',
  truncated: 'it was cut short',
  gone: 'nothing had its name',
};

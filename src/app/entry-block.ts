import { commandText } from '../core/command-text.ts';
import type { Kind } from '../core/entries/kinds.ts';
import { visible } from '../core/visible-text.ts';
import { attachmentBlock } from './attachment-block.ts';
import { boundaryDecisionBlock, boundarySetBlock } from './boundary-block.ts';
import { changeBlock } from './change-block.ts';
import { commandBlock, gitLine } from './command-block.ts';
import { httpBlock } from './http-block.ts';
import { type Paint, wrap } from './paint.ts';
import { prunedBlock, redactedBlock } from './redaction-block.ts';
import { screenshotBlock } from './screenshot-block.ts';
import { type Block, indent, type Line, type Shown } from './shown-entry.ts';
import { testReportBlock } from './test-report-block.ts';
import { responseBlock, trafficBlock } from './traffic-block.ts';

/** What is in an entry, by its kind, as lines for people; without a block of its own, its JSON. */
export function bodyBlock(shown: Shown, paint: Paint): string[] {
  // A newer version may give a kind another body: then it is shown as it stands.
  const block =
    shown.known && Object.hasOwn(BLOCKS, shown.kind) ? BLOCKS[shown.kind as Kind] : undefined;
  if (block === undefined) return [indent(visible(JSON.stringify(shown.body, null, 2)))];
  const line: Line = (name, text) =>
    `  ${name.padEnd(8)} ${wrap(visible(text), paint.columns, ' '.repeat(11))}`;
  return (block as Block<Kind>)(shown.body as never, { shown, paint, line });
}

const BLOCKS: { [K in Kind]?: Block<K> } = {
  command: (body, { shown, paint }) => commandBlock(shown, body, paint),
  change: changeBlock,
  attachment: attachmentBlock,
  screenshot: screenshotBlock,
  http: httpBlock,
  'task.opened': ({ goal, git }, { line }) => [
    line('goal', goal),
    ...(git?.head == null ? [] : [gitLine(git)]),
  ],
  'task.planned': ({ steps }, { line }) =>
    steps.map(({ step, text }) => line(step === 1 ? 'plan' : '', `${step}. ${text}`)),
  'task.closed': ({ outcome, because }, { line }) => [
    line('closed', because === undefined ? outcome : `${outcome}: ${because}`),
  ],
  note: ({ text }, { line }) => [line('note', text)],
  decision: ({ text, because, rejected }, { line }) => [
    line('decided', text),
    ...(because === undefined ? [] : [line('because', because)]),
    ...rejected.map((other) => line('over', other)),
  ],
  'boundary.set': (body, { line }) => boundarySetBlock(body, line),
  'boundary.decision': (body, { line }) => boundaryDecisionBlock(body, line),
  'traffic.investigation': trafficBlock,
  'traffic.response': responseBlock,
  'test.report': testReportBlock,
  gap: ({ what, why, from, to, argv }, { line }) => [
    line(
      'missing',
      argv === undefined ? (what === 'command' ? 'a command' : 'entries') : commandText(argv),
    ),
    line('why', why),
    line('between', `${from} and ${to}`),
  ],
  redacted: redactedBlock,
  pruned: prunedBlock,
};

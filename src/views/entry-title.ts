import { commandText } from '../core/command-text.ts';
import type { Entry, EntryOf, Kind } from '../core/entries/kinds.ts';
import { plural } from '../core/human-units.ts';
import { boundaryDecisionTitle, boundarySetTitle } from './boundary-title.ts';
import { changeTitle } from './change-title.ts';
import { commandTitle } from './command-title.ts';
import { attachmentTitle, httpTitle, screenshotTitle } from './evidence-title.ts';
import { prunedTitle, redactedTitle } from './redaction-title.ts';
import { testReportTitle } from './test-report-title.ts';
import type { Title } from './title.ts';
import { responseTitle, trafficTitle } from './traffic-title.ts';

/** What stands for an entry in the timeline. */
export function describeEntry(entry: Entry): Title {
  if (entry.kind === 'unknown') {
    return { title: 'written by a newer Prooflayer; shown raw by proof show' };
  }
  // One table for all kinds: the compiler says which one is missing.
  const title = TITLES[entry.kind] as (entry: Entry) => Title;
  return title(entry);
}

const TITLES: { [K in Kind]: (entry: EntryOf<K>) => Title } = {
  'ledger.opened': ({ body }) => ({ title: `ledger ${body.ledger}`, result: 'opened' }),
  'task.opened': ({ body }) => ({ title: body.goal, result: 'opened' }),
  'task.planned': ({ body }) => ({ title: plural(body.steps.length, 'step'), result: 'planned' }),
  'task.closed': ({ body }) => ({ title: body.because ?? '', result: body.outcome }),
  note: ({ body }) => ({ title: body.text }),
  decision: ({ body }) => ({ title: body.text, result: body.because ?? '' }),
  command: commandTitle,
  change: changeTitle,
  'boundary.set': boundarySetTitle,
  'boundary.decision': boundaryDecisionTitle,
  attachment: attachmentTitle,
  screenshot: screenshotTitle,
  http: httpTitle,
  'traffic.investigation': trafficTitle,
  'traffic.response': responseTitle,
  'test.report': testReportTitle,
  gap: ({ body }) => ({
    title: `${body.argv === undefined ? body.what : commandText(body.argv)}: ${body.why}`,
    result: 'not recorded',
    tone: 'bad',
  }),
  'clock.went-back': ({ body }) => ({
    title: `the clock went back from ${body.latest} to ${body.now}`,
    tone: 'bad',
  }),
  redacted: redactedTitle,
  pruned: prunedTitle,
};

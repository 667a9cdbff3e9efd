import type { EntryOf } from '../core/entries/kinds.ts';
import { humanBytes, humanDuration, plural } from '../core/human-units.ts';
import type { Title } from './title.ts';

/** What was attached, and whether all of it is there. */
export function attachmentTitle({ body, refs }: EntryOf<'attachment'>): Title {
  const { content, followed, type, name, lines } = body;
  const missing = content.gaps.length > 0 || body.changedWhileRead === true;
  const result = [
    type,
    lines === undefined ? humanBytes(content.bytes) : plural(lines, 'line'),
    ...(followed === undefined ? [] : [`followed for ${humanDuration(followed.durationMicros)}`]),
    ...(missing ? ['not whole'] : []),
    ...(content.masked === undefined ? [] : ['masked']),
    ...about(refs),
  ];
  return { title: name, result: result.join(' · '), tone: missing ? 'bad' : 'quiet' };
}

/** Which page, and whether it was well. */
export function screenshotTitle({ body, refs }: EntryOf<'screenshot'>): Title {
  const { status, console: said, requests, wait, title, finalUrl } = body;
  const bad = said.errors > 0 || requests.failed > 0 || !wait.reached || (status ?? 200) >= 400;
  const result = [
    ...(status === null ? [] : [String(status)]),
    ...(wait.reached ? [] : ['not fully loaded']),
    ...(said.errors > 0 ? [plural(said.errors, 'console error')] : []),
    ...(requests.failed > 0 ? [plural(requests.failed, 'failed request')] : []),
    `${body.picture.width}×${body.picture.height}`,
    ...about(refs),
  ];
  const page = title === '' ? finalUrl : `${title} — ${finalUrl}`;
  return { title: page, result: result.join(' · '), tone: bad ? 'bad' : 'good' };
}

/** What was asked, and what came of it. */
export function httpTitle({ body, refs }: EntryOf<'http'>): Title {
  const { method, url, answer, failure, timing, expected } = body;
  const unmet = expected?.met === false;
  const result = [
    answer === null
      ? `no answer: ${failure?.why ?? ''}`
      : `${answer.status} ${answer.reason}`.trim(),
    ...(answer !== null && failure !== null ? [failure.why] : []),
    ...(unmet ? [`${expected.status} expected`] : []),
    humanDuration(timing.totalMicros),
    ...about(refs),
  ];
  const expectedIt = expected?.met === true;
  const bad = failure !== null || unmet || (!expectedIt && (answer?.status ?? 0) >= 400);
  return { title: `${method} ${url}`, result: result.join(' · '), tone: bad ? 'bad' : 'good' };
}

function about(refs: EntryOf<'http'>['refs']): string[] {
  const on = refs.find(({ rel }) => rel === 'on');
  return on === undefined ? [] : [`on E${on.seq}`];
}

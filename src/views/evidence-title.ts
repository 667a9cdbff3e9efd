import type { EntryOf } from '../core/entries/kinds.ts';
import { humanBytes, humanDuration, plural } from '../core/human-units.ts';
import { cut } from '../core/visible-text.ts';
import type { Title } from './title.ts';

/** What was attached, and whether all of it is there. */
export function attachmentTitle({ body }: EntryOf<'attachment'>): Title {
  const { content, followed, type, name, lines } = body;
  const missing = content.gaps.length > 0 || body.changedWhileRead === true;
  const result = [
    cut(type, LONGEST_TYPE),
    lines === undefined ? humanBytes(content.bytes) : plural(lines, 'line'),
    ...(followed === undefined ? [] : [`in ${humanDuration(followed.durationMicros)}`]),
    ...(missing ? ['not whole'] : []),
    ...(content.masked === undefined ? [] : ['masked']),
  ];
  return { title: name, result: result.join(' · '), tone: missing ? 'bad' : 'quiet' };
}

const LONGEST_TYPE = 24;

/** Which page, and whether it was well. */
export function screenshotTitle({ body }: EntryOf<'screenshot'>): Title {
  const { status, console: said, requests, wait, title, finalUrl } = body;
  // Pixels are not masked: whoever hands this on should see it here.
  const secret = body.text?.masked !== undefined;
  const bad =
    secret || said.errors > 0 || requests.failed > 0 || !wait.reached || (status ?? 200) >= 400;
  const result = [
    ...(status === null ? [] : [String(status)]),
    ...(secret ? ['shows a secret'] : []),
    ...(wait.reached ? [] : ['not ready']),
    ...(said.errors > 0 ? [plural(said.errors, 'error')] : []),
    ...(requests.failed > 0 ? [`${requests.failed} failed`] : []),
  ];
  const page = title === '' ? finalUrl : `${title} — ${finalUrl}`;
  return { title: page, result: result.join(' · '), tone: bad ? 'bad' : 'good' };
}

/** What was asked, and what came of it. */
export function httpTitle({ body }: EntryOf<'http'>): Title {
  const { method, url, answer, failure, timing, expected } = body;
  const unmet = expected?.met === false;
  const plain = failure === null && !unmet;
  const result = [
    answer === null
      ? `no answer (${failure?.what ?? ''})`
      : cut(`${answer.status} ${plain ? answer.reason : ''}`.trim(), LONGEST_TYPE),
    ...(answer !== null && failure !== null ? [failure.what] : []),
    ...(unmet && answer !== null ? [`${expected.status} expected`] : []),
    humanDuration(timing.totalMicros),
  ];
  const expectedIt = expected?.met === true;
  const bad = failure !== null || unmet || (!expectedIt && (answer?.status ?? 0) >= 400);
  return { title: `${method} ${url}`, result: result.join(' · '), tone: bad ? 'bad' : 'good' };
}

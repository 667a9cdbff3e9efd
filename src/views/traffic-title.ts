import type { EntryOf } from '../core/entries/kinds.ts';
import { humanCount, plural } from '../core/human-units.ts';
import type { Title } from './title.ts';

/** An investigation in one line: how much was read, and the largest that is not who it says. */
export function trafficTitle({ body }: EntryOf<'traffic.investigation'>): Title {
  const worst = body.findings.find(({ subject }) => subject.startsWith('contradicted:'));
  const logs = body.sources === null ? 'many logs' : plural(body.sources.length, 'log');
  const title = `traffic: ${humanCount(body.requests)} requests in ${logs}`;
  if (worst === undefined) return { title, result: 'nobody contradicted' };
  const name = worst.subject.slice('contradicted:'.length);
  return { title, result: `${humanCount(worst.requests)} only say ${name}`, tone: 'bad' };
}

/** A proposed response in one line: what it would hit, and of that what nobody wants hit. */
export function responseTitle({ body }: EntryOf<'traffic.response'>): Title {
  const targets = body.rules.map(({ action, target }) => `${action} ${target}`).join(', ');
  const unwanted = body.findings
    .filter(({ subject }) => UNWANTED.some((name) => subject.endsWith(`: ${name}`)))
    .reduce((sum, { requests }) => sum + requests, 0);
  return {
    title: `response: ${targets}`,
    result: `${humanCount(body.requests)} of ${humanCount(body.replayed)} requests, ${humanCount(unwanted)} of them collateral`,
    tone: 'quiet',
  };
}

const UNWANTED = [
  'search engines',
  'link previews',
  'feed readers',
  'uptime checks',
  'likely people',
];

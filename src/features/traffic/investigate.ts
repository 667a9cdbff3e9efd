import type { AddressList } from './identities/address-lists.ts';
import type { DnsAnswer } from './identities/verdict.ts';
import { type Answer, answer } from './questions/report.ts';
import {
  type LogInput,
  type ReadOptions,
  readSource,
  type SourceFacts,
} from './reader/log-source.ts';
import { trafficError } from './reader/traffic-error.ts';
import type { Obedience } from './robots/obedience.ts';
import type { TrustedProxies } from './tally/forwarded.ts';
import { Tally } from './tally/tally.ts';

export interface InvestigateOptions extends ReadOptions {
  lists: ReadonlyMap<string, AddressList>;
  dns: ReadonlyMap<string, DnsAnswer>;
  since: number | null;
  obedience: Obedience | null;
  proxies: TrustedProxies | null;
  /** Told of progress: bytes read so far. */
  progress?: (bytes: number) => void;
}

export interface Investigated extends Answer {
  tally: Tally;
  sources: SourceFacts[];
}

/** Reads logs once and answers. Throws `traffic.no-lines` where they hold no request to speak of. */
export async function investigate(
  inputs: readonly LogInput[],
  options: InvestigateOptions,
): Promise<Investigated> {
  const tally = new Tally(options);
  const sources: SourceFacts[] = [];
  for (const input of inputs) {
    const before = sources.reduce((sum, { bytes }) => sum + bytes, 0);
    const facts = await readSource(input, options, (columns) => {
      tally.add(columns, sources.length);
      options.progress?.(before + columns.offset);
    });
    sources.push(facts);
  }
  if (tally.requests === 0) throw nothingRead(tally, sources);
  return { tally, sources, ...answer(tally, sources, options.lists, options.obedience) };
}

function nothingRead(tally: Tally, sources: readonly SourceFacts[]) {
  if (tally.before > 0) {
    return trafficError(
      'traffic.no-lines',
      'No request is that new',
      `all ${tally.before} requests are older than --since`,
      'proof traffic analyze without --since, or with an earlier time',
    );
  }
  const names = sources.map(({ name }) => (name === '-' ? 'standard input' : name)).join(', ');
  return trafficError(
    'traffic.no-lines',
    `No request was found in ${names}`,
    tally.lines.in === 0
      ? 'there is no line in it'
      : `none of ${tally.lines.in} lines is of an access log known here`,
    `name nginx's log_format: proof traffic analyze --format '$remote_addr - $remote_user [$time_local] "$request" $status' FILE`,
  );
}

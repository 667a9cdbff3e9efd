import type { Body } from '../../core/entries/kinds.ts';
import { entryName, type Seq } from '../../core/names.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';
import { findLog } from './find-log.ts';
import type { KeptLine, KeptPlaces } from './keep-lines.ts';
import { linesAt } from './reader/lines-at.ts';
import { trafficError } from './reader/traffic-error.ts';

export interface OpenedLine {
  source: string;
  offset: number;
  length: number;
  text: string;
}

export interface OpenedLines {
  subject: string;
  /** Lines the finding rests on. */
  total: number;
  lines: OpenedLine[];
  /** `log`: read again from the logs; `ledger`: as kept then; `both`: some of the logs are gone. */
  from: 'log' | 'ledger' | 'both';
  /** Logs that were not found any more, by the names they had. */
  gone: string[];
}

/**
 * The lines behind a finding: from the logs themselves where they can be found by their content,
 * else as they were kept. At most `limit` of them.
 */
export async function openLines(
  reader: LedgerReader,
  seq: Seq,
  n: number,
  limit: number,
): Promise<OpenedLines> {
  const { entry } = reader.entry(seq);
  if (entry?.kind !== 'traffic.investigation' && entry?.kind !== 'traffic.response') {
    throw trafficError(
      'traffic.not-an-investigation',
      `${entryName(seq)} is no investigation`,
      'it was made neither by proof traffic analyze nor by proof traffic respond',
      'proof log',
    );
  }
  const finding = entry.body.findings.find((one) => one.n === n);
  if (finding === undefined) {
    throw trafficError(
      'traffic.no-finding',
      `${entryName(seq)} has no finding ${n}`,
      `it has ${entry.body.findings.length}`,
      `proof show ${entryName(seq)}`,
    );
  }
  const blob = (name: string) => entry.blobs.find((one) => one.name === name);
  const ndjson = <T>(name: string): T[] => {
    const ref = blob(name);
    if (ref === undefined) return [];
    const text = new TextDecoder().decode(reader.blobs.bytes(ref));
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  };
  const places = ndjson<KeptPlaces>('places').filter((one) => one.finding === n);
  const kept = ndjson<KeptLine>('lines').filter((one) => one.finding === n);
  const sources = entry.body.sources ?? sourcesOf(reader, blob('report'));
  const lines: OpenedLine[] = [];
  const gone: string[] = [];
  for (const { source, places: row } of places) {
    if (lines.length >= limit) break;
    const facts = sources[source] as NonNullable<Body<'traffic.investigation'>['sources']>[number];
    const wanted = unfolded(row, limit - lines.length);
    const log = await findLog(entry.body.cwd, facts);
    const texts = log === null ? [] : await linesAt(log, wanted);
    if (log === null) gone.push(facts.name);
    const decoder = new TextDecoder();
    wanted.forEach(({ offset, length }, i) => {
      const bytes = texts[i];
      const own = kept.find((one) => one.source === source && one.offset === offset);
      const text = bytes == null ? own?.text : decoder.decode(bytes);
      if (text !== undefined) lines.push({ source: facts.name, offset, length, text });
    });
  }
  const from = gone.length === 0 ? 'log' : gone.length === places.length ? 'ledger' : 'both';
  return { subject: finding.subject, total: finding.requests, lines, from, gone };
}

function unfolded(row: readonly number[], most: number): { offset: number; length: number }[] {
  const places: { offset: number; length: number }[] = [];
  let end = 0;
  for (let i = 0; i + 1 < row.length && places.length < most; i += 2) {
    const offset = end + (row[i] as number);
    const length = row[i + 1] as number;
    places.push({ offset, length });
    end = offset + length;
  }
  return places;
}

function sourcesOf(
  reader: LedgerReader,
  ref: Parameters<LedgerReader['blobs']['bytes']>[0] | undefined,
) {
  if (ref === undefined) return [];
  const text = new TextDecoder().decode(reader.blobs.bytes(ref));
  return (JSON.parse(text) as { sources: NonNullable<Body<'traffic.investigation'>['sources']> })
    .sources;
}

import type { Body, EntryOf } from '../../core/entries/kinds.ts';
import { entryName, type Seq } from '../../core/names.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';
import { findLog } from './find-log.ts';
import type { Report } from './questions/report.ts';
import type { LogInput } from './reader/log-source.ts';
import { trafficError } from './reader/traffic-error.ts';

/**
 * The logs that an investigation read, found again by their content; without `named` those of the
 * latest. Throws where one of them is gone, since a replay on a part of them would say nothing.
 */
export async function logsOf(
  reader: LedgerReader,
  named: Seq | null,
): Promise<{ seq: Seq; body: Body<'traffic.investigation'>; inputs: LogInput[] }> {
  const { seq, entry } = latestInvestigation(reader, named);
  const inputs: LogInput[] = [];
  for (const source of entry.body.sources ?? []) {
    const input = await findLog(entry.body.cwd, source);
    if (input === null) throw gone(seq, source.name);
    // A log that has grown since is read as far as it was read then.
    inputs.push({ name: source.name, bytes: () => input.bytes(), until: source.bytes });
  }
  if (inputs.length === 0) throw gone(seq, 'its logs');
  return { seq, body: entry.body, inputs };
}

/** The investigation that is named, or the latest. */
export function latestInvestigation(
  reader: LedgerReader,
  named: Seq | null,
): { seq: Seq; entry: EntryOf<'traffic.investigation'> } {
  const seq = named ?? latest(reader);
  const entry = seq === null ? null : reader.entry(seq).entry;
  if (seq !== null && entry?.kind === 'traffic.investigation') return { seq, entry };
  throw trafficError(
    'traffic.not-an-investigation',
    seq === null
      ? 'There is no investigation in this ledger'
      : `${entryName(seq)} is no investigation`,
    'proof traffic analyze makes one',
    'proof traffic analyze /var/log/nginx/access.log*',
  );
}

/** All of its results. */
export function reportOf(reader: LedgerReader, entry: EntryOf<'traffic.investigation'>): Report {
  const ref = entry.blobs.find(({ name }) => name === 'report');
  const bytes = ref === undefined ? new Uint8Array() : reader.blobs.bytes(ref);
  return JSON.parse(new TextDecoder().decode(bytes)) as Report;
}

function latest(reader: LedgerReader): Seq | null {
  for (let seq = reader.size() - 1; seq >= 0; seq--) {
    if (reader.entry(seq).entry?.kind === 'traffic.investigation') return seq;
  }
  return null;
}

function gone(seq: Seq, name: string) {
  const what = name === '-' ? 'what was read from standard input' : name;
  return trafficError(
    'traffic.no-input',
    `The logs of ${entryName(seq)} cannot be read again`,
    `${what} is not there any more`,
    'name logs: proof traffic respond access.log --block …',
  );
}

import type { DnsAnswer } from '../features/traffic/identities/verdict.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';

/** What reverse DNS said to earlier investigations of this ledger; silence is asked again. */
export function knownAnswers(reader: LedgerReader): Map<string, DnsAnswer> {
  const known = new Map<string, DnsAnswer>();
  for (const { entry } of reader.entries()) {
    if (entry?.kind !== 'traffic.investigation') continue;
    const ref = entry.blobs.find(({ name }) => name === 'dns');
    if (ref === undefined) continue;
    const answers = JSON.parse(new TextDecoder().decode(reader.blobs.bytes(ref))) as DnsAnswer[];
    for (const one of answers) if (one.failed === null) known.set(one.address, one);
  }
  return known;
}

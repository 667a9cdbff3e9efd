import { entryName } from '../core/names.ts';
import { entrySeq } from '../features/tasks/names.ts';
import { readLists } from '../features/traffic/identities/address-lists.ts';
import { SNAPSHOT } from '../features/traffic/identities/snapshot.ts';
import { investigate } from '../features/traffic/investigate.ts';
import { latestInvestigation, reportOf } from '../features/traffic/logs-of.ts';
import { changesSince } from '../features/traffic/questions/change.ts';
import { logInputs } from '../features/traffic/reader/log-files.ts';
import type { Context } from './context.ts';
import { workersHere } from './traffic-analyze-here.ts';
import { proxiesGiven, sinceTime } from './traffic-options.ts';

/** Compares what came since a time with an investigation, read by the same rules. */
export async function watchHere(
  context: Context,
  words: { logs: readonly string[]; since: string; of: string | undefined },
) {
  const reader = context.reader();
  const { seq, entry } = latestInvestigation(
    reader,
    words.of === undefined ? null : entrySeq(reader, words.of),
  );
  const { parameters } = entry.body;
  const inputs = logInputs(words.logs, context.cwd, () => context.inputBytes());
  const baseline = reportOf(reader, entry);
  const of = entryName(seq);
  try {
    const { report } = await investigate(inputs, {
      definition: parameters.format,
      workers: workersHere(),
      lists: readLists(SNAPSHOT),
      dns: new Map(),
      since: sinceTime(words.since, Date.now()),
      obedience: null,
      proxies: proxiesGiven(parameters.proxies),
    });
    return { of, requests: report.requests, changes: changesSince(baseline, report) };
  } catch (error) {
    // A quiet quarter of an hour is no trouble.
    if ((error as { code?: string }).code !== 'traffic.no-lines') throw error;
    return { of, requests: 0, changes: [] };
  }
}

import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { entryName } from '../core/names.ts';
import { citedLines } from '../features/traffic/cited-lines.ts';
import { readLists } from '../features/traffic/identities/address-lists.ts';
import { SNAPSHOT } from '../features/traffic/identities/snapshot.ts';
import type { DnsAnswer } from '../features/traffic/identities/verdict.ts';
import {
  type Investigated,
  type InvestigateOptions,
  investigate,
} from '../features/traffic/investigate.ts';
import { instantOf, keepInvestigation } from '../features/traffic/keep-investigation.ts';
import { findingsOf } from '../features/traffic/questions/findings.ts';
import { unsettledAddresses } from '../features/traffic/questions/unsettled.ts';
import { logInputs } from '../features/traffic/reader/log-files.ts';
import type { LogInput } from '../features/traffic/reader/log-source.ts';
import type { Context } from './context.ts';
import { knownAnswers } from './traffic-dns.ts';
import { type ReportJson, toReportJson } from './traffic-json.ts';
import { proxiesGiven, robotsGiven, sinceTime } from './traffic-options.ts';
import { spooled } from './traffic-spool.ts';

export interface AnalyzeWords {
  logs: readonly string[];
  robots: readonly string[];
  since?: string | undefined;
  dns: boolean;
  format?: string | undefined;
  proxy: readonly string[];
  task?: string | undefined;
  /** Whether there is a ledger to keep it in. */
  keeps: boolean;
}

/** More threads read no faster than one file system and one counter can. */
const MOST_WORKERS = 4;

/** Investigates logs on this machine, and keeps the investigation where there is a ledger. */
export async function analyzeHere(context: Context, words: AnalyzeWords): Promise<ReportJson> {
  const since = sinceTime(words.since, Date.now());
  const robots = robotsGiven(words.robots, context.cwd);
  const proxies = proxiesGiven(words.proxy);
  // A ledger that cannot be written must say so before minutes are spent reading.
  if (words.keeps) await context.ledger();
  const task = words.keeps ? context.task(words.task) : null;
  const opened = await inputsOf(context, words);
  try {
    const options = (dns: ReadonlyMap<string, DnsAnswer>): InvestigateOptions => ({
      definition: words.format ?? null,
      workers: workersHere(),
      lists: readLists(SNAPSHOT),
      dns,
      since,
      obedience: robotsGiven(words.robots, context.cwd).obedience,
      proxies,
      progress: (bytes) => context.progress(`read ${Math.floor(bytes / 1e6)} MB`),
    });
    let used = options(new Map());
    let found = await investigate(opened.inputs, used);
    let answers: DnsAnswer[] = [];
    if (words.dns) {
      answers = await askNames(context, found, words.keeps);
      used = options(new Map(answers.map((one) => [one.address, one])));
      found = await investigate(opened.inputs, used);
    }
    const findings = findingsOf(found.report);
    if (!words.keeps) return toReportJson(found.report, findings, null);
    const seq = await keepInvestigation(await context.ledger(), {
      actor: context.actor,
      task,
      cwd: context.cwd,
      parameters: {
        since: instantOf(since),
        format: words.format ?? null,
        proxies: [...words.proxy],
        robots: robots.versions,
        dns: words.dns,
      },
      lists: {
        sha256: createHash('sha256').update(SNAPSHOT).digest('hex'),
        newest: new Date(newestLook(used)).toISOString(),
      },
      software: `prooflayer/${context.version}`,
      report: found.report,
      findings,
      cited: await citedLines(opened.inputs, used, found, findings),
      dns: answers,
      inputs: opened.inputs,
    });
    return toReportJson(found.report, findings, entryName(seq));
  } finally {
    opened.close();
  }
}

/** Threads to read with, beside this one. */
export function workersHere(): number {
  return Math.min(MOST_WORKERS, availableParallelism());
}

/** What comes from standard input is put aside where it has to be read again. */
async function inputsOf(
  context: Context,
  { logs, keeps, dns }: AnalyzeWords,
): Promise<{ inputs: LogInput[]; close: () => void }> {
  const inputs = logInputs(logs, context.cwd, () => context.inputBytes());
  if (!(keeps || dns) || !logs.includes('-')) return { inputs, close: () => {} };
  const spool = await spooled(context.inputBytes());
  return { inputs: [...inputs.slice(0, -1), spool.input], close: spool.remove };
}

/** Answers kept by an earlier investigation are not asked for again: a second run is the same. */
async function askNames(
  context: Context,
  { tally }: Investigated,
  keeps: boolean,
): Promise<DnsAnswer[]> {
  const asked = unsettledAddresses(tally);
  const known = keeps ? knownAnswers(context.reader()) : new Map<string, DnsAnswer>();
  const fresh = await context.reverseNames(
    asked.filter((address) => !known.has(address)),
    (done) => context.progress(`asked for ${done} names`),
  );
  return [...asked.flatMap((address) => known.get(address) ?? []), ...fresh];
}

function newestLook({ lists }: InvestigateOptions): number {
  return Math.max(...[...lists.values()].map(({ last }) => last));
}

import type { Actor } from '../../core/entries/header.ts';
import type { Body } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import type { Cited } from './cited-lines.ts';
import type { DnsAnswer } from './identities/verdict.ts';
import { blobOf, keepLines } from './keep-lines.ts';
import type { Statement } from './questions/findings.ts';
import type { Report } from './questions/report.ts';
import type { LogInput } from './reader/log-source.ts';

/** An entry is small; what is more stands in the blob `report`. */
const SOURCES_IN_ENTRY = 60;

export interface KeepRequest {
  actor: Actor;
  task: Seq | null;
  cwd: string;
  parameters: Body<'traffic.investigation'>['parameters'];
  lists: Body<'traffic.investigation'>['lists'];
  software: string;
  report: Report;
  findings: readonly Statement[];
  cited: readonly Cited[];
  dns: readonly DnsAnswer[];
  inputs: readonly LogInput[];
}

/** Makes an entry of an investigation. Resolves with its leaf index. */
export async function keepInvestigation(ledger: Ledger, request: KeepRequest): Promise<Seq> {
  const { report, findings, cited, actor, task, dns } = request;
  const { kept, blobs } = await keepLines(ledger, request.inputs, cited);
  const add = async (name: string, type: string, lines: Iterable<string>) => {
    const stored = await blobOf(ledger, name, type, lines);
    if (stored !== null) blobs.push(stored);
  };
  await add('report', 'application/json', [JSON.stringify(report)]);
  if (dns.length > 0) await add('dns', 'application/json', [JSON.stringify(dns)]);
  const body: Body<'traffic.investigation'> = {
    cwd: request.cwd,
    sources: report.sources.length > SOURCES_IN_ENTRY ? null : report.sources.map(sourceOf),
    parameters: request.parameters,
    lists: request.lists,
    software: request.software,
    lines: report.lines,
    requests: report.requests,
    bytes: report.bytes,
    from: instantOf(report.from),
    to: instantOf(report.to),
    findings: findings.map((finding, i) => ({
      ...finding,
      places: cited[i]?.places.length ?? 0,
      kept: kept.filter(({ finding: n }) => n === finding.n).length,
    })),
  };
  const [seq] = await ledger.append(
    () => [
      { kind: 'traffic.investigation', body, task, actor, blobs: blobs.map(({ ref }) => ref) },
    ],
    blobs,
  );
  return seq as Seq;
}

export function instantOf(time: number | null): string | null {
  return time === null || !Number.isFinite(time) ? null : new Date(time).toISOString();
}

function sourceOf({ cutOff, ...source }: Report['sources'][number]) {
  return cutOff === null ? source : { ...source, cutOff };
}

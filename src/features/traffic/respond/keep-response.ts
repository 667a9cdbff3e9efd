import type { Actor } from '../../../core/entries/header.ts';
import type { Body } from '../../../core/entries/kinds.ts';
import type { Seq } from '../../../core/names.ts';
import type { Ledger } from '../../../ledger/store/ledger.ts';
import { blobOf, keepLines } from '../keep-lines.ts';
import type { LogInput, SourceFacts } from '../reader/log-source.ts';
import type { Rule } from './rule.ts';
import type { Simulation } from './simulate.ts';

export interface KeepResponseRequest {
  actor: Actor;
  task: Seq | null;
  cwd: string;
  /** The investigation it answers to. */
  cites: Seq | null;
  sources: readonly SourceFacts[];
  rules: readonly Rule[];
  perMinute: number;
  software: string;
  simulation: Simulation;
  files: readonly { program: string; name: string; text: string }[];
  inputs: readonly LogInput[];
}

/** Makes an entry of a proposed response: its rules, its files, and what is expected of them. */
export async function keepResponse(ledger: Ledger, request: KeepResponseRequest): Promise<Seq> {
  const { simulation, rules, files, cites, actor, task } = request;
  const { kept, blobs } = await keepLines(ledger, request.inputs, simulation.cells);
  const stored = await blobOf(ledger, 'files', 'application/json', [
    JSON.stringify({ rules, files }),
  ]);
  if (stored !== null) blobs.push(stored);
  const body: Body<'traffic.response'> = {
    cwd: request.cwd,
    sources: request.sources.map(({ cutOff, ...source }) =>
      cutOff === null ? source : { ...source, cutOff },
    ),
    rules: rules.map(({ n, action, target }) => ({ n, action, target })),
    perMinute: request.perMinute,
    software: request.software,
    replayed: simulation.all,
    requests: simulation.requests,
    bytes: simulation.bytes,
    findings: simulation.cells.map(({ n, rule, hit, requests, addresses, bytes, places }) => ({
      n,
      subject: `rule ${rule}: ${hit}`,
      requests,
      addresses,
      bytes,
      permille: Math.floor((1000 * requests) / Math.max(1, simulation.all)),
      places: places.length,
      kept: kept.filter(({ finding }) => finding === n).length,
    })),
    files: files.map(({ program, name }) => ({ program, name })),
  };
  const [seq] = await ledger.append(
    () => [
      {
        kind: 'traffic.response',
        body,
        task,
        actor,
        refs: cites === null ? [] : [{ rel: 'cites' as const, seq: cites }],
        blobs: blobs.map(({ ref }) => ref),
      },
    ],
    blobs,
  );
  return seq as Seq;
}

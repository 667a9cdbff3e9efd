import type * as z from 'zod/mini';
import { attachment } from './attachment-kind.ts';
import { boundaryDecision, boundarySet } from './boundary-kinds.ts';
import { change } from './change-kind.ts';
import { command } from './command-kind.ts';
import type { BlobRef, Header } from './header.ts';
import { http } from './http-kind.ts';
import { clockWentBack, gap, ledgerOpened } from './ledger-kinds.ts';
import { pruned, redacted } from './redaction-kinds.ts';
import { screenshot } from './screenshot-kind.ts';
import { decision, note, taskClosed, taskOpened, taskPlanned } from './task-kinds.ts';
import { testReport } from './test-report-kind.ts';
import { trafficInvestigation } from './traffic-kinds.ts';
import { trafficResponse } from './traffic-response-kind.ts';

/** Every kind this version writes, and the schema of its body. A closed union: nothing else is written. */
export const BODIES = {
  'ledger.opened': ledgerOpened,
  'task.opened': taskOpened,
  'task.planned': taskPlanned,
  'task.closed': taskClosed,
  note,
  decision,
  command,
  change,
  'boundary.set': boundarySet,
  'boundary.decision': boundaryDecision,
  attachment,
  screenshot,
  http,
  'traffic.investigation': trafficInvestigation,
  'traffic.response': trafficResponse,
  'test.report': testReport,
  gap,
  'clock.went-back': clockWentBack,
  redacted,
  pruned,
};

export type Kind = keyof typeof BODIES;
export type Body<K extends Kind> = z.infer<ReturnType<(typeof BODIES)[K]>>;

/** An entry of a kind we know. */
export type KnownEntry = { [K in Kind]: Header & { kind: K; body: Body<K> } }[Kind];

/** A kind that a newer Prooflayer wrote: kept, shown raw, verified like any other. */
export interface UnknownEntry extends Omit<Header, 'kind'> {
  kind: 'unknown';
  storedKind: string;
  body: unknown;
}

export type Entry = KnownEntry | UnknownEntry;
export type EntryOf<K extends Kind> = Extract<KnownEntry, { kind: K }>;

/** What a builder hands to `append`; the ledger adds version, time, number in the task and salt. */
export type Draft = {
  [K in Kind]: {
    kind: K;
    body: Body<K>;
    task: number | null;
    actor: Header['actor'];
    provenance?: Header['provenance'];
    held?: Header['held'];
    refs?: Header['refs'];
    blobs?: readonly BlobRef[];
  };
}[Kind];

import type { JudgedPart } from '../../core/entries/boundary-kinds.ts';
import type { Body, Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import { cut } from '../../core/visible-text.ts';
import type { Part } from '../../judge/boundary/decision.ts';
import type { Policy, Verdict } from '../../judge/boundary/policy.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { policyDigest } from './policy-digest.ts';

type DecisionBody = Body<'boundary.decision'>;

/** Something that was judged, and what became of it. */
export interface Judged {
  readonly decision: DecisionBody['decision'];
  readonly verdict: Verdict;
  readonly action: DecisionBody['action'];
  readonly subject: string;
  readonly parts: readonly Part[];
  readonly policy: Policy;
}

export interface DecisionPlace {
  readonly task: Seq | null;
  readonly actor: Draft['actor'];
  readonly held: NonNullable<Draft['held']>;
  /** The command it is about, where one is recorded. */
  readonly on: Seq | null;
}

/** An entry holds 64 KiB: of more parts than fit, the strictest stand there. Bytes of JSON. */
const MOST_PARTS_BYTES = 28 * 1024;
const MOST_TEXT = 400;
const MOST_SUBJECT = 4_000;

/**
 * The entry of a decision, and the blobs it names, to be appended together with whatever else
 * belongs to the moment.
 */
export async function decisionDraft(
  ledger: Ledger,
  judged: Judged,
  place: DecisionPlace,
): Promise<{ draft: Draft; blobs: StoredBlob[] }> {
  const { decision, verdict, action, parts, policy } = judged;
  const subject = judged.subject.toWellFormed();
  const short = subject.length <= MOST_SUBJECT;
  const blobs = short ? [] : await subjectBlob(ledger, subject);
  const shown = fitting([...parts].sort((a, b) => RANK[a.verdict] - RANK[b.verdict]));
  const body: DecisionBody = {
    decision,
    verdict,
    mode: policy.mode,
    action,
    subject: short ? subject : null,
    parts: shown,
    more: parts.length - shown.length,
    policy: policyDigest(policy),
  };
  const draft: Draft = {
    kind: 'boundary.decision',
    body,
    task: place.task,
    actor: place.actor,
    held: place.held,
    refs: place.on === null ? [] : [{ rel: 'on', seq: place.on }],
    blobs: blobs.map(({ ref }) => ref),
  };
  return { draft, blobs };
}

const RANK: Readonly<Record<Verdict, number>> = { deny: 0, ask: 1, allow: 2 };

function fitting(parts: readonly Part[]): JudgedPart[] {
  const kept: JudgedPart[] = [];
  let bytes = 0;
  for (const part of parts) {
    const judged = judgedPart(part);
    bytes += Buffer.byteLength(JSON.stringify(judged));
    if (bytes > MOST_PARTS_BYTES) break;
    kept.push(judged);
  }
  return kept;
}

function judgedPart({ text, verdict, rule, why }: Part): JudgedPart {
  const named =
    rule === null ? null : { text: cut(rule.text.toWellFormed(), MOST_TEXT), line: rule.line };
  return {
    text: cut(text.toWellFormed(), MOST_TEXT),
    verdict,
    rule: named,
    why: cut(why.toWellFormed(), MOST_TEXT),
  };
}

async function subjectBlob(ledger: Ledger, subject: string): Promise<StoredBlob[]> {
  const writer = ledger.blob('subject', { type: 'text/plain' });
  await writer.write(Buffer.from(subject));
  await writer.end();
  const blob = writer.finish();
  return blob === null ? [] : [blob];
}

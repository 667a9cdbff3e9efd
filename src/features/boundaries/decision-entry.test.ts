import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Part } from '../../judge/boundary/decision.ts';
import { createLedger } from '../../ledger/store/open.ts';
import { openTask } from '../tasks/task-entries.ts';
import { decisionDraft } from './decision-entry.ts';
import { policyDigest, policyMeaning } from './policy-digest.ts';
import { policyOfNoFile } from './policy-file.ts';
import { narrowTask } from './task-boundary.ts';

const dir = mkdtempSync(join(tmpdir(), 'proof-decision-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const actor = { kind: 'agent', name: 'robot', host: 'here', basis: 'asserted' } as const;
const ledger = await createLedger(
  { dir: join(dir, 'ledger'), configDir: join(dir, 'config'), ownValues: [], self: actor },
  actor,
  'test',
);
afterAll(() => ledger.close());
const policy = policyOfNoFile();
const part = (text: string, verdict: Part['verdict']): Part => ({
  text,
  verdict,
  rule: verdict === 'allow' ? null : { text: 'x *', line: 7 },
  why: 'because',
});
const place = { task: null, actor, held: 'matched', on: 0 } as const;

test('the strictest parts come first, and of many the rest is counted', async () => {
  const parts = [...Array(2_000).fill(part('a', 'allow')), part('b', 'ask'), part('c', 'deny')];
  const judged = { decision: 'denied', verdict: 'deny', action: 'command', parts, policy } as const;
  const { draft, blobs } = await decisionDraft(ledger, { ...judged, subject: 'a; b; c' }, place);
  const [seq] = await ledger.append(() => [draft], blobs);
  const { entry } = ledger.entry(seq as number);
  if (entry?.kind !== 'boundary.decision') throw new Error('another kind');
  expect(entry.body.parts.slice(0, 3).map(({ text }) => text)).toEqual(['c', 'b', 'a']);
  expect(entry.body.more + entry.body.parts.length).toBe(2_002);
  expect(entry.body).toMatchObject({ subject: 'a; b; c', policy: policyDigest(policy) });
  expect(entry.held).toBe('matched');
  expect(entry.refs).toEqual([{ rel: 'on', seq: 0 }]);
});

test('whatever is judged fits into an entry', async () => {
  const long = '\u0000\ud800"'.repeat(20_000);
  const parts = Array(60).fill({ ...part(long, 'deny'), why: long, rule: { text: long, line: 1 } });
  const judged = {
    decision: 'violated',
    verdict: 'deny',
    action: 'command',
    parts,
    policy,
  } as const;
  const { draft, blobs } = await decisionDraft(ledger, { ...judged, subject: long }, place);
  const [seq] = await ledger.append(() => [draft], blobs);
  const { entry } = ledger.entry(seq as number);
  expect(entry?.body).toMatchObject({ subject: null });
  expect(entry?.blobs.map(({ name }) => name)).toEqual(['subject']);
});

test('a narrowing keeps the policy that its digest is over', async () => {
  const task = await openTask(ledger, actor, { goal: 'x', steps: [], place: null });
  const seq = await narrowTask(
    ledger,
    actor,
    task,
    { scope: ['src/**'], denyNetwork: true },
    policy,
  );
  const { entry } = ledger.entry(seq);
  if (entry?.kind !== 'boundary.set') throw new Error('another kind');
  const [ref] = entry.blobs;
  const bytes = ledger.blobs.bytes(ref as NonNullable<typeof ref>);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(entry.body.policy);
  expect(JSON.parse(new TextDecoder().decode(bytes)).scope.within).toEqual([['src/**']]);
  expect(policyMeaning(policy)).not.toBe(new TextDecoder().decode(bytes));
});

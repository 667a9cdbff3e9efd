import { commandText } from '../core/command-text.ts';
import { ProofError } from '../core/errors.ts';
import type { Seq } from '../core/names.ts';
import { visibleLine } from '../core/visible-text.ts';
import {
  type DecisionPlace,
  decisionDraft,
  type Judged,
} from '../features/boundaries/decision-entry.ts';
import { policyPath, readPolicyText } from '../features/boundaries/policy-file.ts';
import type { Decision, Part } from '../judge/boundary/decision.ts';
import type { Policy } from '../judge/boundary/policy.ts';
import { answerTo } from '../judge/boundary/verdict-table.ts';
import type { StoredBlob } from '../ledger/blobs/stored-blob.ts';
import type { Context } from './context.ts';

/** What the boundary says about a command that is about to run. */
export interface RunGate {
  policy: Policy;
  file: string;
  decision: Decision;
  /** Why it does not start; null where it does. */
  refused: ProofError | null;
  /** A human was asked at the terminal, and said yes. */
  approved: boolean;
}

/**
 * Judges a command before it runs. Null where there is no proof.yaml: then nothing is judged, and
 * nothing held.
 *
 * @throws ProofError `policy.*` where the file does not hold and would stop something.
 */
export async function gateOf(
  context: Context,
  task: Seq | null,
  argv: readonly string[],
): Promise<RunGate | null> {
  const file = policyPath(context.places.root);
  if (readPolicyText(file) === null) return null;
  const { boundaryHere, decideHere } = await import('./context-boundary.ts');
  const boundary = await boundaryHere(context, task).catch((error: unknown) => {
    if (!/^mode:\s*observe\s*(#.*)?$/m.test(readPolicyText(file) ?? '')) throw error;
    // Who only observes is stopped by nothing: not by a slip in the file, which is said, and not
    // by a ledger that cannot be read, of which recording tells once the command has run.
    if (error instanceof ProofError && error.code.startsWith('policy.')) context.warn(error);
    return null;
  });
  if (boundary === null) return null;
  const { policy } = boundary;
  const by = context.actor.kind === 'human' ? 'human' : 'agent';
  const decision = decideHere(context).argv(argv, policy, by);
  const gate = { policy, file, decision, refused: null, approved: false };
  const { outcome } = answerTo('proof run', by === 'human', policy.mode, decision.verdict);
  if (outcome === 'pass') return gate;
  const reason = reasonOf(decision);
  // Nobody there to answer is told apart from a no.
  const answer =
    outcome === 'ask'
      ? await context.ask((paint) => `${paint.bold('proof:')} ${reason}\n  run it? [y/N] `)
      : null;
  if (answer !== null && /^\s*y(es)?\s*$/i.test(answer)) return { ...gate, approved: true };
  return { ...gate, refused: refusal(decision, reason, argv, answer !== null) };
}

function refusal(
  { verdict }: Decision,
  reason: string,
  argv: readonly string[],
  declined: boolean,
): ProofError {
  const text = visibleLine(commandText(argv));
  if (verdict === 'deny')
    return new ProofError({
      code: 'run.denied',
      message: `Not run, the boundary denies it: ${text}`,
      why: reason,
      remedy: `proof boundary explain ${JSON.stringify(text)}`,
    });
  return new ProofError({
    code: declined ? 'run.declined' : 'run.asks',
    message: `Not run, ${declined ? 'you said no' : 'a human has to be asked and none is here'}: ${text}`,
    why: reason,
    remedy: declined
      ? 'run it again to be asked again'
      : 'a human runs it at a terminal, or adds a rule to proof.yaml',
  });
}

/** The strictest part, its rule and its line. */
function reasonOf({ verdict, parts }: Decision): string {
  const part = parts.find((each) => each.verdict === verdict) as Part | undefined;
  if (part === undefined) return `the boundary says ${verdict}`;
  const { rule } = part;
  const line = rule?.line == null ? '' : `, proof.yaml line ${rule.line}`;
  const named = rule === null ? '' : ` (${visibleLine(rule.text)}${line})`;
  return `${visibleLine(part.text)}: ${part.why}${named}`;
}

/** Writes down what was asked or denied, and what became of it. */
export async function recordDecision(
  context: Context,
  gate: RunGate,
  argv: readonly string[],
  place: Pick<DecisionPlace, 'task' | 'held' | 'on'>,
): Promise<Seq | null> {
  const { decision, policy, refused, approved } = gate;
  if (decision.verdict === 'allow') return null;
  // That no rule says anything about a command that ran all the same is nothing to point at: the
  // first day is quiet, and proof boundary suggest reads the commands themselves.
  const named = decision.parts.some(({ verdict, rule }) => verdict === decision.verdict && rule);
  if (refused === null && !approved && !named) return null;
  const became = refused !== null ? 'denied' : approved ? 'asked' : 'violated';
  return recordJudged(context, place, [
    {
      decision: became,
      verdict: decision.verdict,
      action: 'command',
      subject: commandText(argv),
      parts: decision.parts,
      policy,
    },
  ]);
}

/** Each host that was refused, once: what was tried is told apart from what came of it. */
export async function recordRefusedHosts(
  context: Context,
  policy: Policy,
  refused: readonly { host: string; port: number; why: string | null }[],
  place: Pick<DecisionPlace, 'task' | 'held' | 'on'>,
): Promise<void> {
  const subjects = new Map(refused.map((each) => [`${each.host}:${each.port}`, each.why]));
  const judged = [...subjects].slice(0, MOST_HOSTS).map(
    ([subject, why]): Judged => ({
      decision: 'denied',
      verdict: 'deny',
      action: 'connect',
      subject,
      parts: [{ text: subject, verdict: 'deny', rule: null, why: why ?? 'refused' }],
      policy,
    }),
  );
  await recordJudged(context, place, judged);
}

/** All connections are in the command's blob; a scan of a network need not be as many entries. */
const MOST_HOSTS = 20;

async function recordJudged(
  context: Context,
  place: Pick<DecisionPlace, 'task' | 'held' | 'on'>,
  judged: readonly Judged[],
): Promise<Seq | null> {
  if (judged.length === 0) return null;
  const ledger = await context.ledger();
  const made: Awaited<ReturnType<typeof decisionDraft>>[] = [];
  for (const each of judged)
    made.push(await decisionDraft(ledger, each, { ...place, actor: context.actor }));
  const blobs: StoredBlob[] = made.flatMap((each) => each.blobs);
  const [seq] = await ledger.append(() => made.map(({ draft }) => draft), blobs);
  return seq as Seq;
}

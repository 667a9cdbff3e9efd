import type { Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import { type Narrowing, narrowed } from '../../judge/boundary/narrowing.ts';
import type { Policy } from '../../judge/boundary/policy.ts';
import { globProblem } from '../../judge/boundary/scope-glob.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { policyDigest, policyMeaning } from './policy-digest.ts';
import { policyError } from './policy-error.ts';

type Actor = Draft['actor'];

/** The policy as it holds for a task: that of the workspace, and all that the task gave up. */
export function policyForTask(policy: Policy, narrowings: readonly Narrowing[]): Policy {
  return narrowings.reduce(narrowed, policy);
}

/** An entry holds 64 KiB, and whoever needs more globs than this means something else. */
const MOST_GLOBS = 50;

/** @throws ProofError `policy.bad-glob` for globs that cannot be read. */
export function narrowingOf(scope: readonly string[], denyNetwork: boolean): Narrowing | null {
  if (scope.length === 0 && !denyNetwork) return null;
  for (const glob of scope) {
    const wrong = globProblem(glob);
    if (wrong === null) continue;
    throw policyError(
      'policy.bad-glob',
      `--scope cannot be "${glob}"`,
      wrong,
      "proof task start --scope 'src/**'",
    );
  }
  if (scope.length > MOST_GLOBS) {
    throw policyError(
      'policy.bad-glob',
      `--scope stands ${scope.length} times`,
      `${MOST_GLOBS} globs are the most a task takes`,
      "a glob can stand for many files: --scope 'src/**'",
    );
  }
  return { scope: scope.length === 0 ? null : scope, denyNetwork };
}

/** Writes down that a task gives up what `narrowing` says; `policy` is what held for it before. */
export async function narrowTask(
  ledger: Ledger,
  actor: Actor,
  task: Seq,
  narrowing: Narrowing,
  policy: Policy,
): Promise<Seq> {
  const { scope, denyNetwork } = narrowing;
  return setBoundary(ledger, actor, task, narrowed(policy, narrowing), {
    source: 'task',
    narrowing: {
      scope: scope === null ? null : [...scope],
      network: denyNetwork ? 'denied' : 'kept',
    },
  });
}

/** Keeps the policy whose digest decisions name, so that a digest can be read years later. */
export async function setBoundary(
  ledger: Ledger,
  actor: Actor,
  task: Seq | null,
  policy: Policy,
  how: Omit<Extract<Draft, { kind: 'boundary.set' }>['body'], 'policy'>,
): Promise<Seq> {
  const kept = await policyBlob(ledger, policy);
  const body = { ...how, policy: policyDigest(policy) };
  const blobs = kept.map(({ ref }) => ref);
  const [seq] = await ledger.append(
    () => [{ kind: 'boundary.set', body, task, actor, blobs }],
    kept,
  );
  return seq as Seq;
}

async function policyBlob(ledger: Ledger, policy: Policy): Promise<StoredBlob[]> {
  const writer = ledger.blob('policy', { type: 'application/json' });
  await writer.write(Buffer.from(policyMeaning(policy)));
  await writer.end();
  const blob = writer.finish();
  return blob === null ? [] : [blob];
}

import * as z from 'zod/mini';
import { unverifiedCheckpoint } from '../../ledger/checkpoint.ts';
import { defineOp } from '../define-op.ts';
import { LOCAL } from '../standing.ts';

export default defineOp({
  name: 'anchor',
  summary: 'put the signed root where this machine cannot rewrite it',
  details:
    'The signed root is committed onto the branch proof-checkpoints and pushed, without touching worktree, index or HEAD. From then on nobody can change an entry below it unnoticed, not even with the signing key. On a branch that is protected against force pushes it holds best.',
  effect: 'append',
  input: z.object({
    remote: z.optional(z.string()).check(z.describe('the remote to push to')),
    local: z._default(z.boolean(), false).check(z.describe('do not push')),
  }),
  output: () =>
    z.object({
      size: z.int().check(z.describe('entries under the anchored root')),
      commit: z.string(),
      ref: z.string(),
      pushed: z.nullable(
        z.object({ remote: z.string(), ok: z.boolean(), reason: z.nullable(z.string()) }),
      ),
    }),
  examples: [
    { type: 'proof anchor', does: 'commits and pushes the signed root' },
    { type: 'proof anchor --local', does: 'commits it, to be pushed later' },
  ],
  cli: {
    print({ size, commit, ref, pushed }, paint) {
      const place = ref.replace('refs/heads/', '');
      const head = `${paint.good('✓')} ${size} entries anchored on ${place} (${commit.slice(0, 12)})`;
      if (pushed === null)
        return `${head}\n${paint.warn('  not pushed: only this machine has it')}`;
      if (pushed.ok) return `${head}, pushed to ${pushed.remote}`;
      return `${head}\n${paint.bad(`  not pushed to ${pushed.remote}: ${pushed.reason}`)}\n  push it later: git push ${pushed.remote} ${place}`;
    },
  },
  async run(context, { remote, local }) {
    const ledger = await context.ledger();
    const { note } = ledger.latestRoot() as { note: string };
    const { size } = unverifiedCheckpoint(note);
    const anchored = await context.anchor({
      ledgerId: ledger.id(),
      checkpoint: note,
      size,
      ...(local ? { remote: false as const } : remote === undefined ? {} : { remote }),
    });
    const { pushed } = anchored;
    ledger.keepRoot({ size, note }, `anchored:${pushed?.ok === true ? pushed.remote : LOCAL}`);
    return {
      size,
      commit: anchored.commit,
      ref: anchored.ref,
      pushed:
        pushed === null
          ? null
          : { remote: pushed.remote, ok: pushed.ok, reason: pushed.ok ? null : pushed.reason },
    };
  },
});

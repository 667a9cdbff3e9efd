import * as z from 'zod/mini';
import { entryName, taskName } from '../core/names.ts';
import { once } from '../core/once.ts';
import type { Policy, Rule } from '../judge/boundary/policy.ts';
import type { Context } from './context.ts';
import type { Boundary } from './context-boundary.ts';

const rule = once(() =>
  z.object({
    text: z.string(),
    line: z.nullable(z.int()).check(z.describe('in the file; null where it comes from none')),
  }),
);
const rules = once(() => z.array(rule()));
const verdict = once(() => z.enum(['allow', 'ask', 'deny']));

/** The boundary that holds, in JSON output. */
export const boundaryJson = once(() =>
  z.object({
    file: z.nullable(z.string()).check(z.describe('null where there is no proof.yaml')),
    digest: z.string().check(z.describe('of the policy that holds, narrowed; decisions name it')),
    mode: z.enum(['observe', 'ask', 'enforce']),
    task: z.nullable(z.string()),
    narrowings: z
      .array(
        z.object({
          entry: z.string(),
          scope: z.nullable(z.array(z.string())),
          network: z.enum(['kept', 'denied']),
        }),
      )
      .check(z.describe('what the task gave up')),
    scope: z.object({
      write: rules(),
      generated: rules(),
      ask: rules(),
      deny: z.array(z.extend(rule(), { all: z.boolean() })),
    }),
    commands: z.object({
      default: z.object({ human: verdict(), agent: verdict() }),
      allow: rules(),
      ask: rules(),
      deny: rules(),
    }),
    network: z.object({ allow: rules(), default: z.enum(['allow', 'deny']) }),
    models: z.object({ allow: rules() }),
    remarks: z.array(z.object({ line: z.int(), column: z.int(), text: z.string() })),
  }),
);
export type BoundaryJson = z.infer<ReturnType<typeof boundaryJson>>;

export function toBoundaryJson(context: Context, boundary: Boundary): BoundaryJson {
  const { policy, file, digest, task, narrowings } = boundary;
  const { scope, commands, network, models } = policy;
  return {
    file: file?.path ?? null,
    digest,
    mode: policy.mode,
    task: task === null ? null : taskName(context.reader().taskRank(task)),
    narrowings: narrowings.map((one) => ({
      entry: entryName(one.entry),
      scope: one.scope === null ? null : [...one.scope],
      network: one.denyNetwork ? 'denied' : 'kept',
    })),
    scope: {
      write: plain(scope.write),
      generated: plain(scope.generated),
      ask: plain(scope.ask),
      deny: scope.deny.map(({ text, line, all }) => ({ text, line, all })),
    },
    commands: {
      default: commandDefaults(policy),
      allow: plain(commands.allow),
      ask: plain(commands.ask),
      deny: plain(commands.deny),
    },
    network: { allow: plain(network.allow), default: network.default },
    models: { allow: plain(models.allow) },
    remarks: [...(file?.remarks ?? [])],
  };
}

function plain(all: readonly Rule[]): { text: string; line: number | null }[] {
  return all.map(({ text, line }) => ({ text, line }));
}

function commandDefaults({ commands }: Policy) {
  return { human: commands.default.human, agent: commands.default.agent };
}

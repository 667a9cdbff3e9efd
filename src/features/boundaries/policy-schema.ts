import * as z from 'zod/mini';
import { once } from '../../core/once.ts';

/**
 * `proof.yaml` as it is written. Editors get the same as JSON Schema (schema/proof.schema.json), so
 * every key carries a sentence for whoever points at it. Keys are the public face of the boundary:
 * add, never rename.
 */
const says = (text: string) => z.describe(text);

const list = (text: string) =>
  z.optional(z.array(z.string().check(z.minLength(1))).check(says(text)));

const verdict = once(() => z.enum(['allow', 'ask', 'deny']));

const denied = once(() =>
  z.union([
    z.string().check(z.minLength(1)),
    z.strictObject({
      path: z
        .union([z.string().check(z.minLength(1)), z.array(z.string().check(z.minLength(1)))])
        .check(says('a glob, or a list of them')),
      for: z
        .optional(z.enum(['agent', 'all']))
        .check(says('agent: what an agent itself reads and writes; all: programs it runs as well')),
    }),
  ]),
);

const scope = once(() =>
  z.strictObject({
    write: list('what may be changed; without it everything in the workspace'),
    generated: list('what may be changed and is never a violation: builds, caches, reports'),
    ask: list('what is changed only after asking'),
    deny: z.optional(z.array(denied()).check(says('what may not even be read'))),
  }),
);

const commands = once(() =>
  z.strictObject({
    default: z
      .optional(
        z.union([
          verdict(),
          z.strictObject({
            human: z.optional(verdict()).check(says('for a person; without it: allow')),
            agent: z.optional(verdict()).check(says('for an agent; without it: ask')),
          }),
        ]),
      )
      .check(says('the answer where no rule matches')),
    allow: list('words, compared whole; a final * stands for any further words'),
    ask: list('needs a human; stricter than allow, whatever the order'),
    deny: list('never; stricter than all else, and found behind every wrapper'),
    examples: z
      .optional(
        z.strictObject({
          allow: list('commands that must be allowed'),
          ask: list('commands that must be asked'),
          deny: list('commands that must be denied'),
        }),
      )
      .check(says('checked whenever this file is read')),
  }),
);

const network = once(() =>
  z.strictObject({
    allow: list('hosts: name, name:port, *.name, an address or a range of them'),
    default: z
      .optional(z.enum(['allow', 'deny']))
      .check(says('for all other hosts; without it: deny')),
  }),
);

export const policyFile = once(() =>
  z.strictObject({
    mode: z
      .optional(z.enum(['observe', 'ask', 'enforce']))
      .check(
        says(
          'observe: decide and record, stop nothing; ask: what is asked or denied does not run by itself; enforce: the sandbox holds as well. Without it: observe',
        ),
      ),
    scope: z.optional(scope()).check(says('files; globs from the root of the workspace')),
    commands: z.optional(commands()).check(says('which commands may run')),
    network: z.optional(network()).check(says('which hosts may be reached')),
    models: z
      .optional(z.strictObject({ allow: list('names of models; * stands for anything') }))
      .check(says('which models may answer')),
    routes: z
      .optional(z.record(z.string(), z.unknown()))
      .check(says('how work is given to agents; not read by this version')),
    gates: z
      .optional(z.record(z.string(), z.unknown()))
      .check(says('what must hold before a result goes on; not read by this version')),
  }),
);
export type PolicyFile = z.infer<ReturnType<typeof policyFile>>;

/** Sections that are taken and kept, but that nothing here reads yet. */
export const UNREAD_SECTIONS: readonly string[] = ['routes', 'gates'];

/** The same as JSON Schema, draft 2020-12. */
export function policyJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(policyFile());
  return {
    $schema,
    title: 'proof.yaml',
    description: 'What a task in this workspace may do: docs/BOUNDARIES.md of prooflayer.',
    ...schema,
  };
}

import { writeFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { once } from '../core/once.ts';
import { visibleLine } from '../core/visible-text.ts';
import { draftPolicy } from '../features/boundaries/draft-policy.ts';
import { POLICY_FILE, policyPath, readPolicyText } from '../features/boundaries/policy-file.ts';
import { readWorkspaceSigns } from '../features/boundaries/workspace-signs.ts';
import { diskError } from '../ledger/errors.ts';
import type { Context } from './context.ts';
import { homeOf } from './context-places.ts';
import type { Paint } from './paint.ts';

/** What came of drafting proof.yaml, in JSON output. */
export const firstPolicyJson = once(() =>
  z.object({
    path: z.string(),
    state: z.enum(['written', 'kept']).check(z.describe('kept: one was there')),
    tools: z.array(z.string()).check(z.describe('what it was drafted for')),
    hosts: z
      .array(z.object({ host: z.string(), from: z.string() }))
      .check(z.describe('found in the package managers’ own configuration')),
  }),
);
export type FirstPolicy = z.infer<ReturnType<typeof firstPolicyJson>>;

/** Drafts proof.yaml where none is; one that is there is never touched. */
export function writeFirstPolicy(context: Context): FirstPolicy {
  const { root } = context.places;
  const path = policyPath(root);
  const signs = readWorkspaceSigns(root, homeOf(context.env), context.env);
  const facts = { path, tools: [...signs.tools], hosts: signs.hosts.map((one) => ({ ...one })) };
  if (readPolicyText(path) !== null) return { ...facts, state: 'kept' };
  try {
    writeFileSync(path, draftPolicy(signs, schemaFor(signs.installed)), { flag: 'wx' });
    return { ...facts, state: 'written' };
  } catch (cause) {
    throw diskError(cause, path);
  }
}

/** Editors read the schema from the package in the workspace, else from where packages are shown. */
function schemaFor(installed: boolean): string {
  return installed
    ? 'node_modules/prooflayer/schema/proof.schema.json'
    : 'https://unpkg.com/prooflayer/schema/proof.schema.json';
}

export function firstPolicyLines(policy: FirstPolicy, paint: Paint): string[] {
  if (policy.state === 'kept') return [`${paint.good('✓')} ${POLICY_FILE} was there, and is kept`];
  const tools = policy.tools.length === 0 ? '' : `, drafted for ${policy.tools.join(', ')}`;
  const hosts = policy.hosts.map(({ host, from }) => `${host} (${from})`).join(', ');
  return [
    `${paint.good('✓')} ${POLICY_FILE} written${tools}: it observes, and stops nothing`,
    ...(hosts === '' ? [] : [`  hosts it would let be reached: ${visibleLine(hosts)}`]),
    '  proof boundary show prints it; proof boundary suggest drafts rules from what was done',
  ];
}

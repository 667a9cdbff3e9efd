import * as z from 'zod/mini';
import { defineOp } from '../define-op.ts';
import { firstPolicyJson, firstPolicyLines, writeFirstPolicy } from '../first-policy.ts';

export default defineOp({
  name: 'boundary init',
  summary: 'write a first proof.yaml that only observes, as proof init does',
  details:
    'For workspaces that have a ledger and no policy. It is drafted from what lies here: package managers, makefiles, .gitignore, registries in the package managers’ own configuration. One that is there is kept.',
  effect: 'append',
  input: z.object({}),
  output: firstPolicyJson,
  examples: [{ type: 'proof boundary init', does: 'then: proof boundary show' }],
  cli: { print: (policy, paint) => firstPolicyLines(policy, paint).join('\n') },
  async run(context) {
    return writeFirstPolicy(context);
  },
});

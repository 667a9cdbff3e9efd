import * as z from 'zod/mini';
import { ledgerExists } from '../../ledger/store/database.ts';
import { defineOp } from '../define-op.ts';
import { responseText } from '../traffic-response-text.ts';

const FORMATS = [
  'nginx',
  'apache',
  'caddy',
  'haproxy',
  'cloudflare',
  'robots',
  'fail2ban',
  'crowdsec',
  'anubis',
] as const;

export default defineOp({
  name: 'traffic respond',
  summary: 'what a rule would have blocked, at whose expense, and the rule as a file',
  details:
    'Replays rules on the logs of an investigation before anybody puts them in force, and counts whom they would have hit: those meant, and search engines, link previews, feed readers, uptime checks and likely people who were not. A request counts under the first rule that hits it. --write makes the files and their undo; putting them in force is yours. Targets: NAME, contradicted:NAME (all who use the name but are not on its lists), fleet:F1, path:/blame/ (as in robots.txt), subnet:203.0.113.0/24, agent:TEXT.',
  effect: 'append',
  input: z.object({
    logs: z
      ._default(z.array(z.string()), [])
      .check(z.describe('logs to replay on; without them those of the investigation')),
    block: z._default(z.array(z.string()), []).check(z.describe('a target to refuse')),
    limit: z._default(z.array(z.string()), []).check(z.describe('a target to slow down')),
    of: z.optional(z.string()).check(z.describe('E12: the investigation; without it the latest')),
    perMinute: z
      ._default(z.int().check(z.minimum(1), z.maximum(6000)), 30)
      .check(z.describe('requests a minute that a limit leaves')),
    format: z
      ._default(z.array(z.enum(FORMATS)), [])
      .check(z.describe(`a program to write for: ${FORMATS.join(', ')}; without it all`)),
    write: z.optional(z.string()).check(z.describe('write the files into this directory')),
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
  }),
  output: () =>
    z.object({
      entry: z.nullable(z.string()),
      of: z.nullable(z.string()).check(z.describe('the investigation')),
      replayed: z.int(),
      requests: z.int().check(z.describe('that some rule hits')),
      bytes: z.int(),
      rules: z.array(
        z.object({ n: z.int(), action: z.enum(['block', 'limit']), target: z.string() }),
      ),
      cells: z.array(
        z.object({
          n: z.int(),
          rule: z.int(),
          hit: z.string(),
          collateral: z.boolean(),
          requests: z.int(),
          addresses: z.int(),
          bytes: z.int(),
        }),
      ),
      files: z.array(z.object({ program: z.string(), path: z.string() })),
      apply: z.array(z.object({ program: z.string(), commands: z.array(z.string()) })),
      undo: z.array(z.object({ program: z.string(), commands: z.array(z.string()) })),
      without: z.array(z.object({ program: z.string(), rule: z.int(), why: z.string() })),
    }),
  examples: [
    { type: 'proof traffic respond --block contradicted:Googlebot', does: 'whom would it hit?' },
    {
      type: 'proof traffic respond --block CCBot --write rules',
      does: 'and the files',
    },
    { type: 'proof traffic respond access.log --block fleet:F1', does: 'without a ledger' },
  ],
  cli: {
    positionals: ['logs'],
    short: { task: 't' },
    print: (response, paint) => responseText(response, paint),
  },
  async run(context, input) {
    const { respondHere } = await import('../traffic-respond-here.ts');
    return respondHere(context, { ...input, keeps: ledgerExists(context.places.ledgerDir) });
  },
});

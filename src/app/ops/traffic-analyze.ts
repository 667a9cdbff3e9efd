import * as z from 'zod/mini';
import { ledgerExists } from '../../ledger/store/database.ts';
import { defineOp } from '../define-op.ts';
import { reportJson } from '../traffic-json.ts';
import { investigationText } from '../traffic-text.ts';

export default defineOp({
  name: 'traffic analyze',
  summary: 'who asks your site, are they who they say, and what do they cost',
  details:
    'Reads access logs (nginx, Apache, Caddy, Traefik, HAProxy, IIS, AWS, Cloudflare, Google Cloud and more, plain, gzip or zstd) and tells declared crawlers that are real from those that only use a name, by the address lists that held on the day of each request. Every line is accounted for: lines in = parsed + quarantined. Nothing leaves this machine unless you say --dns. With a ledger the investigation becomes an entry, and every finding opens the lines it rests on.',
  effect: 'append',
  input: z.object({
    logs: z
      .array(z.string())
      .check(z.minLength(1))
      .check(z.describe('log files or patterns; - reads standard input')),
    robots: z
      ._default(z.array(z.string()), [])
      .check(z.describe('your robots.txt; FILE@2026-05-01 for one put in place on that day')),
    since: z.optional(z.string()).check(z.describe('only requests since then: 15m, 7d, or a date')),
    dns: z
      ._default(z.boolean(), false)
      .check(z.describe('ask reverse DNS where no list settles it; addresses leave this machine')),
    format: z
      .optional(z.string())
      .check(z.describe('the text of your nginx log_format, where it is not found out')),
    proxy: z
      ._default(z.array(z.string()), [])
      .check(
        z.describe('address or network of a proxy of yours, whose X-Forwarded-For is believed'),
      ),
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
  }),
  output: () => reportJson(),
  examples: [
    { type: 'proof traffic analyze /var/log/nginx/access.log*', does: 'all of them' },
    { type: 'proof traffic analyze -', does: 'behind ssh web "zcat -f access.log*" |' },
    { type: 'proof traffic analyze access.log --robots robots.txt', does: 'and who obeys' },
  ],
  cli: {
    positionals: ['logs'],
    short: { task: 't' },
    print: (report, paint) => investigationText(report, paint),
  },
  async run(context, input) {
    const { analyzeHere } = await import('../traffic-analyze-here.ts');
    const keeps = ledgerExists(context.places.ledgerDir);
    return analyzeHere(context, { ...input, keeps });
  },
});

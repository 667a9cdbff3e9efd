import { anubis } from './anubis.ts';
import { apache } from './apache.ts';
import { caddy } from './caddy.ts';
import { cloudflare } from './cloudflare.ts';
import { crowdsec } from './crowdsec.ts';
import { fail2ban } from './fail2ban.ts';
import { haproxy } from './haproxy.ts';
import { nginx } from './nginx.ts';
import { robotsTxt } from './robots-txt.ts';
import type { Writer } from './rule-file.ts';

/** Programs that a response can be written for. */
export const WRITERS = {
  nginx,
  apache,
  caddy,
  haproxy,
  cloudflare,
  robots: robotsTxt,
  fail2ban,
  crowdsec,
  anubis,
} as const satisfies Record<string, Writer>;

export type WriterName = keyof typeof WRITERS;

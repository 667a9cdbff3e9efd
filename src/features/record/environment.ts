import { createHmac } from 'node:crypto';
import { canonicalize } from '../../core/canonical-json.ts';

/** What is kept of a command's environment: all names, few values, a keyed digest of everything. */
export interface EnvironmentFacts {
  names: number;
  /** HMAC-SHA256 over names and values: two runs had the same environment if these are equal. */
  digest: string;
  /** JSON for the blob: `{names, values}`. */
  json: string;
}

export function environmentFacts(
  env: Readonly<Record<string, string>>,
  key: Uint8Array,
): EnvironmentFacts {
  const names = Object.keys(env).sort();
  const values = Object.fromEntries(
    names
      .filter((name) => KEPT.has(name) || name.startsWith('LC_'))
      .map((name) => [wellFormed(name), env[name] as string]),
  );
  const mac = createHmac('sha256', key);
  for (const name of names) mac.update(`${name}=${env[name]}\0`);
  return {
    names: names.length,
    digest: mac.digest('hex'),
    json: canonicalize({ names: names.map(wellFormed), values: mapValues(values, wellFormed) }),
  };
}

/** What changes how tools behave and is nobody's secret. Values of all other names are not kept. */
const KEPT = new Set([
  'CI',
  'COLORTERM',
  'FORCE_COLOR',
  'LANG',
  'NODE_ENV',
  'NO_COLOR',
  'PATH',
  'SHELL',
  'TERM',
  'TZ',
]);

/** Environment bytes that are no UTF-8 arrive as half surrogates, which JSON cannot carry. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}

function mapValues(record: Record<string, string>, change: (text: string) => string) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

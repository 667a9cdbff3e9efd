import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { trafficError } from '../features/traffic/reader/traffic-error.ts';
import { Obedience, type RobotsVersion } from '../features/traffic/robots/obedience.ts';
import { RobotsFile } from '../features/traffic/robots/robots-file.ts';
import { TrustedProxies } from '../features/traffic/tally/forwarded.ts';

/** A time as people give it: `15m`, `7d` before now, or RFC 3339. In milliseconds. */
export function sinceTime(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  const ago = /^(\d{1,6})(m|h|d|w)$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * UNITS[ago[2] as keyof typeof UNITS];
  const time = /^\d{4}-\d{2}-\d{2}(T|$)/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw trafficError(
    'traffic.bad-time',
    `"${text}" is no time`,
    'a time is 15m, 24h or 7d before now, or a date',
    'for example --since 7d, or --since 2026-05-01T12:00:00Z',
  );
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

export interface RobotsGiven {
  obedience: Obedience | null;
  /** As the entry names them. */
  versions: { name: string; from: string | null; sha256: string }[];
}

/** `robots.txt`, or several with the time each was put in place: `old.txt new.txt@2026-05-01`. */
export function robotsGiven(names: readonly string[], cwd: string): RobotsGiven {
  if (names.length === 0) return { obedience: null, versions: [] };
  const read = names.map((name) => {
    const dated = /^(.+)@(\d{4}-\d{2}-\d{2}.*)$/.exec(name);
    const path = dated?.[1] ?? name;
    const from = dated === null ? null : sinceTime(dated[2], 0);
    const text = robotsText(resolve(cwd, path), path);
    const sha256 = createHash('sha256').update(text).digest('hex');
    const version: RobotsVersion = { from, file: new RobotsFile(text), name: path };
    const instant = from === null ? null : new Date(from).toISOString();
    return { version, stored: { name: path, from: instant, sha256 } };
  });
  return {
    obedience: new Obedience(read.map(({ version }) => version)),
    versions: read.map(({ stored }) => stored),
  };
}

function robotsText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw trafficError(
      'traffic.no-robots',
      `${name} cannot be read`,
      (cause as Error).message,
      'curl -o robots.txt https://YOUR-SITE/robots.txt',
      cause,
    );
  }
}

/** Declared proxies; null where none is. */
export function proxiesGiven(prefixes: readonly string[]): TrustedProxies | null {
  if (prefixes.length === 0) return null;
  try {
    return new TrustedProxies(prefixes);
  } catch (cause) {
    throw trafficError(
      'traffic.bad-list',
      'A proxy is named by its address or network',
      (cause as Error).message,
      'for example --proxy 10.0.0.0/8',
      cause,
    );
  }
}

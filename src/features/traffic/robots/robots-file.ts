import robotsParser from 'robots-parser';

interface Robots {
  isAllowed(url: string, token: string): boolean | undefined;
  getMatchingLineNumber(url: string, token: string): number;
}

/** Its types speak of a default export; what it exports is the function itself. */
const parseRobots = robotsParser as unknown as (url: string, text: string) => Robots;

/** What a robots.txt says of one target: the line that decides, or null where none speaks of it. */
export interface Ruling {
  allowed: boolean;
  line: number | null;
}

/**
 * A robots.txt by RFC 9309. robots-parser matches and tells the line; what it does otherwise than
 * the RFC is brought into a form that it reads the RFC's way (docs/decisions/0020-traffic.md):
 *
 * - user-agent values are cut to their product token (2.2.1);
 * - records that are no part of the standard do not end a group (2.2.4);
 * - unreserved characters are compared unencoded, all others encoded, also `*` and `$` (2.2.2, 2.2.3).
 */
export class RobotsFile {
  readonly text: string;
  readonly #robots: Robots;

  constructor(text: string) {
    this.text = text;
    this.#robots = parseRobots(`${SITE}/robots.txt`, normalised(text));
  }

  /** `token` is the crawler's product token, `target` path and query as asked for. */
  ruling(token: string, target: string): Ruling {
    const path = targetPath(target);
    // Section 2.2.2: the file itself may always be fetched.
    if (path === null || path === '/robots.txt') return { allowed: true, line: null };
    const url = SITE + path;
    const line = this.#robots.getMatchingLineNumber(url, token);
    return { allowed: this.#robots.isAllowed(url, token) !== false, line: line > 0 ? line : null };
  }

  /** A line as it stands there, numbered from 1. */
  line(number: number): string {
    return this.text.split(/\r\n|\r|\n/)[number - 1]?.trim() ?? '';
  }

  /** AIPREF preferences in it (draft-ietf-aipref-attach): shown as served, never as honoured. */
  contentUsage(): { line: number; text: string }[] {
    return this.text.split(/\r\n|\r|\n/).flatMap((text, i) => {
      return /^\s*content-usage\s*:/i.test(text) ? [{ line: i + 1, text: text.trim() }] : [];
    });
  }
}

const SITE = 'http://site.invalid';
/** More than any server takes; matching takes time by length. */
const LONGEST_PATH = 8 * 1024;
/** RFC 9309, 2.5: at least 500 kibibytes must be parsed. */
const LONGEST_FILE = 1024 * 1024;

/** Line by line, so that line numbers stay. */
function normalised(text: string): string {
  const lines = text
    .slice(0, LONGEST_FILE)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/);
  return lines
    .map((line) => {
      const record = /^\s*(user-agent|allow|disallow)\s*:\s*(.*)$/i.exec(
        line.split('#', 1)[0] as string,
      );
      if (record === null) return '';
      const [, name = '', value = ''] = record;
      if (name.toLowerCase() !== 'user-agent') return `${name}: ${pattern(value.trim())}`;
      return `${name}: ${productToken(value)}`;
    })
    .join('\n');
}

/** `Googlebot/2.1 (+http…)` is Googlebot; `*` stands for all. */
function productToken(value: string): string {
  if (/^\*(?:\s|$)/.test(value)) return '*';
  return /^[A-Za-z0-9_.-]+/.exec(value)?.[0] ?? 'no-product-token';
}

/** A rule's path; `*` anywhere and `$` at its end are special, elsewhere and encoded they are text. */
function pattern(value: string): string {
  if (value === '') return '';
  const anchored = value.endsWith('$');
  const body = anchored ? value.slice(0, -1) : value;
  const encoded = body.split('*').map(encodedPath).join('*');
  return `${encoded}${anchored ? '$' : ''}`;
}

/** Null for what is no path: `*`, a request that was no HTTP. */
function targetPath(target: string): string | null {
  const path = /^https?:\/\/[^/]*(\/.*)?$/i.exec(target);
  const own = path === null ? target : (path[1] ?? '/');
  if (!own.startsWith('/')) return null;
  return encodedPath(own.slice(0, LONGEST_PATH).split('#', 1)[0] as string).replaceAll('*', '%2A');
}

/**
 * One spelling for one path: percent-encoded unreserved characters as themselves, hex in capitals,
 * everything outside of what a path may hold encoded. `text` may be UTF-8 text or binary text.
 */
function encodedPath(text: string): string {
  const bytes = /[^\u0000-\u00ff]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
  return bytes
    .replace(/%([0-9A-Fa-f]{2})/g, (all, hex: string) => {
      const char = String.fromCharCode(Number.parseInt(hex, 16));
      return /[A-Za-z0-9\-_~]/.test(char) ? char : all.toUpperCase();
    })
    .replace(/[^A-Za-z0-9\-._~:/?[\]@!&'()*+,;=%]/g, percentEncoded);
}

function percentEncoded(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

import { cut } from '../../core/visible-text.ts';
import type { MaskRules } from '../../ledger/mask/mask-rules.ts';
import type { OwnValue } from '../../ledger/mask/own-values.ts';
import { isSecretName } from '../../ledger/mask/secret-name.ts';
import { maskText } from '../../ledger/mask/text-mask.ts';
import { evidenceError } from './evidence-error.ts';

export type HeaderPair = readonly [name: string, value: string];

/** `Name: value`, as curl takes it. @throws ProofError `http.bad-header` */
export function readHeader(text: string): HeaderPair {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(0, colon)).trim();
  const value = text.slice(colon + 1).trim();
  // RFC 9110: a token, and visible characters; line ends would begin a header of their own.
  if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    return [name, value];
  throw evidenceError(
    'http.bad-header',
    // Not the text itself: it may hold a password.
    `"${/^[\w-]{1,40}$/.test(name) ? name : '…'}" is no header`,
    'a header is a name, a colon and a value of one line',
    "proof http URL -H 'Accept: application/json'",
  );
}

/** Whether this header's value opens something: it is never stored, whatever it looks like. */
export function isWithheld(name: string): boolean {
  return WITHHELD.has(name.toLowerCase()) || isSecretName(name);
}

const WITHHELD = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'cookie2',
  'set-cookie',
  'set-cookie2',
]);

/**
 * Headers as an entry holds them: what opens something has no value. Masked here already, because
 * what is too long is cut, and half a secret is one that no rule knows.
 */
export function storedHeaders(
  rules: MaskRules,
  headers: readonly HeaderPair[],
): { name: string; value: string | null }[] {
  let room = MOST_HEADERS;
  return headers.slice(0, MOST_COUNT).map(([name, value]) => {
    const shortName = name.slice(0, MOST_NAME).toWellFormed();
    if (isWithheld(name)) return { name: shortName, value: null };
    const masked = cut(maskText(rules, value).text.toWellFormed(), Math.min(MOST_VALUE, room));
    room = Math.max(MOST_NAME, room - masked.length);
    return { name: shortName, value: masked };
  });
}

/** An entry is small; what stands in headers is as long as the other side likes. */
const MOST_HEADERS = 8_000;
const MOST_COUNT = 100;
const MOST_VALUE = 2_000;
const MOST_NAME = 60;

/** The secrets in headers, to be struck out wherever else they appear: in an echo, in a log. */
export function secretsInHeaders(headers: readonly HeaderPair[]): OwnValue[] {
  return headers.flatMap(([name, value]) => {
    if (!isWithheld(name)) return [];
    return partsOf(name.toLowerCase(), value).map((part) => ({
      name: `header-${name.toLowerCase()}`,
      value: part,
    }));
  });
}

function partsOf(name: string, value: string): string[] {
  if (name === 'set-cookie') return [cookieValue(value.split(';')[0] ?? '')];
  if (name === 'cookie') return value.split(';').map(cookieValue);
  const [, scheme = '', credentials] = /^(\S+)\s+(\S.*)$/.exec(value) ?? [];
  if (credentials === undefined) return [value];
  if (scheme.toLowerCase() !== 'basic') return [credentials];
  const userAndPassword = Buffer.from(credentials, 'base64').toString('utf8');
  return [credentials, userAndPassword, userAndPassword.slice(userAndPassword.indexOf(':') + 1)];
}

function cookieValue(pair: string): string {
  return pair.slice(pair.indexOf('=') + 1).trim();
}

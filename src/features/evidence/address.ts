import { isIP } from 'node:net';
import { cut } from '../../core/visible-text.ts';
import type { MaskRules } from '../../ledger/mask/mask-rules.ts';
import type { OwnValue } from '../../ledger/mask/own-values.ts';
import { isSecretName } from '../../ledger/mask/secret-name.ts';
import { maskText } from '../../ledger/mask/text-mask.ts';
import { evidenceError } from './evidence-error.ts';

/**
 * The address somebody typed. Without a scheme it is `http` for this machine and for bare numbers,
 * else `https`, as a browser takes it.
 *
 * @param schemes those that are taken: `http:`, `https:`, `file:`
 */
export function readAddress(text: string, schemes: readonly string[], example: string): URL {
  const typed = text.trim();
  const url = parsed(hasScheme(typed) ? typed : `${schemeFor(typed)}//${typed}`);
  if (url !== null && !schemes.includes(url.protocol)) {
    throw evidenceError(
      'address.refused',
      `Addresses that begin with ${cutText(url.protocol)} are refused`,
      `taken are ${schemes.map((one) => one.slice(0, -1)).join(', ')}: what others can look at too`,
      example,
    );
  }
  if (url === null || (url.protocol !== 'file:' && url.hostname === '')) {
    throw evidenceError(
      'address.unreadable',
      `"${cutText(text)}" is no address`,
      'it cannot be read as a URL',
      example,
    );
  }
  return url;
}

/** `localhost:3000` reads like a scheme, but what follows the colon is a port. */
function hasScheme(text: string): boolean {
  if (/^(?:javascript|data|blob|about|view-source|chrome|mailto|ftp|ws|wss):/i.test(text))
    return true;
  return /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[a-z0-9.-]+:\d{1,5}(?:[/?#]|$)/i.test(text);
}

function schemeFor(text: string): string {
  const host = (/^(\[[^\]]*\]|[^/?#:]*)/.exec(text)?.[1] ?? '').replace(/^\[|\]$/g, '');
  return host === 'localhost' || host.endsWith('.localhost') || isIP(host) !== 0
    ? 'http:'
    : 'https:';
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function cutText(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** An address as an entry holds it: masked, and of one that goes on for pages the beginning. */
export function shownUrl(rules: MaskRules, { href }: Pick<URL, 'href'>, most = MOST_URL): string {
  return cut(maskText(rules, href.toWellFormed()).text, most);
}

const MOST_URL = 1_000;

/** What in an address opens something: the password in it, parameters with a secret's name. */
export function secretsInAddress(url: URL): OwnValue[] {
  const password = safelyDecoded(url.password);
  const parameters = [...url.searchParams, ...new URLSearchParams(url.hash.slice(1))].filter(
    ([name]) => isSecretName(name) || TELLING.test(name),
  );
  return [
    ...(password === '' ? [] : [{ name: 'url-password', value: password }]),
    ...parameters.map(([name, value]) => ({ name: `url-${name}`, value })),
  ];
}

/** Names of parameters that no rule for variables knows. */
const TELLING =
  /^(?:sig|signature|jwt|sid|session|sessionid|x-amz-signature|x-amz-security-token)$/i;

/** Percent signs undone; where they mean nothing, as it stands. */
export function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

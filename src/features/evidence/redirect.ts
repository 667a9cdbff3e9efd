import { type HeaderPair, isWithheld } from './headers.ts';
import type { Answer } from './http-machine.ts';

export interface NextHop {
  method: string;
  url: URL;
  headers: readonly HeaderPair[];
  body: Uint8Array | null;
}

/**
 * Where an answer sends the client, and with what; null if it is no redirect that can be followed.
 * As the Fetch standard has it: 303, and 301 and 302 after a POST, become a GET without a body;
 * what opens something does not go along to another origin.
 */
export function nextHop(last: NextHop, answer: Pick<Answer, 'status' | 'headers'>): NextHop | null {
  if (![301, 302, 303, 307, 308].includes(answer.status)) return null;
  const location = answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  const url = location === undefined ? null : resolved(location, last.url);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  const becomesGet =
    (answer.status === 303 && last.method !== 'HEAD') ||
    ((answer.status === 301 || answer.status === 302) && last.method === 'POST');
  const sameOrigin = url.origin === last.url.origin;
  const headers = last.headers.filter(([name]) => {
    const lower = name.toLowerCase();
    if (lower === 'host') return sameOrigin;
    if (becomesGet && /^content-/.test(lower)) return false;
    return sameOrigin || !isWithheld(name);
  });
  return becomesGet
    ? { method: 'GET', url, headers, body: null }
    : { method: last.method, url, headers, body: last.body };
}

function resolved(location: string, base: URL): URL | null {
  try {
    // Headers come as latin1; addresses in them are often UTF-8.
    return new URL(Buffer.from(location, 'latin1').toString('utf8'), base);
  } catch {
    return null;
  }
}

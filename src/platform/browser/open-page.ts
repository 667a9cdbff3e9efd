import type { Page, Response } from 'playwright-core';
import { browserError } from './browser-error.ts';

/**
 * Opens an address, up to the moment the page begins to arrive. That it is not there, refuses, or
 * is no page at all is an error: there is nothing to take a picture of.
 *
 * @returns the answer; null for a file
 */
export async function openPage(page: Page, url: URL, timeoutMs: number): Promise<Response | null> {
  try {
    return await page.goto(withoutCredentials(url), { waitUntil: 'commit', timeout: timeoutMs });
  } catch (cause) {
    throw notOpened(url, cause as Error, timeoutMs);
  }
}

/** They go to the browser as such, so that no address it tells of has them in it. */
function withoutCredentials(url: URL): string {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain.href;
}

function notOpened(url: URL, cause: Error, timeoutMs: number) {
  const { message } = cause;
  const where = url.protocol === 'file:' ? 'the file' : url.host;
  // Without its parameters, which may hold a secret.
  const http = `proof http ${url.origin}${url.pathname}`;
  const code = /net::(ERR_[A-Z0-9_]+)/.exec(message)?.[1] ?? '';
  if (code.startsWith('ERR_CERT_')) {
    return browserError(
      'shot.certificate',
      `The certificate of ${where} does not hold`,
      CERTIFICATE[code] ?? code,
      '--insecure takes the picture all the same, and the entry says so',
      cause,
    );
  }
  if (code === 'ERR_TOO_MANY_REDIRECTS') {
    const why = 'the addresses it sends the browser to lead in a circle';
    return browserError('shot.redirects', `${where} only redirects`, why, http, cause);
  }
  if (/download is starting/i.test(message)) {
    return browserError(
      'shot.download',
      'That address is a file to be saved, not a page',
      'the browser would download it',
      `${http} keeps what it answers; proof attach keeps a file`,
      cause,
    );
  }
  if (/page crashed|target crashed/i.test(message)) return crashed(cause);
  const timedOut = cause.name === 'TimeoutError';
  return browserError(
    'shot.no-answer',
    `There is no page at ${where}`,
    timedOut ? `no answer within ${timeoutMs} ms` : (WORDS[code] ?? (code || firstLine(message))),
    url.protocol === 'file:'
      ? 'name a file that is there'
      : `${http} keeps what happened as evidence`,
    cause,
  );
}

export function crashed(cause?: unknown) {
  return browserError(
    'shot.crashed',
    'The page crashed the browser',
    'its process ended while it was shown; mostly memory or a fault of the browser',
    'try again with a smaller --viewport, or with another browser in PROOF_BROWSER',
    cause,
  );
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/^page\.goto: /, '');
}

const WORDS: Readonly<Record<string, string>> = {
  ERR_CONNECTION_REFUSED: 'connection refused: nothing listens there',
  ERR_CONNECTION_RESET: 'the connection was reset',
  ERR_CONNECTION_CLOSED: 'the connection was closed',
  ERR_CONNECTION_TIMED_OUT: 'no answer to the connection attempt',
  ERR_NAME_NOT_RESOLVED: 'the name is not known',
  ERR_ADDRESS_UNREACHABLE: 'no route to that host',
  ERR_EMPTY_RESPONSE: 'the connection was closed without an answer',
  ERR_SSL_PROTOCOL_ERROR: 'no TLS is spoken there',
  ERR_FILE_NOT_FOUND: 'there is no such file',
  ERR_ACCESS_DENIED: 'this user may not read it',
  ERR_UNSAFE_PORT: 'browsers refuse this port',
  ERR_HTTP_RESPONSE_CODE_FAILURE: 'it answered with an error status and no page',
  ERR_INVALID_AUTH_CREDENTIALS: 'user and password are refused',
  ERR_ABORTED: 'the navigation was given up, as with an answer without contents',
  ERR_INVALID_RESPONSE: 'what came is no answer a browser can read',
};

const CERTIFICATE: Readonly<Record<string, string>> = {
  ERR_CERT_AUTHORITY_INVALID: 'it is signed by itself, or by an authority nobody here knows',
  ERR_CERT_COMMON_NAME_INVALID: 'it is for another name',
  ERR_CERT_DATE_INVALID: 'it has expired, or is not valid yet',
  ERR_CERT_REVOKED: 'it was revoked',
};

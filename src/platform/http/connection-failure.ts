/** Why there is no connection, or no answer on it. */
export interface ConnectionFailure {
  what:
    | 'name'
    | 'connection'
    | 'timeout'
    | 'tls'
    | 'certificate'
    | 'empty'
    | 'protocol'
    | 'broken-off';
  why: string;
}

/** What Node says, as one of ours; with several addresses tried, what the last of them said. */
export function failureOf(error: unknown, signal: AbortSignal): ConnectionFailure {
  if (signal.aborted) return { what: 'timeout', why: 'it took longer than it may' };
  const all = (error as AggregateError).errors as unknown[] | undefined;
  const { code = '', message = String(error) } = (all?.at(-1) ?? error) as NodeJS.ErrnoException;
  const known = WORDS[code];
  if (known !== undefined) return { what: known[0], why: known[1] };
  if (code.startsWith('HPE_')) return { what: 'protocol', why: `no HTTP: ${message}` };
  if (/^(?:ERR_SSL|ERR_TLS|EPROTO)/.test(code))
    return { what: 'tls', why: reasonOf(error, message) };
  return { what: 'connection', why: message };
}

/** OpenSSL's own words without its numbers: `40…:error:0A00010B:SSL routines::wrong version number:…`. */
function reasonOf(error: unknown, message: string): string {
  const reason = (error as { reason?: string }).reason ?? message.split('\n')[0] ?? message;
  return reason === 'wrong version number' ? 'no TLS is spoken there' : reason;
}

const WORDS: Readonly<Record<string, [ConnectionFailure['what'], string]>> = {
  ENOTFOUND: ['name', 'the name is not known'],
  EAI_AGAIN: ['name', 'the name could not be looked up: no name server answered'],
  EAI_FAIL: ['name', 'the name could not be looked up'],
  ECONNREFUSED: ['connection', 'connection refused: nothing listens there'],
  ECONNRESET: ['connection', 'the connection was reset'],
  EHOSTUNREACH: ['connection', 'no route to that host'],
  ENETUNREACH: ['connection', 'that network cannot be reached'],
  ETIMEDOUT: ['timeout', 'no answer to the connection attempt'],
  EPIPE: ['connection', 'the connection was closed while sending'],
};

import { request as httpRequest, type IncomingMessage } from 'node:http';
import { microsSince, openConnection } from './connection.ts';
import { type ConnectionFailure, failureOf } from './connection-failure.ts';
import type { TlsFacts } from './tls-facts.ts';

export interface ExchangeRequest {
  method: string;
  url: URL;
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array | null;
  insecure: boolean;
  signal: AbortSignal;
}

export interface Exchange {
  answer: ExchangeAnswer | null;
  failure: ConnectionFailure | null;
  timing: {
    dnsMicros: number | null;
    connectMicros: number | null;
    tlsMicros: number | null;
    firstByteMicros: number | null;
  };
  address: { ip: string; port: number } | null;
  tls: TlsFacts | null;
}

export interface ExchangeAnswer {
  status: number;
  reason: string;
  httpVersion: string;
  headers: [name: string, value: string][];
  body: AsyncIterable<Uint8Array>;
  brokenOff(): ConnectionFailure | null;
  discard(): void;
}

/**
 * Sends one HTTP/1.1 request over a connection of its own and resolves once the answer's head is
 * there. What the other side does is a finding, not an error: nothing of it rejects.
 *
 * Node's own `http` and not `fetch`: that hides addresses, certificates and times.
 */
export async function exchange(request: ExchangeRequest): Promise<Exchange> {
  const timing: Exchange['timing'] = {
    dnsMicros: null,
    connectMicros: null,
    tlsMicros: null,
    firstByteMicros: null,
  };
  const opened = await openConnection(request, timing);
  if ('failure' in opened) {
    return { answer: null, failure: opened.failure, timing, address: null, tls: opened.tls };
  }
  const { socket, tls } = opened;
  const { remoteAddress: ip, remotePort: port } = socket;
  const address = ip === undefined || port === undefined ? null : { ip, port };
  const { url, method, headers, body, signal } = request;
  const began = process.hrtime.bigint();
  return new Promise((resolve) => {
    const fail = (failure: ConnectionFailure) =>
      resolve({ answer: null, failure, timing, address, tls });
    const sent = httpRequest({
      method,
      path: `${url.pathname}${url.search}`,
      headers: headers.flat() as unknown as Record<string, string>,
      setHost: false,
      createConnection: () => socket,
      signal,
      maxHeaderSize: MOST_HEADERS,
    });
    sent.on('response', (message) => {
      timing.firstByteMicros = microsSince(began);
      resolve({ answer: answerOf(message, signal), failure: null, timing, address, tls });
    });
    // `101 Switching Protocols` and the like: an answer, after which no HTTP follows.
    sent.on('upgrade', (message, upgraded) => {
      timing.firstByteMicros = microsSince(began);
      upgraded.destroy();
      resolve({ answer: answerOf(message, signal), failure: null, timing, address, tls });
    });
    sent.on('error', (error) => fail(noAnswer(error, signal)));
    sent.end(body ?? undefined);
  });
}

function answerOf(message: IncomingMessage, signal: AbortSignal): ExchangeAnswer {
  let broken: ConnectionFailure | null = null;
  const raw = message.rawHeaders;
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2)
    headers.push([raw[i] as string, raw[i + 1] as string]);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of message) yield piece as Uint8Array;
    } catch (error) {
      broken = signal.aborted
        ? failureOf(error, signal)
        : { what: 'broken-off', why: 'the connection ended before the body did' };
    }
  }
  return {
    status: message.statusCode ?? 0,
    reason: message.statusMessage ?? '',
    httpVersion: message.httpVersion,
    headers,
    body: pieces(),
    brokenOff: () => broken,
    discard: () => message.destroy(),
  };
}

function noAnswer(error: Error, signal: AbortSignal): ConnectionFailure {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNRESET' && message === 'socket hang up' && !signal.aborted)
    return { what: 'empty', why: 'the connection was closed without an answer' };
  return failureOf(error, signal);
}

const MOST_HEADERS = 32 * 1024;

import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type ConnectionFailure, failureOf } from './connection-failure.ts';
import { type TlsFacts, tlsFacts } from './tls-facts.ts';

export interface Connection {
  socket: Socket | TLSSocket;
  tls: TlsFacts | null;
}

export interface ConnectTiming {
  dnsMicros: number | null;
  connectMicros: number | null;
  tlsMicros: number | null;
}

/**
 * Opens the connection for one request, part by part, so that each part has its own time.
 *
 * The certificate is judged here and before anything is sent: a request with a password in it must
 * not reach somebody who only claims to be the other side.
 */
export async function openConnection(
  { url, insecure, signal }: { url: URL; insecure: boolean; signal: AbortSignal },
  timing: ConnectTiming,
): Promise<Connection | { failure: ConnectionFailure; tls: TlsFacts | null }> {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (secure ? 443 : 80);
  let socket: Socket;
  try {
    socket = await tcp(host, port, signal, timing);
  } catch (error) {
    return { failure: failureOf(error, signal), tls: null };
  }
  if (!secure) return { socket, tls: null };
  try {
    const began = process.hrtime.bigint();
    const wrapped = await handshake(socket, host, signal);
    timing.tlsMicros = microsSince(began);
    const tls = tlsFacts(wrapped);
    if (tls.trusted || insecure) return { socket: wrapped, tls };
    wrapped.destroy();
    return { failure: { what: 'certificate', why: tls.why ?? 'it is not trusted' }, tls };
  } catch (error) {
    socket.destroy();
    const failure = failureOf(error, signal);
    return {
      failure: failure.what === 'timeout' ? failure : { ...failure, what: 'tls' },
      tls: null,
    };
  }
}

function tcp(
  host: string,
  port: number,
  signal: AbortSignal,
  timing: ConnectTiming,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    let lookedUp = began;
    // Not the socket's own `signal`: that would also end it once it is in use elsewhere.
    const socket = connectTcp({ host, port });
    const giveUp = () => socket.destroy(signal.reason as Error);
    const settle = (then: () => void) => {
      signal.removeEventListener('abort', giveUp);
      socket.removeAllListeners();
      // Until somebody else listens: an unheard error would end the process.
      socket.on('error', () => {});
      then();
    };
    signal.addEventListener('abort', giveUp);
    socket.on('lookup', (error) => {
      if (error !== null || isIP(host) !== 0) return;
      lookedUp = process.hrtime.bigint();
      timing.dnsMicros = microsSince(began);
    });
    socket.on('connect', () =>
      settle(() => {
        timing.connectMicros = microsSince(lookedUp);
        resolve(socket);
      }),
    );
    socket.on('error', (error) => settle(() => reject(error)));
    if (signal.aborted) giveUp();
  });
}

function handshake(socket: Socket, host: string, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const wrapped = connectTls({
      socket,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      host,
      // Judged by the caller, who wants to know what certificate it was.
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    const giveUp = () => wrapped.destroy(signal.reason as Error);
    const settle = (then: () => void) => {
      signal.removeEventListener('abort', giveUp);
      wrapped.removeAllListeners('error');
      wrapped.on('error', () => {});
      then();
    };
    signal.addEventListener('abort', giveUp);
    wrapped.once('secureConnect', () => settle(() => resolve(wrapped)));
    wrapped.on('error', (error) => settle(() => reject(error)));
    wrapped.once('close', () => settle(() => reject(new Error('the connection was closed'))));
    if (signal.aborted) giveUp();
  });
}

export function microsSince(began: bigint): number {
  return Number((process.hrtime.bigint() - began) / 1000n);
}

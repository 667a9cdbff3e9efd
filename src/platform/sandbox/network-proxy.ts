import { lookup } from 'node:dns/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { isAmong, isPrivateAddress } from './private-address.ts';

/** One attempt to reach a host, as it is recorded. */
export interface Connection {
  /** RFC 3339. */
  at: string;
  host: string;
  port: number;
  /** What the name resolved to, and was connected to. */
  address: string | null;
  verdict: 'allowed' | 'refused' | 'failed';
  rule: string | null;
  why: string | null;
  /** Bytes from the command to the host, and back; those of TLS included. */
  sent: number;
  received: number;
  durationMicros: number;
}

export interface NetworkProxy {
  /** The unix socket it listens on. */
  socket: string;
  /** Stops it, and tells of the connections there were; `unlisted`, of how many it does not. */
  close(): { connections: Connection[]; unlisted: number };
}

/** What the policy says about a host and port. */
export type HostJudge = (host: string, port: number) => { rule: string } | null;

/**
 * A proxy for one command: CONNECT for everything encrypted, absolute requests for plain HTTP. It
 * resolves a name once and connects to that very address, so no second answer can lead elsewhere.
 * It judges the host that was asked for, and sees nothing of what is encrypted.
 *
 * @param addresses private addresses and ranges that the policy names as such.
 */
export async function startProxy(
  judge: HostJudge,
  addresses: readonly string[],
): Promise<NetworkProxy> {
  const directory = mkdtempSync(join(tmpdir(), 'proof-'));
  const socket = join(directory, 'proxy');
  const connections: Connection[] = [];
  let unlisted = 0;
  const open = new Set<Duplex>();
  const ask = (host: string, port: number) => {
    const record = newConnection(host, port);
    if (connections.length < MOST_CONNECTIONS) connections.push(record);
    else unlisted++;
    return enter(record, host, judge, addresses);
  };
  const server = createServer((incoming, response) => {
    void forward(incoming, response, ask);
  });
  server.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    open.add(client);
    client.on('close', () => open.delete(client));
    client.on('error', () => client.destroy());
    void tunnel(incoming.url ?? '', client, head, ask);
  });
  server.on('clientError', (_error, client) => client.destroy());
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(socket, listening);
  });
  return {
    socket,
    close() {
      server.close();
      server.closeAllConnections();
      for (const client of open) client.destroy();
      rmSync(directory, { recursive: true, force: true });
      for (const each of connections) finish(each);
      return { connections, unlisted };
    },
  };
}

type Ask = (host: string, port: number) => Promise<{ record: Connection; address: string | null }>;

function newConnection(host: string, port: number): Connection {
  const record: Connection = {
    at: new Date().toISOString(),
    host: host.slice(0, LONGEST_NAME),
    port,
    address: null,
    verdict: 'refused',
    rule: null,
    why: null,
    sent: 0,
    received: 0,
    durationMicros: 0,
  };
  began.set(record, performance.now());
  return record;
}

/** Judges, resolves and writes down; the address is null where the way is closed. */
async function enter(
  record: Connection,
  host: string,
  judge: HostJudge,
  addresses: readonly string[],
): ReturnType<Ask> {
  const close = (verdict: Connection['verdict'], why: string) => {
    record.verdict = verdict;
    record.why = why;
    finish(record);
    return { record, address: null };
  };
  const allowed = judge(host, record.port);
  if (allowed === null) return close('refused', 'no rule of network.allow names it');
  record.rule = allowed.rule;
  try {
    record.address = isIP(host) !== 0 ? host : (await lookup(host)).address;
  } catch (error) {
    return close('failed', (error as NodeJS.ErrnoException).code ?? 'not resolved');
  }
  if (isPrivateAddress(record.address) && !isAmong(record.address, addresses))
    return close('refused', `${record.address} is a private address, which no rule names`);
  record.verdict = 'allowed';
  return { record, address: record.address };
}

const LONGEST_NAME = 255;
const MOST_CONNECTIONS = 10_000;
const began = new WeakMap<Connection, number>();

function finish(record: Connection): void {
  const since = began.get(record);
  if (since === undefined) return;
  record.durationMicros = Math.round((performance.now() - since) * 1000);
  began.delete(record);
}

async function tunnel(target: string, client: Duplex, head: Buffer, ask: Ask): Promise<void> {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(target);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) return void client.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  const { record, address } = await ask(host, Number(match?.[3]));
  if (address === null) return void client.end(refusal(record));
  const server = connect({ host: address, port: record.port });
  let reached = false;
  server.once('connect', () => {
    reached = true;
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) server.write(head);
    client.pipe(server);
    server.pipe(client);
  });
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (!reached) record.verdict = 'failed';
    record.why ??= error.code ?? error.message;
    client.destroy();
  });
  client.on('close', () => server.destroy());
  server.on('close', () => count(record, server, client));
}

function count(record: Connection, server: Socket, client: Duplex): void {
  record.sent = server.bytesWritten;
  record.received = server.bytesRead;
  finish(record);
  client.end();
}

function refusal({ host, port, why, verdict }: Connection): string {
  const status = verdict === 'failed' ? '502 Bad Gateway' : '403 Forbidden';
  const text = `proof: ${host}:${port} is not reached: ${why}\n`;
  return `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`;
}

async function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  ask: Ask,
): Promise<void> {
  const url = URL.canParse(incoming.url ?? '') ? new URL(incoming.url as string) : null;
  if (url === null || url.protocol !== 'http:') {
    response.writeHead(400).end();
    return;
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const { record, address } = await ask(host, Number(url.port || 80));
  if (address === null) {
    response.writeHead(record.verdict === 'failed' ? 502 : 403, { connection: 'close' });
    response.end(`proof: ${record.host}:${record.port} is not reached: ${record.why}\n`);
    return;
  }
  const { 'proxy-connection': _, 'proxy-authorization': __, ...headers } = incoming.headers;
  const outgoing = request({
    host: address,
    port: record.port,
    method: incoming.method,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, connection: 'close' },
    setHost: false,
    agent: false,
  });
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    record.verdict = 'failed';
    record.why ??= error.code ?? error.message;
    if (!response.headersSent) response.writeHead(502);
    response.end();
  });
  outgoing.on('close', () => {
    record.sent = outgoing.socket?.bytesWritten ?? 0;
    record.received = outgoing.socket?.bytesRead ?? 0;
    finish(record);
  });
  incoming.pipe(outgoing);
}

/**
 * Servers for the tests of the network, in a process of their own because the tests wait in
 * synchronous calls: `loopback-servers.ts TARBALL`. Prints their ports as JSON, ends with its input.
 */
import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';

const tarball = readFileSync(process.argv[2] ?? '');
const web = createHttp((request, response) => {
  if (request.url === '/big') response.end(Buffer.alloc(3_000_000, 'x'));
  else if (request.url?.endsWith('.tgz')) response.end(tarball);
  else if (request.method === 'POST') request.pipe(response);
  else response.end(`${request.url} of ${request.headers.host}\n`);
});
// No HTTP: it sends back what it gets.
const echo = createServer((socket) => socket.pipe(socket));

const portOf = (server: Server) =>
  new Promise<number>((done) => {
    // Not 127.0.0.1, which programs do not ask a proxy for.
    server.listen(0, '127.0.0.2', () => done((server.address() as AddressInfo).port));
  });
process.stdout.write(`${JSON.stringify({ web: await portOf(web), echo: await portOf(echo) })}\n`);
process.stdin.resume().on('end', () => process.exit(0));

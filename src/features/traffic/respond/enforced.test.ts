import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../../../../test/system-programs.ts';
import { readLists } from '../identities/address-lists.ts';
import { SNAPSHOT } from '../identities/snapshot.ts';
import { nginx } from './files/nginx.ts';
import { matcher, ruleOf } from './rule.ts';

const AGENTS = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (X11) "odd" $1 {z};',
  'GPTBot/1.2',
  'gptbot',
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'we"ird \\ (agent) 100%',
];
const ADDRESSES = [
  '66.249.66.1',
  '203.0.113.9',
  '198.51.100.7',
  '192.0.2.44',
  '2001:db8::7',
  '2001:4860:4801:10::1',
];
const TARGETS = [
  '/',
  '/blame/x/y.c',
  '/blame/x/y.c?z',
  '/a?b=[c]("d")',
  '/blame/x.h',
  '/%62lame/x.c',
  '/A?b=[c]("d")',
];

/** What the simulator says is blocked must be what the server blocks: no more, no less. */
testWith('nginx')(
  'nginx blocks exactly the requests that the simulation names',
  async () => {
    const fleets = [{ name: 'F1', agent: AGENTS[1] as string, network: '203.0.0.0/16' }];
    const known = { fleets, lists: readLists(SNAPSHOT), names: [] };
    const rules = [
      'contradicted:Googlebot',
      'fleet:F1',
      'path:/blame/*.c$',
      'path:/a?b=[c]("d")',
      'subnet:192.0.2.0/24',
      'subnet:2001:db8::/32',
      'agent:ird \\ (ag',
      'GPTBot',
    ].map((target, i) => ruleOf(i + 1, 'block', target, known));
    const blocks = rules.map(matcher);
    const requests = ADDRESSES.flatMap((address) =>
      AGENTS.flatMap((agent) => TARGETS.map((target) => ({ address, agent, target }))),
    );
    const simulated = requests.map(({ address, agent, target }) =>
      blocks.some((hits) => hits(address, agent, target)),
    );
    const dir = mkdtempSync(join(tmpdir(), 'proof-nginx-'));
    const port = await freePort();
    const { files } = nginx(rules, { title: 'test', perMinute: 30 });
    for (const { name, text } of files) writeFileSync(join(dir, name), text);
    mkdirSync(join(dir, 'tmp'));
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((one) => `${one}_temp_path ${dir}/tmp;`)
      .join(' ');
    writeFileSync(
      join(dir, 'nginx.conf'),
      `daemon off; master_process off; pid ${dir}/pid; error_log stderr crit; events {} http { access_log off; ${temporary} keepalive_requests 100000;
     set_real_ip_from 127.0.0.1; real_ip_header X-Test-Address; include ${dir}/proof-http.conf;
     server { listen 127.0.0.1:${port}; include ${dir}/proof-server.conf; location / { return 204; } } }`,
    );
    const server = spawn('nginx', ['-e', 'stderr', '-c', join(dir, 'nginx.conf')], {
      stdio: 'ignore',
    });
    try {
      await listening(port);
      const statuses: number[] = [];
      for (const request of requests) statuses.push(await statusOf(port, request));
      expect(statuses.map((status) => status === 403)).toEqual(simulated);
      expect(simulated.filter((blocked) => blocked).length).toBeGreaterThan(50);
      expect(simulated.filter((blocked) => !blocked).length).toBeGreaterThan(40);
    } finally {
      server.kill('SIGTERM');
      rmSync(dir, { recursive: true, force: true });
    }
  },
  60_000,
);

/** A request as bytes: a client library would tidy up its path. */
function statusOf(
  port: number,
  { address, agent, target }: { address: string; agent: string; target: string },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(Number(answer.slice(9, 12))));
    socket.write(
      `GET ${target} HTTP/1.1\r\nHost: x\r\nUser-Agent: ${agent}\r\nX-Test-Address: ${address}\r\nConnection: close\r\n\r\n`,
    );
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('nginx does not listen');
}

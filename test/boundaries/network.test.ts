import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE, PROOF } from '../faults/workspace.ts';
import { describeWith, has } from '../system-programs.ts';
import { newWorld, PEOPLE, policyOf, type World } from './sandbox-world.ts';

const SERVERS = join(import.meta.dirname, 'loopback-servers.ts');

interface Seen {
  host: string;
  port: number;
  verdict: string;
  address: string | null;
  sent: number;
  received: number;
  why: string | null;
}

for (const { who, words } of PEOPLE) {
  describeWith(['/usr/bin/bwrap', '/usr/bin/perl', 'curl'])(`allowed hosts, ${who}`, () => {
    let world: World & { remove(): void };
    let servers: ChildProcess;
    let port = 0;
    let echoPort = 0;
    beforeAll(async () => {
      world = newWorld(words);
      world.write('packed/package/package.json', '{"name":"p","version":"1.0.0"}');
      world.write('packed/package/index.js', '// packed\n');
      spawnSync('tar', ['czf', '../p.tgz', 'package'], { cwd: join(world.dir, 'packed') });
      servers = spawn(NODE, [SERVERS, join(world.dir, 'p.tgz')], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const [line] = (await once(servers.stdout as Readable, 'data')) as [Buffer];
      ({ web: port, echo: echoPort } = JSON.parse(line.toString()));
    });
    afterAll(() => {
      servers.stdin?.end();
      world.remove();
    });

    /** The rules name addresses and ports, because no name resolves here. */
    const policy = (...hosts: string[]) => policyOf({ write: ['src/**'], hosts });
    const connections = (): Seen[] => {
      const name = world.entry().name;
      const shown = world.outside([NODE, PROOF, 'show', name, '--output', 'connections']).stdout;
      return shown
        .split('\n')
        .filter((line) => line.startsWith('{"at"'))
        .map((line) => JSON.parse(line) as Seen);
    };

    it('are reached by plain requests, and each is recorded with its bytes', () => {
      const ran = world.sh(
        `curl -sS http://127.0.0.2:${port}/a http://127.0.0.2:${port}/big | wc -c`,
        {
          policy: policy(`127.0.0.2:${port}`),
        },
      );
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      expect(Number(ran.stdout)).toBeGreaterThan(3_000_000);
      const seen = connections();
      expect(seen).toMatchObject([
        { host: '127.0.0.2', port, verdict: 'allowed', address: '127.0.0.2' },
        { host: '127.0.0.2', port, verdict: 'allowed' },
      ]);
      expect(seen[1]?.received).toBeGreaterThan(3_000_000);
      expect(ran.result.sandbox.connections).toMatchObject({ allowed: 2, refused: 0 });
    });

    it('are reached through a tunnel, both ways at once', () => {
      const script = `head -c 2000000 /dev/zero > src/sent; curl -sS -p --proxytunnel --data-binary @src/sent http://127.0.0.2:${port}/ -o src/back; cmp src/sent src/back`;
      const ran = world.sh(script, { policy: policy(`127.0.0.2:${port}`) });
      expect(ran).toMatchObject({ code: 0, stdout: '' });
      const [seen] = connections();
      expect(seen?.sent).toBeGreaterThan(2_000_000);
      expect(seen?.received).toBeGreaterThan(2_000_000);
    });

    it('many at a time', () => {
      const script = `for i in 1 2 3 4 5 6 7 8 9 10; do curl -sS -p http://127.0.0.2:${port}/big -o src/many$i & done; wait; cat src/many* | wc -c`;
      const ran = world.sh(script, { policy: policy(`127.0.0.2:${port}`) });
      expect(ran.stdout.trim()).toBe('30000000');
    });

    describe('all others', () => {
      const refused: [what: string, script: () => string][] = [
        ['another host', () => 'curl -sS --fail http://example.com/'],
        ['another host through a tunnel', () => 'curl -sS --fail https://example.com/'],
        ['another port', () => `curl -sS --fail http://127.0.0.2:${echoPort}/`],
        [
          'a name that leads to this machine',
          () => `curl -sS --fail --noproxy '' http://localhost:${port}/`,
        ],
        ['another spelling of an address', () => `curl -sS --fail http://127.0.0.3:${port}/`],
      ];
      for (const [what, script] of refused) {
        it(`${what}: refused and recorded`, () => {
          const rules = policy(`127.0.0.2:${port}`, `localhost:${port}`);
          const ran = world.sh(script(), { policy: rules });
          expect(ran.code).not.toBe(0);
          const seen = connections();
          expect(seen).toHaveLength(1);
          expect(seen[0]).toMatchObject({ verdict: 'refused', received: 0 });
          expect(ran.result.sandbox.connections).toMatchObject({ allowed: 0, refused: 1 });
        });
      }

      it('are not reached around the proxy', () => {
        const ran = world.sh(`curl -sS --fail --noproxy '*' http://127.0.0.2:${port}/`, {
          policy: policy(`127.0.0.2:${port}`),
        });
        expect(ran.code).not.toBe(0);
      });

      it('are not reached by nonsense, and the proxy goes on', () => {
        const send = (text: string) =>
          `perl -MIO::Socket::INET -e 'my ($p) = $ENV{http_proxy} =~ /(\\d+)$/; my $s = IO::Socket::INET->new("127.0.0.1:$p"); print $s "${text}"; shutdown $s, 1; print <$s>'`;
        const script = [
          send('GARBAGE\\r\\n\\r\\n'),
          send('CONNECT :80 HTTP/1.1\\r\\n\\r\\n'),
          send('CONNECT 127.0.0.2:99999 HTTP/1.1\\r\\n\\r\\n'),
          send('GET /no/host HTTP/1.1\\r\\n\\r\\n'),
          send('GET ftp://127.0.0.2/ HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'),
          `curl -sS http://127.0.0.2:${port}/still`,
        ].join('; ');
        const ran = world.sh(script, { policy: policy(`127.0.0.2:${port}`) });
        expect(ran.stdout).toContain(`/still of 127.0.0.2:${port}`);
        expect(ran.code).toBe(0);
      });
    });

    it.skipIf(!has('npm'))('npm ci from a registry that is allowed', () => {
      const at = `127.0.0.2:${port}`;
      world.write(
        'work/src/package.json',
        '{"name":"w","version":"1.0.0","dependencies":{"p":"1.0.0"}}',
      );
      world.write(
        'work/src/package-lock.json',
        JSON.stringify({
          name: 'w',
          version: '1.0.0',
          lockfileVersion: 3,
          packages: {
            '': { name: 'w', version: '1.0.0', dependencies: { p: '1.0.0' } },
            'node_modules/p': { version: '1.0.0', resolved: `http://${at}/p/-/p-1.0.0.tgz` },
          },
        }),
      );
      const ran = world.sh(
        `cd src && npm ci --no-audit --replace-registry-host=never --registry=http://${at}/ && cat node_modules/p/index.js`,
        { policy: policy(at), env: { PATH: '/usr/bin:/bin' } },
      );
      expect(ran).toMatchObject({ code: 0 });
      expect(ran.stdout).toContain('packed');
      expect(ran.result.sandbox.connections.allowed).toBeGreaterThan(0);
    });
  });
}

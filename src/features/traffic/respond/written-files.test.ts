import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { testWith } from '../../../../test/system-programs.ts';
import { readLists } from '../identities/address-lists.ts';
import { SNAPSHOT } from '../identities/snapshot.ts';
import type { Written } from './files/rule-file.ts';
import { WRITERS, type WriterName } from './files/writers.ts';
import { matcher, type Rule, ruleOf } from './rule.ts';

const fleets = [
  {
    name: 'F1',
    agent: 'Mozilla/5.0 (X11; "odd" $1 \'x\' `y` {z};) Firefox/6.0',
    network: '203.0.113.0/24',
  },
  { name: 'F2', agent: 'plain agent/1.0', network: '198.51.0.0/16' },
];
const known = { fleets, lists: readLists(SNAPSHOT), names: ['FooBot'] };
const TARGETS: readonly [Rule['action'], string][] = [
  ['block', 'contradicted:Googlebot'],
  ['block', 'GPTBot'],
  ['block', 'FooBot'],
  ['block', 'fleet:F1'],
  ['block', 'fleet:F2'],
  ['block', 'path:/blame/*.c$'],
  ['block', 'path:/a?b=[c]("d")'],
  ['block', 'subnet:192.0.2.0/24'],
  ['block', 'subnet:2001:db8::/32'],
  ['block', 'agent:we"ird \\ (agent) 100%'],
  ['limit', 'path:/search'],
  ['limit', 'GPTBot'],
];
const rules = TARGETS.map(([action, target], i) => ruleOf(i + 1, action, target, known));
const options = { title: 'E12', perMinute: 30 };

const dir = mkdtempSync(join(tmpdir(), 'proof-rules-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(name: WriterName, some: readonly Rule[] = rules): Written & { at: string } {
  const at = join(dir, name);
  const written = WRITERS[name](some, options);
  for (const { name: file, text } of written.files) {
    mkdirSync(dirname(join(at, file)), { recursive: true });
    writeFileSync(join(at, file), text);
  }
  return { ...written, at };
}

function check(command: string, words: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', cwd: dir });
  expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, '']);
}

testWith('nginx')(
  'nginx -t takes the files',
  () => {
    const { at } = write('nginx');
    writeFileSync(
      join(at, 'nginx.conf'),
      `pid ${at}/pid; error_log stderr; events {} http { access_log off; client_body_temp_path ${at}; proxy_temp_path ${at}; fastcgi_temp_path ${at}; uwsgi_temp_path ${at}; scgi_temp_path ${at}; include ${at}/proof-http.conf; server { listen 127.0.0.1:18080; include ${at}/proof-server.conf; } }`,
    );
    check('nginx', ['-t', '-e', 'stderr', '-c', join(at, 'nginx.conf')]);
  },
  20_000,
);

testWith('haproxy')(
  'haproxy -c takes the files',
  () => {
    const { at } = write('haproxy');
    const frontend = `defaults\n  mode http\n  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\nfrontend web\n  bind 127.0.0.1:18081\n  default_backend none\n`;
    const cfg = join(at, 'haproxy.cfg');
    const own = WRITERS.haproxy(rules, options).files;
    writeFileSync(cfg, `${frontend}${own[0]?.text}\nbackend none\n${own[1]?.text}`);
    check('haproxy', ['-c', '-f', cfg]);
  },
  20_000,
);

testWith('caddy')(
  'caddy validate takes the file',
  () => {
    const { at } = write('caddy');
    writeFileSync(
      join(at, 'Caddyfile'),
      `{\n  admin off\n}\nhttp://127.0.0.1:18082 {\n  import proof-respond.caddy\n}\n`,
    );
    check('caddy', ['validate', '--adapter', 'caddyfile', '--config', join(at, 'Caddyfile')]);
  },
  20_000,
);

testWith(['apache2', '/usr/lib/apache2/modules/mod_rewrite.so'])(
  'apache2 -t takes the file',
  () => {
    apacheCheck('/usr/lib/apache2/modules');
  },
  20_000,
);

function apacheCheck(modules: string): void {
  const { at } = write('apache');
  const load = ['mpm_event', 'authz_core', 'rewrite'].map(
    (one) => `LoadModule ${one}_module ${modules}/mod_${one}.so`,
  );
  writeFileSync(
    join(at, 'apache.conf'),
    [
      ...load,
      `ServerRoot ${at}`,
      `PidFile ${at}/pid`,
      `ErrorLog ${at}/error`,
      'ServerName x',
      'Listen 127.0.0.1:18083',
      `<VirtualHost *:18083>`,
      `Include ${at}/proof-respond.conf`,
      '</VirtualHost>',
    ].join('\n'),
  );
  check('apache2', ['-t', '-f', join(at, 'apache.conf')]);
}

testWith(['fail2ban-client', '/etc/fail2ban/jail.conf'])(
  'fail2ban-client -t takes the files',
  () => {
    const { at } = write('fail2ban');
    spawnSync('cp', ['-rn', '/etc/fail2ban/.', at]);
    writeFileSync(join(at, 'access.log'), '');
    const jail = WRITERS.fail2ban(rules, options).files.at(-1);
    writeFileSync(
      join(at, 'jail.d/proof.conf'),
      (jail?.text ?? '').replaceAll('/var/log/nginx/access.log', join(at, 'access.log')),
    );
    rmSync(join(at, 'jail.d/defaults-debian.conf'), { force: true });
    check('fail2ban-client', ['-c', at, '-t']);
  },
  20_000,
);

test.each(Object.keys(WRITERS) as WriterName[])(
  '%s: each rule is written, or it is said why not',
  (name) => {
    const { files, without, apply, undo } = write(name);
    const text = files.map((file) => file.text).join('\n');
    for (const { n, target } of rules) {
      const skipped = without.some(({ rule }) => rule === n);
      expect([target, skipped || text.includes(`rule ${n}: `)]).toEqual([target, true]);
    }
    expect(files.length * apply.length * undo.length).toBeGreaterThan(0);
    expect(text).toContain('E12');
  },
);

/** target, address, agent, path, whether the rule hits. */
const HITS: readonly [string, string, string, string, boolean][] = [
  ['contradicted:Googlebot', '203.0.113.9', 'Mozilla/5.0 (compatible; googlebot/2.1)', '/', true],
  ['contradicted:Googlebot', '66.249.66.1', 'Mozilla/5.0 (compatible; Googlebot/2.1)', '/', false],
  ['contradicted:Googlebot', '203.0.113.9', 'Mozilla/5.0', '/', false],
  ['GPTBot', '203.0.113.9', 'x gptbot/1', '/', true],
  ['fleet:F2', '198.51.100.7', 'plain agent/1.0', '/', true],
  ['fleet:F2', '198.51.100.7', 'plain agent/1.0x', '/', false],
  ['fleet:F2', '203.0.113.7', 'plain agent/1.0', '/', false],
  ['path:/blame/*.c$', '203.0.113.7', '', '/blame/x/y.c', true],
  ['path:/blame/*.c$', '203.0.113.7', '', '/blame/x/y.c?z', false],
  ['path:/blame/', '203.0.113.7', '', '/blame/x', true],
  ['path:/blame/', '203.0.113.7', '', '/x/blame/', false],
  ['subnet:2001:db8::/32', '2001:db8:1::1', '', '/', true],
  ['subnet:192.0.2.0/24', '192.0.3.1', '', '/', false],
];

test.each(HITS)('%s, %s "%s" %s: %s', (target, address, agent, path, expected) => {
  expect(matcher(ruleOf(1, 'block', target, known))(address, agent, path)).toBe(expected);
});

test.each([
  'asn:64500',
  'subnet:x',
  'path:x',
  'fleet:F9',
  'contradicted:FooBot',
  'Nobody',
  'agent:',
  'colour:red',
  'agent:a\nb',
])('%s is refused', (target) => {
  expect(() => ruleOf(1, 'block', target, known)).toThrow(
    expect.objectContaining({ code: 'traffic.bad-rule' }),
  );
});

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMAND, newUser } from '../acceptance/user.ts';
import { describeWithBrowser } from '../browser.ts';
import { testWith } from '../system-programs.ts';
import { errorOf, proof, serve, shown } from './at-work.ts';

interface Shot {
  entry: string;
  title: string;
  status: number | null;
  width: number;
  height: number;
  cut: boolean;
  loaded: boolean;
  errors: number;
  failedRequests: number;
  problems: { what: string; text: string }[];
  secretsInText: number;
  browser: { name: string; version: string; sandbox: boolean };
}

const SECRET = `ghp_${'k3Y9'.repeat(9)}`;

describeWithBrowser('proof shot', (browser) => {
  const user = newUser();
  let base: string;

  beforeAll(async () => {
    user.env.PROOF_BROWSER = browser;
    user.env.TMPDIR = mkdtempSync(join(user.dir, 'tmp-'));
    user.proof('init');
    user.proof('task', 'start', 'Look at it');
    base = await serve((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://x');
      const route = ROUTES[pathname];
      if (typeof route === 'function') return route(response, request.headers.authorization);
      response.writeHead(route === undefined ? 404 : 200, { 'content-type': 'text/html' });
      response.end(route ?? 'nothing here');
    });
  });

  const take = async (words: string[]) => {
    const done = await proof(user, ['shot', '--json', ...words]);
    expect(done).toMatchObject({ code: 0 });
    return done.json<Shot>();
  };
  const pictureOf = (entry: string) =>
    execFileSync(process.execPath, [COMMAND, 'show', entry, '--output', 'picture'], {
      cwd: user.repository,
      env: user.env,
      maxBuffer: 64 * 1024 * 1024,
    });

  test('a page with a console error: picture, error, failed request and text are evidence', async () => {
    const shot = await take([`${base}/login`, '--note', 'after the fix']);
    expect(shot).toMatchObject({
      title: 'Log in',
      status: 200,
      width: 1280,
      height: 800,
      loaded: true,
      failedRequests: 1,
      secretsInText: 0,
    });
    expect(shot.errors).toBeGreaterThanOrEqual(3);
    const png = pictureOf(shot.entry);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1280, 800]);
    // Something is on it: a page of one colour is a tenth of that.
    expect(png.length).toBeGreaterThan(4_000);

    const entry = await shown(user, shot.entry);
    expect(entry).toMatchObject({
      kind: 'screenshot',
      task: 'T1',
      notes: [{ text: 'after the fix' }],
    });
    const text = (name: string) => entry.output.find((one) => one.name === name)?.text ?? '';
    const lines = (name: string) =>
      text(name)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect(text('text')).toContain('Log in');
    expect(text('text')).toContain('user: ada');
    expect(text('text')).not.toContain('typed-password');
    const [first, ...others] = lines('console');
    expect(first).toMatchObject({ level: expect.stringMatching(/error|exception/) });
    expect(others.at(-1)).toMatchObject({ level: 'log', text: 'hello', line: expect.any(Number) });
    expect(lines('requests')).toMatchObject([
      { method: 'GET', url: `${base}/missing.png`, status: 404 },
    ]);
    expect(entry.body.problems).toEqual([
      { what: 'exception', text: 'ReferenceError: undefinedFunction is not defined' },
      { what: 'error', text: expect.stringContaining('no session cookie') },
      { what: 'request', text: `GET ${base}/missing.png → 404` },
    ]);
    expect(entry.body.browser).toMatchObject({
      version: expect.stringMatching(/^\d+\./),
      userAgent: expect.stringContaining('Chrome/'),
      sandbox: process.getuid?.() !== 0,
    });

    for (const words of [['show', shot.entry], ['log']])
      expect(user.proof(...words).stdout).toMatch(/error/);
    expect(user.proof('show', shot.entry).stdout).toContain('undefinedFunction is not defined');
  });

  test('a secret on the page: struck out of the text, and it is said that the picture shows it', async () => {
    const done = await proof(user, ['shot', `${base}/secret`, '--json']);
    const shot = done.json<Shot>();
    expect(shot.secretsInText).toBe(3);
    expect(done.stderr).toContain(`The picture in ${shot.entry} shows 3 secrets`);
    expect(done.stderr).not.toContain(SECRET.slice(0, 12));
    const entry = await shown(user, shot.entry);
    expect(JSON.stringify(entry)).not.toContain(SECRET.slice(0, 20));
    expect(entry.body.text.masked).toMatchObject([{ count: 3 }]);
    expect(user.proof('show', shot.entry).stdout).toContain('the picture shows');
    expect(user.proof('log').stdout).toContain('shows a secret');
  });

  test('all of a long page, up to the bound', async () => {
    const window = await take([`${base}/tall`]);
    expect([window.width, window.height, window.cut]).toEqual([1280, 800, false]);
    const full = await take([`${base}/tall`, '--full', '--viewport', '400x300']);
    expect([full.width, full.height, full.cut]).toEqual([400, 10_000, true]);
    expect((await shown(user, full.entry)).body).toMatchObject({
      area: 'page',
      cut: true,
      page: { width: 400, height: expect.any(Number) },
    });
  });

  test('dark colours, a wait for a selector, a wait for a time', async () => {
    const light = pictureOf((await take([`${base}/late`, '--wait', '#late'])).entry);
    const dark = pictureOf((await take([`${base}/late`, '--wait', '500ms', '--dark'])).entry);
    expect(light.equals(dark)).toBe(false);
    const row = user.proof('log', '--json').stdout.trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(row).body).toMatchObject({
      dark: true,
      wait: { for: 'time', millis: 500, reached: true },
    });
  });

  test('a page that never finishes is shown as it stands, with what it waits for', async () => {
    const shot = await take([`${base}/never-loaded`, '--timeout', '2s']);
    expect(shot).toMatchObject({ loaded: false, title: 'Half' });
    expect(shot.problems).toEqual([{ what: 'request', text: `GET ${base}/never → no answer yet` }]);
    expect((await shown(user, shot.entry)).body).toMatchObject({
      wait: { for: 'load', reached: false },
      loadMicros: null,
    });
  });

  test('boxes and windows do not hold it up', async () => {
    const { entry } = await take([`${base}/dialogs`]);
    expect((await shown(user, entry)).body).toMatchObject({
      dialogs: [
        { type: 'alert', text: 'boo' },
        { type: 'confirm', text: 'really?' },
      ],
      popups: 1,
    });
  });

  test('a chatty page: errors are kept, and all are counted', async () => {
    const { entry } = await take([`${base}/chatty`]);
    const { body, output } = await shown(user, entry);
    expect(body.console).toMatchObject({ errors: 1, others: 5_000 });
    const kept =
      output
        .find(({ name }) => name === 'console')
        ?.text.trim()
        .split('\n') ?? [];
    expect(kept).toHaveLength(1_001);
    expect(JSON.parse(kept[0] ?? '')).toMatchObject({ level: 'error', text: 'at last' });
  });

  test('text in frames, in shadow roots and in fields is read', async () => {
    const { entry } = await take([`${base}/nested`]);
    const text = (await shown(user, entry)).output.find(({ name }) => name === 'text')?.text;
    for (const part of ['outside', 'in the frame', 'in the shadow', 'note: in a field'])
      expect(text).toContain(part);
  });

  test('a local file, and a user and password in an address', async () => {
    mkdirSync(join(user.repository, 'coverage'));
    writeFileSync(
      join(user.repository, 'coverage', 'index.html'),
      '<title>Covered</title><p>100 %',
    );
    expect(await take(['coverage/index.html'])).toMatchObject({ title: 'Covered', status: null });
    const { entry } = await take([`${base.replace('//', '//ada:open-sesame-1@')}/private`]);
    const kept = await shown(user, entry);
    expect(kept.body).toMatchObject({ title: 'Inside', status: 200 });
    expect(JSON.stringify(kept)).not.toContain('open-sesame-1');
  });

  test('an error status is a page like any other', async () => {
    expect(await take([`${base}/nothing`])).toMatchObject({ status: 404, failedRequests: 1 });
  });

  test.each([
    ['/loop', 'shot.redirects'],
    ['/download', 'shot.download'],
    ['/204', 'shot.no-answer'],
    ['/closed', 'shot.no-answer'],
    ['/never', 'shot.no-answer'],
  ])('%s: %s, and no entry', async (path, code) => {
    const size = () =>
      (user.proof('status', '--json').json() as { ledger: { size: number } }).ledger.size;
    const before = size();
    const done = await proof(user, ['shot', `${base}${path}`, '--json', '--timeout', '3s']);
    expect(done.code).toBe(1);
    expect(errorOf(done).code).toBe(code);
    expect(size()).toBe(before);
  });

  test('the browser dies: an error, no entry, nothing left in the way', async () => {
    const taking = proof(user, ['shot', `${base}/never-loaded`, '--timeout', '30s', '--json']);
    let child: number | undefined;
    while (child === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      child = childrenOf(taking.pid)[0];
    }
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    process.kill(child, 'SIGKILL');
    const done = await taking;
    expect(done.code).toBe(1);
    expect(errorOf(done).code).toBe('shot.crashed');
  });

  test('interrupted: it ends as a command does, and the browser with it', async () => {
    const taking = proof(user, ['shot', `${base}/never-loaded`, '--timeout', '30s']);
    let children: number[] = [];
    while (children.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      children = childrenOf(taking.pid);
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    taking.kill('SIGINT');
    expect((await taking).code).toBe(130);
    for (const pid of children) expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  test('scripts without a pause: an error in reasonable time', async () => {
    const done = await proof(user, ['shot', `${base}/busy`, '--timeout', '1s', '--json']);
    expect(errorOf(done).code).toBe('shot.no-picture');
  });

  testWith('openssl')(
    'a certificate that does not hold is refused, unless --insecure',
    async () => {
      const [key, cert] = [join(user.dir, 'k.pem'), join(user.dir, 'c.pem')];
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-keyout',
          key,
          '-out',
          cert,
          '-days',
          '2',
          '-subj',
          '/CN=localhost',
        ],
        { stdio: 'ignore' },
      );
      const server = createServer(
        { key: readFileSync(key), cert: readFileSync(cert) },
        (_, response) => response.end('<title>Safe?</title>'),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      afterAll(() => {
        server.closeAllConnections();
        server.close();
      });
      const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const refused = errorOf(await proof(user, ['shot', address, '--json']));
      expect(refused).toMatchObject({
        code: 'shot.certificate',
        remedy: expect.stringContaining('--insecure'),
      });
      const { entry } = await take([address, '--insecure']);
      expect((await shown(user, entry)).body).toMatchObject({ insecure: true, status: 200 });

      // And the same of proof http: nothing is sent before the certificate was judged.
      const asked = await proof(user, ['http', address, '--json']);
      expect(asked.code).toBe(60);
      expect(asked.json()).toMatchObject({
        status: null,
        failure: { what: 'certificate' },
        tls: { trusted: false, subject: 'CN=localhost' },
      });
      const insecure = await proof(user, ['http', address, '--insecure', '--json']);
      expect(insecure).toMatchObject({ code: 0 });
      expect(insecure.json()).toMatchObject({ status: 200, tls: { trusted: false } });
    },
  );

  test('nothing of any browser is left, and all of it verifies', () => {
    expect(readdirSync(user.env.TMPDIR as string)).toEqual([]);
    expect(user.proof('verify').code).toBe(0);
  });
});

describe('without a browser', () => {
  const user = newUser();
  beforeAll(() => void user.proof('init'));

  const shot = (env: Record<string, string>, address = 'http://127.0.0.1:9999') =>
    user.proofIn({ env }, 'shot', address, '--json');
  const code = ({ stderr }: { stderr: string }) =>
    JSON.parse(stderr).error as { code: string; remedy: string };

  test('none installed, none of that name, no browser at all', () => {
    const none = code(shot({ PATH: '/nowhere', PROOF_BROWSER: 'no-such-browser' }));
    expect(none.code).toBe('shot.browser-not-found');
    expect(code(shot({ PROOF_BROWSER: '/bin/true' })).code).toBe('shot.browser-failed');
    expect(code(shot({ PROOF_BROWSER: join(user.repository, '.git') })).code).toBe(
      'shot.browser-not-found',
    );
  });

  test.each(['data:text/html,x', 'javascript:alert(1)', 'about:blank', 'ftp://x'])(
    '%s is refused',
    (address) => {
      expect(code(shot({}, address)).code).toBe('address.refused');
    },
  );

  test.each([
    ['--viewport', 'wide'],
    ['--wait', ''],
    ['--timeout', 'soon'],
  ])('%s %s is a wrong call', (flag, value) => {
    expect(user.proof('shot', 'http://x', `${flag}=${value}`).code).toBe(2);
  });
});

/** Processes that this one started, by /proc. */
function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

const page = (title: string, body: string) =>
  `<!doctype html><meta charset=utf-8><title>${title}</title><style>:root{color-scheme:light dark}</style>${body}`;

const ROUTES: Record<string, string | ((response: ServerResponse, user?: string) => void)> = {
  '/login': page(
    'Log in',
    `<h1>Log in</h1><input name=user value=ada><input type=password value=typed-password>
    <img src=/missing.png><script>console.log('hello'); console.error('no session cookie');
    undefinedFunction();</script>`,
  ),
  '/secret': page(
    'Keys',
    `<p>Your key is ${SECRET}</p><input name=key value=${SECRET}><iframe srcdoc="<p>${SECRET}"></iframe>
    <script>console.error('token=${SECRET}'); fetch('/x?token=${SECRET}')</script>`,
  ),
  '/tall': page('Tall', '<div style="height:23456px">tall</div>'),
  '/late': page(
    'Late',
    `<p>now</p><script>setTimeout(() => {
      document.body.insertAdjacentHTML('beforeend', '<p id=late>late</p>') }, 200)</script>`,
  ),
  '/never-loaded': page('Half', '<h1>half</h1><img src=/never>'),
  '/dialogs': page(
    'Boxes',
    "<script>alert('boo'); confirm('really?'); window.open('/late')</script>",
  ),
  '/chatty': page(
    'Chatty',
    "<script>for (let i = 0; i < 5000; i++) console.log('line', i); console.error('at last')</script>",
  ),
  '/nested': page(
    'Nested',
    `<p>outside</p><div id=host></div><textarea name=note>in a field</textarea>
    <iframe srcdoc="<p>in the frame"></iframe>
    <script>host.attachShadow({ mode: 'open' }).innerHTML = '<p>in the shadow</p>'</script>`,
  ),
  '/busy': page('Busy', '<h1>x</h1><script>setTimeout(() => { for (;;); }, 20)</script>'),
  '/private': (response, user) => {
    const wanted = `Basic ${Buffer.from('ada:open-sesame-1').toString('base64')}`;
    if (user !== wanted)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('no');
    else response.writeHead(200, { 'content-type': 'text/html' }).end(page('Inside', 'welcome'));
  },
  '/loop': (response) => void response.writeHead(302, { location: '/loop' }).end(),
  '/download': (response) =>
    void response
      .writeHead(200, { 'content-disposition': 'attachment; filename="x.bin"' })
      .end('x'),
  '/204': (response) => void response.writeHead(204).end(),
  '/closed': (response) => void response.socket?.destroy(),
  '/never': () => {},
};

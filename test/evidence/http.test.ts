import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createPlainServer } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUser } from '../acceptance/user.ts';
import { errorOf, type Finished, proof, serve, shown } from './at-work.ts';

interface Answer {
  entry: string;
  status: number | null;
  finalUrl: string;
  redirects: number;
  failure: { what: string; why: string } | null;
  timing: Record<string, number | null>;
  body: { bytes: number; gaps: unknown[]; masked: unknown[] } | null;
}

const text = 'hello, world\n'.repeat(500);
const ENCODINGS = {
  gzip: gzipSync(text),
  deflate: deflateSync(text),
  br: brotliCompressSync(text),
  zstd: zstdCompressSync(text),
  'gzip, br': brotliCompressSync(gzipSync(text)),
};

describe('proof http', () => {
  const user = newUser();
  let base: string;
  let bare: string;

  beforeAll(async () => {
    user.proof('init');
    user.proof('task', 'start', 'Ask it');
    base = await serve((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
      const answer = ROUTES[pathname];
      if (answer !== undefined) return answer(response, searchParams);
      const body: Buffer[] = [];
      request.on('data', (piece) => body.push(piece));
      request.on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const { method, url, headers } = request;
        response.end(
          JSON.stringify({ method, url, headers, body: Buffer.concat(body).toString() }),
        );
      });
    });
    const server = createPlainServer((socket) => {
      socket.on('error', () => {});
      socket.end('220 mail.example ESMTP\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterAll(() => void server.close());
    bare = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  const ask = (...words: string[]): Promise<Finished> => proof(user, ['http', '--json', ...words]);

  test('status, headers, times and body are kept; what opens something is not', async () => {
    const secret = `tok-${'9'.repeat(20)}`;
    const done = await ask(
      `${base}/cookie`,
      '-H',
      `Authorization: Bearer ${secret}`,
      '-H',
      'X-Mine: yes',
    );
    expect(done.code).toBe(0);
    const { entry, timing } = done.json<Answer>();
    const kept = await shown(user, entry);
    expect(kept).toMatchObject({
      kind: 'http',
      task: 'T1',
      plain: 'set\n',
      body: {
        method: 'GET',
        url: `${base}/cookie`,
        finalUrl: `${base}/cookie`,
        redirects: [],
        failure: null,
        tls: null,
        address: { ip: '127.0.0.1' },
        answer: { status: 200, reason: 'OK', httpVersion: '1.1', type: 'text/plain', wireBytes: 4 },
      },
    });
    expect(kept.body.request.headers).toContainEqual({ name: 'Authorization', value: null });
    expect(kept.body.request.headers).toContainEqual({ name: 'X-Mine', value: 'yes' });
    expect(kept.body.answer.headers).toContainEqual({ name: 'Set-Cookie', value: null });
    expect(timing).toMatchObject({ dnsMicros: null, tlsMicros: null });
    for (const name of ['connectMicros', 'firstByteMicros', 'totalMicros'])
      expect(timing[name]).toBeGreaterThan(0);
    expect(user.proof('show', entry).stdout).not.toContain(secret);
  });

  test('what the server echoes of a credential is struck out, whatever it is called there', async () => {
    const value = `q${'7'.repeat(12)}Zz`;
    const { entry } = (
      await ask(
        `${base}/echo?sig=${value}1`,
        '-H',
        `Cookie: a=${value}2`,
        '-H',
        `X-Api-Key: ${value}3`,
      )
    ).json<Answer>();
    const { plain } = await shown(user, entry);
    expect(plain).toContain('"cookie":"a=[REDACTED');
    expect(plain).not.toContain(value);
  });

  test.each(Object.keys(ENCODINGS))('a body in %s is kept as what it says', async (name) => {
    const { entry } = (await ask(`${base}/encoded?as=${encodeURIComponent(name)}`)).json<Answer>();
    const kept = await shown(user, entry);
    expect(kept.plain).toBe(text);
    expect(kept.body.answer).toMatchObject({
      encodings: name.split(', '),
      wireBytes: ENCODINGS[name as keyof typeof ENCODINGS].length,
    });
  });

  test('an encoding nobody knows is kept as it came', async () => {
    const { entry } = (await ask(`${base}/unknown-encoding`)).json<Answer>();
    expect((await shown(user, entry)).body.answer).toMatchObject({
      encodings: [],
      encodedStill: 'x-mine',
    });
  });

  test.each([
    ['{"a":1}', 'application/json'],
    ['a=1&b=2', 'application/x-www-form-urlencoded'],
    ['words', 'text/plain; charset=utf-8'],
  ])('--data %s is a POST of %s', async (data, type) => {
    const { entry } = (await ask(`${base}/echo`, '--data', data)).json<Answer>();
    const kept = await shown(user, entry);
    expect(JSON.parse(kept.plain ?? '')).toMatchObject({
      method: 'POST',
      body: data,
      headers: { 'content-type': type, 'content-length': String(data.length) },
    });
    expect(kept.output.find(({ name }) => name === 'sent')?.text).toBe(data);
  });

  test('data from a file, and from standard input; another method, another type', async () => {
    writeFileSync(join(user.repository, 'body.json'), '{"from":"file"}');
    const put = await ask(
      'PUT',
      `${base}/echo`,
      '-d',
      '@body.json',
      '-H',
      'Content-Type: text/x-mine',
    );
    const kept = await shown(user, put.json<Answer>().entry);
    expect(JSON.parse(kept.plain ?? '')).toMatchObject({
      method: 'PUT',
      body: '{"from":"file"}',
      headers: { 'content-type': 'text/x-mine' },
    });
    const piped = await proof(user, ['http', `${base}/echo`, '--data', '-', '--json'], {
      input: 'piped',
    });
    expect(JSON.parse((await shown(user, piped.json<Answer>().entry)).plain ?? '').body).toBe(
      'piped',
    );
  });

  test('redirects are followed, and named; what they hand out is struck out', async () => {
    const { entry, ...rest } = (await ask(`${base}/redirect?token=first-secret-1`)).json<Answer>();
    expect(rest).toMatchObject({
      status: 200,
      redirects: 1,
      finalUrl: expect.stringContaining('[REDACTED'),
    });
    const kept = await shown(user, entry);
    expect(kept.body.redirects).toMatchObject([{ status: 302 }]);
    expect(JSON.stringify(kept)).not.toMatch(/first-secret-1|second-secret-2/);
    const none = (await ask(`${base}/redirect`, '--max-redirects', '0')).json<Answer>();
    expect(none).toMatchObject({ status: 302, redirects: 0, failure: null });
  });

  /** That no answer came is kept as well, and the exit code is curl's. */
  test.each<[string, string[], number, number | null, string | null]>([
    ['any status is an answer', ['/500'], 0, 500, null],
    ['the expected status', ['/500', '--expect-status', '5xx'], 0, 500, null],
    ['another than expected', ['/500', '--expect-status', '200,2xx'], 1, 500, null],
    ['closed without an answer', ['/empty'], 52, null, 'empty'],
    ['broken off in the body', ['/half'], 18, 200, 'broken-off'],
    ['damaged encoding', ['/damaged'], 56, 200, 'protocol'],
    ['never an answer', ['/never', '--timeout', '300ms'], 28, null, 'timeout'],
    ['never an end', ['/drip', '--timeout', '500ms'], 28, 200, 'timeout'],
    ['redirected for ever', ['/loop', '--max-redirects', '3'], 47, 302, 'redirects'],
    ['too many headers', ['/headers'], 56, null, 'protocol'],
  ])('%s', async (_, [path = '', ...flags], code, status, what) => {
    const done = await ask(`${base}${path}`, ...flags);
    expect(done.code).toBe(code);
    const { entry, ...answer } = done.json<Answer>();
    expect(answer.status).toBe(status);
    expect(answer.failure?.what ?? null).toBe(what);
    const kept = await shown(user, entry);
    expect(kept.body.failure?.what ?? null).toBe(what);
    expect(user.proof('show', entry).code).toBe(0);
  });

  test('nothing there, no HTTP, no such name', async () => {
    expect(await ask('http://127.0.0.1:1/')).toMatchObject({ code: 7 });
    expect(await ask(bare)).toMatchObject({ code: 56 });
    expect(await ask('http://no-such-host.invalid/')).toMatchObject({ code: 6 });
    expect(await ask(base.replace('http:', 'https:'))).toMatchObject({ code: 35 });
  });

  test('a body without end in it is bounded by time, and one that blows up by size', async () => {
    const { entry, body } = (await ask(`${base}/bomb`, '--timeout', '60s')).json<Answer>();
    expect(body?.bytes).toBe(400 * 1024 * 1024);
    expect(body?.gaps).toHaveLength(1);
    const { blobs } = await shown(user, entry);
    expect(blobs[0]?.size).toBe(256 * 1024 * 1024);
  }, 180_000);

  test.each([
    [[], 'usage.missing-argument'],
    [['GET'], 'usage.missing-argument'],
    [['ftp://x'], 'address.refused'],
    [['file:///etc/passwd'], 'address.refused'],
    [['CONNECT', 'http://x'], 'http.bad-method'],
    [['G T', 'http://x'], 'http.bad-method'],
    [['http://x', '-H', 'bad'], 'http.bad-header'],
    [['http://x', '-H', 'A: b\r\nC: d'], 'http.bad-header'],
    [['http://x', '--expect-status', 'ok'], 'http.bad-expectation'],
    [['http://x', '--timeout', '5'], 'usage.bad-value'],
    [['http://x', '--data', '@nope'], 'attach.not-found'],
  ])('%j: %s, and nothing is sent', async (words, code) => {
    expect(errorOf(await ask(...words)).code).toBe(code);
  });

  test('text for people, the log, and a whole record', async () => {
    const done = await proof(user, ['http', `${base}/500`, '--expect-status', '200']);
    expect(done.stdout).toMatch(/^E\d+ {2}GET http.* {2}✗ 500 Internal Server Error\n/);
    expect(done.stdout).toContain('expected was 200');
    expect(user.proof('log').stdout).toMatch(/\thttp\thuman ada\tGET http.*\t500 · 200 expected/);
    expect(user.proof('verify').code).toBe(0);
  });
});

const ROUTES: Record<string, (response: ServerResponse, query: URLSearchParams) => void> = {
  '/cookie': (response) => {
    response.writeHead(200, {
      'Set-Cookie': 'sid=abcdefgh; HttpOnly',
      'content-type': 'text/plain',
    });
    response.end('set\n');
  },
  '/500': (response) => void response.writeHead(500).end('oops'),
  '/encoded': (response, query) => {
    const as = query.get('as') as keyof typeof ENCODINGS;
    response.writeHead(200, { 'content-encoding': as, 'content-type': 'text/plain' });
    response.end(ENCODINGS[as]);
  },
  '/unknown-encoding': (response) =>
    void response.writeHead(200, { 'content-encoding': 'x-mine' }).end('?'),
  '/damaged': (response) =>
    void response
      .writeHead(200, { 'content-encoding': 'gzip' })
      .end(gzipSync(text).subarray(0, 30)),
  '/redirect': (response) =>
    void response.writeHead(302, { location: '/echo?access_token=second-secret-2' }).end('moved'),
  '/loop': (response) => void response.writeHead(302, { location: '/loop' }).end(),
  '/empty': (response) => void response.socket?.destroy(),
  '/half': (response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('half of it');
    setTimeout(() => response.socket?.destroy(), 50);
  },
  '/never': () => {},
  '/drip': (response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write('drip\n'), 50);
    response.on('close', () => clearInterval(drip));
  },
  '/headers': (response) => {
    for (let i = 0; i < 20; i++) response.setHeader(`X-${i}`, 'x'.repeat(4_000));
    response.end();
  },
  '/bomb': (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' });
    response.end(gzipSync(Buffer.alloc(400 * 1024 * 1024, 'a'), { level: 1 }));
  },
};

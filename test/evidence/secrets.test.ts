import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { newUser, type User } from '../acceptance/user.ts';
import { testBrowser } from '../browser.ts';
import { leaksBelow } from '../faults/secret-scan.ts';
import { leakedIn, PLANTED, plantedLog } from '../secrets/planted.ts';
import { markMissing } from '../skips.ts';
import { proof, serve } from './at-work.ts';

/**
 * The 295 planted secrets through every way in that evidence has: none is readable afterwards in the
 * ledger's directory or the configuration, however it is looked at.
 */
describe('295 planted secrets', () => {
  const user = newUser();
  const { log, secrets, ownEnvironment } = plantedLog({ bytes: 512 * 1024, seed: 21 });
  const { HOME: _, PATH: __, ...env } = ownEnvironment;
  const disk = () => [join(user.repository, '.git', 'proof'), join(user.dir, 'config')];
  const path = (name: string) => join(user.repository, name);
  let base: string;

  beforeAll(async () => {
    user.proof('init');
    expect(secrets).toHaveLength(PLANTED);
    base = await serve((request, response) => {
      if (request.url === '/page') {
        const text = log.toString('utf8').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
        return response.end(
          `<title>Log</title><pre>${text}</pre><script>for (const line of
          document.querySelector('pre').textContent.split('\\n').slice(0, 900)) console.error(line)</script>`,
        );
      }
      response.writeHead(200, { 'content-type': 'text/plain', 'x-line': latin1Line(log) });
      request.resume();
      // In pieces that cut secrets in two.
      request.on('end', () => {
        for (let at = 0; at < log.length; at += 701) response.write(log.subarray(at, at + 701));
        response.end();
      });
    });
  });

  const clean = async () => {
    expect(await leaksBelow(disk(), secrets)).toEqual([]);
    expect(user.proof('verify').code).toBe(0);
  };

  test('in an attached file, in standard input, in UTF-16, among bytes that are no text', async () => {
    writeFileSync(path('app.log'), log);
    writeFileSync(path('win.log'), Buffer.from(`\ufeff${log.toString('utf8')}`, 'utf16le'));
    writeFileSync(path('core'), Buffer.concat([Buffer.from([0x7f, 0x45, 0, 1, 2, 3, 10]), log]));
    const attached = await proof(user, ['attach', 'app.log', 'win.log', 'core', '-', '--json'], {
      env,
      input: log,
    });
    expect(attached).toMatchObject({ code: 0, stderr: '' });
    await clean();
    const plain = await keptText(
      user,
      attached.json<{ attached: { entry: string }[] }>().attached[0]!.entry,
    );
    expect(leakedIn(Buffer.from(plain), secrets)).toEqual([]);
    expect(plain.match(/\[REDACTED:/g)?.length).toBeGreaterThanOrEqual(PLANTED - 5);
  });

  test('in a log that is followed, in pieces that cut secrets in two, over a rotation', async () => {
    writeFileSync(path('live.log'), '');
    const following = proof(user, ['attach', 'live.log', '--follow', '--json'], { env });
    const running = () => user.proof('status', '--json').stdout.includes('--follow');
    while (!running()) await new Promise((resolve) => setTimeout(resolve, 50));
    for (let at = 0; at < log.length; at += 40_001) {
      appendFileSync(path('live.log'), log.subarray(at, at + 40_001));
      await new Promise((resolve) => setTimeout(resolve, 130));
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    // Half-way too: what lies on the disk while it goes on.
    expect(await leaksBelow(disk(), secrets)).toEqual([]);
    following.kill('SIGINT');
    const done = await following;
    expect(done.json()).toMatchObject({ attached: [{ bytes: log.length }] });
    await clean();
  });

  test('in names and notes of attachments', async () => {
    const texts = secrets.slice(1, 60).map(({ value, at }) => {
      const from = log.lastIndexOf('\n', at - 1) + 1;
      return log.toString('utf8', from, log.indexOf('\n', at + Buffer.byteLength(value)));
    });
    for (const text of texts.filter((one) => one.length < 250 && one !== '').slice(0, 12)) {
      const words = ['attach', 'app.log', `--name=${text}`, `--note=${text}`];
      expect((await proof(user, words, { env })).code).toBe(0);
    }
    await clean();
  });

  test('in the body of an answer, in its headers, and in a body that is sent', async () => {
    const asked = await proof(user, ['http', `${base}/log`, '--data', '-', '--json'], {
      env,
      input: log,
    });
    expect(asked.code).toBe(0);
    expect(asked.json()).toMatchObject({ status: 200, body: { bytes: log.length } });
    await clean();
  });

  const browser = testBrowser();
  const name = 'in the text and the console of a page';
  (browser === null ? test.skip : test)(
    browser === null ? markMissing(name, ['chromium']) : name,
    async () => {
      const words = ['shot', `${base}/page`, '--json'];
      const shot = await proof(user, words, { env: { ...env, PROOF_BROWSER: browser as string } });
      expect(shot.code).toBe(0);
      expect(shot.json<{ secretsInText: number }>().secretsInText).toBeGreaterThan(200);
      // The picture shows what fits into a window of them: pixels are not text.
      await clean();
    },
  );
});

async function keptText(user: User, entry: string): Promise<string> {
  return (await proof(user, ['show', entry, '--output', 'content'])).stdout;
}

/** A line of the log that a header can hold. */
function latin1Line(log: Buffer): string {
  const lines = log.toString('latin1').split('\n');
  return lines.find((line) => /token/i.test(line) && /^[\x20-\x7e]{20,400}$/.test(line)) ?? 'none';
}

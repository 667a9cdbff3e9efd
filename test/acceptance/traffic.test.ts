import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { describeWithData, sharedPath, sharedText } from '../shared-data.ts';
import { COMMAND, newUser } from './user.ts';

interface Identity {
  claimed: string;
  verdict: string;
  requests: number;
  addresses: number;
  largest: { address: string; requests: number }[];
}

interface Report {
  entry: string | null;
  lines: { in: number; parsed: number; quarantined: number };
  quarantine: { reason: string; lines: number; first: { offset: number; length: number } }[];
  identities: Identity[];
  fleets: {
    name: string;
    requests: number;
    addresses: number;
    agent: string;
    network: string;
    reasons: { code: string }[];
  }[];
  findings: { n: number; subject: string; requests: number }[];
}

/** Addresses of documentation only; a genuine Googlebot's is Google's own. */
function madeLog(): string {
  const line = (address: string, minute: number, path: string, agent: string) =>
    `${address} - - [01/May/2026:10:${String(minute % 60).padStart(2, '0')}:03 +0000] "GET ${path} HTTP/1.1" 200 1000 "-" "${agent}"`;
  const google = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
  const gpt =
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)';
  return [
    ...Array.from({ length: 30 }, (_, i) => line('66.249.66.1', i, `/page/${i}`, google)),
    ...Array.from({ length: 870 }, (_, i) => line(`203.0.113.${i % 87}`, i, `/blame/${i}`, google)),
    ...Array.from({ length: 40 }, (_, i) => line('198.51.100.9', i, `/${i}`, gpt)),
    line('192.0.2.7', 1, '/robots.txt', 'curl/8'),
    'no log line',
  ].join('\n');
}

describe('without a ledger', () => {
  const user = newUser();
  const elsewhere = join(user.dir, 'elsewhere');
  mkdirSync(elsewhere);
  const analyze = (input: string | Uint8Array, ...words: string[]) =>
    spawnSync(process.execPath, [COMMAND, 'traffic', 'analyze', '-', ...words], {
      cwd: elsewhere,
      env: user.env,
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });

  test('one screen from standard input, and nothing is left behind', () => {
    const { stdout, stderr, status } = analyze(madeLog());
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^900 requests said "Googlebot"; 30 are \(list of 1 May 2026\)\. 870 came from 87 addresses/,
    );
    expect(stdout).toMatch(
      /largest +really\? +share +egress +obeys robots\.txt +would a block hurt\?/,
    );
    expect(stdout).toMatch(/Googlebot ✗ +contradicted +92 % +870 kB/);
    expect(stdout).toContain('942 lines in = 941 parsed + 1 in quarantine');
    expect(stdout.trimEnd().split('\n').length).toBeLessThan(24);
    expect(execFileSync('ls', ['-A', elsewhere], { encoding: 'utf8' })).toBe('');
  });

  test('a second run is the same, byte for byte, also packed', () => {
    const first = analyze(madeLog(), '--json').stdout;
    expect(analyze(madeLog(), '--json').stdout).toBe(first);
    const packed = JSON.parse(analyze(gzipSync(madeLog()), '--json').stdout);
    const plain = JSON.parse(first);
    packed.sources[0].compression = 'none';
    expect(packed).toEqual(plain);
  });

  test('identities with their verdicts', () => {
    const report: Report = JSON.parse(analyze(madeLog(), '--json').stdout);
    expect(report.lines).toEqual({ in: 942, parsed: 941, quarantined: 1 });
    const found = report.identities.map(({ claimed, verdict, requests, addresses }) => [
      claimed,
      verdict,
      requests,
      addresses,
    ]);
    expect(found).toEqual([
      ['Googlebot', 'contradicted', 870, 87],
      ['GPTBot', 'contradicted', 40, 1],
      ['Googlebot', 'verified', 30, 1],
      ['curl', 'unverifiable', 1, 1],
    ]);
  });

  test.each([
    [['--since', 'yesterday'], 'traffic.bad-time', 2],
    [['--since', '2027-01-01'], 'traffic.no-lines', 1],
    [['--format', '$status'], 'traffic.bad-format', 2],
    [['--proxy', 'my-proxy'], 'traffic.bad-list', 2],
    [['--robots', 'gone.txt'], 'traffic.no-robots', 1],
    [['gone.log'], 'traffic.no-file', 2],
  ])('%s is refused as %s', (words, code, exit) => {
    const { status, stderr } = analyze(madeLog(), '--json', ...words);
    expect([JSON.parse(stderr).error.code, status]).toEqual([code, exit]);
  });

  test('nothing at all is said to be nothing', () => {
    expect(JSON.parse(analyze('', '--json').stderr).error.code).toBe('traffic.no-lines');
    expect(JSON.parse(analyze('x\ny\n', '--json').stderr).error.code).toBe('traffic.no-lines');
  });

  test('robots.txt: who breaks which line, and only the operator is charged', () => {
    writeFileSync(
      join(elsewhere, 'robots.txt'),
      'User-agent: *\nDisallow: /page/\nDisallow: /blame/\n',
    );
    const robots =
      '66.249.66.1 - - [01/May/2026:09:00:00 +0000] "GET /robots.txt HTTP/1.1" 200 10 "-" "Googlebot/2.1"\n';
    const { identities } = JSON.parse(
      analyze(robots + madeLog(), '--json', '--robots', 'robots.txt').stdout,
    );
    const of = (verdict: string) =>
      identities.find((one: Identity) => one.claimed === 'Googlebot' && one.verdict === verdict)
        .robots;
    expect(of('verified')).toMatchObject({
      violations: 30,
      lines: [{ line: 2, requests: 30 }],
      unattributable: 0,
    });
    expect(of('contradicted')).toMatchObject({ violations: 0, unattributable: 870 });
    rmSync(join(elsewhere, 'robots.txt'));
  });

  test('behind a proxy: said, and settled once the proxy is named', () => {
    const log = madeLog().replaceAll(/^(\S+) (- - .*)$/gm, '10.0.0.1 $2 "$1"');
    const told = analyze(log);
    expect(told.stdout).toContain('this log cannot tell who asked');
    const report: Report = JSON.parse(analyze(log, '--json', '--proxy', '10.0.0.0/8').stdout);
    expect(report.identities[0]).toMatchObject({
      claimed: 'Googlebot',
      verdict: 'contradicted',
      requests: 870,
    });
  });
});

describe('with a ledger', () => {
  const user = newUser();
  const log = join(user.repository, 'access.log');
  writeFileSync(log, madeLog());
  user.proof('init');
  const { entry } = user.proof('traffic', 'analyze', 'access.log', '--json').json() as Report;
  const wanted = madeLog()
    .split('\n')
    .filter((line) => line.startsWith('203.0.113.') && line.includes('Googlebot'));
  const lines = () => {
    const found = user
      .proof('traffic', 'lines', `${entry}#1`, '--limit', '1000', '--json')
      .json() as { lines: { text: string }[]; from: string };
    return { from: found.from, lines: found.lines.map(({ text }) => text) };
  };

  test('it is an entry whose first finding opens its lines, exactly', () => {
    expect(user.proof('show', entry as string).stdout).toContain('contradicted:Googlebot');
    expect(lines()).toEqual({ from: 'log', lines: wanted });
    expect(user.proof('traffic', 'lines', `${entry}#1`, '--limit', '2').stdout).toBe(
      `${wanted.slice(0, 2).join('\n')}\n`,
    );
    expect(user.proof('verify').code).toBe(0);
  });

  test('also after the log has grown, was rotated and packed', () => {
    writeFileSync(log, `${madeLog()}\nmore\n`);
    expect(lines().lines).toEqual(wanted);
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'a new one\n');
    expect(lines().lines).toEqual(wanted);
    writeFileSync(`${log}.2.gz`, gzipSync(readFileSync(`${log}.1`)));
    rmSync(`${log}.1`);
    expect(lines()).toEqual({ from: 'log', lines: wanted });
  });

  test('once it is gone, the lines that were kept', () => {
    rmSync(`${log}.2.gz`);
    const found = lines();
    expect(found.from).toBe('ledger');
    expect(found.lines).toEqual(wanted.slice(0, 500));
  });

  test('what was read from standard input is kept as well', () => {
    const { stdout } = spawnSync(process.execPath, [COMMAND, 'traffic', 'analyze', '-', '--json'], {
      cwd: user.repository,
      env: user.env,
      input: madeLog(),
      encoding: 'utf8',
    });
    const { entry: name } = JSON.parse(stdout) as Report;
    const found = user.proof('traffic', 'lines', `${name}#2`, '--json').json() as {
      lines: unknown[];
      subject: string;
    };
    expect(found).toMatchObject({ subject: 'contradicted:GPTBot', total: 40 });
    expect(found.lines.length).toBe(40);
  });

  test.each([
    ['E0#1', 'traffic.not-an-investigation'],
    [`${entry}#99`, 'traffic.no-finding'],
    ['E1', 'usage.bad-value'],
    ['E99#1', 'entry.not-found'],
  ])('lines %s: %s', (name, code) => {
    expect(JSON.parse(user.proof('traffic', 'lines', name, '--json').stderr).error.code).toBe(code);
  });
});

describeWithData('logs', 'what is known of the sample logs (LABELS.tsv)', () => {
  const user = newUser();
  const log = sharedPath('logs/elastic/apache_logs');
  const report = user.proof('traffic', 'analyze', log, '--json').json() as Report;
  // Addresses of people stay where the data is.
  const labelled = (
    /ip in \{([\d.,]+)\}\tspoofed-googlebot/.exec(sharedText('logs/LABELS.tsv'))?.[1] ?? ''
  )
    .split(',')
    .sort();
  const named = (name: string) => report.identities.filter(({ claimed }) => claimed === name);

  test('the four spoofed Googlebots are found, and no genuine one is called that', () => {
    const [spoofed, ...others] = named('Googlebot').filter(
      ({ verdict }) => verdict === 'contradicted',
    );
    expect(others).toEqual([]);
    expect(spoofed).toMatchObject({ requests: 4, addresses: 4, quarantined: 1 });
    expect(spoofed?.largest.map(({ address }) => address).sort()).toEqual(labelled);
    expect(named('Googlebot').find(({ verdict }) => verdict !== 'contradicted')?.requests).toBe(
      539,
    );
  });

  test('the 58 genuine Bingbots of 2015 are unknown for that date', () => {
    expect(named('Bingbot').map(({ verdict, requests }) => [verdict, requests])).toEqual([
      ['unknown', 58],
    ]);
  });

  test('nobody else is contradicted', () => {
    expect(
      report.identities
        .filter(({ verdict }) => verdict === 'contradicted')
        .map(({ claimed }) => claimed),
    ).toEqual(['Googlebot']);
  });

  test('the crawler from Baidu’s network that says Firefox 6', () => {
    const fleet = report.fleets.find(({ network }) => network === '180.76.0.0/16');
    expect(fleet).toMatchObject({ requests: 52 });
    expect(fleet?.agent).toContain('Firefox/6.0.2');
    expect(fleet?.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['robots-txt', 'old-browser', 'many-addresses']),
    );
  });

  test('the truncated line, at its place', () => {
    expect(report.quarantine).toMatchObject([{ reason: 'truncated', lines: 1 }]);
    const { offset, length } = report.quarantine[0]?.first ?? { offset: 0, length: 0 };
    const line = readFileSync(log)
      .subarray(offset, offset + length)
      .toString();
    expect(labelled).toContain(line.split(' ', 1)[0]);
    expect(line).toMatch(/^\S+ .*Googlebot\/2\.1; \+http:\/\/www\.google\.com\/bot\.html\n$/);
  });

  test('health checks inside containers: a proxy’s view is said to be one', () => {
    copyFileSync(
      sharedPath('logs/elastic/fullstack_nginx_access.log'),
      join(user.repository, 'full.log'),
    );
    expect(user.proof('traffic', 'analyze', 'full.log').stdout).toContain(
      'addresses inside your own network',
    );
  });
});

describe('a response', () => {
  const user = newUser();
  writeFileSync(join(user.repository, 'access.log'), madeLog());
  user.proof('init');
  const investigation = (user.proof('traffic', 'analyze', 'access.log', '--json').json() as Report)
    .entry;

  test('is counted before it is made: whom it hits, with the lines behind each number', () => {
    const found = user
      .proof(
        'traffic',
        'respond',
        '--block',
        'contradicted:Googlebot',
        '--limit',
        'path:/page/',
        '--json',
      )
      .json() as {
      entry: string;
      of: string;
      requests: number;
      cells: { n: number; rule: number; hit: string; collateral: boolean; requests: number }[];
    };
    expect(found).toMatchObject({ of: investigation, requests: 900 });
    expect(found.cells).toMatchObject([
      { n: 1, rule: 1, hit: 'false names', collateral: false, requests: 870 },
      { n: 2, rule: 2, hit: 'search engines', collateral: true, requests: 30 },
    ]);
    const lines = user.proof('traffic', 'lines', `${found.entry}#2`).stdout.trimEnd().split('\n');
    expect(lines.length).toBe(30);
    expect(lines.every((line) => line.startsWith('66.249.66.1 '))).toBe(true);
    expect(user.proof('show', found.entry).stdout).toContain('rule 2: search engines');
    expect(user.proof('verify').code).toBe(0);
  });

  test('writes files and says how to apply and to undo them', () => {
    const { stdout } = user.proof(
      'traffic',
      'respond',
      '--block',
      'GPTBot',
      '--format',
      'nginx',
      '--write',
      'rules',
    );
    expect(stdout).toMatch(
      /wrote rules\/proof-http\.conf[\s\S]*to apply, nginx:[\s\S]*nginx -t[\s\S]*to undo, nginx:/,
    );
    expect(readFileSync(join(user.repository, 'rules/proof-http.conf'), 'utf8')).toContain(
      '"~*GPTBot" 1;',
    );
  });

  test.each([
    [[], 'traffic.bad-rule'],
    [['--block', 'Nobody'], 'traffic.bad-rule'],
    [['--block', 'GPTBot', '--of', 'E0'], 'traffic.not-an-investigation'],
  ])('%s is refused as %s', (words, code) => {
    expect(JSON.parse(user.proof('traffic', 'respond', '--json', ...words).stderr).error.code).toBe(
      code,
    );
  });

  test('needs the logs again, and says so', () => {
    rmSync(join(user.repository, 'access.log'));
    expect(
      JSON.parse(user.proof('traffic', 'respond', '--block', 'GPTBot', '--json').stderr).error.code,
    ).toBe('traffic.no-input');
  });
});

describe('watch', () => {
  const user = newUser();
  const log = join(user.repository, 'access.log');
  writeFileSync(log, madeLog());
  user.proof('init');
  user.proof('traffic', 'analyze', 'access.log');

  test('says nothing while nothing is new', () => {
    expect(user.proof('traffic', 'watch', 'access.log', '--since', '2026-01-01')).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(user.proof('traffic', 'watch', 'access.log').code).toBe(0);
  });

  test('exits 3 when somebody is', () => {
    const line =
      '192.0.2.9 - - [01/May/2026:10:30:00 +0000] "GET / HTTP/1.1" 200 5 "-" "NewBot/1.0"\n';
    writeFileSync(log, `${madeLog()}\n${line.repeat(25)}`);
    expect(user.proof('traffic', 'watch', 'access.log', '--since', '2026-01-01')).toMatchObject({
      code: 3,
      stdout: 'new: unverifiable:NewBot, 25 requests\n',
    });
  });
});

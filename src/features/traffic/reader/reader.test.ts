import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeWithData, sharedPath } from '../../../../test/shared-data.ts';
import { REFUSALS } from '../formats/record.ts';
import { lineBlocks } from './line-blocks.ts';
import { readSource } from './log-source.ts';

interface Read {
  in: number;
  parsed: number;
  quarantined: number;
  reasons: Record<string, number>;
  lengths: number[];
}

async function read(
  bytes: Uint8Array,
  workers = 0,
  pieces = [bytes],
): Promise<Read & { facts: Awaited<ReturnType<typeof readSource>> }> {
  const result: Read = { in: 0, parsed: 0, quarantined: 0, reasons: {}, lengths: [] };
  const input = {
    name: 'test',
    async *bytes() {
      yield* pieces;
    },
  };
  const facts = await readSource(input, { definition: null, workers }, (columns) => {
    for (let i = 0; i < columns.lines; i++) {
      result.in++;
      result.lengths.push(columns.lengths[i] as number);
      const refusal = columns.refusals[i] as number;
      const reason = refusal === 0 ? 'request' : (REFUSALS[refusal - 1] as string);
      result.reasons[reason] = (result.reasons[reason] ?? 0) + 1;
      if (refusal === 0 || reason === 'directive') result.parsed++;
      else result.quarantined++;
    }
  });
  return { ...result, facts };
}

function newlineCount(bytes: Uint8Array): number {
  const ends = bytes.filter((byte) => byte === 10).length;
  return bytes.length > 0 && bytes.at(-1) !== 10 ? ends + 1 : ends;
}

const LINE = '192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 5 "-" "x/1"';

const FILES: readonly [
  name: string,
  bytes: Uint8Array,
  expected: [lines: number, parsed: number],
][] = [
  ['an empty file', new Uint8Array(), [0, 0]],
  ['only a line end', Buffer.from('\n'), [1, 0]],
  ['a last line without an end', Buffer.from(`${LINE}\n${LINE}`), [2, 2]],
  ['CRLF', Buffer.from(`${LINE}\r\n${LINE}\r\n`), [2, 2]],
  ['a BOM', Buffer.from(`\ufeff${LINE}\n`), [1, 1]],
  [
    'NULs in front, as copytruncate leaves them',
    Buffer.from(`${'\0'.repeat(5000)}${LINE}\n`),
    [1, 1],
  ],
  [
    'broken UTF-8',
    Buffer.concat([Buffer.from(LINE.replace('x/1', 'x')), Buffer.from([10, 0xff, 0xfe, 10])]),
    [2, 1],
  ],
  [
    'a line of 1 MB',
    Buffer.from(`${LINE.replace('/a', `/${'a'.repeat(1e6)}`)}\n${LINE}\n`),
    [2, 2],
  ],
  ['bare CR is no line end', Buffer.from(`${LINE}\r${LINE}\n`), [1, 1]],
];

for (const [name, bytes, [lines, parsed]] of FILES) {
  test(name, async () => {
    const found = await read(bytes);
    expect([found.in, found.parsed, found.quarantined]).toEqual([lines, parsed, lines - parsed]);
    expect(found.lengths.reduce((sum, one) => sum + one, 0)).toBe(bytes.length);
    expect(found.facts.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
}

test('gzip and zstd, also several one after another, hash as what is in them', async () => {
  const one = Buffer.from(`${LINE}\n`);
  const plain = await read(Buffer.concat([one, one]));
  for (const pack of [gzipSync, zstdCompressSync]) {
    const packed = Buffer.concat([pack(one), pack(one)]);
    const found = await read(packed);
    expect(found.in).toBe(2);
    expect(found.facts.sha256).toBe(plain.facts.sha256);
    // A byte at a time: magic numbers may come in pieces.
    const single = await read(
      packed,
      0,
      [...packed].map((byte) => Uint8Array.of(byte)),
    );
    expect(single.facts.sha256).toBe(plain.facts.sha256);
  }
});

test.each([
  ['gzip', (bytes: Buffer) => gzipSync(bytes, { level: 0 })],
  ['zstd', (bytes: Buffer) => zstdCompressSync(bytes)],
] as const)(
  'a %s file that ends in the middle gives what there is, and says so',
  async (_name, pack) => {
    const lines = Array.from(
      { length: 20_000 },
      (_, i) => `${LINE} "${createHash('md5').update(`${i}`).digest('hex')}"\n`,
    );
    const packed = pack(Buffer.from(lines.join('')));
    const found = await read(packed.subarray(0, packed.length >> 1));
    expect(found.in).toBeGreaterThan(1000);
    expect(found.facts.cutOff).not.toBe(null);
  },
);

test.each([
  ['bzip2', Buffer.from('BZh91AY&SY')],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])],
])('%s is named, with what to type', async (_name, head) => {
  await expect(read(head)).rejects.toMatchObject({ code: 'traffic.compression' });
});

test('a damaged gzip file is an error, not fewer lines', async () => {
  const packed = gzipSync(Buffer.from(`${LINE}\n`.repeat(1000)));
  packed.fill(0xaa, 30, 60);
  await expect(read(packed)).rejects.toMatchObject({ code: 'traffic.damaged-compression' });
});

test('a line longer than the limit is counted once and told', async () => {
  const blocks = [];
  async function* stream() {
    yield Buffer.from(`short\n${'a'.repeat(100)}`);
    yield Buffer.from(`${'b'.repeat(100)}\nshort\n`);
  }
  for await (const block of lineBlocks(stream(), { block: 10, longest: 50 })) {
    blocks.push([block.offset, block.overlong || Buffer.from(block.bytes).toString()]);
  }
  expect(blocks).toEqual([
    [0, 'short\n'],
    [6, 201],
    [207, 'short\n'],
  ]);
});

test('threads change nothing', async () => {
  const many = Buffer.from(
    Array.from({ length: 200_000 }, (_, i) =>
      i % 97 === 0 ? 'odd line' : LINE.replace('/a', `/${i}`),
    ).join('\n'),
  );
  const pieces: Buffer[] = [];
  for (let at = 0; at < many.length; at += 1 << 20) pieces.push(many.subarray(at, at + (1 << 20)));
  const alone = await read(many, 0, pieces);
  const together = await read(many, 2, pieces);
  expect(together).toEqual(alone);
  expect(alone.quarantined).toBe(Math.ceil(200_000 / 97));
}, 30_000);

test('1 000 mutated files: every line accounted for', async () => {
  const seeds = [
    LINE,
    '{"ts":1693840791,"request":{"remote_ip":"192.0.2.9","method":"GET","uri":"/","proto":"HTTP/1.1"},"status":200,"size":1}',
    '#Fields: date time c-ip cs-method cs-uri-stem sc-status\n2026-05-01 10:00:00 192.0.2.7 GET /a 200',
    'https 2026-05-01T10:00:00.186641Z app/lb/1 192.0.2.7:44740 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://e.org:443/robots.txt HTTP/1.1" "curl/7.46.0"',
    '192.0.2.7:14853 [14/Jan/2026:12:48:57.127] https-in~ web/node1 170/0/0/3/173 200 739 - - --NN 0/0/0/0/0 0/0 "GET /x HTTP/1.1"',
  ];
  const change = fc.record({
    at: fc.nat(400),
    cut: fc.nat(30),
    put: fc.uint8Array({ maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...seeds), { maxLength: 6 }),
      fc.array(change, { maxLength: 6 }),
      async (lines, changes) => {
        let bytes = Buffer.from(lines.join('\n'));
        for (const { at, cut, put } of changes) {
          const from = Math.min(at, bytes.length);
          bytes = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)]);
        }
        if ([0x1f, 0x28, 0x42, 0xfd, 0x50].includes(bytes[0] ?? 0)) return;
        const found = await read(bytes);
        expect(found.in).toBe(newlineCount(bytes));
        expect(found.parsed + found.quarantined).toBe(found.in);
        expect(found.lengths.reduce((sum, one) => sum + one, 0)).toBe(bytes.length);
      },
    ),
    { numRuns: 1000 },
  );
}, 60_000);

describeWithData('logs', 'real logs', () => {
  const files = readdirSync(sharedPath('logs'), { recursive: true, encoding: 'utf8' })
    .map((name) => join(sharedPath('logs'), name))
    .filter((path) => statSync(path).isFile());

  test('every line of every file is accounted for', async () => {
    for (const path of files) {
      const bytes = readFileSync(path);
      const found = await read(bytes);
      expect([path, found.in]).toEqual([path, newlineCount(bytes)]);
      expect(found.parsed + found.quarantined).toBe(found.in);
    }
  }, 60_000);

  test('edge.log: 12 lines, 12 accounted for', async () => {
    const found = await read(readFileSync(sharedPath('logs/edge.log')));
    expect(found).toMatchObject({ in: 12, parsed: 9, quarantined: 3 });
    expect(found.reasons).toEqual({ request: 9, truncated: 1, empty: 1, 'no-time': 1 });
  });

  test('elastic: one truncated line, and wc counts as we do', async () => {
    const path = sharedPath('logs/elastic/apache_logs');
    const found = await read(readFileSync(path));
    expect(found).toMatchObject({ in: 10_000, parsed: 9_999, quarantined: 1 });
    expect(found.reasons.truncated).toBe(1);
    expect(execFileSync('wc', ['-l', path], { encoding: 'utf8' })).toMatch(/^10000 /);
  });

  test('NASA of 1995, host names and a table', async () => {
    for (const name of [
      'NASA_access_log_Jul95.part',
      'NASA_access_log_Aug95.part',
      'nasa_19950801.tsv',
    ]) {
      const found = await read(readFileSync(sharedPath(`logs/nasa/${name}`)));
      // The August part as published has 44 lines broken in two.
      expect([name, found.quarantined]).toEqual([name, name.includes('Aug') ? 88 : 0]);
    }
  });
});

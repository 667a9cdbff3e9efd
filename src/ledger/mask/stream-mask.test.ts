import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { password, privateKey, seeded, token } from '../../../test/secrets/synthetic.ts';
import { compileMaskRules } from './mask-rules.ts';
import { type MaskEdit, StreamMask } from './stream-mask.ts';

const random = seeded(3);
const key = privateKey(random, { bytes: 200 });
const OWN = `${random.text('abcdefghij', 12)}/"${random.text('klmnop', 8)}`;
const rules = compileMaskRules({
  hmacKey: new Uint8Array(32),
  ownValues: [{ name: 'APP_TOKEN', value: OWN }],
});

interface Run {
  output: Buffer;
  edits: MaskEdit[];
  counts: ReadonlyMap<string, number>;
}

/** Cut into chunks of the sizes given, again and again from the first. */
function run(input: Uint8Array, sizes: readonly number[]): Run {
  const mask = new StreamMask(rules);
  const parts: Uint8Array[] = [];
  const edits: MaskEdit[] = [];
  let at = 0;
  let released = 0;
  const take = (got: ReturnType<StreamMask['push']>) => {
    parts.push(got.bytes);
    edits.push(...got.edits);
    // What is said to be released is what came out, but for the edits.
    const change = got.edits.reduce((sum, edit) => sum + edit.inserted - edit.removed, 0);
    expect(got.bytes.length).toBe(got.consumed - released + change);
    released = got.consumed;
  };
  for (let i = 0; at < input.length; i++) {
    const size = sizes[i % sizes.length]!;
    take(mask.push(input.subarray(at, at + size)));
    at += size;
  }
  take(mask.end());
  expect(released).toBe(input.length);
  return { output: Buffer.concat(parts), edits, counts: mask.counts };
}

const text = (input: string, sizes = [input.length + 1]) =>
  run(Buffer.from(input, 'latin1'), sizes).output.toString('latin1');

/** Pieces that begin, end, break and imitate every shape. */
const PIECES = [
  ...['aws-access-key', 'github-token', 'jwt', 'stripe-key', 'twilio-key'].map((kind) =>
    token(kind as 'jwt', random),
  ),
  OWN,
  Buffer.from(OWN).toString('base64'),
  JSON.stringify(OWN),
  encodeURIComponent(OWN),
  key,
  key.replaceAll('\n', '\r\n'),
  key.replaceAll('\n', '\\n'),
  key.replaceAll('\n', '\n  | '),
  ...key.split('\n').map((line) => `${line}\n`),
  key.slice(0, 40),
  key.slice(-40),
  'password=',
  'DB_PASSWORD=',
  '"token": "',
  'api_key: ',
  'Authorization: Bearer ',
  'postgres://app:',
  '@db/app ',
  password(random),
  'eyJ',
  '-----BEGIN ',
  '\n',
  '\r\n',
  '\\n',
  ' ',
  '"',
  '\x1b[32m',
  'a usual word ',
  'x'.repeat(700),
  'ab '.repeat(3000),
  `${'é'.repeat(40)}\n`,
];

const pieces = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...PIECES).map((piece) => Buffer.from(piece)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
  // Monstrous values and lines, longer than the window.
  {
    weight: 1,
    arbitrary: fc.nat(20_000).map((length) => Buffer.alloc(length, 'secret-part.')),
  },
);
const inputs = fc.array(pieces, { maxLength: 40 }).map((parts) => Buffer.concat(parts));
const chunkSizes = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40_000 })),
  {
    minLength: 1,
    maxLength: 6,
  },
);

describe('the output', () => {
  it('does not depend on how the input was cut', () => {
    fc.assert(
      fc.property(inputs, chunkSizes, (input, sizes) => {
        const whole = run(input, [input.length + 1]);
        const cut = run(input, sizes);
        expect(cut.output.equals(whole.output)).toBe(true);
        expect(cut.counts).toEqual(whole.counts);
      }),
      { numRuns: 400 },
    );
  });

  it('does not depend on it byte by byte either', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        expect(run(input, [1]).output.equals(run(input, [input.length + 1]).output)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is the input with the edits made, so offsets can be mapped', () => {
    fc.assert(
      fc.property(inputs, chunkSizes, (input, sizes) => {
        const { output, edits } = run(input, sizes);
        let from = 0;
        let to = 0;
        for (const edit of edits) {
          expect(edit.at).toBeGreaterThanOrEqual(from);
          const same = input.subarray(from, edit.at);
          expect(output.subarray(to, to + same.length).equals(same)).toBe(true);
          to += same.length + edit.inserted;
          from = edit.at + edit.removed;
        }
        expect(output.subarray(to).equals(input.subarray(from))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('is the input when there is no secret, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50_000, size: 'max' }), chunkSizes, (input, sizes) => {
        expect(run(input, sizes).output.equals(input)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a secret', () => {
  const other = privateKey(random, { bytes: 300 });
  const secrets = [
    ...PIECES.slice(0, 7),
    JSON.stringify(OWN).slice(1, -1),
    encodeURIComponent(OWN),
  ];
  const keys = [other, other.replaceAll('\n', '\r\n'), other.replaceAll('\n', '\n  | ')];
  const body = other.split('\n').slice(1, -1);
  const around = fc.constantFrom(' ', '\n', '"', '\\n', '\t', '=', ': ', '\x1b[0m', '\n\n');

  it('does not stay, whatever stands around it', () => {
    const anything = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...secrets).map((secret) => Buffer.from(secret)) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(...keys).map((lines) => Buffer.from(`\n${lines}\n`)),
      },
      { weight: 4, arbitrary: pieces },
    );
    const parts = fc.array(fc.tuple(anything, around), { maxLength: 40 });
    fc.assert(
      fc.property(parts, chunkSizes, (list, sizes) => {
        const input = Buffer.concat(list.flatMap(([piece, gap]) => [piece, Buffer.from(gap)]));
        const output = run(input, sizes).output.toString('latin1');
        for (const secret of [...secrets, ...body]) expect(output).not.toContain(secret);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a line without end', () => {
  it('loses every secret wherever it stands on it', () => {
    const aws = token('aws-access-key', random);
    const flat = privateKey(random, { bytes: 1200 }).replaceAll('\n', '\\n');
    for (const secret of [aws, OWN, `password=${password(random)}`, flat]) {
      for (let before = 7000; before < 25_000; before += 173) {
        const output = text(`${'ab '.repeat(before / 3)} ${secret} ${'cd '.repeat(9000)}`, [4096]);
        expect(output.includes(secret.replace('password=', ''))).toBe(false);
        expect(output.match(/REDACTED/g)).toHaveLength(1);
      }
    }
  });

  it('loses nothing else: where it is cut, no word begins', () => {
    // An odd length: sooner or later the cut falls between `di` and `sk-`.
    const line = `disk-${random.text('abcdefgh12', 43)} `.repeat(9000);
    expect(text(line, [5000])).toBe(line);
  });

  it('is not held beyond the window', () => {
    const mask = new StreamMask(rules);
    const chunk = Buffer.alloc(1000, 'no line end here ');
    for (let pushed = chunk.length; pushed < 1e6; pushed += chunk.length) {
      expect(pushed - mask.push(chunk).consumed).toBeLessThanOrEqual(rules.window + chunk.length);
    }
  });

  it('loses a value longer than the window to its end', () => {
    const output = text(`token=${'aB3'.repeat(30_000)} and more`, [777]);
    expect(output).toMatch(/^token=\[REDACTED:token:[0-9a-f]{8}\] and more$/);
  });
});

describe('a private key', () => {
  const body = key.split('\n').slice(1, -1);
  const leaks = (output: string) => body.filter((line) => output.includes(line.slice(0, 24)));

  it('is one secret, and equal keys have equal labels', () => {
    expect(text(`a\n${key}\nb\n${key}\n`)).toMatch(
      /^a\n(\[REDACTED:pem-private-key:[0-9a-f]{8}\])\nb\n\1\n$/,
    );
  });

  it('is not released when it is cut, only its material goes', () => {
    for (let length = 0; length <= key.length; length++) {
      const output = text(`${key.slice(0, length)}`, [13]);
      expect(leaks(output)).toEqual([]);
    }
    expect(
      text(`${key.split('\n').slice(0, 3).join('\n')}\n\nnext line\nand one\nthird\n`),
    ).toMatch(
      /^-----BEGIN RSA PRIVATE KEY-----\n\[R[^\n]+\n\[R[^\n]+\n\nnext line\nand one\nthird\n$/,
    );
  });

  it('may have other output between its lines', () => {
    const lines = key.split('\n');
    lines.splice(2, 0, '[12:00:01] worker 3 is ready', 'second line of it');
    const output = text(lines.join('\n'), [5]);
    expect(leaks(output)).toEqual([]);
    expect(output).toContain('[12:00:01] worker 3 is ready\nsecond line of it\n');
  });

  it('may stand behind prefixes, in quotes, in a diff, in a string', () => {
    const forms = [
      (line: string) => `2024-05-01T10:00:00Z INFO  dump: ${line}`,
      (line: string, i: number) => `2024-05-01T10:00:0${i % 10}Z app[${i % 10}]: ${line}`,
      (line: string) => `\x1b[32m+\x1b[m\x1b[32m${line}\x1b[m`,
      (line: string) => `+      ${line}`,
      (line: string) => `    "${line}\\n" +`,
      (line: string) => `> ${line}\r`,
      (line: string) => `\t\t${line}`,
      (line: string) => `# ${line}`,
    ];
    for (const form of forms) {
      const log = `before\n${key.split('\n').map(form).join('\n')}\nafter\n`;
      for (const sizes of [[1], [64], [100_000]]) {
        const output = text(log, sizes);
        expect(leaks(output), log).toEqual([]);
        expect(output).toMatch(/^before\n/);
        expect(output).toMatch(/\nafter\n$/);
      }
    }
  });

  it('longer than the bound is masked line by line, up to its END', () => {
    const long = privateKey(random, { bytes: 90_000 });
    const output = text(`${long}\nafter\n`, [1000]);
    const left = output.split('\n').filter((line) => !line.startsWith('[REDACTED:pem'));
    expect(left).toEqual([
      '-----BEGIN RSA PRIVATE KEY-----',
      '-----END RSA PRIVATE KEY-----',
      'after',
      '',
    ]);
  });

  it('on one line longer than the window leaves nothing behind', () => {
    const long = privateKey(random, { bytes: 60_000, eol: '' }).replace('KEY-----', 'KEY-----\n');
    const output = text(`${long}\nafter\n`, [1000]);
    expect(output.length).toBeLessThan(300);
    expect(output).toMatch(/\nafter\n$/);
  });

  it('leaves certificates and public keys in the chain', () => {
    const certificate = key.replaceAll('RSA PRIVATE KEY', 'CERTIFICATE');
    const chain = `${certificate}\n${key}\n${certificate}\n`;
    expect(text(chain, [9])).toBe(
      `${certificate}\n${/\[R.+\]/.exec(text(key))?.[0]}\n${certificate}\n`,
    );
  });
});

describe('labels and counts', () => {
  it('say the kind and compare equal secrets, within one ledger', () => {
    const aws = token('aws-access-key', random);
    const label = text(aws);
    expect(label).toMatch(/^\[REDACTED:aws-access-key:[0-9a-f]{8}\]$/);
    expect(text(`x ${aws}`)).toBe(`x ${label}`);
    const other = compileMaskRules({ hmacKey: new Uint8Array(32).fill(1), ownValues: [] });
    const mask = new StreamMask(other);
    mask.push(Buffer.from(aws));
    expect(Buffer.from(mask.end().bytes).toString()).not.toBe(label);
    expect(mask.counts).toEqual(new Map([['aws-access-key', 1]]));
  });

  it('are the same for every form of an own value', () => {
    const forms = [OWN, Buffer.from(OWN).toString('base64'), encodeURIComponent(OWN)];
    const labels = forms.map((form) => text(form));
    expect(new Set(labels).size).toBe(1);
    expect(labels[0]).toMatch(/^\[REDACTED:own-APP_TOKEN:/);
  });

  it('cannot be had after the end', () => {
    const mask = new StreamMask(rules);
    mask.end();
    expect(() => mask.end()).toThrow();
    expect(() => mask.push(Buffer.from('x'))).toThrow();
  });
});

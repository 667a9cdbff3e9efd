import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reverseNames } from './reverse-names.ts';

/** Records of a name server of our own: PTR and A; `fail` answers SERVFAIL, others do not exist. */
const RECORDS: Readonly<Record<string, string>> = {
  '1.66.249.66.in-addr.arpa PTR': 'crawl-1.googlebot.com',
  'crawl-1.googlebot.com A': '66.249.66.1',
  '9.113.0.203.in-addr.arpa PTR': 'crawl-2.googlebot.com',
  'crawl-2.googlebot.com A': '66.249.66.2',
  '8.113.0.203.in-addr.arpa PTR': 'gone.googlebot.com',
  '7.113.0.203.in-addr.arpa PTR': 'fail.example.net',
};

let server: Socket;
let at = '';

beforeAll(async () => {
  server = createSocket('udp4');
  server.on('message', (query, from) => server.send(answerTo(query), from.port, from.address));
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  at = `127.0.0.1:${server.address().port}`;
});
afterAll(() => server.close());

test.each([
  ['66.249.66.1', { confirmed: ['crawl-1.googlebot.com'], forged: [], failed: null }],
  ['203.0.113.9', { confirmed: [], forged: ['crawl-2.googlebot.com'], failed: null }],
  ['203.0.113.8', { confirmed: [], forged: ['gone.googlebot.com'], failed: null }],
  ['203.0.113.7', { confirmed: [], forged: [], failed: 'ESERVFAIL' }],
  ['203.0.113.6', { confirmed: [], forged: [], failed: null }],
])('%s', async (address, expected) => {
  expect(await reverseNames([address], undefined, [at])).toMatchObject([{ address, ...expected }]);
});

test('answers come in the order asked', async () => {
  const asked = Array.from({ length: 60 }, (_, i) =>
    i % 2 === 0 ? '66.249.66.1' : `203.0.113.${i}`,
  );
  let done = 0;
  const answers = await reverseNames(asked, () => done++, [at]);
  expect(answers.map(({ address }) => address)).toEqual(asked);
  expect(done).toBe(60);
});

/** RFC 1035, section 4: the question again, with one answer, or a code that says why not. */
function answerTo(query: Buffer): Buffer {
  const labels: string[] = [];
  let end = 12;
  for (let length = query[end] as number; length > 0; length = query[end] as number) {
    labels.push(query.subarray(end + 1, end + 1 + length).toString());
    end += length + 1;
  }
  const type = query.readUInt16BE(end + 1) === 12 ? 'PTR' : 'A';
  const name = labels.join('.');
  const value = RECORDS[`${name} ${type}`];
  const header = Buffer.from(query.subarray(0, 12));
  const code = value !== undefined ? 0 : name.startsWith('fail.') ? 2 : 3;
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(value === undefined ? 0 : 1, 6);
  header.writeUInt32BE(0, 8);
  const question = query.subarray(12, end + 5);
  if (value === undefined) return Buffer.concat([header, question]);
  const data =
    type === 'A'
      ? Buffer.from(value.split('.').map(Number))
      : Buffer.concat([
          ...value
            .split('.')
            .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
          Buffer.from([0]),
        ]);
  const fixed = Buffer.from([
    0xc0,
    12,
    0,
    type === 'A' ? 1 : 12,
    0,
    1,
    0,
    0,
    0,
    60,
    0,
    data.length,
  ]);
  return Buffer.concat([header, question, fixed, data]);
}

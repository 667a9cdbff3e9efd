import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { newUser } from './user.ts';

interface Verdict {
  ok: boolean;
  problems: { code: string; entry: string | null }[];
  checks: { what: string; ok: boolean }[];
  rests: string;
}

describe('proof verify of a .tlog-proof', () => {
  const user = newUser();
  const file = join(user.dir, 'e1.tlog-proof');
  const entry = join(user.dir, 'e1.json');
  let key: string;
  let good: string;

  beforeAll(() => {
    user.proof('init');
    for (const text of ['one', 'two', 'three']) user.proof('note', text);
    good = user.proof('ledger', 'proof', 'E1').stdout;
    writeFileSync(file, good);
    writeFileSync(entry, user.proof('show', 'E1', '--raw').stdout);
    key = user.proof('ledger', 'key').stdout.trim();
  });

  /** In another place, with nothing but what is given. */
  const elsewhere = (...words: string[]) =>
    user.proofIn({ cwd: '/' }, 'verify', '--json', ...words);

  test('in its ledger needs nothing else, also when the ledger has grown', () => {
    user.proof('note', 'four');
    const { ok, checks, rests } = user.proof('verify', file, '--json').json() as Verdict;
    expect(ok).toBe(true);
    expect(checks).toHaveLength(3);
    expect(rests).toContain('E1');
    expect(user.proof('verify', file).code).toBe(0);
  });

  test('elsewhere needs the key and the entry', () => {
    expect(elsewhere(file, '--key', key, '--entry-file', entry)).toMatchObject({ code: 0 });
    for (const [words, code] of [
      [[], 'verify.no-key'],
      [['--key', key], 'verify.no-entry'],
      [['--key', key, '--entry-file', '/nowhere'], 'verify.no-entry'],
    ] as const) {
      const { code: exit, stderr } = elsewhere(file, ...words);
      expect({ exit, code: JSON.parse(stderr).error.code }).toEqual({ exit: 2, code });
    }
  });

  test.each<[attack: string, change: (text: string) => string, code: string]>([
    ['another place', (text) => text.replace('\nindex 1\n', '\nindex 2\n'), 'proof.mismatch'],
    [
      'another hash',
      (text) => text.replace(/(?<=index 1\n)./, (c) => (c === 'A' ? 'B' : 'A')),
      'proof.mismatch',
    ],
    ['no hash', (text) => text.replace(/(?<=index 1\n).*\n/, ''), 'proof.mismatch'],
    ['another size', (text) => text.replace(/\n4\n/, '\n5\n'), 'root.bad-signature'],
    ['no signature', (text) => text.replace(/\n— [\s\S]*$/, '\n'), 'root.bad-signature'],
    ['no proof at all', () => 'c2sp.org/tlog-proof@v1\nnothing', 'proof.malformed'],
    ['empty', () => '', 'proof.malformed'],
    ['something else', () => 'x'.repeat(100_000), 'proof.malformed'],
  ])('attack: %s', (_attack, change, code) => {
    const attacked = join(user.dir, 'attacked.tlog-proof');
    writeFileSync(attacked, change(good));
    const { code: exit, stdout } = elsewhere(attacked, '--key', key, '--entry-file', entry);
    const { ok, problems } = JSON.parse(stdout) as Verdict;
    expect({ exit, ok, codes: problems.map((problem) => problem.code) }).toEqual({
      exit: 3,
      ok: false,
      codes: [code],
    });
  });

  test('attack: other bytes, another key', () => {
    const other = join(user.dir, 'other.json');
    writeFileSync(other, readFileSync(entry, 'utf8').replace('one', 'two'));
    const wrong = elsewhere(file, '--key', key, '--entry-file', other);
    expect(wrong.code).toBe(3);
    expect((wrong.json() as Verdict).problems).toMatchObject([
      { code: 'proof.mismatch', entry: 'E1' },
    ]);
    const stranger = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(elsewhere(file, '--key', stranger, '--entry-file', entry).code).toBe(3);
  });

  test('of a redacted entry its hash is enough', () => {
    user.proof('redact', 'E1', '--because', 'x', '--yes');
    expect(user.proof('verify', file).code).toBe(0);
  });

  test('another file is not taken for one', () => {
    const { code, stderr } = user.proof('verify', entry, '--json');
    expect({ code, error: JSON.parse(stderr).error.code }).toEqual({
      code: 2,
      error: 'verify.not-a-log',
    });
  });
});

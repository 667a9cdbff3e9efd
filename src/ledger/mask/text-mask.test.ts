import { expect, it } from 'vitest';
import { seeded, token } from '../../../test/secrets/synthetic.ts';
import { compileMaskRules } from './mask-rules.ts';
import { maskBytes, maskText } from './text-mask.ts';

const rules = compileMaskRules({
  hmacKey: new Uint8Array(32),
  ownValues: [{ name: 'X', value: 'Schlüssel-ключ' }],
});
const aws = token('aws-access-key', seeded(1));

it('leaves a text without a secret as it is, even half a surrogate pair', () => {
  const text = `naïve → 完了 \ud83d ${'x'.repeat(100)}`;
  expect(maskText(rules, text).text).toBe(text);
  expect(maskText(rules, '').text).toBe('');
});

it('masks among letters of more than one byte, and such secrets', () => {
  const { text, counts } = maskText(rules, `café ${aws} 完了 Schlüssel-ключ 🔑`);
  expect(text).toMatch(/^café \[REDACTED:aws-access-key:\w{8}\] 完了 \[REDACTED:own-X:\w{8}\] 🔑$/);
  expect(counts).toEqual(
    new Map([
      ['aws-access-key', 1],
      ['own-X', 1],
    ]),
  );
});

it('returns the very bytes when there is nothing to mask', () => {
  const bytes = Uint8Array.from({ length: 4096 }, (_, i) => i & 0xff);
  expect(maskBytes(rules, bytes).bytes).toBe(bytes);
  const masked = maskBytes(rules, Buffer.concat([bytes, Buffer.from(` ${aws}`), bytes]));
  expect(masked.bytes.length).toBeGreaterThan(8192);
  expect(Buffer.from(masked.bytes).subarray(-4096).equals(bytes)).toBe(true);
});

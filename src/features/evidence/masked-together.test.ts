import fc from 'fast-check';
import { expect, test } from 'vitest';
import { privateKey, seeded } from '../../../test/secrets/synthetic.ts';
import { compileMaskRules } from '../../ledger/mask/mask-rules.ts';
import { maskText } from '../../ledger/mask/text-mask.ts';
import { maskedTogether } from './masked-together.ts';

const OWN = 'a-very-own-value-1';
const rules = compileMaskRules({
  hmacKey: new Uint8Array(32),
  ownValues: [{ name: 'OWN', value: OWN }],
});
const key = privateKey(seeded(5), { bytes: 300 });

test('a key logged line by line goes whole; what stands around it stays where it was', () => {
  const lines = ['before \u2603', ...key.trim().split('\n'), 'after', `own ${OWN} and ${OWN}.`, ''];
  const { texts, counts } = maskedTogether(rules, lines);
  expect(texts).toHaveLength(lines.length);
  expect(texts[0]).toBe('before \u2603');
  expect(texts.join('\n')).toContain('[REDACTED:pem-private-key:');
  for (const line of key.split('\n').filter((one) => one.length > 10 && !one.includes('-----')))
    expect(texts.join('\n')).not.toContain(line.slice(0, 10));
  expect(texts.at(-3)).toBe('after');
  expect(texts.at(-2)).toMatch(/^own \[REDACTED:own-OWN:\w{8}\] and \[REDACTED:own-OWN:\w{8}\]\.$/);
  expect(texts.at(-1)).toBe('');
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(3);
});

test('joined, it is the same as masking them joined', () => {
  const word = fc.constantFrom(
    'x',
    `\u2603 ${OWN}`,
    'password=hunter2-hunter2',
    'a\nb',
    '',
    ...key.split('\n'),
    key,
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), (texts) => {
      const together = maskedTogether(rules, texts);
      const joined = maskText(rules, texts.map((text) => `${text}\n`).join('')).text;
      // A line end that was struck out with a key is the only thing that may be missing there.
      const plain = (text: string) => text.replaceAll('\n', '');
      expect(plain(together.texts.join(''))).toBe(plain(joined));
      expect(together.texts).toHaveLength(texts.length);
    }),
    { numRuns: 300 },
  );
});

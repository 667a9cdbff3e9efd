import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { canonicalize } from '../../src/core/canonical-json.ts';
import { describeWithData, sharedPath, sharedText } from '../shared-data.ts';

describeWithData('ledger/jcs', 'RFC 8785 vectors of cyberphone/json-canonicalization', () => {
  it('writes every input as the expected output', () => {
    const names = readdirSync(sharedPath('ledger/jcs/testdata/input'));
    expect(names.length).toBeGreaterThanOrEqual(6);
    for (const name of names) {
      const input = JSON.parse(sharedText(`ledger/jcs/testdata/input/${name}`));
      expect(canonicalize(input), name).toBe(sharedText(`ledger/jcs/testdata/output/${name}`));
      const hex = sharedText(`ledger/jcs/testdata/outhex/${name.replace('.json', '.txt')}`);
      expect(Buffer.from(canonicalize(input)).toString('hex')).toBe(hex.replace(/\s+/g, ''));
    }
  });
});

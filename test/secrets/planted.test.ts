import { beforeAll, describe, expect, it } from 'vitest';
import { compileMaskRules } from '../../src/ledger/mask/mask-rules.ts';
import { ownValuesFromEnvironment } from '../../src/ledger/mask/own-values.ts';
import { type MaskEdit, StreamMask } from '../../src/ledger/mask/stream-mask.ts';
import { leakedIn, PLANTED, plantedLog } from './planted.ts';

type Log = ReturnType<typeof plantedLog>;

function mask({ log, ownEnvironment }: Log, size: number): { output: Buffer; edits: MaskEdit[] } {
  const ownValues = ownValuesFromEnvironment(ownEnvironment);
  const stream = new StreamMask(compileMaskRules({ hmacKey: new Uint8Array(32), ownValues }));
  const released = [];
  for (let at = 0; at < log.length; at += size) {
    const got = stream.push(log.subarray(at, at + size));
    if (got.bytes.length > 0) released.push(got);
  }
  released.push(stream.end());
  return {
    output: Buffer.concat(released.map(({ bytes }) => bytes)),
    edits: released.flatMap(({ edits }) => edits),
  };
}

/** Edits that took more than a planted secret, or no part of one. */
function falseHits({ log, secrets }: Log, edits: readonly MaskEdit[]): string[] {
  const planted = secrets.map(({ at, value }) => ({ at, end: at + Buffer.byteLength(value) }));
  return edits
    .filter(
      (edit) => !planted.some(({ at, end }) => edit.at >= at && edit.at + edit.removed <= end),
    )
    .map((edit) => log.toString('utf8', edit.at - 40, edit.at + edit.removed));
}

describe.each([
  { bytes: 2_000_000, sizes: [1] },
  { bytes: 50_000_000, sizes: [512, 4096, 16_384] },
])('a log of $bytes bytes', ({ bytes, sizes }) => {
  let planted: Log;
  beforeAll(() => {
    planted = plantedLog({ bytes });
  });

  it('has 295 secrets of many kinds in it', () => {
    expect(planted.secrets).toHaveLength(PLANTED);
    expect(new Set(planted.secrets.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(12);
    expect(leakedIn(planted.log, planted.secrets)).toHaveLength(PLANTED);
  });

  it.each(sizes)('leaves none of them, and nothing else gone, in chunks of %d', (size) => {
    const { output, edits } = mask(planted, size);
    expect(leakedIn(output, planted.secrets)).toEqual([]);
    expect(falseHits(planted, edits)).toEqual([]);
  });
});

it('is the same log for the same seed, and another for another', () => {
  const [a, b, c] = [1, 1, 2].map((seed) => plantedLog({ bytes: 100_000, seed }));
  expect(a?.log.equals(b!.log)).toBe(true);
  expect(a?.log.equals(c!.log)).toBe(false);
});

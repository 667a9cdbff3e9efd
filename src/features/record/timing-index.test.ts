import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMaskRules } from '../../ledger/mask/mask-rules.ts';
import { StreamMask } from '../../ledger/mask/stream-mask.ts';
import { parseTiming } from '../../views/timing.ts';
import type { StreamName } from './machine.ts';
import { TimingIndex } from './timing-index.ts';

/** A chunk of output: of which stream, how long after the one before, and what. */
interface Chunk {
  stream: StreamName;
  after: number;
  bytes: Uint8Array;
}

const SECRET = 'correct-horse-battery-staple';
const rules = compileMaskRules({
  hmacKey: new Uint8Array(32),
  ownValues: [{ name: 'PASSPHRASE', value: SECRET }],
});

/** Records chunks as the recorder does; gives the index and the masked streams. */
function record(chunks: readonly Chunk[], takeEvery = Number.POSITIVE_INFINITY) {
  const timing = new TimingIndex();
  const masks = new Map<StreamName, StreamMask>();
  const kept = new Map<StreamName, Uint8Array[]>();
  let at = 0;
  let text = '';
  chunks.forEach(({ stream, after, bytes }, i) => {
    at += after;
    const mask = masks.get(stream) ?? new StreamMask(rules);
    masks.set(stream, mask);
    timing.arrived(stream, bytes.length, at);
    const released = mask.push(bytes);
    kept.set(stream, [...(kept.get(stream) ?? []), released.bytes]);
    timing.released(stream, released);
    if (i % takeEvery === 0) text += timing.take();
  });
  for (const [stream, mask] of masks) {
    const released = mask.end();
    kept.get(stream)!.push(released.bytes);
    timing.released(stream, released);
  }
  text += timing.take();
  const masked = new Map([...kept].map(([name, parts]) => [name, Buffer.concat(parts)]));
  return { text, bursts: parseTiming(text), masked, lines: text.split('\n').length - 1 };
}

const chunk = fc.record({
  stream: fc.constantFrom<StreamName>('stdout', 'stderr'),
  after: fc.oneof(fc.nat({ max: 10_000 }), fc.nat({ max: 1_000_000 })),
  bytes: fc
    .array(fc.constantFrom('\n', 'a line\n', SECRET, SECRET.slice(0, 9), SECRET.slice(9), 'é', '…'))
    .map((parts) => new Uint8Array(Buffer.from(parts.join('')))),
});

describe('the timing index', () => {
  it('accounts for every byte of the masked streams, however they were cut and masked', () => {
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 30 }), (chunks) => {
        const { bursts, masked, lines } = record(chunks);
        expect(bursts).toHaveLength(lines);
        for (const [name, bytes] of masked) {
          const sum = bursts
            .filter(({ stream }) => stream === name)
            .reduce((total, burst) => total + burst.bytes, 0);
          expect(sum).toBe(bytes.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is the same text whether it is taken at once or as it grows', () => {
    fc.assert(
      fc.property(
        fc.array(chunk, { maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        (chunks, every) => {
          expect(record(chunks, every).text).toBe(record(chunks).text);
        },
      ),
    );
  });

  it('is in order of arrival, and each burst lies where its bytes came', () => {
    const { bursts } = record([
      { stream: 'stdout', after: 1_000, bytes: Buffer.from('one\n') },
      { stream: 'stderr', after: 1_000, bytes: Buffer.from('two\n') },
      { stream: 'stdout', after: 1_000_000, bytes: Buffer.from('three\n') },
    ]);
    expect(bursts).toEqual([
      { at: 1_000, stream: 'stdout', bytes: 4 },
      { at: 2_000, stream: 'stderr', bytes: 4 },
      { at: 1_002_000, stream: 'stdout', bytes: 6 },
    ]);
  });

  it('makes one burst of chunks that nobody could see apart', () => {
    const close = Array.from({ length: 5 }, () => ({
      stream: 'stdout' as const,
      after: 900,
      bytes: Buffer.from('x'),
    }));
    expect(record(close).bursts).toEqual([{ at: 900, stream: 'stdout', bytes: 5 }]);
  });

  it('gives a secret that came in pieces to the burst that completed it', () => {
    const { bursts, masked } = record([
      { stream: 'terminal', after: 0, bytes: Buffer.from(`is ${SECRET.slice(0, 5)}`) },
      { stream: 'terminal', after: 50_000, bytes: Buffer.from(`${SECRET.slice(5)} so\n`) },
    ]);
    const { length } = masked.get('terminal')!;
    expect(masked.get('terminal')!.toString()).not.toContain('horse');
    expect(bursts).toEqual([
      { at: 0, stream: 'terminal', bytes: 3 },
      { at: 50_000, stream: 'terminal', bytes: length - 3 },
    ]);
  });

  it('does not go back in time when a clock does', () => {
    const timing = new TimingIndex();
    for (const at of [20_000, 5_000, 40_000]) {
      timing.arrived('stdout', 1, at);
      timing.released('stdout', { consumed: at === 20_000 ? 1 : at === 5_000 ? 2 : 3, edits: [] });
    }
    expect(timing.take()).toBe('20000 o 1\n0 o 1\n20000 o 1\n');
  });
});

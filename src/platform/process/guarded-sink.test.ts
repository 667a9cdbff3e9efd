import { describe, expect, it } from 'vitest';
import { guardSink } from './guarded-sink.ts';

const bytes = Buffer.from('x');

describe('guardSink', () => {
  it('cuts a sink off that throws', () => {
    let calls = 0;
    const sink = guardSink(() => {
      calls += 1;
      throw new Error('full');
    });
    expect(sink.accept('stdout', bytes, 1)).toBeUndefined();
    expect(sink.accept('stdout', bytes, 2)).toBeUndefined();
    expect(calls).toBe(1);
    expect(sink.failure()?.reason).toEqual(new Error('full'));
  });

  it('cuts a sink off that rejects, without an unhandled rejection', async () => {
    const sink = guardSink(() => Promise.reject(undefined));
    await sink.accept('stdout', bytes, 1);
    expect(sink.accept('stdout', bytes, 2)).toBeUndefined();
    expect(sink.failure()).toEqual({ reason: undefined });
  });

  it('takes a failing start notice for a failing recorder', () => {
    const sink = guardSink(() => {});
    sink.tell(() => {
      throw new Error('no room');
    });
    expect(sink.failure()?.reason).toEqual(new Error('no room'));
  });
});

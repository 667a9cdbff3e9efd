import { closeSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openFifos, readFifo } from './fifo.ts';
import { userStream } from './user-stream.ts';

function pipe() {
  const [fifo] = openFifos(1) ?? [];
  if (!fifo) throw new Error('no FIFO');
  return fifo;
}

describe('userStream', () => {
  it('writes everything in order, many small pieces and pieces larger than a pipe', async () => {
    const fifo = pipe();
    const pieces = [
      ...Array.from({ length: 3000 }, (_, index) => Buffer.from(`${index},`)),
      Buffer.alloc(300_000, 'x'),
      Buffer.alloc(0),
      Buffer.from('end'),
    ];
    const done = Promise.withResolvers<void>();
    const user = userStream(fifo.writeEnd, {
      taken: () => user.waiting() === 0 && done.resolve(),
      gone: (code) => done.reject(new Error(code)),
    });
    for (const piece of pieces) user.write(piece);
    const received: Buffer[] = [];
    const reader = readFifo(fifo).on('data', (chunk) => received.push(chunk));
    await done.promise;
    closeSync(fifo.writeEnd);
    await new Promise((ended) => reader.on('close', ended));
    expect(Buffer.concat(received).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('waits on a full non-blocking stream', async () => {
    const fifo = pipe();
    // The read end reopened for writing: same pipe, but with the flag some neighbour may have set.
    const { O_WRONLY, O_NONBLOCK } = (await import('node:fs')).constants;
    const nonBlocking = openSync(`/proc/self/fd/${fifo.readEnd}`, O_WRONLY | O_NONBLOCK);
    closeSync(fifo.writeEnd);
    const done = Promise.withResolvers<void>();
    const user = userStream(nonBlocking, {
      taken: () => user.waiting() === 0 && done.resolve(),
      gone: (code) => done.reject(new Error(code)),
    });
    user.write(Buffer.alloc(200_000, 'y'));
    let length = 0;
    setTimeout(() => readFifo(fifo).on('data', (chunk) => (length += chunk.length)), 50);
    await done.promise;
    closeSync(nonBlocking);
    await new Promise((later) => setTimeout(later, 20));
    expect(length).toBe(200_000);
  });

  it('says once that the reader has left, and is silent from then on', async () => {
    const fifo = pipe();
    closeSync(fifo.readEnd);
    const codes: string[] = [];
    const gone = Promise.withResolvers<void>();
    const user = userStream(fifo.writeEnd, {
      taken() {},
      gone(code) {
        codes.push(code);
        gone.resolve();
      },
    });
    user.write(Buffer.from('a'));
    user.write(Buffer.from('b'));
    await gone.promise;
    user.write(Buffer.from('c'));
    expect(user.waiting()).toBe(0);
    expect(codes).toEqual(['EPIPE']);
    closeSync(fifo.writeEnd);
  });
});

import { write, writev } from 'node:fs';

/**
 * Our own standard output or error as a place to put bytes: in order, whole, as soon as the
 * kernel takes them. Writes run on a thread of the pool, because a slow reader blocks them and
 * must not block us; `process.stdout` would either block or buffer without bound, and turns an
 * EPIPE into an exception.
 */
export function userStream(fd: number, on: UserStreamEvents): UserStream {
  let queue: Uint8Array[] = [];
  let waiting = 0;
  let writing = false;
  let gone = false;

  const flush = () => {
    const batch = queue.length > MOST_PER_WRITE ? queue.slice(0, MOST_PER_WRITE) : queue;
    if (batch.length === 1) write(fd, batch[0] as Uint8Array, 0, null, null, written);
    else writev(fd, batch, written);
  };

  const written = (error: NodeJS.ErrnoException | null, count: number) => {
    if (error?.code === 'EAGAIN') {
      // Whoever shares our stream has made it non-blocking; there is no poll(2) to be had here.
      setTimeout(flush, RETRY_MS);
      return;
    }
    if (error) {
      gone = true;
      queue = [];
      waiting = 0;
      writing = false;
      on.gone(error.code ?? 'EIO');
      on.taken();
      return;
    }
    waiting -= count;
    queue = afterFirst(queue, count);
    writing = queue.length > 0;
    if (writing) flush();
    on.taken();
  };

  return {
    write(bytes) {
      if (gone || bytes.byteLength === 0) return;
      queue.push(bytes);
      waiting += bytes.byteLength;
      if (writing) return;
      writing = true;
      flush();
    },
    waiting: () => waiting,
  };
}

export interface UserStream {
  /** Never throws; once the stream is gone, does nothing. */
  write(bytes: Uint8Array): void;
  /** Bytes the kernel has not taken yet. */
  waiting(): number;
}

export interface UserStreamEvents {
  /** Some of the waiting bytes are out, or will never be. */
  taken(): void;
  /** No byte will ever get through again: `EPIPE` when the reader left, else why. */
  gone(code: string): void;
}

/** Well under IOV_MAX (1024), and enough to make one call of many small terminal chunks. */
const MOST_PER_WRITE = 256;
const RETRY_MS = 2;

function afterFirst(queue: Uint8Array[], count: number): Uint8Array[] {
  let left = count;
  let index = 0;
  for (; index < queue.length; index++) {
    const length = (queue[index] as Uint8Array).byteLength;
    if (left < length) break;
    left -= length;
  }
  const rest = queue.slice(index);
  if (left > 0) rest[0] = (rest[0] as Uint8Array).subarray(left);
  return rest;
}

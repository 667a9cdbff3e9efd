import type { Socket } from 'node:net';
import type { StreamName } from './child.ts';
import type { GuardedSink } from './guarded-sink.ts';
import { userStream } from './user-stream.ts';

/**
 * Carries one stream of the child: every chunk to the user first, then to the recorder, each
 * unchanged. When either of them lags, the stream is not read further, so the child waits as it
 * would have waited for the slower reader; no more than a small bound is ever held in memory.
 */
export function relay(request: RelayRequest): Relay {
  const { stream, source, userFd, sink, now } = request;
  let recording = 0;
  let ended = false;
  let bytes = 0;
  let readySince = now();
  const settled = Promise.withResolvers<void>();

  const user = userStream(userFd, {
    taken: () => balance(),
    gone(code) {
      request.onUserGone(code);
      // With our end closed the child gets the SIGPIPE it would have got, or on a pty the hang-up.
      source.destroy();
    },
  });

  const lagging = () => user.waiting() > MOST_WAITING_BYTES || recording > 0;
  let frozen = false;
  const balance = () => {
    if (frozen) return;
    if (lagging()) {
      source.pause();
    } else if (source.isPaused()) {
      readySince = now();
      source.resume();
    }
    if (ended && user.waiting() === 0 && recording === 0) settled.resolve();
  };

  source.on('data', (chunk: Buffer) => {
    readySince = now();
    bytes += chunk.byteLength;
    user.write(chunk);
    const recorded = sink.accept(stream, chunk, readySince);
    if (recorded) {
      recording += 1;
      void recorded.then(() => {
        recording -= 1;
        balance();
      });
    }
    balance();
  });
  // A pty ends with EIO, once every holder of its other side is gone.
  source.on('error', () => {});
  source.on('close', () => {
    ended = true;
    balance();
  });

  return {
    stream,
    settled: settled.promise,
    bytes: () => bytes,
    silentMicros: () => (lagging() ? 0 : now() - readySince),
    async release() {
      frozen = true;
      source.pause();
      // What has been read already goes the usual way: `read` emits it as data. It may also start
      // reading anew, and `pause` alone lets libuv go on filling the buffer: hence the stop, after.
      while (source.read() !== null);
      const handle = (source as SocketWithHandle)._handle;
      handle?.readStop();
      while (user.waiting() > 0 || recording > 0) await soon();
      return ended || source.destroyed ? null : (handle?.fd ?? null);
    },
    discard() {
      source.destroy();
    },
  };
}

export interface RelayRequest {
  stream: StreamName;
  source: Socket;
  userFd: 1 | 2;
  sink: GuardedSink;
  /** Monotonic microseconds. */
  now(): number;
  onUserGone(code: string): void;
}

export interface Relay {
  stream: StreamName;
  /** The child's side is closed and every byte is with the user and the recorder. */
  settled: Promise<void>;
  /** Read so far. */
  bytes(): number;
  /** For how long nothing has come although we were ready to read. */
  silentMicros(): number;
  /** Stops reading, delivers what was read, and returns the descriptor to read on from. */
  release(): Promise<number | null>;
  discard(): void;
}

/** Four times what a pipe holds: enough to keep both sides busy. */
const MOST_WAITING_BYTES = 256 * 1024;

/** Node's own field; there is no public way to stop a socket from reading at once. */
type SocketWithHandle = Socket & { _handle?: { readStop(): void; fd: number } | null };

const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 2));

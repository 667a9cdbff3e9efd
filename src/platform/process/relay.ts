import type { Socket } from 'node:net';
import type { StreamName, TerminalFilter } from './child.ts';
import type { GuardedSink } from './guarded-sink.ts';
import { userStream } from './user-stream.ts';

/**
 * Carries one stream of the child: every chunk to the user first, then to the recorder, each
 * unchanged. When either of them lags, the stream is not read further, so the child waits as it
 * would have waited for the slower reader; no more than a small bound is ever held in memory.
 */
export function relay(request: RelayRequest): Relay {
  const { stream, source, userFd, now } = request;
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

  const pass = passOn(request, (shown) => user.write(shown));
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
    const recorded = pass(chunk, readySince);
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
  filter?: TerminalFilter | undefined;
}

/** What becomes of a chunk: the promise never rejects. */
type Pass = (chunk: Uint8Array, atMicros: number) => Promise<void> | undefined;

function passOn({ stream, sink, filter }: RelayRequest, show: (bytes: Uint8Array) => void): Pass {
  let broken = filter === undefined;
  const fail = () => {
    broken = true;
  };
  return (chunk, atMicros) => {
    if (!broken) {
      try {
        return filter?.(chunk, atMicros, show)?.catch(fail);
      } catch {
        // It may have shown a part of the chunk: better twice than not at all.
        fail();
      }
    }
    show(chunk);
    return sink.accept(stream, chunk, atMicros);
  };
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

import type { OutputSink, StreamName } from './child.ts';

/**
 * Stands between the child's output and the recorder: a recorder that fails is cut off for good
 * and remembered, and never reaches the path between the child and the user.
 */
export function guardSink(sink: OutputSink): GuardedSink {
  let failure: { reason: unknown } | undefined;
  const fail = (reason: unknown) => {
    failure ??= { reason };
  };
  return {
    accept(stream, bytes, atMicros) {
      if (failure) return undefined;
      try {
        return sink(stream, bytes, atMicros)?.catch(fail);
      } catch (reason) {
        fail(reason);
        return undefined;
      }
    },
    tell(event) {
      try {
        event();
      } catch (reason) {
        fail(reason);
      }
    },
    failure: () => failure,
  };
}

export interface GuardedSink {
  /** The promise, when there is one, never rejects. */
  accept(stream: StreamName, bytes: Uint8Array, atMicros: number): Promise<void> | undefined;
  /** Anything else the recorder is told; if that throws, it has failed as well. */
  tell(event: () => void): void;
  failure(): { reason: unknown } | undefined;
}

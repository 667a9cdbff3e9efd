import type { Stats } from 'node:fs';

/** What evidence needs of the machine's files; `platform/files` has it. */
export interface FileMachine {
  /** @throws ProofError `attach.…` where no regular file can be read */
  openRegularFile(path: string): OpenFile;
  /** Bytes that stood before the first one kept. */
  followFile(request: FollowRequest, sink: FollowSink): Promise<number>;
}

export interface OpenFile {
  readonly size: number;
  readonly modified: Date;
  read(at: number, length: number): Uint8Array;
  stat(): Stats;
  close(): void;
}

export interface FollowRequest {
  path: string;
  begin: 'now' | 'start' | { lines: number };
  signal: AbortSignal;
}

export interface FollowSink {
  take(bytes: Uint8Array, atMicros: number): Promise<void>;
  happened(what: FollowEvent, atMicros: number): void;
}

export type FollowEvent = 'replaced' | 'truncated' | 'gone';

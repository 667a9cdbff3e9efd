import type { Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { RunBoundary } from './machine.ts';

/** A command to be run and recorded. */
export interface RunRequest {
  argv: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  task: Seq | null;
  actor: Draft['actor'];
  timeoutMs?: number;
  /** Bytes kept of each stream. */
  bound: number;
  /** Said about the command, as a note on its entry. */
  note?: string;
  version: string;
  /** What holds it; without one, nothing does. */
  boundary?: RunBoundary;
}

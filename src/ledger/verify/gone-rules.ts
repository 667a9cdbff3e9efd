import type { JsonValue } from '../../core/canonical-json.ts';
import { NEVER_GONE } from '../../core/entries/redaction-kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { Findings, Hole } from './verdict.ts';

/**
 * What `redacted` and `pruned` entries say is gone, beside what is not there: a hole that an entry
 * explains is *redacted*, any other is *missing*. Nothing else may pass for an explanation.
 */
export class GoneRules {
  readonly #findings: Findings;
  readonly #entries = new Map<Seq, Said & { task: Seq | null; n: number | null }>();
  readonly #blobs = new Map<string, Said>();
  readonly #holes: { seq: Seq; filed: { task: Seq | null; n: number | null } | null }[] = [];
  readonly holes: Hole[] = [];
  /** Said to be gone, and still there: a copy put back, or a removal cut short. */
  readonly remains: Hole[] = [];

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** An entry that says what is gone. Its body is anybody's: it is looked at field by field. */
  says(by: Seq, kind: 'redacted' | 'pruned', body: JsonValue): void {
    const { entries = [], blobs } = body as { entries?: unknown; blobs?: unknown };
    if (!isList(entries, isGoneEntry) || !isList(blobs, isGoneBlob)) {
      this.#findings.add('entry.malformed', by, `E${by} does not say clearly what is gone`);
      return;
    }
    for (const { id } of blobs) this.#blobs.set(id, this.#blobs.get(id) ?? { by, kind });
    for (const { seq, task, n, kind: was } of entries) {
      if (seq >= by) {
        this.#findings.add('ref.dangling', by, `E${by} says E${seq} is gone, which comes later`);
      } else if (seq === 0 || kind !== 'redacted' || NEVER_GONE.has(was)) {
        const message = `E${by} says E${seq} is gone, which may never be taken out`;
        this.#findings.add('redaction.forbidden', by, message);
      } else this.#entries.set(seq, { by, kind, task, n });
    }
  }

  /**
   * An entry without bytes; whether that is explained shows only later in the ledger. Task and
   * number as they are filed, where they are.
   */
  empty({ seq, task, n }: { seq: Seq; task?: Seq | null; n?: number | null }): void {
    this.#holes.push({ seq, filed: task === undefined || n === undefined ? null : { task, n } });
  }

  get hasHoles(): boolean {
    return this.#holes.length > 0;
  }

  /** Why a blob is not there, or null. */
  blob(id: string): { by: Seq; kind: 'redacted' | 'pruned' } | null {
    return this.#blobs.get(id) ?? null;
  }

  /** After the last entry. */
  finish(): void {
    const empty = new Set(this.#holes.map(({ seq }) => seq));
    for (const { seq, filed } of this.#holes) {
      const said = this.#entries.get(seq);
      if (said === undefined) {
        const message = `E${seq} is empty, and no entry says it was redacted`;
        this.#findings.add('entry.missing', seq, message);
      } else if (filed !== null && (said.task !== filed.task || said.n !== filed.n)) {
        const message = `E${seq} is filed under another task or number than E${said.by} restates`;
        this.#findings.add('entry.misplaced', seq, message);
      } else this.holes.push({ seq, blob: null, by: said.by, kind: said.kind });
    }
    for (const [seq, { by, kind }] of this.#entries) {
      if (!empty.has(seq)) this.remains.push({ seq, blob: null, by, kind });
    }
  }
}

interface Said {
  by: Seq;
  kind: 'redacted' | 'pruned';
}

interface GoneEntry {
  seq: Seq;
  task: Seq | null;
  n: number | null;
  kind: string;
}

function isList<T>(value: unknown, is: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(is);
}

function isGoneEntry(item: unknown): item is GoneEntry {
  const { seq, task, n, kind } = (item ?? {}) as Partial<GoneEntry>;
  return (
    isCount(seq) &&
    (task === null ? n === null : isCount(task) && isCount(n)) &&
    typeof kind === 'string'
  );
}

function isGoneBlob(item: unknown): item is { id: string } {
  const { id } = (item ?? {}) as { id?: unknown };
  return typeof id === 'string' && /^[0-9a-f]{64}$/.test(id);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

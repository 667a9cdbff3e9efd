import type { JsonValue } from '../../core/canonical-json.ts';
import { CanonicalScan } from '../../core/canonical-scan.ts';
import { parseEntryText } from '../../core/entries/entry-codec.ts';
import { type BlobRef, VERSION } from '../../core/entries/header.ts';
import type { Seq } from '../../core/names.ts';
import type { StoredEntry } from './evidence.ts';
import { GoneRules } from './gone-rules.ts';
import type { Findings } from './verdict.ts';

/** What must hold between entries, whatever their kinds: canonical bytes, whole tasks, references. */
export class EntryRules {
  /** Every blob that is named, by id, with the first entry that names it. */
  readonly blobs = new Map<string, { ref: BlobRef; seq: Seq }>();
  /** What is gone from the record, and what says so. */
  readonly gone: GoneRules;
  readonly #findings: Findings;
  readonly #lengths = new Map<Seq, number>();
  readonly #scan = new CanonicalScan();
  #latest: { text: string; value: JsonValue } = { text: 'null', value: null };
  #refs = 0;

  constructor(findings: Findings) {
    this.#findings = findings;
    this.gone = new GoneRules(findings);
  }

  check(stored: StoredEntry): void {
    const { seq } = stored;
    if (stored.json === '') {
      this.gone.empty(stored);
      this.#count(stored.task, stored.n, seq, null);
      return;
    }
    let entry: { readonly [field: string]: JsonValue };
    try {
      entry = this.#header(stored.json) ?? parseEntryText(stored.json, seq);
    } catch (error) {
      this.#findings.add('entry.not-canonical', seq, `E${seq}: ${(error as { why: string }).why}`);
      return;
    }
    if (!hasHeader(entry)) {
      this.#findings.add('entry.malformed', seq, `E${seq} lacks a field that every entry has`);
      return;
    }
    if (entry.task !== stored.task || entry.n !== stored.n) {
      this.#findings.add(
        'entry.misplaced',
        seq,
        `E${seq} is filed under another task or number than its own`,
      );
    }
    if (seq === 0 && entry.kind !== 'ledger.opened') {
      this.#findings.add('ledger.not-opened', 0, 'E0 is not the entry that opens a ledger');
    }
    this.#count(entry.task, entry.n, seq, entry.kind);
    this.#checkRefs(entry.refs, seq);
    const kind = goneKind(entry);
    if (kind !== null) this.gone.says(seq, kind, entry.body ?? null);
    for (const ref of entry.blobs) {
      const first = this.blobs.get(ref.id);
      if (first === undefined) this.blobs.set(ref.id, { ref, seq });
      else if (first.ref.size !== ref.size) {
        this.#findings.add(
          'entry.malformed',
          seq,
          `E${seq} and E${first.seq} give one blob two sizes`,
        );
      }
    }
  }

  finish(size: number): void {
    if (size === 0) {
      this.#findings.add('ledger.not-opened', 0, 'there is no entry, not even the one that opens');
    }
    this.gone.finish();
    this.#findings.checked('entries are canonical and well formed', size, [
      'entry.not-canonical',
      'entry.malformed',
      'entry.misplaced',
      'ledger.not-opened',
    ]);
    this.#findings.checked('tasks have no hole', this.#lengths.size, ['task.hole']);
    this.#findings.checked('references point at earlier entries', this.#refs, ['ref.dangling']);
  }

  /** The fields looked at here, without what is in the body; null where the scan is not certain. */
  #header(json: string): { readonly [field: string]: JsonValue } | null {
    if (!this.#scan.isCanonicalObject(json)) return null;
    const header: { [field: string]: JsonValue } = {};
    for (const name of HEADER) {
      const text = this.#scan.member(name);
      if (text !== undefined) header[name] = name === 'body' ? this.#body(text) : this.#read(text);
    }
    return header;
  }

  /** What is in a body is nothing to the rules, but for what says that other bytes are gone. */
  #body(text: string): JsonValue {
    const kind = this.#scan.member('kind');
    const read = kind === '"redacted"' || kind === '"pruned"';
    return read ? (JSON.parse(text) as JsonValue) : outside(text);
  }

  /** `JSON.parse` of a canonical text, without it for what nearly all entries have. */
  #read(text: string): JsonValue {
    if (text === '[]') return [];
    if (text.startsWith('"') && !text.includes('\\')) return text.slice(1, -1);
    if (!text.startsWith('{')) return JSON.parse(text) as JsonValue;
    // Mostly the actor of the entry before.
    if (text !== this.#latest.text) this.#latest = { text, value: JSON.parse(text) as JsonValue };
    return this.#latest.value;
  }

  /** A task's entries count 1, 2, 3 …: one that was left out leaves a hole. */
  #count(task: Seq | null, n: number | null, seq: Seq, kind: string | null): void {
    if (task === null || n === null) return;
    const length = this.#lengths.get(task) ?? 0;
    this.#lengths.set(task, Math.max(length, n));
    if (n !== length + 1) {
      this.#findings.add(
        'task.hole',
        seq,
        `E${seq} is entry ${n} of its task, after entry ${length}`,
      );
    } else if (n === 1 && (task !== seq || (kind !== 'task.opened' && kind !== null))) {
      this.#findings.add('task.hole', seq, `E${seq} is the first of its task but does not open it`);
    }
  }

  #checkRefs(refs: readonly { seq: Seq }[], seq: Seq): void {
    this.#refs += refs.length;
    for (const ref of refs) {
      if (ref.seq >= seq) {
        this.#findings.add(
          'ref.dangling',
          seq,
          `E${seq} refers to E${ref.seq}, which does not come before it`,
        );
      }
    }
  }
}

interface CheckedHeader {
  kind: string;
  task: Seq | null;
  n: number | null;
  refs: readonly { seq: Seq }[];
  blobs: readonly BlobRef[];
}

const HEADER = [
  'actor',
  'at',
  'blobs',
  'body',
  'held',
  'kind',
  'n',
  'provenance',
  'refs',
  'salt',
  'task',
  'v',
];

/** In a later version these words may mean something else. */
function goneKind({ v, kind }: { v?: JsonValue; kind: string }): 'redacted' | 'pruned' | null {
  return v === VERSION && (kind === 'redacted' || kind === 'pruned') ? kind : null;
}

/** An object stands for itself without its contents, which are nothing to the rules here. */
function outside(text: string): JsonValue {
  return text.startsWith('{') ? {} : (JSON.parse(text) as JsonValue);
}

/** By hand, not by schema: a verifier reads a million of these, and kinds it does not know. */
function hasHeader(entry: object): entry is CheckedHeader & { [field: string]: JsonValue } {
  const { kind, task, n, refs, blobs } = entry as Partial<CheckedHeader>;
  return (
    typeof kind === 'string' &&
    (task === null) === (n === null) &&
    (task === null || (isCount(task) && isCount(n))) &&
    Array.isArray(refs) &&
    refs.every((ref) => isCount(ref?.seq)) &&
    Array.isArray(blobs) &&
    blobs.every((blob) => isCount(blob?.size) && /^[0-9a-f]{64}$/.test(blob?.id)) &&
    (entry as { v?: unknown }).v !== undefined &&
    // A later version may change these; of version 1 they are all there, or nobody can show it.
    ((entry as { v?: unknown }).v !== VERSION || hasRestOfVersion1(entry))
  );
}

function hasRestOfVersion1(entry: object): boolean {
  const { at, actor, provenance, held, body, salt } = entry as { [field: string]: JsonValue };
  return (
    typeof at === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(at) &&
    isObject(actor) &&
    ['kind', 'name', 'host', 'basis'].every((field) => typeof actor[field] === 'string') &&
    typeof provenance === 'string' &&
    typeof held === 'string' &&
    isObject(body) &&
    typeof salt === 'string' &&
    /^[0-9a-f]{32}$/.test(salt)
  );
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

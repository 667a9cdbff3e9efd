import type { OutputStream } from '../../core/entries/command-kind.ts';
import type { Body, Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { BlobWriter } from '../../ledger/blobs/blob-writer.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import type { LedgerReader } from '../../ledger/store/reader.ts';
import type { Observed } from '../workspace/watch.ts';
import { environmentFacts } from './environment.ts';
import type { OutputSink, StreamName } from './machine.ts';
import { StreamRecorder } from './stream-recorder.ts';
import { TimingIndex } from './timing-index.ts';

/** Gathers what one command writes, and turns it into the entry at the end. */
export class Recorder {
  readonly #ledger: Ledger;
  readonly #bound: number;
  readonly #timing = new TimingIndex();
  readonly #streams = new Map<StreamName, StreamRecorder>();
  #chunks = 0;
  #timingBlob: BlobWriter | null = null;
  #timingWork: Promise<unknown> = Promise.resolve();

  /** `bound`: bytes kept of each stream, head and tail. */
  constructor(ledger: Ledger, bound: number) {
    this.#ledger = ledger;
    this.#bound = bound;
  }

  readonly sink: OutputSink = (name, bytes, atMicros) => {
    this.#chunks++;
    if (this.#chunks % CHUNKS_A_FLUSH === 0) this.#flushTiming();
    return this.#stream(name).push(bytes, atMicros);
  };

  /** Makes all blobs durable and appends the entry; resolves with its leaf index. */
  async finish(facts: CommandFacts, observed: Observed | null): Promise<Seq> {
    const streams: OutputStream[] = [];
    const blobs: StoredBlob[] = [];
    for (const name of STREAMS) {
      const recorder = this.#streams.get(name);
      if (recorder === undefined) continue;
      const kept = await recorder.finish(facts.openAfterExit.includes(name));
      streams.push(kept.stream);
      if (kept.blob !== null) blobs.push(kept.blob);
    }
    const { argv, env, ...body } = facts.body;
    const environment = environmentFacts(env, this.#ledger.key.derive('environment'));
    const long = isLong(argv);
    await this.#keepTiming(blobs);
    await this.#keep(blobs, 'environment', 'application/json', environment.json);
    for (const { name, type, text } of facts.files ?? []) await this.#keep(blobs, name, type, text);
    if (long) await this.#keep(blobs, 'argv', 'application/json', JSON.stringify(argv));
    const command: Body<'command'> = {
      ...body,
      ...(observed === null ? {} : { tree: observed.tree }),
      argv: long ? null : argv.map((word) => word.toWellFormed()),
      argc: argv.length,
      environment: { names: environment.names, digest: environment.digest },
      streams,
      maskRules: this.#ledger.rules.version,
    };
    const [seq] = await this.#ledger.append(
      ({ size, ledger }) => [
        {
          kind: 'command',
          body: command,
          task: facts.task,
          actor: facts.actor,
          ...(facts.held === undefined ? {} : { held: facts.held }),
          refs: childrenOf(ledger, facts.sizeBefore, size, command.run),
          blobs: blobs.map(({ ref }) => ref),
        },
        ...(observed?.drafts(size) ?? []),
        ...noteOn(facts, size),
      ],
      [...blobs, ...(observed?.blobs ?? [])],
    );
    return seq as Seq;
  }

  /** Why a stream is not kept although the entry is; null where all are. */
  get trouble(): unknown {
    const failed = [...this.#streams.values()].find(({ failure }) => failure !== null);
    return failed?.failure ?? null;
  }

  /** Nothing is to be kept after all. */
  abandon(): void {
    for (const stream of this.#streams.values()) stream.abandon();
    this.#timingBlob?.abort();
  }

  /** Writes down what is known of the times so far: a long run must not gather them in memory. */
  #flushTiming(): void {
    const text = this.#timing.take();
    if (text === '') return;
    this.#timingBlob ??= this.#ledger.blob('timing', { type: 'text/plain' });
    const blob = this.#timingBlob;
    this.#timingWork = this.#timingWork.then(() => blob.write(Buffer.from(text)));
    // Heard again at the end; until then it must not count as a rejection nobody listens to.
    this.#timingWork.catch(() => {});
  }

  async #keepTiming(blobs: StoredBlob[]): Promise<void> {
    this.#flushTiming();
    if (this.#timingBlob === null) return;
    await this.#timingWork;
    await this.#timingBlob.end();
    const blob = this.#timingBlob.finish();
    if (blob !== null) blobs.push(blob);
  }

  #stream(name: StreamName): StreamRecorder {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      const blob = this.#ledger.blob(name, {
        type: 'application/octet-stream',
        bound: this.#bound,
      });
      stream = new StreamRecorder(name, blob, this.#timing);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  async #keep(blobs: StoredBlob[], name: string, type: string, text: string): Promise<void> {
    const writer = this.#ledger.blob(name, { type });
    await writer.write(Buffer.from(text.toWellFormed()));
    await writer.end();
    const blob = writer.finish();
    if (blob !== null) blobs.push(blob);
  }
}

function noteOn({ note, task, actor }: CommandFacts, seq: Seq): Draft[] {
  if (note === undefined) return [];
  return [{ kind: 'note', body: { text: note }, task, actor, refs: [{ rel: 'on', seq }] }];
}

export interface CommandFacts {
  note?: string;
  task: Seq | null;
  actor: Draft['actor'];
  /** Size of the ledger when the command began. */
  sizeBefore: number;
  openAfterExit: readonly StreamName[];
  held?: Draft['held'];
  /** Texts kept as blobs beside the streams. */
  files?: readonly { name: string; type: string; text: string }[];
  body: Omit<
    Body<'command'>,
    'argv' | 'argc' | 'environment' | 'streams' | 'maskRules' | 'masked'
  > & { argv: readonly string[]; env: Readonly<Record<string, string>> };
}

const CHUNKS_A_FLUSH = 4_096;
const STREAMS: readonly StreamName[] = ['terminal', 'stdout', 'stderr'];
/** Longer argument lists become a blob: an entry must stay small. */
export function isLong(argv: readonly string[]): boolean {
  return JSON.stringify(argv).length > MOST_ARGV;
}
const MOST_ARGV = 8 * 1024;

/** Commands recorded inside this one are its children: each stands in the ledger once. */
function childrenOf(ledger: LedgerReader, from: Seq, to: Seq, run: string) {
  const children: { rel: 'child'; seq: Seq }[] = [];
  for (const { seq, entry } of ledger.entries(from, to)) {
    if (entry?.kind === 'command' && entry.body.parent === run)
      children.push({ rel: 'child', seq });
  }
  return children.slice(0, MOST_CHILDREN);
}

/** References stand in the entry itself; more can be found by their `parent`. */
const MOST_CHILDREN = 500;

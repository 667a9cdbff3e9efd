import { randomBytes } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { Body, Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import type { StoredBlob } from '../../ledger/blobs/stored-blob.ts';
import { maskText } from '../../ledger/mask/text-mask.ts';
import { processStart } from '../../ledger/run-process.ts';
import { Spool } from '../../ledger/spool.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { type Attached, facts, refsOf, requireName, requireType } from './attach.ts';
import { evidenceError } from './evidence-error.ts';
import { type EvidencePlace, noteOn, placed } from './evidence-place.ts';
import type { FileMachine, FollowRequest } from './file-machine.ts';
import { FollowKeeper } from './follow-keeper.ts';

export interface FollowedFiles extends EvidencePlace {
  files: readonly string[];
  cwd: string;
  begin: FollowRequest['begin'];
  /** Ends it: time is over, or somebody stopped it. */
  signal: AbortSignal;
  /** True once time was over. */
  timeIsOver: () => boolean;
  name?: string | undefined;
  type?: string | undefined;
  bound: number;
  progress(bytes: number, lines: number, micros: number): void;
}

/**
 * Keeps what is appended to files until told to stop, an entry each. Should this process be killed
 * meanwhile, the next append records a gap: the bytes are lost, that they are missing is not.
 *
 * @throws ProofError `attach.…`; what the other files brought is then kept all the same
 */
export async function followFiles(
  machine: FileMachine,
  ledger: Ledger,
  request: FollowedFiles,
): Promise<Attached[]> {
  requireType(request.type);
  requireName(request.name, request.files.length);
  if (request.files.includes('-'))
    throw evidenceError(
      'attach.follow-input',
      'Standard input cannot be followed',
      'it ends by itself, and is kept as it comes',
      'COMMAND | proof attach -',
    );
  // Opened once before anything waits: a name that is wrong must show at once, not after --for.
  for (const file of request.files) machine.openRegularFile(resolve(request.cwd, file)).close();
  const followings = request.files.map((file) => new Following(ledger, request, file));
  const tick = setInterval(() => {
    const all = followings.map(({ keeper }) => keeper);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    request.progress(
      sum(all.map(({ bytes }) => bytes)),
      sum(all.map(({ lines }) => lines)),
      followings[0]?.micros() ?? 0,
    );
  }, 500);
  try {
    const attached = await Promise.allSettled(followings.map((one) => one.run(machine)));
    const failed = attached.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return attached.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  } finally {
    clearInterval(tick);
  }
}

/** One file being followed, until its entry is on disk. */
class Following {
  readonly keeper: FollowKeeper;
  readonly #ledger: Ledger;
  readonly #request: FollowedFiles;
  readonly #path: string;
  readonly #run = randomBytes(8).toString('hex');
  readonly #spool: Spool;
  readonly #started = new Date();
  readonly #startedAt = process.hrtime.bigint();

  constructor(ledger: Ledger, request: FollowedFiles, file: string) {
    this.#ledger = ledger;
    this.#request = request;
    this.#path = resolve(request.cwd, file);
    this.#spool = new Spool(ledger.dir);
    this.keeper = new FollowKeeper(ledger, {
      name: basename(this.#path),
      type: request.type,
      bound: request.bound,
    });
  }

  micros(): number {
    return Number((process.hrtime.bigint() - this.#startedAt) / 1000n);
  }

  async run(machine: FileMachine): Promise<Attached> {
    this.#noteBeginning();
    try {
      const { begin, signal } = this.#request;
      const skipped = await machine.followFile({ path: this.#path, begin, signal }, this.keeper);
      const attached = await this.#append(skipped);
      this.#spool.remove(this.#run);
      return attached;
    } catch (error) {
      this.keeper.abort();
      this.#spool.remove(this.#run);
      throw error;
    }
  }

  async #append(skipped: number): Promise<Attached> {
    const request = this.#request;
    const durationMicros = this.micros();
    const { kept, timing, events, found } = await this.keeper.finish();
    const body: Body<'attachment'> = {
      name: request.name ?? basename(this.#path),
      from: 'file',
      path: this.#path,
      ...facts(this.#ledger, request, found, kept),
      followed: {
        run: this.#run,
        started: this.#started.toISOString(),
        ended: new Date().toISOString(),
        durationMicros,
        end: request.timeIsOver() ? 'time' : 'stopped',
        skipped,
        events,
      },
    };
    const blobs: StoredBlob[] = [kept.blob, timing].filter((blob) => blob !== null);
    const [seq] = await this.#ledger.append(
      ({ size, ledger: reader }): Draft[] => [
        {
          kind: 'attachment',
          body,
          ...placed(reader, request),
          blobs: [...refsOf(kept.blob), ...refsOf(timing)],
        },
        ...noteOn(reader, request, size),
      ],
      blobs,
    );
    return { seq: seq as Seq, body };
  }

  /** Left on disk while it goes on; masked like all that reaches a disk. */
  #noteBeginning(): void {
    const { task, on } = this.#request;
    const path = maskText(this.#ledger.rules, this.#path).text.toWellFormed().slice(0, MOST_PATH);
    this.#spool.put({
      run: this.#run,
      pid: process.pid,
      pidStart: processStart(process.pid),
      task: on === null ? task : (this.#ledger.entry(on).entry?.task ?? null),
      size: this.#ledger.size(),
      gap: {
        what: 'attachment',
        why: 'the recorder ended before what it followed was recorded',
        from: this.#started.toISOString(),
        run: this.#run,
        argv: ['proof', 'attach', '--follow', path],
      },
    });
  }
}

const MOST_PATH = 1000;

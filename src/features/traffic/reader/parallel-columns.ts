import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LineBlock } from './line-blocks.ts';
import { ColumnReader, chosenFormat, type FormatChoice, type LineColumns } from './line-columns.ts';

/**
 * Columns of a source's blocks, in the order of the blocks however many threads read them. The
 * first few blocks are read here: most logs are over before a thread has started.
 */
export async function* parallelColumns(
  blocks: AsyncIterable<LineBlock>,
  choice: FormatChoice,
  workers: number,
): AsyncGenerator<LineColumns> {
  const own = new ColumnReader(choice);
  const alone = workers < 1 || !chosenFormat(choice).stateless;
  const crew: Hand[] = [];
  const waiting: Promise<LineColumns>[] = [];
  let read = 0;
  try {
    for await (const block of blocks) {
      if (alone || read < ALONE_BLOCKS) {
        read++;
        yield own.read(block);
        continue;
      }
      if (crew.length < workers) crew.push(new Hand(choice));
      const hand = crew.reduce((least, one) => (one.busy < least.busy ? one : least));
      waiting.push(hand.read(block));
      if (waiting.length >= workers * 2) yield await (waiting.shift() as Promise<LineColumns>);
    }
    while (waiting.length > 0) yield await (waiting.shift() as Promise<LineColumns>);
  } finally {
    await Promise.all(crew.map((hand) => hand.dismiss()));
  }
}

const ALONE_BLOCKS = 8;

/** A worker thread, which answers in the order it is asked. */
class Hand {
  readonly #worker: Worker;
  readonly #asked: { resolve(columns: LineColumns): void; reject(cause: unknown): void }[] = [];

  constructor(choice: FormatChoice) {
    this.#worker = new Worker(workerFile(), { workerData: choice });
    this.#worker.on('message', (columns: LineColumns) => this.#asked.shift()?.resolve(columns));
    this.#worker.on('error', (cause) => {
      for (const { reject } of this.#asked.splice(0)) reject(cause);
    });
  }

  get busy(): number {
    return this.#asked.length;
  }

  read(block: LineBlock): Promise<LineColumns> {
    const answer = new Promise<LineColumns>((resolve, reject) => {
      this.#asked.push({ resolve, reject });
    });
    // Awaited later, in order: one that fails meanwhile must not end the process.
    answer.catch(() => {});
    this.#worker.postMessage(block);
    return answer;
  }

  async dismiss(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Beside this file as source, beside the chunks as built. */
function workerFile(): string {
  const here = import.meta.dirname;
  return import.meta.filename.endsWith('.ts')
    ? join(here, 'parse-worker.ts')
    : join(here, 'traffic-worker.js');
}

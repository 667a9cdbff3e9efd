import { parentPort, workerData } from 'node:worker_threads';
import type { LineBlock } from './line-blocks.ts';
import { ColumnReader, type FormatChoice, transferable } from './line-columns.ts';

/** Runs in a worker thread: blocks of lines in, columns out. */
const reader = new ColumnReader(workerData as FormatChoice);

parentPort?.on('message', (block: LineBlock) => {
  const columns = reader.read(block);
  parentPort?.postMessage(columns, transferable(columns));
});

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { humanBytes } from '../core/human-units.ts';
import { once } from '../core/once.ts';
import { SEARCH_FILE } from '../ledger/derived-files.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';
import { blobRoom } from './blob-use.ts';
import { parseByteSize } from './byte-size.ts';
import { DISK_BUDGET } from './config.ts';
import type { Context } from './context.ts';

/** The room that a ledger takes on disk, and how much it may. */
export const diskUseJson = once(() =>
  z.object({
    bytes: z.int().check(z.describe('all of it')),
    blobs: z.object({ count: z.int(), bytes: z.int() }),
    entries: z.int().check(z.describe('bytes of ledger.db and its log')),
    caches: z
      .int()
      .check(
        z.describe('bytes of the search index and of kept file contents, which may be deleted'),
      ),
    budget: z.nullable(z.int()).check(z.describe('null: there is none')),
    over: z.boolean(),
  }),
);
export type DiskUse = z.infer<ReturnType<typeof diskUseJson>>;

export function readDiskUse(context: Context, reader: LedgerReader): DiskUse {
  const blobs = blobRoom(reader, context.views().database());
  const entries = sizeOf(reader.dir, 'ledger.db');
  const caches = sizeOf(reader.dir, SEARCH_FILE) + sizeIn(join(reader.dir, 'snapshots'));
  const bytes = blobs.bytes + entries + caches;
  const budget = diskBudget(context.env);
  return { bytes, blobs, entries, caches, budget, over: budget !== null && bytes > budget };
}

/** `PROOF_DISK_BUDGET`: a size, or none. */
export function diskBudget(env: Context['env']): number | null {
  const text = env.PROOF_DISK_BUDGET ?? '';
  if (text === '') return DISK_BUDGET;
  return text === 'none' ? null : parseByteSize(text, 'PROOF_DISK_BUDGET=20GB, or none');
}

export function overBudgetText({ bytes, budget }: DiskUse): string {
  return `${humanBytes(bytes)}, over the budget of ${humanBytes(budget ?? 0)}: proof prune --dry-run shows what could go`;
}

function sizeOf(dir: string, file: string): number {
  return ['', '-wal'].reduce((sum, suffix) => {
    const stat = statSync(join(dir, file + suffix), { throwIfNoEntry: false });
    return sum + (stat?.size ?? 0);
  }, 0);
}

/** Of the few files in a directory, those below it left out. */
function sizeIn(dir: string): number {
  try {
    return readdirSync(dir).reduce((sum, name) => {
      return sum + (statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0);
    }, 0);
  } catch {
    return 0; // nothing is kept there
  }
}

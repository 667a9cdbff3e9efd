import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Draft } from '../../core/entries/kinds.ts';
import type { Seq } from '../../core/names.ts';
import { UNNAMED } from '../blobs/blob-store.ts';
import { finishRemovals } from '../redaction/removal.ts';
import { isAlive, processStart } from '../run-process.ts';
import type { Pending, Spool } from '../spool.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerReader } from './reader.ts';
import { sealEntry } from './seal.ts';

/**
 * Puts right what a crash left behind. It runs on every open for appending, after a clean stop
 * too, so the way back is walked all the time: SQLite has rolled back half transactions by
 * itself; unfinished blobs go, what was redacted goes to the last byte, and commands whose recorder
 * died become gaps.
 */
export async function recover(ledger: Ledger, spool: Spool, self: Draft['actor']): Promise<number> {
  removeUnfinishedBlobs(ledger);
  finishRemovals(ledger);
  spool.removeUnreadable(DAY_MS);
  const dead = spool.list().filter((pending) => !isAlive(pending));
  if (dead.length === 0) return 0;
  const to = new Date().toISOString();
  // Looked up inside the transaction: two processes that open at once must not both note the gap.
  const gaps = await ledger.append(({ ledger: reader }) =>
    dead
      .filter((pending) => !hasEntry(reader, pending))
      .map((pending): Draft => {
        const task = pending.task !== null && reader.isTask(pending.task) ? pending.task : null;
        return gapOf(pending, task, to, self);
      }),
  );
  // Removed only after the gaps are on disk: a crash in between makes a second look, not a loss.
  for (const pending of dead) spool.remove(pending.run);
  return gaps.length;
}

/** A note that cannot become an entry as it stands must not keep the ledger from opening. */
function gapOf(pending: Pending, task: Seq | null, to: string, actor: Draft['actor']): Draft {
  const body = { ...pending.gap, to: pending.gap.to ?? to };
  try {
    sealEntry({ kind: 'gap', body, task, actor }, { task, n: null, at: to });
    return { kind: 'gap', body, task, actor };
  } catch {
    const { run } = pending;
    const why = 'a command was not recorded, and the note about it cannot be read';
    return { kind: 'gap', body: { what: 'command', why, from: to, to, run }, task, actor };
  }
}

/** A recorder may die between its commit and the removal of its note. */
function hasEntry(ledger: LedgerReader, pending: Pending): boolean {
  for (const json of ledger.texts(pending.size, Number.MAX_SAFE_INTEGER)) {
    if (json.includes(`"run":"${pending.run}"`)) return true;
  }
  return false;
}

function removeUnfinishedBlobs(ledger: Ledger): void {
  const dir = ledger.blobs.temporaryDir;
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch {
    return;
  }
  for (const name of names) {
    const path = join(dir, name);
    try {
      if (name.endsWith(UNNAMED)) {
        // Not by whether its process lives, which another container could not see: within an hour
        // every append is over, and a blob whose entry still comes must never go.
        if (isYounger(path, HOUR_MS)) continue;
        const id = name.slice(0, -UNNAMED.length);
        if (!isNamed(ledger, id)) ledger.blobs.remove(id);
      } else {
        const pid = Number.parseInt(name, 10);
        // A living process with that number may be another one by now.
        const alive = processStart(pid) !== null && isYounger(path, DAY_MS);
        if (pid === process.pid || alive) continue;
      }
      rmSync(path, { force: true });
    } catch {
      // Another user's, or gone by now: space, not evidence.
    }
  }
}

/** Is there an entry with this blob? The index of contents mostly knows; entries always do. */
function isNamed(ledger: Ledger, id: string): boolean {
  const places = ['blob_content WHERE id = ?', 'entry WHERE instr(json, ?) > 0'];
  return places.some((place) => ledger.db.prepare(`SELECT 1 FROM ${place}`).get(id) !== undefined);
}

function isYounger(path: string, ms: number): boolean {
  return Date.now() - statSync(path).mtimeMs < ms;
}

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;

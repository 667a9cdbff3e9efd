import { lstatSync, readdirSync, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { changesOf, type Found } from './changes.ts';
import { compare, sameNumbers } from './compare.ts';
import { pathFromBytes, systemPath } from './path-bytes.ts';
import { Snapshot } from './snapshot.ts';
import type { Workspace } from './workspace.ts';

/**
 * Looks at dependencies in full while a command runs, a few milliseconds at a time, so that an edit
 * deep inside a package is found in the end as well. It is due every ten minutes; where the command
 * ends first, the next one tries again.
 */
export class DeepWatch {
  readonly #workspace: Workspace;
  #work: Promise<Snapshot | null> = Promise.resolve(null);
  #stopped = false;
  #done = false;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** `start`: the workspace before the command, with the tops of its dependencies. */
  begin(start: Snapshot): void {
    const roots = start.paths.filter(
      (path, i) => start.part(i) === 'dependencies' && !isBelow(start, path),
    );
    if (roots.length === 0 || !this.#isDue()) return;
    this.#work = this.#walk(roots);
    // A directory that goes away meanwhile is no news: the command's own changes tell it.
    this.#work.catch(() => {});
  }

  /** What was edited inside packages since the last full look; null where none was finished. */
  async end(start: Snapshot): Promise<Found[] | null> {
    if (!this.#done) this.#stopped = true;
    const now = await this.#work.catch(() => null);
    if (now === null) return null;
    const file = this.#workspace.deepFile;
    const old = file.read()?.snapshot ?? null;
    file.write(now);
    // Installed anew since: that was told when it happened.
    if (old === null || !sameTops(old, now, start)) return null;
    const comparison = compare(old, now);
    return changesOf(old, { ...comparison, snapshot: now, unseen: [] });
  }

  #isDue(): boolean {
    const stat = statSync(this.#workspace.deepFile.path, { throwIfNoEntry: false });
    return stat === undefined || Date.now() - stat.mtimeMs > EVERY_MS;
  }

  async #walk(roots: readonly string[]): Promise<Snapshot | null> {
    // The command comes first.
    await setImmediate();
    const paths: string[] = [];
    const numbers: number[] = [];
    const waiting = [...roots];
    let since = performance.now();
    for (let dir = waiting.pop(); dir !== undefined; dir = waiting.pop()) {
      if (this.#stopped) return null;
      const place = `${this.#workspace.ground.root}/${dir}`;
      for (const name of readdirSync(systemPath(place), { encoding: 'buffer' })) {
        const path = `${dir}/${pathFromBytes(name)}`;
        const stat = lstatSync(systemPath(`${this.#workspace.ground.root}/${path}`));
        paths.push(path);
        numbers.push(stat.mode, stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs);
        if (stat.isDirectory()) waiting.push(path);
      }
      if (performance.now() - since < SLICE_MS) continue;
      // The command's output passes through this thread too.
      await setImmediate();
      since = performance.now();
    }
    this.#done = true;
    const snapshot = new Snapshot({ paths, stats: Float64Array.from(numbers) });
    const facts = { part: 'dependencies', kept: 'dependencies', hash: null, racy: false } as const;
    for (let i = 0; i < snapshot.size; i++) snapshot.setFacts(i, facts);
    return snapshot;
  }
}

/** Whether what every look sees of the dependencies is as it was at the last full look. */
function sameTops(old: Snapshot, now: Snapshot, start: Snapshot): boolean {
  for (let i = 0; i < start.size; i++) {
    const path = start.paths[i] as string;
    if (start.part(i) !== 'dependencies') continue;
    const [was, is] = [old.indexOf(path), now.indexOf(path)];
    // The directory that holds them all is in neither; what is in it is.
    if (is < 0) continue;
    if (was < 0 || !sameNumbers(old, was, now, is)) return false;
  }
  return true;
}

function isBelow(start: Snapshot, path: string): boolean {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const at = parent === '' ? -1 : start.indexOf(parent);
  return at >= 0 && start.part(at) === 'dependencies';
}

const EVERY_MS = 10 * 60 * 1000;
const SLICE_MS = 4;

import type { Mount } from './mount-plan.ts';

/**
 * The mounts of a sandbox while they are gathered: what is in force at a path, and how to put a
 * wall inside a writable place that cannot be moved out of the way.
 */
export class MountTable {
  readonly #mounts = new Map<string, Mount>();

  set(mount: Mount): void {
    this.#mounts.set(mount.path, mount);
  }

  get size(): number {
    return this.#mounts.size;
  }

  at(path: string): Mount | undefined {
    return this.#mounts.get(path);
  }

  /** The mount in force at a path: its own, or that of the nearest directory above. */
  covering(path: string): Mount | undefined {
    for (let place = path; ; place = parentOf(place)) {
      const mount = this.#mounts.get(place);
      if (mount !== undefined || place === '/') return mount;
    }
  }

  writable(path: string): boolean {
    const how = this.covering(path)?.how;
    return how === 'writable' || how === 'temporary';
  }

  /** Whether what the machine has at a path is shown there. */
  shows(path: string): boolean {
    const mount = this.covering(path);
    if (mount === undefined || mount.from !== undefined) return false;
    return mount.how === 'read-only' || mount.how === 'writable';
  }

  /** Shows an existing place that a private directory above it would have hidden. */
  keepVisible(path: string, because: string): void {
    if (!this.shows(path) && !this.#hiddenOnPurpose(path))
      this.set({ path, how: 'read-only', because });
  }

  /**
   * Puts a mount inside a writable place. `rename` moves a directory together with the mounts in
   * it, which would leave the name free for another one: so each directory between the writable
   * mount and this one becomes a mount point as well, and those cannot be renamed.
   */
  carve(mount: Mount): void {
    if (!this.shows(mount.path)) return;
    const between: string[] = [];
    for (let place = parentOf(mount.path); !this.#mounts.has(place); place = parentOf(place))
      between.push(place);
    if (this.writable(mount.path))
      for (const path of between)
        this.set({ path, how: 'writable', because: this.covering(path)?.because ?? '' });
    this.set(mount);
  }

  /** In the order in which they are to be made. */
  list(): Mount[] {
    return [...this.#mounts.values()].sort((a, b) =>
      segments(a.path) < segments(b.path) ? -1 : 1,
    );
  }

  #hiddenOnPurpose(path: string): boolean {
    const how = this.covering(path)?.how;
    return how === 'empty-directory' || how === 'empty-file' || how === 'refused';
  }
}

export function parentOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? '/' : path.slice(0, at);
}

export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

/** Sorts a directory right before what is in it. */
function segments(path: string): string {
  return path === '/' ? '' : `${path}/`.replaceAll('/', '\0');
}

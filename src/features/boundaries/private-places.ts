import type { Look, SandboxPlaces } from './mount-plan.ts';
import { isWithin, type MountTable } from './mount-table.ts';

/**
 * A cache that tools must be able to write. What lies in the user's own would be executed by their
 * next build, so a sandboxed command gets another one in its place, kept for the workspace's next
 * sandboxed commands.
 */
export const CACHES: readonly { path: string; name: string; make: boolean }[] = [
  // The standard place: pip, go-build, yarn, pre-commit, Cypress, fontconfig …
  { path: '.cache', name: 'cache', make: true },
  { path: '.npm', name: 'npm', make: true },
  { path: '.yarn', name: 'yarn', make: false },
  { path: '.bun/install/cache', name: 'bun', make: false },
  { path: '.local/share/pnpm/store', name: 'pnpm-store', make: false },
  { path: '.local/state', name: 'state', make: false },
  { path: '.gradle', name: 'gradle', make: false },
  { path: '.ivy2', name: 'ivy2', make: false },
  { path: '.nuget/packages', name: 'nuget', make: false },
  { path: '.ccache', name: 'ccache', make: false },
  { path: '.cmake', name: 'cmake', make: false },
];

/**
 * Everything that is private to a sandbox: temporary directories (kept between the commands of one
 * workspace, because one command writes what the next one reads), run-time directories, caches.
 *
 * @returns directories that have to be made first.
 */
export function mountPrivatePlaces(
  table: MountTable,
  places: SandboxPlaces,
  look: Look,
): { before(): void; caches(): string[] } {
  const { homes, privateDir, runtimeDir, temporaryDir, root } = places;
  const [home] = homes;
  const because = 'private to the sandbox';
  return {
    /** Before the workspace, which may lie in one of them. */
    before() {
      for (const path of ['/run', '/var/run', '/mnt/wslg'])
        if (look.kind(path) === 'directory') table.set({ path, how: 'temporary', because });
      if (runtimeDir !== null && look.kind(runtimeDir) === 'directory')
        table.set({ path: runtimeDir, how: 'temporary', because });
      const own = (path: string | null, name: string) => {
        if (path === null || look.kind(path) !== 'directory') return;
        if (path === '/' || path === home || isWithin(path, root)) return;
        table.set({ path, how: 'writable', from: `${privateDir}/${name}`, because });
      };
      own(look.real('/var/tmp'), 'var-tmp');
      own(temporaryDir, 'tmpdir');
      own(look.real('/tmp'), 'tmp');
    },
    /** After it: it may be the home directory itself. */
    caches() {
      const moved = places.caches.map((path, index) => ({
        path,
        name: `moved-${index}`,
        make: false,
      }));
      const inHome = CACHES.map((cache) => ({ ...cache, path: `${home}/${cache.path}` }));
      const known = home !== undefined && look.kind(home) === 'directory' && table.shows(home);
      return [...(known ? inHome : []), ...moved].flatMap(({ path, name, make }) => {
        const place = look.real(path) ?? path;
        const there = look.kind(place) === 'directory';
        if ((!there && !make) || isWithin(root, place) || table.writable(place)) return [];
        table.carve({ path: place, how: 'writable', from: `${privateDir}/${name}`, because });
        return there ? [] : [place];
      });
    },
  };
}

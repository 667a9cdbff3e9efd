import type { Mount, SandboxPlan } from './mount-plan.ts';

/**
 * The words for bubblewrap, up to the `--`. Every capability goes, also for root, which bubblewrap
 * would leave CAP_SYS_ADMIN, and a remount with it; everything inside ends with its first process
 * and that one with ours.
 *
 * @param empty an empty directory and an empty file to show instead of what is hidden.
 * @param userNamespace for users other than root: without one nothing can be mounted.
 */
export function bubblewrapWords(
  plan: SandboxPlan,
  options: {
    cwd: string;
    empty: { directory: string; file: string };
    userNamespace: boolean;
    /** The proxy's socket here, and where it is seen inside. */
    proxy: { socket: string; inside: string } | null;
  },
): string[] {
  const { cwd, empty, userNamespace, proxy } = options;
  return [
    ...['--die-with-parent', '--cap-drop', 'ALL'],
    ...(userNamespace ? ['--unshare-user'] : []),
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts'],
    ...(plan.network === 'open' ? [] : ['--unshare-net']),
    ...plan.mounts.flatMap((mount) => wordsFor(mount, empty)),
    ...(proxy === null ? [] : ['--ro-bind', proxy.socket, proxy.inside]),
    ...['--chdir', cwd],
  ];
}

function wordsFor(
  { path, how, from }: Mount,
  empty: { directory: string; file: string },
): string[] {
  switch (how) {
    case 'read-only':
      // What was there when the plan was made may be gone by now: then there is nothing to hold.
      return [from === undefined ? '--ro-bind-try' : '--ro-bind', from ?? path, path];
    case 'writable':
      return ['--bind', from ?? path, path];
    case 'temporary':
      return ['--perms', '0700', '--tmpfs', path];
    case 'processes':
      return ['--proc', path];
    case 'devices':
      return ['--dev', path];
    case 'empty-directory':
      return ['--ro-bind', empty.directory, path];
    case 'empty-file':
      return ['--ro-bind', empty.file, path];
    // A device on a mount without devices: whoever opens it is denied, a socket refuses.
    case 'refused':
      return ['--ro-bind', '/dev/null', path];
  }
}

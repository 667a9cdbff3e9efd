import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { arch, release } from 'node:os';
import { findPrograms, type SandboxPrograms } from './programs.ts';
import { syscallFilter } from './syscall-filter.ts';

/** What this machine can hold a command with. */
export type SandboxState =
  | {
      holds: true;
      programs: SandboxPrograms;
      version: string;
      userNamespace: boolean;
      filter: boolean;
    }
  | { holds: false; why: string; remedy: string };

/** A place where the answer is kept; it may forget. */
export interface ProbeMemory {
  read(): string | null;
  write(text: string): void;
}

/**
 * Whether a sandbox can be made here, found by making one around `true`. Remembered for as long as
 * kernel, boot, user and programs stay the same: a probe costs 10 ms.
 */
export function probeSandbox(memory: ProbeMemory): SandboxState {
  const identity = identityOf();
  const known = recall(memory, identity);
  if (known !== null) return known;
  const state = probe();
  memory.write(JSON.stringify({ identity, state }));
  return state;
}

function recall(memory: ProbeMemory, identity: string): SandboxState | null {
  try {
    const kept = JSON.parse(memory.read() ?? '') as { identity: string; state: SandboxState };
    return kept.identity === identity ? kept.state : null;
  } catch {
    return null;
  }
}

function identityOf(): string {
  const found = findPrograms();
  const programs = 'programs' in found ? Object.values(found.programs) : [found.missing];
  const boot = textOf('/proc/sys/kernel/random/boot_id');
  const stamps = programs.map((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    return `${path} ${stat?.ino ?? ''} ${stat?.ctimeMs ?? ''}`;
  });
  return [VERSION, process.platform, release(), boot, process.getuid?.(), ...stamps].join('\n');
}

/** Of what is probed: a newer Prooflayer asks anew. */
const VERSION = 1;

function probe(): SandboxState {
  if (process.platform !== 'linux')
    return {
      holds: false,
      why: `there is no sandbox for ${process.platform} yet`,
      remedy: 'run it on Linux, or in a Linux virtual machine',
    };
  const found = findPrograms();
  if ('missing' in found)
    return {
      holds: false,
      why: `${found.missing} is not installed`,
      remedy: install(found.missing),
    };
  const { programs } = found;
  const root = process.getuid?.() === 0;
  const filter = syscallFilter(arch(), true) !== null;
  const tried = [root ? [] : ['--unshare-user'], ...(root ? [['--unshare-user']] : [])].map(
    (more) => ({ more, said: attempt(programs, more) }),
  );
  const working = tried.find(({ said }) => said === null);
  if (working === undefined) return refused(tried[0]?.said ?? '');
  return {
    holds: true,
    programs,
    version: versionOf(programs.bubblewrap),
    userNamespace: working.more.length > 0,
    filter,
  };
}

/** Null if it worked, else what bubblewrap said. */
function attempt({ bubblewrap, perl }: SandboxPrograms, more: readonly string[]): string | null {
  const words = ['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/run'];
  const apart = ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-net'];
  const tried = spawnSync(
    bubblewrap,
    [...more, ...apart, '--die-with-parent', '--cap-drop', 'ALL', ...words, '--', perl, '-e', '1'],
    {
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      timeout: PATIENCE_MS,
    },
  );
  if (tried.status === 0) return null;
  return tried.stderr?.trim().split('\n').at(-1) || `bubblewrap ended with ${tried.status}`;
}

const PATIENCE_MS = 5000;

function refused(said: string): SandboxState {
  const why = `bubblewrap cannot make a sandbox: ${said.replace(/^bwrap: /, '')}`;
  return { holds: false, why, remedy: remedyFor() };
}

/** What keeps user namespaces from working, by what the system shows of itself. */
function remedyFor(): string {
  if (textOf('/proc/version').includes('Microsoft') && !textOf('/proc/version').includes('WSL2'))
    return 'WSL 1 has no namespaces: wsl --set-version DISTRIBUTION 2';
  if (textOf('/proc/sys/kernel/apparmor_restrict_unprivileged_userns').trim() === '1')
    return 'AppArmor keeps user namespaces from programs without a profile: sudo apt install apparmor-profiles && sudo ln -s /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && sudo apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict';
  if (textOf('/proc/sys/kernel/unprivileged_userns_clone').trim() === '0')
    return 'user namespaces are switched off: sudo sysctl -w kernel.unprivileged_userns_clone=1';
  if (textOf('/proc/sys/user/max_user_namespaces').trim() === '0')
    return 'user namespaces are switched off: sudo sysctl -w user.max_user_namespaces=15000';
  if (inContainer())
    return 'the container forbids namespaces: start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined';
  return 'see docs/SANDBOX.md for what it needs';
}

function inContainer(): boolean {
  return (
    statSync('/.dockerenv', { throwIfNoEntry: false }) !== undefined ||
    statSync('/run/.containerenv', { throwIfNoEntry: false }) !== undefined ||
    /docker|containerd|kubepods|lxc/.test(textOf('/proc/1/cgroup'))
  );
}

function install(program: string): string {
  if (systemHas('apt-get')) return `sudo apt install ${program}`;
  if (systemHas('dnf')) return `sudo dnf install ${program}`;
  if (systemHas('pacman')) return `sudo pacman -S ${program}`;
  if (systemHas('apk')) return `sudo apk add ${program}`;
  return `install ${program}`;
}

function systemHas(name: string): boolean {
  return statSync(`/usr/bin/${name}`, { throwIfNoEntry: false }) !== undefined;
}

function versionOf(bubblewrap: string): string {
  const { stdout } = spawnSync(bubblewrap, ['--version'], { encoding: 'utf8' });
  return /\d+(\.\d+)+/.exec(stdout ?? '')?.[0] ?? 'unknown';
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

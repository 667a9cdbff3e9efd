import type { Rule } from '../../judge/boundary/policy.ts';

/**
 * One thing a sandbox shows at a path instead of what is there. Mounts are made in the order of
 * their paths, so one at `/a` never covers one at `/a/b`.
 */
export interface Mount {
  path: string;
  how:
    | 'read-only'
    | 'writable'
    /** Memory of this run, gone with it. */
    | 'temporary'
    /** The kernel's view of the processes inside, and of no other. */
    | 'processes'
    /** null, zero, random, tty and new pseudo-terminals; no disk, no terminal of others. */
    | 'devices'
    /** Hidden as if it had nothing in it. */
    | 'empty-directory'
    | 'empty-file'
    /** Hidden, and saying so: permission denied, connection refused. */
    | 'refused';
  /** The place shown there, where it is another one. */
  from?: string;
  /** Which rule it holds; what is refused here is explained with it. */
  because: string;
}

/** What became of one line of the policy. */
export interface RuleReport {
  list: 'scope.write' | 'scope.generated' | 'scope.ask' | 'scope.deny' | 'network' | 'always';
  rule: string;
  line: number | null;
  /** `observed`: no mount can hold it, a breach shows in what changed. */
  held: 'mount' | 'namespace' | 'proxy' | 'observed' | 'open';
  why: string;
}

/** A sandbox as planned: pure values, from which the words for bubblewrap are made. */
export interface SandboxPlan {
  mounts: readonly Mount[];
  rules: readonly RuleReport[];
  network: 'open' | 'closed' | 'proxied';
  /** Empty directories to be made on the machine first, because nothing can be mounted on nothing. */
  make: readonly string[];
  /** Files to be written first: the text of `of` without its credentials. */
  copies: readonly { of: string; to: string }[];
  /** Names that must not come into being, and that no mount can keep from it: removed afterwards. */
  mayNotAppear: readonly string[];
}

/** Where a sandboxed command works, and whose places must be kept from it. All paths absolute. */
export interface SandboxPlaces {
  /** The workspace's root, without symbolic links. */
  root: string;
  cwd: string;
  /** Git directories of this worktree and of the repository; null outside one. */
  gitDir: string | null;
  commonDir: string | null;
  /** The policy's file. */
  policyFile: string;
  /** Our own: ledgers, signing keys. */
  own: readonly string[];
  /**
   * Where the user's files are: HOME first, whose caches are used; and what the system says is
   * their home, because HOME is only what whoever called us says.
   */
  homes: readonly string[];
  /** Caches that an environment variable has moved. */
  caches: readonly string[];
  /** Holds what is private to the sandboxes of this workspace. */
  privateDir: string;
  runtimeDir: string | null;
  temporaryDir: string | null;
  /** Directories that must stay visible wherever they lie: of PATH, of the programs. */
  programs: readonly string[];
  /** Existing files among the command's own words. */
  operands: readonly string[];
  /** Unix sockets that somebody listens on. */
  sockets: readonly string[];
  superuser: boolean;
}

/** What is on the disk, as far as a plan needs it; a test hands in a made-up tree. */
export interface Look {
  kind(path: string): 'directory' | 'file' | 'symlink' | 'other' | null;
  /** Names in a directory; none where it cannot be read. */
  names(path: string): readonly string[];
  /** The path behind all symbolic links; null where there is nothing. */
  real(path: string): string | null;
  /** Contents of a small file; null where there is none, or it is large. */
  text(path: string): string | null;
}

export function reportOn(
  list: RuleReport['list'],
  rule: Rule,
  held: RuleReport['held'],
  why: string,
): RuleReport {
  return { list, rule: rule.text, line: rule.line, held, why };
}

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/store/open.ts';

const command = join(import.meta.dirname, '..', '..', 'dist', 'proof.js');

/**
 * What the recorded ledger holds, by place. E290 to E309 are twenty appends of one entry each, so
 * the root was noted after every one of them; E330 to E349 are one append of twenty.
 */
export const PLACES = {
  opened: 0,
  task1: 1,
  /** A command with the blobs stdout, stderr, timing and environment. */
  command: 2,
  note: 3,
  task2: 5,
  /** A second command, with other output. */
  otherCommand: 6,
  /** Alone in its append, in the middle of the second tile; a note of T2. */
  middle: 300,
  group: { first: 330, inside: 340, last: 349 },
  anchored: 400,
  older: 520,
  kept: 600,
  size: 660,
} as const;

/** What `proof verify --json` said, as far as the tables ask. */
export interface Told {
  exit: number | null;
  /** Codes of the problems, each once, in their order. */
  codes: string[];
  firstWrong: string | null;
  anchored: number;
  rests: string;
  size: number;
  /** Code of the error, where the command failed instead of giving a verdict. */
  error: string | null;
}

/** Which roots, kept where the attacker did not reach, the verifier is given. */
export type Kept = 'nothing' | 'last signed' | 'a file' | 'the remote';

/** A workspace with a ledger, a home, a remote; every file of it may be tampered with. */
export class Workspace {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  get repository(): string {
    return join(this.root, 'repository');
  }

  get ledger(): string {
    return join(this.repository, '.git', 'proof');
  }

  get config(): string {
    return join(this.root, 'config', 'prooflayer');
  }

  /** The ledger as it stood at `PLACES.older`, as a backup would hold it, and its last-signed record. */
  get older(): { ledger: string; lastSigned: string } {
    return { ledger: join(this.root, 'older'), lastSigned: join(this.root, 'older-last-signed') };
  }

  /** A signed root over `PLACES.kept` entries that was kept elsewhere. */
  get kept(): string {
    return join(this.root, 'kept.txt');
  }

  /** Runs the built command, in the repository and with the user's configuration unless said otherwise. */
  proof(args: readonly string[], { cwd = this.repository, config = 'config' } = {}) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
      cwd,
      encoding: 'utf8',
      env: { ...environment(this.root), XDG_CONFIG_HOME: join(this.root, config) },
    });
    return { status, stdout, stderr };
  }

  /** Verifies the ledger with its key and, of the roots that were kept outside it, only these. */
  verify(kept: Kept, ...args: string[]): Told {
    const files = kept === 'a file' ? ['--checkpoint', this.kept] : [];
    const words = ['verify', '--json', '--ledger', this.ledger, ...files, ...args];
    return told(
      this.proof(words, {
        cwd: kept === 'the remote' ? this.repository : this.root,
        config: kept === 'last signed' ? 'config' : 'keys-only',
      }),
    );
  }

  /** Puts the backup back over the ledger, as a restore or a file synchroniser would. */
  restoreOlder(): void {
    rmSync(this.ledger, { recursive: true });
    cpSync(this.older.ledger, this.ledger, { recursive: true });
  }

  copy(): Workspace {
    const root = mkdtempSync(join(tmpdir(), 'proof-tamper-'));
    cpSync(this.root, root, { recursive: true });
    return new Workspace(root);
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The verdict in a line, as the tables have it: `entry.altered root.mismatch, first E300`. */
export function inWords({ exit, codes, firstWrong, anchored, size, error }: Told): string {
  if (error !== null) return `error ${error}, exit ${exit}`;
  if (exit === 0 && codes.length === 0) return `passes, ${anchored} of ${size} anchored`;
  return `${codes.join(' ')}, first ${firstWrong ?? 'unknown'}${exit === 3 ? '' : `, exit ${exit}`}`;
}

export function told({ status, stdout, stderr }: ReturnType<Workspace['proof']>): Told {
  if (stdout === '') {
    const { error } = JSON.parse(stderr) as { error: { code: string } };
    const nothing = { codes: [], firstWrong: null, anchored: 0, rests: '', size: 0 };
    return { exit: status, ...nothing, error: error.code };
  }
  const verdict = JSON.parse(stdout) as Omit<Told, 'codes'> & { problems: { code: string }[] };
  const { firstWrong, anchored, rests, size, problems } = verdict;
  const codes = [...new Set(problems.map(({ code }) => code))];
  return { exit: status, codes, firstWrong, anchored, rests, size, error: null };
}

/** Records a ledger of 660 entries by the real command, with the library for the many in between. */
export async function recordLedger(): Promise<Workspace> {
  const made = new Workspace(mkdtempSync(join(tmpdir(), 'proof-tamper-')));
  mkdirSync(made.repository);
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: made.repository,
      stdio: 'ignore',
      env: environment(made.root),
    });
  git('init', '--quiet', '--initial-branch=main');
  git('init', '--quiet', '--bare', join(made.root, 'remote.git'));
  git('remote', 'add', 'origin', join(made.root, 'remote.git'));
  const proof = (...args: string[]) => {
    const { status, stdout, stderr } = made.proof(args);
    if (status !== 0 && args[0] !== 'run') throw new Error(`proof ${args.join(' ')}: ${stderr}`);
    return stdout;
  };

  proof('init');
  const keys = join(made.config, 'keys');
  cpSync(keys, join(made.root, 'keys-only', 'prooflayer', 'keys'), { recursive: true });
  proof('task', 'start', 'make the parser read empty lines');
  proof('run', '--', 'sh', '-c', 'echo expected 3, got 2; echo one failure >&2; exit 1');
  proof('note', '--on', 'E2', 'the last line is not read');
  proof('decide', 'read to the end of the file');
  proof('task', 'start', 'say what was wrong');
  proof('run', '--', 'sh', '-c', 'seq 1 2000');

  const ledger = () => openLedger({ ...here(made), ownValues: [], self: ACTOR });
  await growTo(ledger, PLACES.anchored);
  proof('anchor');
  await growTo(ledger, PLACES.older);
  cpSync(made.ledger, made.older.ledger, { recursive: true });
  cpSync(join(made.config, 'last-signed'), made.older.lastSigned, { recursive: true });
  await growTo(ledger, PLACES.kept);
  writeFileSync(made.kept, proof('ledger', 'checkpoint'));
  await growTo(ledger, PLACES.size - 2);
  proof('run', '--', 'sh', '-c', 'echo all 3 as expected');
  proof('note', 'done');

  const { size, exit } = made.verify('nothing');
  if (size !== PLACES.size || exit !== 0) throw new Error(`recorded ${size} entries, exit ${exit}`);
  return made;
}

/** Appends notes until the ledger has `size` entries: of T2, of T1, of no task, in turn. */
async function growTo(open: () => ReturnType<typeof openLedger>, size: number): Promise<void> {
  const ledger = await open();
  for (let at = ledger.size(); at < size; at = ledger.size()) {
    const count = Math.min(size - at, together(at));
    await ledger.append(({ size: from }) =>
      Array.from({ length: count }, (_, i) => ({
        kind: 'note',
        body: { text: `entry ${from + i}` },
        task: [PLACES.task2, PLACES.task1, null][(from + i) % 3] ?? null,
        actor: ACTOR,
      })),
    );
  }
  ledger.close();
}

/** How many entries the append that begins at `at` has. */
function together(at: number): number {
  if (at < 290) return Math.min(20, 290 - at);
  return at < 310 ? 1 : 20;
}

export const ACTOR = {
  kind: 'agent',
  name: 'tester',
  host: 'here',
  basis: 'asserted',
} as const;

function here(workspace: Workspace) {
  return { dir: workspace.ledger, configDir: workspace.config };
}

/** Nothing of the developer's own configuration, and a name for git. */
function environment(home: string): Record<string, string> {
  const who = { NAME: 'Tester', EMAIL: 'tester@example.org' };
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
  };
}

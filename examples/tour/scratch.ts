import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** A throw-away world: the example project in a git repository, and a home directory of its own. */
export interface Scratch {
  root: string;
  /** The copy of examples/login-loop; commands run here. */
  project: string;
  /** Where its ledger lies, and where the tour puts the copy that it edits. */
  ledger: string;
  editedLedger: string;
  env: Record<string, string>;
}

const EXAMPLES = join(import.meta.dirname, '..');

export function makeScratch(): Scratch {
  // On macOS the temporary directory is a symlink; the ledger shows where it really is.
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'proof-tour-')));
  const scratch = {
    root,
    project: join(root, 'login-loop'),
    ledger: join(root, 'login-loop', '.git', 'proof'),
    editedLedger: join(root, 'edited-ledger'),
    env: cleanEnvironment(root),
  };
  for (const folder of ['home', 'config']) mkdirSync(join(root, folder));
  cpSync(join(EXAMPLES, 'login-loop'), scratch.project, { recursive: true });
  copyFileSync(join(EXAMPLES, 'login-loop.patch'), join(root, 'login-loop.patch'));

  git(scratch, 'init', '--quiet');
  git(scratch, 'add', '.');
  git(scratch, 'commit', '--quiet', '--message', 'A login that never ends');
  git(scratch, 'init', '--quiet', '--bare', join(root, 'git-host.git'));
  git(scratch, 'remote', 'add', 'origin', join(root, 'git-host.git'));
  return scratch;
}

/**
 * The caller's environment, less what would make the tour touch or depend on their set-up: home and
 * configuration, git's and npm's own variables, and a task or an actor chosen for other work. What
 * says who is working (an agent, a CI) stays, because the record shows it.
 */
function cleanEnvironment(root: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (pair): pair is [string, string] =>
      pair[1] !== undefined && !/^(PROOF_|GIT_|XDG_|npm_|NODE_TEST_)/i.test(pair[0]),
  );
  return {
    ...Object.fromEntries(kept),
    HOME: join(root, 'home'),
    XDG_CONFIG_HOME: join(root, 'config'),
    // The machine's git configuration may sign commits or run hooks.
    GIT_CONFIG_NOSYSTEM: '1',
    // npm would look for a newer npm on the network.
    npm_config_update_notifier: 'false',
    // Everything is to stand on one page.
    PROOF_PAGER: 'cat',
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
  };
}

const IDENTITY = ['-c', 'user.name=Tour', '-c', 'user.email=tour@localhost'];

function git(scratch: Scratch, ...words: string[]): void {
  const defaults = ['-c', 'init.defaultBranch=main', '-c', 'advice.defaultBranchName=false'];
  try {
    execFileSync('git', [...IDENTITY, ...defaults, ...words], {
      cwd: scratch.project,
      env: scratch.env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw missing ? new Error('the tour needs git, and there is none on the PATH') : error;
  }
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { findRepository, type Repository } from './repository.ts';

/** For tests only: a directory with real repositories in it and a home without configuration. */
export class GitFixture {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'proof-git-')));
  readonly home = join(this.root, 'home');

  constructor() {
    mkdirSync(this.home);
    for (const name of Object.keys(process.env)) {
      if (/^(?:GIT|SSH|XDG)_/.test(name)) vi.stubEnv(name, undefined);
    }
    vi.stubEnv('HOME', this.home);
    vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
  }

  dispose(): void {
    vi.unstubAllEnvs();
    rmSync(this.root, { recursive: true, force: true });
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** git as a user would run it there, as somebody; its output without the last line end. */
  git(directory: string, ...args: string[]): string {
    const somebody = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.org'];
    return execFileSync('git', [...somebody, ...args], {
      cwd: this.path(directory),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    }).replace(/\n$/, '');
  }

  /** A repository on `main` with one commit. */
  repository(name: string, ...initArgs: string[]): Repository {
    mkdirSync(this.path(name), { recursive: true });
    this.git(name, 'init', '--quiet', '--initial-branch=main', ...initArgs);
    this.commit(name, 'first');
    return this.found(name);
  }

  /** A bare repository to push to. */
  remote(name: string): string {
    this.git('.', 'init', '--quiet', '--bare', '--initial-branch=main', name);
    return this.path(name);
  }

  clone(of: string, name: string, ...args: string[]): Repository {
    this.git('.', 'clone', '--quiet', ...args, of, name);
    return this.found(name);
  }

  commit(directory: string, subject: string): string {
    this.git(directory, 'commit', '--quiet', '--allow-empty', '-m', subject);
    return this.git(directory, 'rev-parse', 'HEAD');
  }

  file(path: string, text: string): string {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
    return this.path(path);
  }

  program(path: string, script: string): string {
    const file = this.file(path, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  found(directory: string): Repository {
    const found = findRepository(this.path(directory));
    if (found === null) throw new Error(`no repository at ${directory}`);
    return found;
  }

  /** Plants every hook a git command could run; each leaves a file in `markers`. */
  plantHooks(gitDir: string): { ran(): string[] } {
    const markers = this.path('markers');
    mkdirSync(markers, { recursive: true });
    for (const hook of HOOKS) {
      const file = join(gitDir, 'hooks', hook);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `#!/bin/sh\ntouch '${markers}/${hook}'\nexit 0\n`);
      chmodSync(file, 0o755);
    }
    return { ran: () => readdirSync(markers) };
  }
}

/** False for a process that has ended, whether or not its parent has taken note. */
export function isRunning(pid: string): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', pid.trim()], { encoding: 'utf8' });
    return !state.trim().startsWith('Z');
  } catch {
    return false;
  }
}

export const LEDGER = '0123456789abcdef0123456789abcdef';
export const OTHER_LEDGER = 'fedcba9876543210fedcba9876543210';

/** A text in the shape of a signed checkpoint; `history` tells one root for a size from another. */
export function checkpointText(ledgerId: string, size: number, history = 'honest'): string {
  const root = createHash('sha256').update(`${ledgerId} ${size} ${history}`).digest('base64');
  const origin = `prooflayer.dev/${ledgerId}`;
  return `${origin}\n${size}\n${root}\n\n\u2014 ${origin} c2lnbmF0dXJlIG9mICR7c2l6ZX0=\n`;
}

const HOOKS = [
  ...['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit', 'pre-merge-commit'],
  ...['post-merge', 'post-checkout', 'post-rewrite', 'pre-push', 'pre-auto-gc'],
  ...['reference-transaction', 'post-index-change', 'fsmonitor-watchman'],
];

import { execFileSync, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { build, isStale } from '../scripts/build.ts';

const root = join(import.meta.dirname, '..');

/**
 * A directory for one benchmark, gone when its process ends. Under /var/tmp, because /tmp may be a
 * tmpfs where an fsync costs nothing.
 */
export function scratch(): string {
  const base = existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
  const dir = mkdtempSync(join(base, 'proof-bench-'));
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  return dir;
}

/** The environment of every command measured: a home of its own, nothing that slows Node's start. */
export function environment(dir: string): Record<string, string> {
  const home = join(dir, 'home');
  mkdirSync(home, { recursive: true });
  const kept = Object.entries(process.env).filter(
    (pair): pair is [string, string] =>
      pair[1] !== undefined && !/^(NODE_|PROOF_|XDG_|npm_|INIT_CWD$)/.test(pair[0]),
  );
  return { ...Object.fromEntries(kept), HOME: home, TERM: 'xterm-256color' };
}

/**
 * The built command, as words to put before its arguments. It is a copy, so that somebody's build
 * in this tree cannot change what is measured half-way.
 */
export async function builtProof(dir: string): Promise<[string, string]> {
  if (isStale()) await build({ keepOld: true });
  const copy = join(dir, 'prooflayer');
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return [process.execPath, join(copy, 'dist', 'proof.js')];
}

/** A git repository with so many small files, committed. */
export function repository(dir: string, files: number): string {
  const path = join(dir, `repository-${files}`);
  for (let i = 0; i < files; i++) {
    const folder = join(path, `src/part-${Math.floor(i / 50)}`);
    if (i % 50 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `file-${i}.ts`), `export const n${i} = ${i};\n`.repeat(20));
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@example.com', ...args], {
      cwd: path,
      stdio: 'ignore',
    });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'files');
  return path;
}

/** Runs a command to its end without a terminal, as an agent does: its output goes into pipes. */
export function runQuietly(
  argv: readonly string[],
  options: { cwd: string; env: Record<string, string> },
): void {
  const [file = '', ...args] = argv;
  const { status, error } = spawnSync(file, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined || status !== 0) {
    throw new Error(`${argv.join(' ')}: ${error?.message ?? `exit ${status}`}`);
  }
}

/** Whether a peer is there; where it is not, that is said and the peer left out. */
export function hasPeer(program: string): boolean {
  const there = (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!there) console.log(`  skipped: ${program} is not installed (npm run setup:debian)`);
  return there;
}

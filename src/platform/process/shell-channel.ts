import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * The way back to a recorded shell: a private directory with the files it is to read at its start,
 * and a FIFO on which its hooks await our answers. What the shell says comes through its terminal,
 * in order with the output of its commands; what we say must not, or it would count as typed.
 */
export function openShellChannel(env: Readonly<Record<string, string>>): ShellChannel | null {
  const dir = privateDirectory(env.XDG_RUNTIME_DIR);
  if (dir === null) return null;
  const path = join(dir, 'reply');
  const made = spawnSync('mkfifo', ['-m', '600', path], { stdio: 'ignore' });
  // Both ways: so opening waits for nobody, a reader never finds it without a writer, and what is
  // written before somebody reads is kept.
  const fd = made.status === 0 ? openReply(path) : null;
  if (fd === null) {
    rmSync(dir, { recursive: true, force: true });
    return null;
  }
  let open = true;
  const written: string[] = [];
  return {
    dir,
    reply: path,
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        writeFileSync(join(dir, name), text, { mode: 0o600 });
        written.push(name);
      }
    },
    forget() {
      for (const name of written.splice(0)) rmSync(join(dir, name), { force: true });
    },
    answer(line) {
      try {
        if (open) writeSync(fd, `${line}\n`);
      } catch {
        // Full: nobody has read 64 KiB of answers, so nobody waits for this one.
      }
    },
    close() {
      if (!open) return;
      open = false;
      // The name goes first: a hook that comes now finds nothing to wait for, one that waits
      // already finds the end.
      rmSync(dir, { recursive: true, force: true });
      closeSync(fd);
    },
  };
}

export interface ShellChannel {
  dir: string;
  /** Path of the FIFO. */
  reply: string;
  /** Puts files into the directory, readable by this user alone. */
  write(files: Readonly<Record<string, string>>): void;
  /** Removes those files: they have been read. */
  forget(): void;
  /** One line for whoever reads next. Never throws, never blocks. */
  answer(line: string): void;
  close(): void;
}

function openReply(path: string): number | null {
  try {
    return openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  } catch {
    return null;
  }
}

function privateDirectory(runtime: string | undefined): string | null {
  for (const place of [runtime, tmpdir()]) {
    if (place === undefined || !isAbsolute(place)) continue;
    try {
      return mkdtempSync(join(place, 'proof-shell-'));
    } catch {
      // Not there, or not ours to write to.
    }
  }
  return null;
}

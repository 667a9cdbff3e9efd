import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { StreamName } from './child.ts';
import { type CoveredStdio, coverMaster, type PseudoTerminal } from './pseudo-terminal.ts';
import type { Relay } from './relay.ts';

/**
 * The leader has ended; waits until its output is complete. A background child may hold a stream
 * open for as long as it likes. After the grace such a stream is handed to a `cat` of its own that
 * outlives us: without a reader the child would die of SIGPIPE, which it would not have done had
 * the user started it without us. Returns the streams this happened to.
 */
export async function awaitOutput(
  outputs: readonly { relay: Relay; userFd: 1 | 2 }[],
  graceMs: number,
  pty: PseudoTerminal | null,
): Promise<StreamName[]> {
  const heldOpen = await Promise.all(
    outputs.map(async ({ relay, userFd }) => {
      if (await settlesInTime(relay, graceMs)) return null;
      return (await handOver(relay, userFd, pty)) ? relay.stream : null;
    }),
  );
  return heldOpen.filter((stream) => stream !== null);
}

/**
 * A stream that has not ended is only known to be held open once all that the leader may have left
 * in it has been read. With a slow reader that takes longer than the grace: so past the grace, it
 * takes either silence while we were ready to read, or more bytes than fit into a pipe.
 */
async function settlesInTime(relay: Relay, graceMs: number): Promise<boolean> {
  const bytesAtExit = relay.bytes();
  let settled = false;
  const settling = relay.settled.then(() => {
    settled = true;
  });
  await firstOf(settling, Math.max(graceMs, SILENCE_MS));
  while (!settled) {
    // A timer may be overdue while output is waiting: read first, then judge.
    await new Promise((afterReading) => setImmediate(afterReading));
    const silent = relay.silentMicros() > SILENCE_MS * 1000;
    if (silent || relay.bytes() - bytesAtExit > LARGEST_PIPE_BYTES) return false;
    await firstOf(settling, SILENCE_MS / 2);
  }
  return true;
}

async function handOver(relay: Relay, userFd: 1 | 2, pty: PseudoTerminal | null): Promise<boolean> {
  const fd = await relay.release();
  if (fd === null) return false;
  const stdio: CoveredStdio = [fd, userFd, 'ignore'];
  const cover = pty && coverMaster(pty, stdio);
  // A session of its own: a Ctrl-C or a closing terminal ends the background child or not, as it
  // always did, but not its reader. Starting it makes the descriptor blocking again, as libuv does
  // for 0, 1 and 2, which is what `cat` needs and what we no longer mind.
  const cat = spawn('cat', [], { stdio, cwd: '/', detached: true });
  cat.on('error', () => {});
  cat.unref();
  if (cover !== null) closeSync(cover);
  relay.discard();
  return true;
}

const SILENCE_MS = 100;
/** /proc/sys/fs/pipe-max-size, as it is everywhere unless raised. */
const LARGEST_PIPE_BYTES = 1024 * 1024;

/** The timer is taken down again: one left running would keep the process alive for nothing. */
async function firstOf(promise: Promise<void>, ms: number): Promise<void> {
  const { promise: elapsed, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([promise, elapsed]);
  clearTimeout(timer);
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { ProofError } from '../../core/errors.ts';
import type { ChildRequest, Enclosure, Entering, Inside } from './child.ts';
import { resolveExecutable } from './executable.ts';
import { pipedInput } from './piped-input.ts';
import type { StdioLayout } from './stdio-layout.ts';

/**
 * Starts the child on the layout's descriptors, under `setsid` when it is to lead a session, within
 * its enclosure if it has one.
 */
export async function startChild(
  request: ChildRequest,
  layout: StdioLayout,
  setsid: string | null,
): Promise<{ child: StartedChild; inside: Inside | null }> {
  const { argv, cwd, env, enclosure } = request;
  const [name = request.executable, ...args] = argv;
  // Entering our own directory anew could fail where merely staying in it does not: it may have been
  // deleted, or closed to us, since we came to stand in it.
  const place = isOurs(cwd) ? {} : { cwd };
  try {
    const typed = resolveExecutable(name, cwd, env.PATH);
    const sameByName = typed.found && typed.path === request.executable;
    // A script sees the path it is executed by as `$0`. For `./build.sh` that has to be
    // `./build.sh`, not the absolute path; for a name found along PATH a shell uses the path too.
    const file = sameByName && name.includes('/') ? name : request.executable;
    if (enclosure !== undefined)
      return await startInside(
        enclosure,
        { file, argv: [name, ...args], env, leads: setsid !== null },
        layout,
      );
    const child = setsid
      ? spawn(setsid, ['-c', '--', sameByName ? name : file, ...args], {
          ...place,
          env,
          stdio: layout.stdio,
        })
      : spawn(file, args, { argv0: name, ...place, env, stdio: layout.stdio });
    return { child: await spawned(child), inside: null };
  } catch (cause) {
    layout.closeOurEnds();
    throw new ProofError<'command-not-started'>({
      code: 'command-not-started',
      message: `${name} could not be started.`,
      why: (cause as Error).message,
      remedy: `Run ${request.executable} without proof to see whether it starts there.`,
      cause,
    });
  } finally {
    layout.closeChildEnds();
  }
}

async function startInside(
  enclosure: Enclosure,
  child: Entering,
  layout: StdioLayout,
): Promise<{ child: StartedChild; inside: Inside }> {
  const stdio = [...layout.stdio];
  const input = stdio[0] === 'inherit' ? pipedInput() : null;
  if (input !== null) stdio[0] = input.fd;
  const { file, args, env, pipes, attach } = enclosure.enter(child, stdio.length);
  for (let count = 0; count < pipes; count++) stdio.push('pipe');
  try {
    const started = await spawned(spawn(file, args, { cwd: '/', env, stdio }));
    return { child: started, inside: attach(started) };
  } finally {
    input?.close();
  }
}

/** What cannot be executed is reported by an event, what cannot be forked is thrown. */
async function spawned(child: ChildProcess): Promise<StartedChild> {
  if (child.pid === undefined) await once(child, 'spawn');
  return child as StartedChild;
}

function isOurs(cwd: string): boolean {
  try {
    return process.cwd() === cwd;
  } catch {
    return !existsSync(cwd); // ours was deleted, and its name is all that is left of it
  }
}

export type StartedChild = ChildProcess & { pid: number };

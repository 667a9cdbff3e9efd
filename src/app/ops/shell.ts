import * as z from 'zod/mini';
import { plural } from '../../core/human-units.ts';
import { entryName, type Seq, taskName } from '../../core/names.ts';
import type { ShellResult } from '../../features/record/shell/run-shell.ts';
import { RECORDED_BYTES } from '../config.ts';
import type { Context } from '../context.ts';
import { defineOp } from '../define-op.ts';
import { testsOf } from '../tests-of-run.ts';

export default defineOp({
  name: 'shell',
  summary: 'your shell, recorded: every command typed in it becomes an entry of its own',
  details:
    'Starts bash, zsh or fish as you have set it up, on a terminal inside yours. Each command is kept with its text, directory, output, exit code and duration; keys are never recorded. note "…" at the prompt annotates the last command. A line that begins with a space, which your shell keeps out of its history, is recorded without its text. exit or Ctrl-D ends it; the exit code is the shell’s.',
  effect: 'execute',
  input: z.object({
    shell: z
      .optional(z.enum(['bash', 'zsh', 'fish']))
      .check(z.describe('which shell; without it the one in SHELL')),
    task: z
      .optional(z.string())
      .check(z.describe('T3, for all of it; without it the one chosen when a command is typed')),
  }),
  output: () =>
    z.object({
      shell: z.enum(['bash', 'zsh', 'fish']),
      commands: z.int().check(z.describe('recorded')),
      notes: z.int(),
      first: z.nullable(z.string()).check(z.describe('the first of their entries')),
      last: z.nullable(z.string()),
      unrecorded: z.int().check(z.describe('commands that could not be recorded')),
      exit: z.object({ code: z.nullable(z.int()), signal: z.nullable(z.string()) }),
    }),
  examples: [
    { type: 'proof shell', does: 'the shell in SHELL; exit or Ctrl-D ends it' },
    { type: 'proof shell --shell zsh --task T3', does: 'another one, all of it for T3' },
  ],
  cli: { short: { task: 't' }, print: () => '' },
  async run(context, { shell, task }) {
    const ledger = await context.ledger();
    const pinned = task === undefined ? null : context.requireTask(task);
    const taskAt = (cwd: string) => pinned ?? taskOrNull(context, cwd);
    if (await isEnforced(context))
      context.remark('nothing typed in this shell is held: only proof run works in the sandbox');
    const result = await context.shell({
      shell,
      cwd: context.cwd,
      env: definedOnly(context.env),
      actor: context.actor,
      pinned,
      taskAt,
      bound: RECORDED_BYTES,
      version: context.version,
      notice: context.spoken,
      recorded: async (command) => (await testsOf(context, command)).told,
      starting(name) {
        const at = taskAt(context.cwd);
        const where = at === null ? 'outside tasks' : `for ${taskName(ledger.taskRank(at))}`;
        context.say(`recording this ${name} ${where} · note "…" annotates · exit ends it`);
      },
    });
    sayHowItWent(context, result);
    context.endLike(result.exit);
    const { first, last } = result;
    return {
      shell: result.shell,
      commands: result.commands,
      notes: result.notes,
      first: first === null ? null : entryName(first),
      last: last === null ? null : entryName(last),
      unrecorded: result.unrecorded,
      exit:
        'signal' in result.exit
          ? { code: null, signal: result.exit.signal }
          : { code: result.exit.code, signal: null },
    };
  },
});

/** Whether proof.yaml asks for a sandbox; one that does not hold is proof run's to complain about. */
async function isEnforced(context: Context): Promise<boolean> {
  const { policyPath, readPolicyText } = await import('../../features/boundaries/policy-file.ts');
  try {
    const text = readPolicyText(policyPath(context.places.root)) ?? '';
    return /^mode:\s*["']?enforce\b/m.test(text);
  } catch {
    return false;
  }
}

/** A PROOF_TASK that names nothing here was exported for another place: it must stop nobody. */
function taskOrNull(context: Context, cwd: string): Seq | null {
  try {
    return context.taskIn(cwd);
  } catch {
    return null;
  }
}

function sayHowItWent(context: Context, result: ShellResult): void {
  for (const what of result.unsaid) {
    if (typeof what === 'string') context.say(what);
    else context.warn(what);
  }
  const { first, last } = result;
  const range =
    first === null || last === null
      ? ''
      : `, ${first === last ? entryName(first) : `${entryName(first)}–${entryName(last)}`}`;
  const lost = result.unrecorded === 0 ? '' : ` · ${result.unrecorded} not recorded`;
  context.say(`${plural(result.commands, 'command')} recorded${range}${lost}`);
}

function definedOnly(env: Context['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

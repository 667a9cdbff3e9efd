import * as z from 'zod/mini';
import { commandText } from '../core/command-text.ts';
import { entryName, type Seq, taskName } from '../core/names.ts';
import { once } from '../core/once.ts';
import { listTasks, type TaskSummary, taskSummaries } from '../views/task-summaries.ts';
import type { Context } from './context.ts';

/** A task in JSON output. */
export const taskJson = once(() =>
  z.object({
    name: z.string().check(z.describe('T3')),
    entry: z.string().check(z.describe('the entry that opened it')),
    goal: z.string(),
    state: z
      .enum(['open', 'done', 'abandoned', 'closed'])
      .check(z.describe('closed: how it ended was redacted')),
    chosen: z.boolean().check(z.describe('work in this worktree is recorded under it')),
    openedAt: z.string().check(z.describe('empty once the entry that opened it is redacted')),
    lastAt: z.string(),
    last: z.string().check(z.describe('its latest entry')),
    entries: z.int(),
    commands: z.int(),
    failed: z.int().check(z.describe('commands that did not exit with 0')),
    notes: z.int(),
    decisions: z.int(),
    gaps: z.int(),
    changes: z.int().check(z.describe('entries about what changed in the workspace')),
    steps: z.array(z.object({ step: z.int(), text: z.string() })),
    command: z
      .nullable(
        z.object({
          entry: z.string(),
          text: z.nullable(z.string()),
          code: z.nullable(z.int()),
          signal: z.nullable(z.string()),
        }),
      )
      .check(z.describe('the latest command')),
    actors: z.array(z.string()),
  }),
);
export type TaskJson = z.infer<ReturnType<typeof taskJson>>;

/** All tasks as they stand, in display order. */
export function readTasks(context: Context): TaskJson[] {
  const state = context
    .views()
    .read(taskSummaries, (seq) => context.progress(`reading entry ${seq}`));
  const chosen = context.task();
  return listTasks(state).map((task) => toTaskJson(task, chosen));
}

/** One task as it stands. */
export function readTask(context: Context, seq: Seq): TaskJson {
  const state = context
    .views()
    .read(taskSummaries, (at) => context.progress(`reading entry ${at}`));
  return toTaskJson(state.tasks[seq] as TaskSummary, context.task());
}

/** A task of the summaries in JSON output; `chosen` is the one chosen here. */
export function toTaskJson(task: TaskSummary, chosen: Seq | null): TaskJson {
  const { seq, rank, last, command, changes, ...rest } = task;
  return {
    ...rest,
    changes: changes.length,
    name: taskName(rank),
    entry: entryName(seq),
    last: entryName(last),
    chosen: chosen === seq,
    command:
      command === null
        ? null
        : {
            entry: entryName(command.seq),
            text: command.line ?? (command.argv === null ? null : commandText(command.argv)),
            code: command.code,
            signal: command.signal,
          },
  };
}

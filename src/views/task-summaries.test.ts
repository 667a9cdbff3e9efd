import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry, Kind } from '../core/entries/kinds.ts';
import { listTasks, type TaskSummaries, taskSummaries } from './task-summaries.ts';

const header = {
  v: 1,
  n: 1,
  provenance: 'observed',
  held: 'none',
  refs: [],
  blobs: [],
  salt: '00'.repeat(16),
} as const;
const actor = { kind: 'human', name: 'ada', host: 'here', basis: 'asserted' } as const;

/** An entry of this kind with as little in it as the views look at. */
function entry(kind: Kind | 'unknown', task: number | null, body: object, name = 'ada'): Entry {
  const at = '2026-11-21T10:00:00.000Z';
  return { ...header, kind, at, task, actor: { ...actor, name }, body } as unknown as Entry;
}

const command = (task: number | null, code: number | null) =>
  entry('command', task, {
    argv: ['make'],
    exit: { code, signal: code === null ? 'SIGTERM' : null },
  });

function fold(entries: readonly (Entry | null)[], from = taskSummaries.init(), first = 0) {
  return entries.reduce<TaskSummaries>(
    (state, each, i) => taskSummaries.step(state, each, first + i),
    from,
  );
}

describe('the summaries of tasks', () => {
  it('count what was done, task by task', () => {
    const state = fold([
      entry('ledger.opened', null, {}),
      entry('task.opened', 1, { goal: 'one' }),
      entry('task.planned', 1, { steps: [{ step: 1, text: 'look' }] }),
      command(1, 0),
      command(1, 2),
      entry('task.opened', 5, { goal: 'two' }, 'bob'),
      command(5, null),
      entry('note', 1, { text: 'x' }, 'bob'),
      entry('decision', 1, { text: 'x', rejected: [] }),
      entry('gap', 1, { what: 'command' }),
      entry('gap', null, { what: 'ledger' }),
      entry('unknown', 1, { later: true }),
      null,
      entry('task.closed', 1, { outcome: 'done' }),
    ]);
    expect(state).toMatchObject({ count: 2, loose: 2, gaps: 2 });
    const [one, two] = listTasks(state);
    expect(one).toMatchObject({
      ...{ seq: 1, rank: 1, goal: 'one', state: 'done', entries: 9, last: 13 },
      ...{ commands: 2, failed: 1, notes: 1, decisions: 1, gaps: 1 },
      steps: [{ step: 1, text: 'look' }],
      command: { seq: 4, code: 2, signal: null },
      actors: ['human ada', 'human bob'],
    });
    expect(two).toMatchObject({ rank: 2, state: 'open', commands: 1, failed: 1 });
  });

  const any = fc
    .record({
      kind: fc.constantFrom<Kind | 'unknown' | 'redacted'>(
        ...(['task.opened', 'task.planned', 'task.closed', 'note', 'decision'] as const),
        ...(['command', 'gap', 'unknown', 'redacted', 'clock.went-back'] as const),
      ),
      task: fc.option(fc.nat({ max: 30 })),
      outcome: fc.constantFrom('done', 'abandoned'),
      text: fc.string({ unit: 'grapheme' }),
      code: fc.constantFrom(0, 1, null),
      who: fc.nat({ max: 30 }).map(String),
    })
    .map(({ kind, task, outcome, text, code, who }) => {
      if (kind === 'redacted') return null;
      if (kind === 'command') return command(task, code);
      const body = { outcome, text, goal: text, rejected: [], steps: [{ step: 1, text }] };
      return entry(kind, task, body, who);
    });

  it('are the same bytes computed at once, or kept at any point and taken up again', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), fc.nat({ max: 40 }), (entries, split) => {
        const whole = JSON.stringify(fold(entries));
        const kept = JSON.stringify(fold(entries.slice(0, split)));
        const taken = fold(
          entries.slice(split),
          JSON.parse(kept) as TaskSummaries,
          Math.min(split, entries.length),
        );
        expect(JSON.stringify(taken)).toBe(whole);
      }),
      { numRuns: 300 },
    );
  });

  it('do not change the entries they are computed from', () => {
    const entries = [
      entry('task.opened', 0, { goal: 'x' }),
      entry('task.planned', 0, { steps: [] }),
    ];
    const before = JSON.stringify(entries);
    fold(entries);
    expect(JSON.stringify(entries)).toBe(before);
  });

  it('stay small however many worked on a task', () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      entry('note', 0, { text: 'x' }, `agent ${i}`),
    );
    const [task] = listTasks(fold([entry('task.opened', 0, { goal: 'x' }), ...many]));
    expect(task?.actors.length).toBeLessThanOrEqual(20);
    expect(task?.notes).toBe(500);
  });
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { createLedger } from '../../ledger/store/open.ts';
import { chooseTask, chosenTask, currentTask } from './chosen-task.ts';
import { entrySeq, taskSeq } from './names.ts';
import { addDecision, addNote, closeTask, openTask, planTask } from './task-entries.ts';

const actor = { kind: 'human', name: 'ada', host: 'here', basis: 'asserted' } as const;

let root: string;
let ledger: Ledger;
let other: Ledger;
/** Leaf indexes of T1 and T2. */
let tasks: [number, number];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'proof-tasks-'));
  const make = (name: string) =>
    createLedger(
      { dir: join(root, name), configDir: join(root, 'config'), ownValues: [], self: actor },
      actor,
      'test',
    );
  ledger = await make('ledger');
  other = await make('other');
  const goal = { steps: [], place: null };
  await addNote(ledger, actor, { text: 'before any task', task: null, on: null });
  tasks = [
    await openTask(ledger, actor, { goal: 'one', ...goal }),
    await openTask(ledger, actor, { goal: 'two', ...goal, steps: ['look', 'do'] }),
  ];
  await openTask(other, actor, { goal: 'elsewhere', ...goal });
});
afterAll(() => {
  ledger.close();
  other.close();
  rmSync(root, { recursive: true, force: true });
});

const codeOf = async (work: () => unknown) => {
  try {
    await work();
    return 'nothing';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('names', () => {
  it('lead to entries, and to the entries that open tasks', () => {
    expect(entrySeq(ledger, 'E1')).toBe(1);
    expect(entrySeq(ledger, 'e0')).toBe(0);
    expect(entrySeq(ledger, 'T1')).toBe(tasks[0]);
    expect(taskSeq(ledger, 't2')).toBe(tasks[1]);
    // The plan of T2, and T2 itself.
    expect(taskSeq(ledger, `E${tasks[1] + 1}`)).toBe(tasks[1]);
    expect(taskSeq(ledger, `E${tasks[1]}`)).toBe(tasks[1]);
  });

  it.each([
    ['E99', 'entry.not-found'],
    ['T9', 'task.not-found'],
    ['T0', 'name.unreadable'],
    ['one', 'name.unreadable'],
    ['', 'name.unreadable'],
    ['E0', 'task.not-a-task'],
    ['E1', 'task.not-a-task'],
  ])('%j is no task: %s', async (name, code) => {
    expect(await codeOf(() => taskSeq(ledger, name))).toBe(code);
  });

  it('say where there is none yet', async () => {
    expect(await codeOf(() => taskSeq(other, 'T2'))).toBe('task.not-found');
    expect(await codeOf(() => entrySeq(other, 'E2'))).toBe('entry.not-found');
  });
});

describe('the task at hand', () => {
  const nested = (task: number | null, of = ledger) => ({ ledger: of.id(), task });
  const at = (worktree: string, where: Partial<Parameters<typeof currentTask>[1]> = {}) =>
    currentTask(ledger, { nested: null, worktree, ...where });

  it('is the one chosen in this worktree, until another is', () => {
    expect(at('/work')).toBe(null);
    chooseTask(ledger, '/work', tasks[0]);
    expect(at('/work')).toBe(tasks[0]);
    expect(at('/repo/sub')).toBe(null);
    chooseTask(ledger, '/work', tasks[1]);
    expect(chosenTask(ledger, '/work')).toBe(tasks[1]);
    chooseTask(ledger, '/work', null);
    chooseTask(ledger, '/work', null);
    expect(at('/work')).toBe(null);
  });

  it('is rather that of the recorded command around, then PROOF_TASK, then the one named', () => {
    chooseTask(ledger, '/w', tasks[0]);
    expect(at('/w', { nested: nested(tasks[1]) })).toBe(tasks[1]);
    expect(at('/w', { nested: nested(tasks[1]), variable: 'T1' })).toBe(tasks[0]);
    expect(at('/w', { variable: 'T1', named: 'T2' })).toBe(tasks[1]);
    expect(at('/w', { variable: '' })).toBe(tasks[0]);
  });

  it('is not a number that means another task in another ledger', () => {
    chooseTask(ledger, '/w', tasks[0]);
    expect(at('/w', { nested: nested(tasks[1], other) })).toBe(tasks[0]);
    expect(at('/w', { nested: { ledger: null, task: tasks[1] } })).toBe(tasks[0]);
    expect(at('/w', { nested: nested(0) })).toBe(tasks[0]);
    expect(at('/w', { nested: nested(999_999) })).toBe(tasks[0]);
    expect(at('/w', { nested: nested(null) })).toBe(tasks[0]);
  });

  it('is none where the file of the choice says nothing that is a task here', () => {
    chooseTask(ledger, '/w', tasks[0]);
    const [file] = readdirSync(join(ledger.dir, 'chosen'));
    for (const text of ['', 'x', '1.5', '-1', '0', '99', '1e400', `${tasks[0]} `.repeat(1000)]) {
      writeFileSync(join(ledger.dir, 'chosen', file as string), text);
      expect(at('/w')).toBe(null);
    }
  });

  it('can be chosen in places of any length and spelling', () => {
    for (const place of [
      '/',
      `/${'deep/'.repeat(300)}`,
      '/with space/ünï\ncode',
      '/..',
      '/a%2Fb',
    ]) {
      chooseTask(ledger, place, tasks[1]);
      expect(at(place)).toBe(tasks[1]);
    }
  });
});

describe('what is written about a task', () => {
  it('has its plan numbered, the newest last', async () => {
    const seq = await planTask(ledger, actor, tasks[1], ['again']);
    expect(ledger.entry(seq).entry).toMatchObject({
      kind: 'task.planned',
      task: tasks[1],
      body: { steps: [{ step: 1, text: 'again' }] },
    });
  });

  it('belongs to the task of the entry it is about', async () => {
    const on = await addNote(ledger, actor, { text: 'x', task: tasks[0], on: null });
    const seq = await addNote(ledger, actor, { text: 'y', task: tasks[1], on });
    expect(ledger.entry(seq).entry).toMatchObject({
      task: tasks[0],
      refs: [{ rel: 'on', seq: on }],
    });
  });

  it('is settled once the task is closed, while work may still be recorded', async () => {
    const task = await openTask(ledger, actor, { goal: 'three', steps: [], place: null });
    await closeTask(ledger, actor, task, { outcome: 'done' });
    expect(await codeOf(() => closeTask(ledger, actor, task, { outcome: 'abandoned' }))).toBe(
      'task.closed',
    );
    expect(await codeOf(() => planTask(ledger, actor, task, ['more']))).toBe('task.closed');
    const late = { text: 'late', rejected: [], task, on: null };
    expect(await codeOf(() => addDecision(ledger, actor, late))).toBe('nothing');
  });
});

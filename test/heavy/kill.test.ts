import { afterAll, expect, test } from 'vitest';
import {
  expectNothingLeft,
  killAppends,
  killInit,
  killRun,
  newTimes,
  report,
} from '../faults/kill-rounds.ts';
import { type Workspace, workspace } from '../faults/workspace.ts';

/** 200 kills that count, and some of the first init. */
const ROUNDS = 100;
const made: Workspace[] = [];
afterAll(() => {
  for (const at of made) at.remove();
});

function fresh(options: Parameters<typeof workspace>[0] = {}): Workspace {
  const at = workspace(options);
  made.push(at);
  return at;
}

test('kill -9 during appends: every acknowledged entry is there', async () => {
  const at = fresh();
  const times = newTimes();
  let acks = 0;
  for (let round = 0; round < ROUNDS; round++) acks += await killAppends(at, round, times);
  expect(acks).toBeGreaterThan(ROUNDS);
  await expectNothingLeft(at);
  report('appends', ROUNDS, `${acks} acknowledged, all there`, times);
});

test('kill -9 during proof run: a command that had begun is recorded or a gap', async () => {
  const at = fresh();
  const times = newTimes();
  let gaps = 0;
  for (let round = 0; round < ROUNDS; round++) gaps += Number(await killRun(at, round, times));
  expect(gaps).toBeGreaterThan(0);
  await expectNothingLeft(at);
  report('proof run', ROUNDS, `${gaps} gaps`, times);
});

test('kill -9 during proof init: the next one completes it', async () => {
  const times = newTimes();
  for (let round = 0; round < 30; round++) await killInit(fresh({ init: false }), times);
  report('proof init', 30, 'all usable', times);
});

import { afterAll, expect, test } from 'vitest';
import {
  expectNothingLeft,
  killAppends,
  killInit,
  killRun,
  newTimes,
  report,
} from './kill-rounds.ts';
import { type Workspace, workspace } from './workspace.ts';

/** The same kills, a few of them in `npm test` and many in `npm run test:heavy`. */
export function killMarathon(length: {
  /** Of appends, and of runs. */
  rounds: number;
  inits: number;
  /** So few acknowledged appends, or gaps, would show that nothing was hit. */
  moreAcksThan: number;
  moreGapsThan: number;
}): void {
  const { rounds, inits } = length;
  const made: Workspace[] = [];
  afterAll(() => {
    for (const at of made) at.remove();
  });
  const fresh = (options: Parameters<typeof workspace>[0] = {}): Workspace => {
    const at = workspace(options);
    made.push(at);
    return at;
  };

  test('kill -9 during appends: every acknowledged entry is there', async () => {
    const at = fresh();
    const times = newTimes();
    let acks = 0;
    for (let round = 0; round < rounds; round++) acks += await killAppends(at, round, times);
    expect(acks).toBeGreaterThan(length.moreAcksThan);
    await expectNothingLeft(at);
    report('appends', rounds, `${acks} acknowledged, all there`, times);
  });

  test('kill -9 during proof run: a command that had begun is recorded or a gap', async () => {
    const at = fresh();
    const times = newTimes();
    let gaps = 0;
    for (let round = 0; round < rounds; round++) gaps += Number(await killRun(at, round, times));
    expect(gaps).toBeGreaterThan(length.moreGapsThan);
    await expectNothingLeft(at);
    report('proof run', rounds, `${gaps} gaps`, times);
  });

  test('kill -9 during proof init: the next one completes it', async () => {
    const times = newTimes();
    for (let round = 0; round < inits; round++) await killInit(fresh({ init: false }), times);
    report('proof init', inits, 'all usable', times);
  });
}

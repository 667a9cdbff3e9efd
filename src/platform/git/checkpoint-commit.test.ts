import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Anchoring, commitLocally, moveOnto } from './checkpoint-commit.ts';
import { readCheckpointLines } from './checkpoint-order.ts';
import { checkpointText, GitFixture, LEDGER, OTHER_LEDGER } from './git-fixture.ts';
import { readSettings } from './git-settings.ts';
import type { Repository } from './repository.ts';

const REF = 'refs/heads/proof-checkpoints';
const TRACKING = 'refs/remotes/origin/proof-checkpoints';
const THIRD = 'a'.repeat(32);

let at: GitFixture;
let repository: Repository;
beforeEach(() => {
  at = new GitFixture();
  repository = at.repository('plain');
});
afterEach(() => {
  at.dispose();
});

async function anchoring(ledgerId: string, size: number): Promise<Anchoring> {
  const { writing } = await readSettings(repository);
  const checkpoint = readCheckpointLines(checkpointText(ledgerId, size));
  if (checkpoint === null) throw new Error('not a checkpoint');
  return { repository, ledgerId, checkpoint, writing };
}

async function commit(ledgerId: string, size: number) {
  return commitLocally(await anchoring(ledgerId, size));
}

/** The remote's branch: built in place, then moved to the tracking ref. */
async function remoteWith(...anchors: [ledgerId: string, size: number][]) {
  for (const [ledgerId, size] of anchors) await commit(ledgerId, size);
  const tip = at.git('plain', 'rev-parse', REF);
  at.git('plain', 'update-ref', TRACKING, tip);
  at.git('plain', 'update-ref', '-d', REF);
  return { ref: TRACKING, commit: tip };
}

const sizeOf = (ledgerId: string) =>
  Number(at.git('plain', 'cat-file', 'blob', `${REF}:${ledgerId}/checkpoint`).split('\n')[1]);
const contains = (ancestor: string) =>
  at.git('plain', 'merge-base', '--is-ancestor', ancestor, REF) === '';

describe('moveOnto, while another process moves the same branch', () => {
  it('keeps what that process built on our commit', async () => {
    const remote = await remoteWith([OTHER_LEDGER, 3]);
    const ours = await anchoring(LEDGER, 5);
    const standing = await commitLocally(ours);
    const theirs = await commit(THIRD, 9);
    const moved = await moveOnto(ours, remote, standing);
    expect(moved).toEqual({
      earlier: theirs.tip,
      tip: at.git('plain', 'rev-parse', REF),
      changed: true,
    });
    expect([sizeOf(LEDGER), sizeOf(OTHER_LEDGER), sizeOf(THIRD)]).toEqual([5, 3, 9]);
    expect(contains(remote.commit) && contains(theirs.tip)).toBe(true);
  });

  it('adds nothing where that process has moved it onto the remote already', async () => {
    const remote = await remoteWith([OTHER_LEDGER, 3]);
    const ours = await anchoring(LEDGER, 5);
    const standing = await commitLocally(ours);
    const theirs = await moveOnto(await anchoring(THIRD, 9), remote, await commit(THIRD, 9));
    const moved = await moveOnto(ours, remote, standing);
    expect(moved).toMatchObject({ tip: theirs.tip, changed: true });
    expect([sizeOf(LEDGER), sizeOf(OTHER_LEDGER), sizeOf(THIRD)]).toEqual([5, 3, 9]);
  });

  it('makes the branch anew where that process deleted it', async () => {
    const remote = await remoteWith([OTHER_LEDGER, 3]);
    const ours = await anchoring(LEDGER, 5);
    const standing = await commitLocally(ours);
    at.git('plain', 'update-ref', '-d', REF);
    await moveOnto(ours, remote, standing);
    expect([sizeOf(LEDGER), sizeOf(OTHER_LEDGER)]).toEqual([5, 3]);
  });

  it('refuses to replace a later checkpoint of that process', async () => {
    const remote = await remoteWith([OTHER_LEDGER, 3]);
    const ours = await anchoring(LEDGER, 5);
    const standing = await commitLocally(ours);
    await commit(LEDGER, 8);
    await expect(moveOnto(ours, remote, standing)).rejects.toMatchObject({
      code: 'anchor.local-ahead',
    });
    expect(sizeOf(LEDGER)).toBe(8);
  });
});

it('moveOnto is done where somebody pushed our commit, and a later one after it', async () => {
  const ours = await anchoring(LEDGER, 5);
  const standing = await commitLocally(ours);
  const later = await commit(LEDGER, 8);
  at.git('plain', 'update-ref', REF, standing.tip);
  const moved = await moveOnto(ours, { ref: TRACKING, commit: later.tip }, standing);
  expect(moved).toEqual(standing);
  expect(sizeOf(LEDGER)).toBe(8);
});

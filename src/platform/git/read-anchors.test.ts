import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { anchorCheckpoint, anchorHistory, readAnchors } from './anchor.ts';
import { checkpointText, GitFixture, LEDGER, OTHER_LEDGER } from './git-fixture.ts';
import type { Repository } from './repository.ts';

const REF = 'refs/heads/proof-checkpoints';
const TRACKING = 'refs/remotes/origin/proof-checkpoints';

let at: GitFixture;
beforeEach(() => {
  at = new GitFixture();
});
afterEach(() => {
  at.dispose();
});

function anchor(repository: Repository, size: number, ledgerId = LEDGER, remote?: false) {
  const checkpoint = checkpointText(ledgerId, size);
  const where = remote === undefined ? {} : { remote };
  return anchorCheckpoint(repository, { ledgerId, checkpoint, size, ...where });
}

const sizes = (history: { checkpoints: { checkpoint: string }[] }) =>
  history.checkpoints.map(({ checkpoint }) => Number(checkpoint.split('\n')[1]));

describe('readAnchors', () => {
  it('knows of none where nothing was anchored', async () => {
    const repository = at.repository('plain');
    expect(await readAnchors(repository, LEDGER)).toEqual([]);
    expect(await readAnchors(repository, '../x')).toEqual([]);
    await anchor(repository, 5, OTHER_LEDGER);
    expect(await readAnchors(repository, LEDGER)).toEqual([]);
  });

  it('gives the newest of the local branch and of every remote’s', async () => {
    at.remote('remote.git');
    const repository = at.clone('remote.git', 'ours');
    const pushed = await anchor(repository, 5);
    const local = await anchor(repository, 6, LEDGER, false);
    at.git('ours', 'update-ref', 'refs/remotes/old/team/proof-checkpoints', local.commit);
    expect(await readAnchors(repository, LEDGER)).toEqual([
      { ref: REF, remote: null, commit: local.commit, checkpoint: checkpointText(LEDGER, 6) },
      {
        ref: TRACKING,
        remote: 'origin',
        commit: pushed.commit,
        checkpoint: checkpointText(LEDGER, 5),
      },
    ]);
  });

  it.each([
    ['too large', 'x'.repeat(70_000)],
    ['not UTF-8', Buffer.from([0xff, 0xfe]).toString('latin1')],
  ])('alarms where the file is %s', async (_, text) => {
    const repository = at.repository('plain');
    junk('plain', () => at.file(`plain/${LEDGER}/checkpoint`, text));
    if (text.startsWith('\xff')) {
      // JavaScript wrote it as UTF-8: write the bytes.
      junk('plain', () =>
        at.git('plain', '-c', `alias.x=!printf '\\377\\376' > ${LEDGER}/checkpoint`, 'x'),
      );
    }
    await expect(readAnchors(repository, LEDGER)).rejects.toMatchObject({
      code: 'anchor.unreadable',
    });
  });

  it('alarms where the file is a link, and follows none', async () => {
    const repository = at.repository('plain');
    junk('plain', () => {
      mkdirSync(at.path(`plain/${LEDGER}`));
      at.git('plain', '-c', `alias.x=!ln -s /etc/hostname ${LEDGER}/checkpoint`, 'x');
    });
    await expect(readAnchors(repository, LEDGER)).rejects.toMatchObject({
      code: 'anchor.unreadable',
    });
  });

  it('alarms where the object is gone', async () => {
    const repository = at.repository('plain');
    await anchor(repository, 5);
    const blob = at.git('plain', 'rev-parse', `${REF}:${LEDGER}/checkpoint`);
    rmSync(at.path(`plain/.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`));
    await expect(readAnchors(repository, LEDGER)).rejects.toMatchObject({
      code: 'anchor.unreadable',
    });
  });

  it('writes nothing', async () => {
    const repository = at.repository('plain');
    await anchor(repository, 5);
    const before = readdirSync(repository.gitDir, { recursive: true });
    await readAnchors(repository, LEDGER);
    await anchorHistory(repository, LEDGER, REF);
    expect(readdirSync(repository.gitDir, { recursive: true })).toEqual(before);
  });
});

describe('anchorHistory', () => {
  it('gives every version once, newest first', async () => {
    const repository = at.repository('plain');
    const commits: string[] = [];
    for (const size of [1, 2, 3]) {
      commits.unshift((await anchor(repository, size)).commit);
      await anchor(repository, size, OTHER_LEDGER);
    }
    const history = await anchorHistory(repository, LEDGER, REF);
    expect(history.gaps).toEqual([]);
    expect(sizes(history)).toEqual([3, 2, 1]);
    expect(history.checkpoints.map(({ commit }) => commit)).toEqual(commits);
    expect(history.checkpoints[0]?.checkpoint).toBe(checkpointText(LEDGER, 3));
  });

  it('is empty for what does not exist', async () => {
    const repository = at.repository('plain');
    const empty = { checkpoints: [], gaps: [] };
    expect(await anchorHistory(repository, LEDGER, REF)).toEqual(empty);
    await anchor(repository, 1, OTHER_LEDGER);
    expect(await anchorHistory(repository, LEDGER, REF)).toEqual(empty);
    expect(await anchorHistory(repository, LEDGER, 'refs/heads/main')).toEqual(empty);
    expect(await anchorHistory(repository, LEDGER, '--all')).toEqual(empty);
  });

  it('includes both sides of a merge', async () => {
    at.remote('remote.git');
    const ours = at.clone('remote.git', 'ours');
    const copy = at.clone('remote.git', 'copy');
    await anchor(ours, 5, LEDGER, false);
    await anchor(ours, 7, LEDGER, false);
    await anchor(copy, 6);
    await anchor(ours, 9);
    expect(at.git('ours', 'rev-list', '--merges', '--count', REF)).toBe('1');
    for (const ref of [REF, TRACKING]) {
      const history = await anchorHistory(ours, LEDGER, ref);
      expect(sizes(history)[0]).toBe(9);
      expect(sizes(history).toSorted((a, b) => a - b)).toEqual([5, 6, 7, 9]);
      expect(history.gaps).toEqual([]);
    }
  });

  it('includes a side of a merge that changed nothing', async () => {
    at.remote('remote.git');
    const ours = at.clone('remote.git', 'ours');
    const copy = at.clone('remote.git', 'copy');
    await anchor(ours, 5, LEDGER, false);
    await anchor(ours, 7, LEDGER, false);
    await anchor(copy, 7);
    await anchor(ours, 7);
    expect(at.git('ours', 'rev-list', '--merges', '--count', REF)).toBe('1');
    expect(sizes(await anchorHistory(ours, LEDGER, TRACKING))).toEqual([7, 5]);
  });

  it('goes by the order of commits, not by the dates they claim', async () => {
    const repository = at.repository('plain');
    await anchor(repository, 1);
    at.git('plain', 'branch', 'side', 'proof-checkpoints');
    const dated = (branch: string, size: number, year: number): void => {
      vi.stubEnv('GIT_COMMITTER_DATE', `${year}-01-01T00:00:00Z`);
      at.git('plain', 'switch', '--quiet', branch);
      at.file(`plain/${LEDGER}/checkpoint`, checkpointText(LEDGER, size));
      at.git('plain', 'commit', '--quiet', '-a', '-m', 'by hand');
    };
    dated('side', 2, 1999);
    dated('side', 3, 1998);
    dated('proof-checkpoints', 4, 2050);
    dated('proof-checkpoints', 5, 2001);
    at.git('plain', 'merge', '--quiet', '-s', 'ours', '--no-edit', 'side');
    const found = sizes(await anchorHistory(repository, LEDGER, REF));
    expect(found.indexOf(3)).toBeLessThan(found.indexOf(2));
    expect(found.indexOf(5)).toBeLessThan(found.indexOf(4));
    expect(found.at(-1)).toBe(1);
  });

  it('includes versions that were removed or set back since', async () => {
    const repository = at.repository('plain');
    await anchor(repository, 5);
    at.git('plain', 'switch', '--quiet', 'proof-checkpoints');
    at.git('plain', 'rm', '--quiet', '-r', LEDGER);
    at.commit('plain', 'gone');
    at.file(`plain/${LEDGER}/checkpoint`, checkpointText(LEDGER, 2));
    at.git('plain', 'add', '.');
    at.commit('plain', 'set back');
    expect(sizes(await anchorHistory(repository, LEDGER, REF))).toEqual([2, 5]);
  });

  it('says what is missing: junk, lost objects, a shallow clone', async () => {
    const repository = at.repository('plain');
    await anchor(repository, 1);
    await anchor(repository, 2);
    const lost = at.git('plain', 'rev-parse', `${REF}:${LEDGER}/checkpoint`);
    at.git('plain', 'switch', '--quiet', 'proof-checkpoints');
    for (const text of ['x'.repeat(70_000), checkpointText(LEDGER, 3)]) {
      at.file(`plain/${LEDGER}/checkpoint`, text);
      at.git('plain', 'commit', '--quiet', '-a', '-m', 'by hand');
    }
    rmSync(at.path(`plain/.git/objects/${lost.slice(0, 2)}/${lost.slice(2)}`));
    const history = await anchorHistory(repository, LEDGER, REF);
    expect(sizes(history)).toEqual([3, 1]);
    expect(history.gaps).toEqual([
      expect.stringContaining('too large'),
      expect.stringContaining(`${lost} are missing`),
    ]);

    const whole = at.repository('whole');
    for (const size of [1, 2, 3]) await anchor(whole, size);
    const url = `file://${at.path('whole')}`;
    const shallow = at.clone(url, 'shallow', '--depth=1', '--no-single-branch');
    const cut = await anchorHistory(shallow, LEDGER, TRACKING);
    expect(sizes(cut)).toEqual([3]);
    expect(cut.gaps).toEqual([expect.stringContaining('shallow')]);
  });

  it('is not fooled by replaced or grafted commits', async () => {
    const repository = at.repository('plain');
    for (const size of [1, 2, 3]) await anchor(repository, size);
    at.git('plain', 'replace', '--graft', REF);
    expect(at.git('plain', 'rev-list', '--count', REF)).toBe('1');
    expect(sizes(await anchorHistory(repository, LEDGER, REF))).toEqual([3, 2, 1]);
    at.git('plain', 'replace', '-d', at.git('plain', 'rev-parse', REF));
    at.file('plain/.git/info/grafts', `${at.git('plain', 'rev-parse', REF)}\n`);
    expect(sizes(await anchorHistory(repository, LEDGER, REF))).toEqual([3, 2, 1]);
  });
});

/** Commits whatever `plant` puts into the worktree onto the checkpoint branch. */
function junk(directory: string, plant: () => void): void {
  plant();
  at.git(directory, 'add', '--all');
  at.commit(directory, 'junk');
  at.git(directory, 'update-ref', REF, 'HEAD');
}

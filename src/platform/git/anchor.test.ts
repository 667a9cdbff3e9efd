import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProofError } from '../../core/errors.ts';
import { type AnchorErrorCode, anchorCheckpoint, readAnchors } from './anchor.ts';
import { checkpointText, GitFixture, isRunning, LEDGER, OTHER_LEDGER } from './git-fixture.ts';
import type { Repository } from './repository.ts';

const REF = 'refs/heads/proof-checkpoints';

let at: GitFixture;
beforeEach(() => {
  at = new GitFixture();
});
afterEach(() => {
  at.dispose();
});

function anchor(
  repository: Repository,
  size: number,
  { ledgerId = LEDGER, history = 'honest', ...rest }: AnchorOptions = {},
) {
  const checkpoint = checkpointText(ledgerId, size, history);
  return anchorCheckpoint(repository, { ledgerId, checkpoint, size, ...rest });
}

interface AnchorOptions {
  ledgerId?: string;
  history?: string;
  remote?: string | false;
  timeoutMs?: number;
}

async function failure(promise: Promise<unknown>): Promise<ProofError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProofError)) throw new Error(`not a ProofError: ${error}`);
  expect(error.why).not.toBe('');
  expect(error.remedy).not.toBe('');
  return error;
}

async function expectCode(promise: Promise<unknown>, code: AnchorErrorCode): Promise<ProofError> {
  const error = await failure(promise);
  expect(error.code).toBe(code);
  return error;
}

/** `<ledger id> size` of every ledger on the branch. */
function anchored(directory: string, ref = REF): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const name of at
    .git(directory, 'ls-tree', '-r', '--name-only', '--full-tree', ref)
    .split('\n')) {
    const text = at.git(directory, 'cat-file', 'blob', `${ref}:${name}`);
    sizes[name.replace(/\/checkpoint$/, '')] = Number(text.split('\n')[1]);
  }
  return sizes;
}

describe('on the local branch', () => {
  it('commits the checkpoint byte for byte, in a folder named after the ledger', async () => {
    const repository = at.repository('plain');
    const result = await anchor(repository, 5);
    expect(result).toEqual({
      commit: at.git('plain', 'rev-parse', REF),
      ref: REF,
      changed: true,
      pushed: null,
    });
    const tree = at.git('plain', 'ls-tree', '-r', REF);
    expect(tree).toMatch(new RegExp(`^100644 blob [0-9a-f]{40}\t${LEDGER}/checkpoint$`));
    const blob = at.git('plain', 'cat-file', 'blob', `${REF}:${LEDGER}/checkpoint`);
    expect(`${blob}\n`).toBe(checkpointText(LEDGER, 5));
    expect(at.git('plain', 'log', '--format=%s|%P', REF)).toBe(
      `Checkpoint of ${LEDGER} at size 5|`,
    );
    at.git('plain', 'fsck', '--strict');
  });

  it('keeps earlier versions as history, and other ledgers’ folders', async () => {
    const repository = at.repository('plain');
    await anchor(repository, 5);
    await anchor(repository, 3, { ledgerId: OTHER_LEDGER });
    await anchor(repository, 8);
    expect(anchored('plain')).toEqual({ [LEDGER]: 8, [OTHER_LEDGER]: 3 });
    expect(at.git('plain', 'log', '--format=%s', REF).split('\n')).toEqual([
      `Checkpoint of ${LEDGER} at size 8`,
      `Checkpoint of ${OTHER_LEDGER} at size 3`,
      `Checkpoint of ${LEDGER} at size 5`,
    ]);
  });

  it('keeps whatever else is in the tree, byte for byte', async () => {
    const repository = at.repository('plain');
    await anchor(repository, 5);
    const blob = at.git('plain', 'rev-parse', `${REF}:${LEDGER}/checkpoint`);
    const odd = Buffer.concat([
      Buffer.from(`100755 blob ${blob}\tname \xff\n"quoted"\0`, 'latin1'),
      Buffer.from(`120000 blob ${blob}\tlink\0`),
      Buffer.from(`160000 commit ${'1'.repeat(40)}\tsub\0`),
    ]);
    writeFileSync(at.path('odd'), odd);
    const sub = at.git('plain', 'mktree', '--missing', '-z', '--batch').split('\n')[0];
    expect(sub).toBe('');
    const script = `git mktree --missing -z < '${at.path('odd')}'`;
    const folder = shell('plain', script);
    const list = `100644 blob ${blob}\tREADME\n040000 tree ${folder}\t${LEDGER}\n040000 tree ${folder}\todd\n`;
    writeFileSync(at.path('list'), list);
    const root = shell('plain', `git mktree < '${at.path('list')}'`);
    at.git('plain', 'update-ref', REF, at.git('plain', 'commit-tree', '-m', 'odd', root));
    await anchor(repository, 6);
    expect(at.git('plain', 'rev-parse', `${REF}:odd`)).toBe(folder);
    expect(at.git('plain', 'rev-parse', `${REF}:README`)).toBe(blob);
    const inside = at.git('plain', 'ls-tree', '-z', `${REF}:${LEDGER}`).split('\0').sort();
    const before = at.git('plain', 'ls-tree', '-z', folder).split('\0');
    expect(inside).toEqual(expect.arrayContaining(before));
    expect(inside).toHaveLength(before.length + 1);
  });

  it('keeps other ledgers’ files even where their contents are not here (a partial clone)', async () => {
    const repository = at.repository('plain');
    await anchor(repository, 3, { ledgerId: OTHER_LEDGER });
    const folder = at.git('plain', 'rev-parse', `${REF}:${OTHER_LEDGER}`);
    rmSync(at.path(`plain/.git/objects/${folder.slice(0, 2)}/${folder.slice(2)}`));
    expect((await anchor(repository, 5)).changed).toBe(true);
    expect(at.git('plain', 'rev-parse', `${REF}:${OTHER_LEDGER}`)).toBe(folder);
  });

  it('commits nothing where the same checkpoint is there already', async () => {
    const repository = at.repository('plain');
    const first = await anchor(repository, 5);
    expect(await anchor(repository, 5)).toEqual({ ...first, changed: false });
  });

  it('takes a newly signed text for the same root', async () => {
    const repository = at.repository('plain');
    await anchor(repository, 5);
    const checkpoint = `${checkpointText(LEDGER, 5)}\u2014 witness c2lnbmF0dXJl\n`;
    const again = await anchorCheckpoint(repository, { ledgerId: LEDGER, checkpoint, size: 5 });
    expect(again.changed).toBe(true);
    expect((await readAnchors(repository, LEDGER))[0]?.checkpoint).toBe(checkpoint);
  });

  it('works before the first commit, in a linked worktree, detached and with SHA-256', async () => {
    at.git('.', 'init', '--quiet', '--initial-branch=main', 'unborn');
    expect((await anchor(at.found('unborn'), 5)).changed).toBe(true);
    expect(existsSync(at.path('unborn/.git/refs/heads/main'))).toBe(false);
    at.repository('main');
    at.git('main', 'worktree', 'add', '--quiet', '--detach', '../linked');
    await anchor(at.found('linked'), 5);
    expect(anchored('main')).toEqual({ [LEDGER]: 5 });
    const long = await anchor(at.repository('long', '--object-format=sha256'), 5);
    expect(long.commit).toHaveLength(64);
    expect((await anchor(at.found('long'), 6)).changed).toBe(true);
    expect(anchored('long')).toEqual({ [LEDGER]: 6 });
  });

  it('loses nothing when many processes anchor at once', async () => {
    const repository = at.repository('plain');
    const ledgers = Array.from({ length: 6 }, (_, i) => String(i).repeat(32));
    const results = await Promise.all(
      ledgers.map((ledgerId, i) => anchor(repository, i + 1, { ledgerId })),
    );
    expect(results.every((result) => result.changed)).toBe(true);
    expect(anchored('plain')).toEqual(Object.fromEntries(ledgers.map((id, i) => [id, i + 1])));
    expect(at.git('plain', 'rev-list', '--count', REF)).toBe('6');
  });

  it('is made by the user git knows, else by prooflayer', async () => {
    const known = at.repository('known');
    at.git('known', 'config', 'user.name', 'Ada Müller');
    at.git('known', 'config', 'user.email', 'ada@example.org');
    at.git('known', 'config', 'i18n.commitEncoding', 'ISO-8859-1');
    await anchor(known, 5);
    const format = '--format=%an <%ae>, %cn <%ce>';
    expect(at.git('known', 'log', '--encoding=UTF-8', format, REF)).toBe(
      'Ada Müller <ada@example.org>, Ada Müller <ada@example.org>',
    );
    vi.stubEnv('HOME', at.path('nowhere'));
    const unknown = at.repository('unknown');
    at.git('unknown', 'config', 'user.useConfigOnly', 'true');
    await anchor(unknown, 5);
    expect(at.git('unknown', 'log', format, REF)).toBe(
      'prooflayer <prooflayer@localhost>, prooflayer <prooflayer@localhost>',
    );
  });

  function shell(directory: string, script: string): string {
    return at.git(directory, '-c', `alias.x=!cd '${at.path(directory)}' && ${script}`, 'x');
  }
});

describe('leaves alone', () => {
  /** Everything in the git directory but what an anchor is made of. */
  function snapshot(repository: Repository): Record<string, string> {
    const seen: Record<string, string> = {};
    const anchorsOwn = /^(?:objects\/|(?:logs\/)?refs\/(?:heads|remotes\/\w+)\/proof-checkpoints$)/;
    for (const top of [repository.gitDir, repository.worktree]) {
      for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        const relative = path.slice(top.length + 1);
        if (!entry.isFile() || anchorsOwn.test(relative.replace(/^\.git\//, ''))) continue;
        const { mtimeNs } = statSync(path, { bigint: true });
        seen[path] = `${mtimeNs} ${readFileSync(path, 'latin1')}`;
      }
    }
    return seen;
  }

  it('worktree, index, HEAD, stash, configuration, FETCH_HEAD and hooks', async () => {
    at.remote('remote.git');
    const other = at.repository('other');
    at.git('other', 'remote', 'add', 'origin', at.path('remote.git'));
    await anchor(other, 9, { ledgerId: OTHER_LEDGER });

    const repository = at.repository('plain');
    at.git('plain', 'remote', 'add', 'origin', at.path('remote.git'));
    at.git('plain', 'push', '--quiet', '--set-upstream', 'origin', 'main');
    at.file('plain/kept', 'one');
    at.git('plain', 'add', 'kept');
    at.git('plain', 'stash', '--quiet');
    at.file('plain/staged', 'two');
    at.git('plain', 'add', 'staged');
    at.file('plain/staged', 'changed since');
    at.file('plain/untracked', 'three');
    const hooks = at.plantHooks(repository.gitDir);
    at.git('plain', 'config', 'core.hooksPath', join(repository.gitDir, 'hooks'));
    at.git(
      'plain',
      'config',
      'core.fsmonitor',
      join(repository.gitDir, 'hooks/fsmonitor-watchman'),
    );
    at.git('plain', 'config', 'commit.gpgSign', 'true');
    at.git('plain', 'config', 'push.gpgSign', 'true');
    at.git('plain', 'config', 'push.followTags', 'true');
    at.git('plain', 'config', 'fetch.prune', 'true');
    at.git('plain', 'config', 'gpg.program', join(repository.gitDir, 'hooks/pre-commit'));
    expect(hooks.ran()).toEqual([]);

    const before = snapshot(repository);
    const result = await anchor(repository, 5);
    await readAnchors(repository, LEDGER);
    // Rejected once, fetched, moved on top, pushed.
    expect(result.pushed).toEqual({ remote: 'origin', ok: true });
    expect(anchored('remote.git')).toEqual({ [LEDGER]: 5, [OTHER_LEDGER]: 9 });
    expect(snapshot(repository)).toEqual(before);
    expect(hooks.ran()).toEqual([]);
    expect(at.git('plain', 'cat-file', 'commit', REF)).not.toContain('gpgsig');

    // The same plants do bite a git that is not held back.
    at.git('plain', 'update-ref', 'refs/heads/x', 'HEAD');
    expect(hooks.ran()).toContain('reference-transaction');
  });

  it('a branch that is checked out', async () => {
    const repository = at.repository('plain');
    await anchor(repository, 5, { remote: false });
    at.git('plain', 'worktree', 'add', '--quiet', '../looking', 'proof-checkpoints');
    const error = await expectCode(anchor(repository, 6), 'anchor.branch-checked-out');
    expect(error.message).toContain(at.path('looking'));
    expect(at.git('looking', 'status', '--porcelain')).toBe('');
    runRemedy(error);
    expect((await anchor(repository, 6)).changed).toBe(true);

    at.repository('unborn');
    at.git('unborn', 'switch', '--quiet', '--orphan', 'proof-checkpoints');
    runRemedy(await expectCode(anchor(at.found('unborn'), 6), 'anchor.branch-checked-out'));
    expect((await anchor(at.found('unborn'), 6)).changed).toBe(true);
  });
});

/** Runs the git command a remedy names, as the user would paste it. */
function runRemedy(error: ProofError): void {
  const command = /\bgit -C .*?(?=, then| \(|;|$)/.exec(error.remedy)?.[0] as string;
  at.git('.', '-c', `alias.x=!cd / && ${command}`, 'x');
}

describe('to a remote', () => {
  let ours: Repository;
  beforeEach(() => {
    at.remote('remote.git');
    ours = at.clone('remote.git', 'ours');
    at.commit('ours', 'first');
  });

  it('pushes that branch only', async () => {
    const { pushed, commit } = await anchor(ours, 5);
    expect(pushed).toEqual({ remote: 'origin', ok: true });
    expect(at.git('remote.git', 'for-each-ref', '--format=%(refname) %(objectname)')).toBe(
      `${REF} ${commit}`,
    );
    expect(at.git('ours', 'rev-parse', 'refs/remotes/origin/proof-checkpoints')).toBe(commit);
  });

  it('is idempotent, and pushes what was not pushed before', async () => {
    const first = await anchor(ours, 5, { remote: false });
    expect(first.pushed).toBeNull();
    expect(await anchor(ours, 5)).toEqual({
      ...first,
      changed: false,
      pushed: { remote: 'origin', ok: true },
    });
    expect(await anchor(ours, 5)).toMatchObject({ changed: false, pushed: { ok: true } });
    expect(anchored('remote.git')).toEqual({ [LEDGER]: 5 });
  });

  it('moves onto a branch that went on without us, in one line of history', async () => {
    const theirs = at.clone('remote.git', 'theirs');
    await anchor(ours, 5);
    await anchor(theirs, 3, { ledgerId: OTHER_LEDGER });
    expect((await anchor(ours, 8)).pushed).toMatchObject({ ok: true });
    expect((await anchor(theirs, 4, { ledgerId: OTHER_LEDGER })).pushed).toMatchObject({
      ok: true,
    });
    expect(anchored('remote.git')).toEqual({ [LEDGER]: 8, [OTHER_LEDGER]: 4 });
    expect(at.git('remote.git', 'rev-list', '--merges', '--count', REF)).toBe('0');
    expect(at.git('remote.git', 'rev-list', '--count', REF)).toBe('4');
    expect(at.git('theirs', 'rev-parse', REF)).toBe(at.git('remote.git', 'rev-parse', REF));
    at.git('remote.git', 'fsck', '--strict');
  });

  it('keeps anchors that were never pushed, by a merge', async () => {
    const theirs = at.clone('remote.git', 'theirs');
    await anchor(ours, 5, { remote: false });
    await anchor(ours, 2, { ledgerId: 'a'.repeat(32), remote: false });
    await anchor(ours, 6, { remote: false });
    await anchor(theirs, 3, { ledgerId: OTHER_LEDGER });
    const result = await anchor(ours, 8);
    expect(result).toMatchObject({ changed: true, pushed: { ok: true } });
    expect(anchored('remote.git')).toEqual({
      [LEDGER]: 8,
      [OTHER_LEDGER]: 3,
      ['a'.repeat(32)]: 2,
    });
    const subjects = at.git('remote.git', 'log', '--format=%s', REF);
    for (const size of [5, 6, 8])
      expect(subjects).toContain(`Checkpoint of ${LEDGER} at size ${size}`);
  });

  it('of two versions of another ledger keeps the larger', async () => {
    const theirs = at.clone('remote.git', 'theirs');
    for (const [mine, yours] of [
      [3, 4],
      [9, 7],
    ] as const) {
      await anchor(ours, mine, { ledgerId: OTHER_LEDGER, remote: false });
      await anchor(theirs, yours, { ledgerId: OTHER_LEDGER });
      await anchor(ours, 10 + mine);
      expect(anchored('remote.git')[OTHER_LEDGER]).toBe(Math.max(mine, yours));
    }
  });

  it('takes several clones at the same time', async () => {
    const ledgers = ['1', '2', '3'].map((digit) => digit.repeat(32));
    const clones = ledgers.map((id) => at.clone('remote.git', `clone-${id[0]}`));
    for (const size of [1, 2, 3]) {
      const results = await Promise.all(
        clones.map((clone, i) => anchor(clone, size, { ledgerId: ledgers[i] as string })),
      );
      expect(results.map((result) => result.pushed)).toEqual(
        clones.map(() => ({ remote: 'origin', ok: true })),
      );
      expect(anchored('remote.git')).toEqual(Object.fromEntries(ledgers.map((id) => [id, size])));
    }
  });

  it('takes two worktrees of one clone at the same time', async () => {
    at.git('ours', 'worktree', 'add', '--quiet', '--detach', '../linked');
    const theirs = at.clone('remote.git', 'theirs');
    await anchor(theirs, 3, { ledgerId: 'a'.repeat(32) });
    const results = await Promise.all([
      anchor(ours, 5),
      anchor(at.found('linked'), 7, { ledgerId: OTHER_LEDGER }),
    ]);
    for (const { pushed, commit } of results) {
      expect(pushed).toEqual({ remote: 'origin', ok: true });
      at.git('remote.git', 'merge-base', '--is-ancestor', commit, REF);
    }
    expect(anchored('remote.git')).toEqual({
      [LEDGER]: 5,
      [OTHER_LEDGER]: 7,
      ['a'.repeat(32)]: 3,
    });
  });

  it('restores a branch that was deleted or set back at the remote', async () => {
    await anchor(ours, 5);
    const first = at.git('remote.git', 'rev-parse', REF);
    await anchor(ours, 6);
    at.git('remote.git', 'update-ref', REF, first);
    expect((await anchor(ours, 6)).pushed).toMatchObject({ ok: true });
    expect(anchored('remote.git')).toEqual({ [LEDGER]: 6 });
    at.git('remote.git', 'update-ref', '-d', REF);
    expect((await anchor(ours, 7)).pushed).toMatchObject({ ok: true });
    expect(anchored('remote.git')).toEqual({ [LEDGER]: 7 });
  });

  it('joins a branch that was overwritten with unrelated history', async () => {
    await anchor(ours, 4);
    at.clone('remote.git', 'theirs');
    const unrelated = at.commit('theirs', 'unrelated');
    at.git('theirs', 'push', '--quiet', '--force', 'origin', `HEAD:${REF}`);
    expect((await anchor(ours, 5)).pushed).toMatchObject({ ok: true });
    at.git('remote.git', 'merge-base', '--is-ancestor', unrelated, REF);
    const subjects = at.git('remote.git', 'log', '--format=%s', REF);
    for (const size of [4, 5]) expect(subjects).toContain(`at size ${size}`);
  });

  it('refuses where the remote is ahead of us', async () => {
    const copy = at.clone('remote.git', 'copy');
    await anchor(copy, 9);
    const at9 = at.git('remote.git', 'rev-parse', REF);
    const error = await expectCode(anchor(ours, 5), 'anchor.remote-ahead');
    expect(error.message).toMatch(/size 9\b.*\b5$/);
    expect(at.git('remote.git', 'rev-parse', REF)).toBe(at9);
    // The ledger's newer copy is back: all is well again, and the earlier root stays in history.
    expect((await anchor(ours, 12)).pushed).toMatchObject({ ok: true });
    expect(anchored('remote.git')).toEqual({ [LEDGER]: 12 });
    const subjects = at.git('remote.git', 'log', '--format=%s', REF);
    for (const size of [5, 9, 12]) expect(subjects).toContain(`at size ${size}`);
  });

  it('refuses where the remote holds another root for the same size', async () => {
    await anchor(at.clone('remote.git', 'copy'), 5, { history: 'rewritten' });
    await expectCode(anchor(ours, 5), 'anchor.forked');
    await expectCode(anchor(ours, 5), 'anchor.forked');
  });

  it('has nothing to do where the remote has the same checkpoint', async () => {
    const theirs = await anchor(at.clone('remote.git', 'copy'), 5);
    const result = await anchor(ours, 5);
    expect(result.pushed).toEqual({ remote: 'origin', ok: true });
    expect(at.git('remote.git', 'rev-parse', REF)).toBe(theirs.commit);
    expect(result.commit).toBe(theirs.commit);
  });

  it('refuses what is no checkpoint at the remote', async () => {
    at.clone('remote.git', 'theirs');
    at.git('theirs', 'switch', '--quiet', '--orphan', 'proof-checkpoints');
    at.file(`theirs/${LEDGER}/checkpoint`, 'x'.repeat(100_000));
    at.git('theirs', 'add', '.');
    at.git('theirs', 'commit', '--quiet', '-m', 'junk');
    at.git('theirs', 'push', '--quiet', 'origin', 'HEAD');
    const error = await expectCode(anchor(ours, 5), 'anchor.unreadable');
    expect(error.message).toContain('refs/remotes/origin/proof-checkpoints');
    expect((await anchor(ours, 5, { ledgerId: OTHER_LEDGER, remote: false })).changed).toBe(true);
  });

  it('remembers the remote’s state in a clone of one branch', async () => {
    at.git('ours', 'push', '--quiet', 'origin', 'main');
    const single = at.clone(
      `file://${at.path('remote.git')}`,
      'single',
      '--single-branch',
      '--depth=1',
    );
    const { commit } = await anchor(single, 5);
    expect((await readAnchors(single, LEDGER)).map(({ ref, commit }) => ({ ref, commit }))).toEqual(
      [
        { ref: REF, commit },
        { ref: 'refs/remotes/origin/proof-checkpoints', commit },
      ],
    );
    await anchor(ours, 3, { ledgerId: OTHER_LEDGER });
    expect((await anchor(single, 6)).pushed).toMatchObject({ ok: true });
  });

  it('gives the remote’s reason where it says no', async () => {
    at.program('remote.git/hooks/pre-receive', 'echo "not \x1b[31mtoday" >&2; exit 1');
    const result = await anchor(ours, 5);
    expect(result).toMatchObject({ changed: true, pushed: { remote: 'origin', ok: false } });
    const reason = result.pushed?.ok === false ? result.pushed.reason : '';
    expect(reason).toBe('[remote rejected] (pre-receive hook declined)');
    rmSync(at.path('remote.git/hooks/pre-receive'));
    expect((await anchor(ours, 5)).pushed).toMatchObject({ ok: true });
  });

  it('gives up on a remote that always moves on', async () => {
    // Whoever pushes finds the branch moved: the remote commits to it before every push.
    await anchor(at.clone('remote.git', 'theirs'), 1, { ledgerId: OTHER_LEDGER });
    at.program(
      'bin/git-receive-pack',
      `cd '${at.path('remote.git')}' && c=$(git -c user.name=x -c user.email=x commit-tree -m busy -p ${REF} '${REF}^{tree}') && git update-ref ${REF} $c && exec git receive-pack "$@"`,
    );
    at.git('ours', 'config', 'remote.origin.receivepack', at.path('bin/git-receive-pack'));
    const result = await anchor(ours, 5);
    expect(result.pushed).toMatchObject({ ok: false, reason: expect.stringContaining('rejected') });
    expect(at.git('remote.git', 'log', '--format=%s', REF).match(/busy/g)).toHaveLength(4);
    expect(anchored('ours')).toEqual({ [LEDGER]: 5, [OTHER_LEDGER]: 1 });
    expect(at.git('ours', 'rev-parse', REF)).toBe(result.commit);
  });

  it('pushes past a mirror and an option to push submodules', async () => {
    at.git('ours', 'config', 'remote.origin.mirror', 'true');
    at.git('ours', 'config', 'push.recurseSubmodules', 'only');
    expect((await anchor(ours, 5)).pushed).toMatchObject({ ok: true });
    expect(at.git('remote.git', 'for-each-ref', '--format=%(refname)')).toBe(REF);
  });
});

describe('which remote', () => {
  let repository: Repository;
  beforeEach(() => {
    repository = at.repository('plain');
  });
  function add(...names: string[]): void {
    for (const name of names) {
      at.git('plain', 'remote', 'add', name, at.remote(`${name.replaceAll('/', '-')}.git`));
    }
  }

  it('none where there is none, or where none was asked for', async () => {
    expect((await anchor(repository, 5)).pushed).toBeNull();
    add('origin');
    expect((await anchor(repository, 6, { remote: false })).pushed).toBeNull();
    expect(at.git('origin.git', 'for-each-ref')).toBe('');
  });

  it('the one given, the one the branch follows, origin, the only one, in this order', async () => {
    add('team/eu');
    expect((await anchor(repository, 1)).pushed?.remote).toBe('team/eu');
    add('fork');
    expect((await anchor(repository, 2)).pushed).toBeNull();
    add('origin');
    expect((await anchor(repository, 3)).pushed?.remote).toBe('origin');
    at.git('plain', 'config', 'branch.main.remote', 'fork');
    expect((await anchor(repository, 4)).pushed?.remote).toBe('fork');
    at.git('plain', 'config', 'branch.main.remote', '.');
    expect((await anchor(repository, 5)).pushed?.remote).toBe('origin');
    const given = await anchor(repository, 6, { remote: 'team/eu' });
    expect(given.pushed).toEqual({ remote: 'team/eu', ok: true });
    expect((await readAnchors(repository, LEDGER)).map(({ remote }) => remote).sort()).toEqual(
      [null, 'fork', 'origin', 'team/eu'].sort(),
    );
  });

  it.each(['nonesuch', '--upload-pack=touch /tmp/x', '/some/path', ''])(
    'refuses %j, before anything is written',
    async (remote) => {
      add('origin');
      await expectCode(anchor(repository, 5, { remote }), 'anchor.no-such-remote');
      expect(at.git('plain', 'for-each-ref', REF)).toBe('');
    },
  );

  it('anchors locally where the remote cannot be reached, and says why without credentials', async () => {
    at.git('plain', 'remote', 'add', 'origin', at.path('gone.git'));
    const result = await anchor(repository, 5);
    expect(result).toMatchObject({ changed: true, pushed: { remote: 'origin', ok: false } });
    expect(result.pushed).toHaveProperty('reason', expect.stringContaining('gone.git'));
    expect(anchored('plain')).toEqual({ [LEDGER]: 5 });
    at.git('plain', 'remote', 'set-url', 'origin', 'http://ada:secret@127.0.0.1:1/x.git');
    const { pushed } = await anchor(repository, 5);
    expect(pushed).toHaveProperty('reason', expect.stringMatching(/127\.0\.0\.1/));
    expect(JSON.stringify(pushed)).not.toMatch(/secret|ada/);
  });

  it('waits no longer than it was told, and leaves nothing running', async () => {
    const slow = at.program('bin/slow', `echo $$ > '${at.path('pid')}'; exec sleep 600`);
    at.git('plain', 'remote', 'add', 'origin', 'ssh://example.org/x.git');
    at.git('plain', 'config', 'core.sshCommand', slow);
    const start = Date.now();
    expect((await anchor(repository, 5, { timeoutMs: 700 })).pushed).toEqual({
      remote: 'origin',
      ok: false,
      reason: 'no answer from origin within 0.7 s',
    });
    expect(Date.now() - start).toBeLessThan(10_000);
    expect(isRunning(readFileSync(at.path('pid'), 'utf8'))).toBe(false);
  });

  it('asks nobody: ssh in batch mode, no askpass, no terminal prompt', async () => {
    const said = at.path('said');
    const ssh = at.program('bin/ssh', `{ echo "$@"; env; } > '${said}'; exit 255`);
    at.program('bin/askpass', `touch '${at.path('asked')}'; echo x`);
    at.git('plain', 'remote', 'add', 'origin', 'ssh://example.org/x.git');
    at.git('plain', 'config', 'core.sshCommand', `${ssh} -i key`);
    at.git('plain', 'config', 'core.askPass', at.path('bin/askpass'));
    vi.stubEnv('SSH_ASKPASS', at.path('bin/askpass'));
    vi.stubEnv('GIT_ASKPASS', at.path('bin/askpass'));
    expect((await anchor(repository, 5)).pushed).toMatchObject({ ok: false });
    const text = readFileSync(said, 'utf8');
    expect(text).toMatch(/^-i key -oBatchMode=yes .*example\.org/);
    expect(text).toMatch(/^GIT_TERMINAL_PROMPT=0$/m);
    expect(text).not.toMatch(/SSH_ASKPASS/);
    expect(existsSync(at.path('asked'))).toBe(false);
  });

  it('asks nobody for a password over HTTP either', async () => {
    const server = createServer((_, response) => {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    at.program('bin/askpass', `touch '${at.path('asked')}'; echo x`);
    at.git('plain', 'remote', 'add', 'origin', `http://ada@127.0.0.1:${port}/x.git`);
    at.git('plain', 'config', 'core.askPass', at.path('bin/askpass'));
    const { pushed } = await anchor(repository, 5);
    server.close();
    expect(pushed).toHaveProperty('reason', expect.stringContaining('could not read Password'));
    expect(JSON.stringify(pushed)).not.toContain('ada@');
    expect(existsSync(at.path('asked'))).toBe(false);
  });
});

describe('what it refuses', () => {
  it.each([
    ['a ledger id that leaves its folder', { ledgerId: '../x' }],
    ['an empty ledger id', { ledgerId: '' }],
    ['.git as a ledger id', { ledgerId: '.git' }],
    ['another ledger’s checkpoint', { ledgerId: OTHER_LEDGER }],
    ['another size', { size: 6 }],
    ['no checkpoint', { checkpoint: 'hello\n' }],
    ['a huge one', { checkpoint: checkpointText(LEDGER, 5) + '\u2014 x y\n'.repeat(10_000) }],
  ])('%s', async (_, change) => {
    const repository = at.repository('plain');
    const request = { ledgerId: LEDGER, checkpoint: checkpointText(LEDGER, 5), size: 5, ...change };
    await expectCode(anchorCheckpoint(repository, request), 'anchor.invalid-checkpoint');
    expect(at.git('plain', 'for-each-ref', REF)).toBe('');
  });

  it('an earlier checkpoint, or another root for the size that is there', async () => {
    const repository = at.repository('plain');
    await anchor(repository, 5);
    await expectCode(anchor(repository, 4), 'anchor.local-ahead');
    await expectCode(anchor(repository, 5, { history: 'rewritten' }), 'anchor.forked');
    expect(anchored('plain')).toEqual({ [LEDGER]: 5 });
  });

  it('no git', async () => {
    const repository = at.repository('plain');
    vi.stubEnv('PATH', at.path('empty'));
    await expectCode(anchor(repository, 5), 'anchor.no-git');
    await expectCode(readAnchors(repository, LEDGER), 'anchor.no-git');
  });

  it('a repository that is gone, even inside another one', async () => {
    at.repository('outer');
    const repository = at.repository('outer/inner');
    rmSync(repository.gitDir, { recursive: true });
    await expectCode(anchor(repository, 5), 'anchor.no-repository');
    expect(at.git('outer', 'for-each-ref', REF)).toBe('');
    rmSync(repository.worktree, { recursive: true });
    await expectCode(anchor(repository, 5), 'anchor.no-repository');
  });

  it.skipIf(process.getuid?.() !== 0)('a repository of another user', async () => {
    const repository = at.repository('theirs');
    at.git('.', '-c', `alias.x=!chown -R 12345 '${repository.worktree}'`, 'x');
    await expectCode(anchor(repository, 5), 'anchor.untrusted-repository');
  });

  it('a branch name that is taken by something else', async () => {
    const repository = at.repository('plain');
    const main = at.git('plain', 'rev-parse', 'main');
    at.git('plain', 'symbolic-ref', REF, 'refs/heads/main');
    runRemedy(await expectCode(anchor(repository, 5), 'anchor.branch-unusable'));
    expect(at.git('plain', 'rev-parse', 'main')).toBe(main);
    at.git('plain', 'update-ref', `${REF}/inside`, 'HEAD');
    runRemedy(await expectCode(anchor(repository, 5), 'anchor.branch-unusable'));
    expect((await anchor(repository, 5)).changed).toBe(true);
  });

  it('a tracking ref that is another name for a branch', async () => {
    const repository = at.repository('plain');
    at.git('plain', 'remote', 'add', 'origin', at.remote('remote.git'));
    const main = at.git('plain', 'rev-parse', 'main');
    at.git('plain', 'symbolic-ref', 'refs/remotes/origin/proof-checkpoints', 'refs/heads/main');
    runRemedy(await expectCode(anchor(repository, 5), 'anchor.branch-unusable'));
    expect(at.git('plain', 'rev-parse', 'main')).toBe(main);
    expect((await anchor(repository, 5)).pushed).toMatchObject({ ok: true });
  });

  it('a folder that is a file', async () => {
    const repository = at.repository('plain');
    at.file(`plain/${LEDGER}`, 'not a folder');
    at.git('plain', 'add', '.');
    at.commit('plain', 'junk');
    at.git('plain', 'update-ref', REF, 'HEAD');
    await expectCode(anchor(repository, 5), 'anchor.unreadable');
  });

  it('a branch that stays locked', async () => {
    const repository = at.repository('plain');
    const lock = at.file('plain/.git/refs/heads/proof-checkpoints.lock', '');
    const error = await expectCode(anchor(repository, 5), 'anchor.branch-busy');
    expect(error.remedy).toContain(`rm -f ${lock}`);
  });
});

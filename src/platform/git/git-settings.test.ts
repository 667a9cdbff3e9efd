import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GitFixture } from './git-fixture.ts';
import { readSettings, sshWithoutQuestions } from './git-settings.ts';

let at: GitFixture;
beforeEach(() => {
  at = new GitFixture();
});
afterEach(() => {
  at.dispose();
});

it.each([
  [undefined, 'ssh -oBatchMode=yes'],
  ['', 'ssh -oBatchMode=yes'],
  ['ssh -i ~/.ssh/work', 'ssh -i ~/.ssh/work -oBatchMode=yes'],
  ['/usr/bin/ssh -v', '/usr/bin/ssh -v -oBatchMode=yes'],
  ["'/opt/my ssh/ssh' -4", "'/opt/my ssh/ssh' -4 -oBatchMode=yes"],
  ['"C:\\\\ssh\\\\ssh.exe"', '"C:\\\\ssh\\\\ssh.exe" -oBatchMode=yes'],
  ['plink -batch', 'plink -batch'],
  ['/opt/ssh-wrapper', '/opt/ssh-wrapper'],
])('sshWithoutQuestions(%j)', (configured, command) => {
  expect(sshWithoutQuestions(configured)).toBe(command);
});

it('reads remotes, followed remotes, identity and ssh', async () => {
  const repository = at.repository('plain');
  at.git('plain', 'remote', 'add', 'origin', '/x');
  at.git('plain', 'remote', 'add', 'team/eu.1', '/y');
  at.git('plain', 'config', 'branch.fix.a.remote', 'team/eu.1');
  at.git('plain', 'config', 'remote.leftover.fetch', '+refs/heads/*:refs/x/*');
  at.git('plain', 'config', 'user.name', 'Ada');
  at.git('plain', 'config', 'user.email', 'ada@example.org');
  at.git('plain', 'config', 'core.sshCommand', 'ssh -i key');
  const settings = await readSettings(repository);
  expect(settings.remotes).toEqual(['origin', 'team/eu.1']);
  expect(settings.remoteOf.get('fix.a')).toBe('team/eu.1');
  expect(settings.writing).toMatchObject({
    GIT_AUTHOR_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.org',
  });
  expect(settings.talkingTo('origin')).toMatchObject({
    GIT_SSH_COMMAND: 'ssh -i key -oBatchMode=yes',
  });
  vi.stubEnv('GIT_SSH_COMMAND', 'ssh -F other');
  expect((await readSettings(repository)).talkingTo('origin')).toMatchObject({
    GIT_SSH_COMMAND: 'ssh -F other -oBatchMode=yes',
  });
});

it.each([
  ['nobody', '', ''],
  ['a name without an address', 'Ada', ''],
  ['a name git would refuse', ' <> ', 'ada@example.org'],
])('commits as prooflayer where git knows %s', async (_, name, email) => {
  const repository = at.repository('plain');
  if (name !== '') at.git('plain', 'config', 'user.name', name);
  if (email !== '') at.git('plain', 'config', 'user.email', email);
  const { writing } = await readSettings(repository);
  expect(writing).toMatchObject({
    GIT_AUTHOR_NAME: 'prooflayer',
    GIT_AUTHOR_EMAIL: 'prooflayer@localhost',
    GIT_COMMITTER_NAME: 'prooflayer',
    GIT_COMMITTER_EMAIL: 'prooflayer@localhost',
  });
});

it('switches off hooks that are named in the configuration, whatever their name', async () => {
  const repository = at.repository('plain');
  for (const name of ['lint', 'a=b.c']) {
    at.git('plain', 'config', `hook.${name}.event`, 'pre-push');
    at.git('plain', 'config', `hook.${name}.command`, 'false');
  }
  const { writing, talkingTo } = await readSettings(repository);
  expect(writing).toMatchObject({
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'hook.lint.enabled',
    GIT_CONFIG_VALUE_0: 'false',
    GIT_CONFIG_KEY_1: 'hook.a=b.c.enabled',
    GIT_CONFIG_VALUE_1: 'false',
  });
  expect(talkingTo('up')).toMatchObject({
    GIT_CONFIG_COUNT: '3',
    GIT_CONFIG_KEY_2: 'remote.up.mirror',
  });
});

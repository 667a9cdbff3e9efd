import { describe, expect, it } from 'vitest';
import { placesIn, treeOf } from '../../../test/boundaries/made-up-tree.ts';
import { policyOf } from '../../../test/boundaries/sandbox-world.ts';
import { bubblewrapWords } from './bubblewrap-words.ts';
import type { SandboxPlaces } from './mount-plan.ts';
import { planSandbox } from './sandbox-profile.ts';

const USUAL = [
  ...['/usr/bin/node', '/tmp/', '/run/user/', '/home/u/.cache/', '/home/u/.ssh/id', '/var/tmp/'],
  ...['/home/u/.config/prooflayer/keys/k', '/w/proof.yaml', '/w/.git/HEAD', '/w/.git/config'],
  ...['/w/.git/hooks/', '/w/.git/objects/', '/w/.git/proof/ledger.db', '/w/.git/index'],
  ...['/w/src/a.ts', '/w/src/deep/b.ts', '/w/test/t.ts', '/w/README.md', '/w/package.json'],
  ...['/w/.env', '/w/.github/ci.yml', '/w/docs/d.md', '/home/u/.npm/'],
];

type Rules = Parameters<typeof policyOf>[0];

/** What a plan makes of a path: how the mount in force there holds it. */
function plan(rules: Rules, more: readonly string[] = [], places: Partial<SandboxPlaces> = {}) {
  const made = planSandbox(policyOf(rules), placesIn(places), treeOf([...USUAL, ...more]));
  const covering = (path: string) =>
    made.mounts.findLast(
      (mount) => mount.path === '/' || path === mount.path || path.startsWith(`${mount.path}/`),
    );
  return {
    ...made,
    at: (path: string) => covering(path)?.how,
    mount: (path: string) => made.mounts.find((mount) => mount.path === path),
    held: (rule: string) => made.rules.find((each) => each.rule === rule)?.held,
    why: (rule: string) => made.rules.find((each) => each.rule === rule)?.why,
  };
}

describe('what may be written', () => {
  it.each([
    ['a directory of the scope', ['src/**'], '/w/src/new', 'writable'],
    ['what is beside it', ['src/**'], '/w/README.md', 'read-only'],
    ['new names beside it', ['src/**'], '/w/new', 'read-only'],
    ['a file in an open directory', ['*.md'], '/w/README.md', 'writable'],
    ['new names there', ['*.md'], '/w/NEW.md', 'writable'],
    ['what exists beside it', ['*.md'], '/w/package.json', 'read-only'],
    ['directories beside it', ['*.md'], '/w/src/a.ts', 'read-only'],
    ['a directory deeper down', ['src/deep/**'], '/w/src/deep/x', 'writable'],
    ['what is above it', ['src/deep/**'], '/w/src/a.ts', 'read-only'],
    ['a directory still to be made', ['dist/**'], '/w/dist/x', 'writable'],
    ['what exists beside that', ['dist/**'], '/w/src/a.ts', 'read-only'],
    ['everything', ['**'], '/w/anything', 'writable'],
    ['files at any depth: all of it', ['src/**/*.ts'], '/w/src/x', 'writable'],
    ['a star for a directory', ['*/deep/**'], '/w/src/deep/x', 'writable'],
    ['an absolute directory', ['/srv/data/**'], '/srv/data/x', 'writable'],
    ['a directory of the home', ['~/notes/**'], '/home/u/notes/x', 'writable'],
    ['alternatives', ['{src,test}/**'], '/w/test/x', 'writable'],
    ['nothing', [], '/w/src/a.ts', 'read-only'],
    ['the system', ['**'], '/usr/bin/node', 'read-only'],
    ['a link out of the place', ['away/**'], '/etc/x', 'read-only'],
  ] as const)('%s', (_what, write, path, how) => {
    const more = ['/srv/data/', '/home/u/notes/', '/w/away -> /etc', '/etc/'];
    expect(plan({ write: [...write] }, more).at(path)).toBe(how);
  });

  it('is said for each rule, held or only observed, and why', () => {
    const made = plan({
      write: ['src/**', 'dist/**', '*.md', 'test/**/*.ts'],
      ask: ['package.json', '.github/**'],
      deny: ['.env*'],
    });
    const held = [
      'src/**',
      'dist/**',
      '*.md',
      'test/**/*.ts',
      'package.json',
      '.github/**',
      '.env*',
    ];
    expect(Object.fromEntries(held.map((rule) => [rule, made.held(rule)]))).toEqual({
      'src/**': 'mount',
      'dist/**': 'observed',
      '*.md': 'observed',
      'test/**/*.ts': 'observed',
      'package.json': 'mount',
      '.github/**': 'mount',
      '.env*': 'observed',
    });
    expect(made.why('dist/**')).toContain('/w/dist does not exist yet');
    for (const { why } of made.rules) expect(why).not.toBe('');
  });

  it('leaves what is generated free to be removed and made again', () => {
    const made = plan({ write: ['src/**'], generated: ['dist/**'] }, ['/w/dist/x']);
    expect(made.mount('/w/dist')).toBeUndefined();
    expect(made.at('/w/dist')).toBe('writable');
    expect(made.at('/w/README.md')).toBe('read-only');
  });
});

describe('what may not, in a place that may', () => {
  it('is held by mounts that cannot be moved out of the way', () => {
    const made = plan({ write: ['**'], ask: ['.github/**'], deny: ['src/deep/**'] });
    expect(made.at('/w/.github/ci.yml')).toBe('read-only');
    expect(made.at('/w/src/deep/b.ts')).toBe('read-only');
    // A directory on the way to it is a mount point: those cannot be renamed.
    expect(made.mount('/w/src')?.how).toBe('writable');
    expect(made.mount('/w/proof.yaml')?.how).toBe('read-only');
  });

  it('is hidden where the policy denies it to all', () => {
    const made = plan({ write: ['**'], denyAll: ['.env*', 'docs/**'] });
    expect(made.at('/w/.env')).toBe('refused');
    expect(made.at('/w/docs/d.md')).toBe('empty-directory');
  });

  it('is of the repository what git executes or takes orders from', () => {
    const made = plan({ write: ['**'] });
    for (const path of [
      'objects/x',
      'refs/heads/x',
      'HEAD',
      'index.lock',
      'logs/HEAD',
      'rebase-merge/x',
    ])
      expect([path, made.at(`/w/.git/${path}`)]).toEqual([path, 'writable']);
    for (const path of ['config', 'hooks/pre-commit'])
      expect([path, made.at(`/w/.git/${path}`)]).toEqual([path, 'read-only']);
    expect(made.at('/w/.git/proof/ledger.db')).toBe('empty-directory');
    expect(made.mount('/w/.git')?.how).toBe('writable');
    expect(made.mayNotAppear).toContain('/w/.git/commondir');
  });

  it('is made first where it does not exist and an empty one means the same', () => {
    const tree = treeOf(USUAL.filter((path) => !path.includes('hooks')));
    const made = planSandbox(policyOf({ write: ['**'] }), placesIn(), tree);
    expect(made.make).toContain('/w/.git/hooks');
  });

  it('is what the git settings name, and every repository entered from here', () => {
    const made = plan({ write: ['**'] }, [
      '/w/.git/config = [core]\n\thooksPath = .husky\n[include]\n\tpath = ../team.gitconfig\n',
      ...['/w/.husky/pre-commit', '/w/team.gitconfig', '/w/.git/worktrees/x/HEAD'],
      '/w/.git/modules/lib/config = [core]\n\tworktree = ../../../lib\n',
      ...['/w/.git/modules/lib/HEAD', '/w/lib/.git', '/w/lib/code.c'],
    ]);
    for (const path of ['.husky/pre-commit', 'team.gitconfig', '.git/worktrees/x/gitdir'])
      expect([path, made.at(`/w/${path}`)]).toEqual([path, 'read-only']);
    for (const path of ['.git/modules/lib/config', '.git/modules/lib/hooks/x', 'lib/.git'])
      expect([path, made.at(`/w/${path}`)]).toEqual([path, 'read-only']);
    for (const path of ['.git/modules/lib/HEAD', 'lib/code.c'])
      expect([path, made.at(`/w/${path}`)]).toEqual([path, 'writable']);
    expect(made.mount('/w/lib')?.how).toBe('writable');
  });

  it('holds in a linked worktree, whose repository lies elsewhere', () => {
    const made = plan(
      { write: ['src/**'] },
      [
        ...['/main/.git/HEAD', '/main/.git/config', '/main/.git/worktrees/w/HEAD', '/main/src/x'],
        ...['/main/.git/worktrees/w/commondir', '/main/.git/worktrees/v/HEAD', '/w/.git'],
      ].filter((path) => path !== '/w/.git'),
      { gitDir: '/main/.git/worktrees/w', commonDir: '/main/.git', own: ['/main/.git/proof'] },
    );
    expect(made.at('/main/.git/objects/x')).toBe('writable');
    expect(made.at('/main/.git/config')).toBe('read-only');
    expect(made.at('/main/.git/worktrees/w/index')).toBe('writable');
    expect(made.at('/main/.git/worktrees/w/commondir')).toBe('read-only');
    expect(made.at('/main/.git/worktrees/v/HEAD')).toBe('read-only');
    expect(made.at('/main/src/x')).toBe('read-only');
  });
});

describe('what is hidden, private, or kept visible', () => {
  it('keys, our own and those behind links', () => {
    const made = plan({}, ['/keys/id', '/home/u/.aws -> /keys', '/home/u/.netrc']);
    expect(made.at('/home/u/.ssh/id')).toBe('empty-directory');
    expect(made.at('/keys/id')).toBe('empty-directory');
    expect(made.at('/home/u/.netrc')).toBe('empty-file');
    expect(made.at('/home/u/.config/prooflayer/keys/k')).toBe('empty-directory');
  });

  it('for root, the system’s own as well', () => {
    const more = ['/etc/shadow', '/etc/ssl/private/key'];
    expect(plan({}, more).at('/etc/shadow')).toBe('read-only');
    const made = plan({}, more, { superuser: true });
    expect(made.at('/etc/shadow')).toBe('empty-file');
    expect(made.at('/etc/ssl/private/key')).toBe('empty-directory');
  });

  it('temporary files and caches are private, other caches are read only', () => {
    const made = plan({}, ['/home/u/.cargo/registry/x', '/home/u/go/pkg/mod/m']);
    expect(made.mount('/tmp')).toMatchObject({ how: 'writable', from: '/private/tmp' });
    expect(made.mount('/home/u/.cache')).toMatchObject({ how: 'writable', from: '/private/cache' });
    expect(made.mount('/home/u/.npm')).toMatchObject({ how: 'writable', from: '/private/npm' });
    expect(made.at('/home/u/.cargo/registry/x')).toBe('read-only');
    expect(made.mount('/run')?.how).toBe('temporary');
  });

  it('a workspace in /tmp is seen, its neighbours are not', () => {
    const made = planSandbox(
      policyOf({ write: ['src/**'] }),
      placesIn({ root: '/tmp/w', cwd: '/tmp/w', gitDir: null, commonDir: null, homes: [] }),
      treeOf(['/tmp/w/src/a', '/tmp/other/x', '/tmp/w/b']),
    );
    const covering = (path: string) => made.mounts.findLast((m) => path.startsWith(m.path));
    expect(covering('/tmp/w/src/a')).toMatchObject({ how: 'writable', path: '/tmp/w/src' });
    expect(covering('/tmp/w/b')).toMatchObject({ how: 'read-only', path: '/tmp/w' });
    expect(covering('/tmp/other/x')).toMatchObject({ path: '/tmp', from: '/private/tmp' });
  });

  it('a file in /tmp that the command names is seen; a socket is not', () => {
    const more = ['/tmp/script.py', '/tmp/s/agent!', '/home/u/d.sock!'];
    const made = plan({}, more, {
      operands: ['/tmp/script.py', '/tmp/s', '/tmp/s/agent', '/tmp'],
      sockets: ['/tmp/s/agent', '/home/u/d.sock'],
    });
    expect(made.at('/tmp/script.py')).toBe('read-only');
    for (const path of ['/tmp', '/tmp/s', '/tmp/s/agent'])
      expect(made.mounts.findLast((m) => path.startsWith(m.path))?.from).toBe('/private/tmp');
    expect(made.at('/home/u/d.sock')).toBe('refused');
  });

  it('settings with a credential are shown without it', () => {
    const made = plan({}, [
      '/home/u/.npmrc = registry=x\n//x/:_authToken=t\n',
      '/home/u/.yarnrc = a b\n',
    ]);
    expect(made.copies).toMatchObject([{ of: '/home/u/.npmrc' }]);
    expect(made.mount('/home/u/.npmrc')?.from).toBe(made.copies[0]?.to);
    expect(made.mount('/home/u/.yarnrc')).toBeUndefined();
  });

  it('a scope that is the home directory itself still hides the keys', () => {
    const made = plan({ write: ['**'] }, [], {
      root: '/home/u',
      cwd: '/home/u',
      commonDir: null,
      gitDir: null,
    });
    expect(made.at('/home/u/x')).toBe('writable');
    expect(made.at('/home/u/.ssh/id')).toBe('empty-directory');
  });
});

describe('the network, and the words for bubblewrap', () => {
  it.each([
    [{}, 'closed'],
    [{ hosts: ['example.com'] }, 'proxied'],
    [{ network: 'allow' as const }, 'open'],
  ])('%j is %s', (rules, network) => {
    const made = plan(rules);
    expect(made.network).toBe(network);
    const words = bubblewrapWords(made, {
      cwd: '/w',
      empty: { directory: '/e', file: '/f' },
      userNamespace: true,
      proxy: network === 'proxied' ? { socket: '/s', inside: '/run/proof/proxy' } : null,
    });
    expect(words.includes('--unshare-net')).toBe(network !== 'open');
    expect(words.join(' ')).toContain('--cap-drop ALL');
    expect(words.join(' ').includes('/run/proof/proxy')).toBe(network === 'proxied');
  });

  it('mounts every directory before what is in it', () => {
    const { mounts } = plan({ write: ['**'], ask: ['.github/**'] });
    for (const [index, { path }] of mounts.entries())
      for (const { path: later } of mounts.slice(index + 1))
        expect(path.startsWith(`${later}/`) || later === '/').toBe(false);
  });
});

describe('rules as they are read', () => {
  it('what denies is meant in both cases, and a bare name wherever it lies', () => {
    const more = [
      '/w/app/.ENV.local',
      '/w/app/deep/.env',
      '/w/node_modules/x/.env',
      '/w/Secrets/k',
    ];
    const made = plan({ write: ['**'], deny: ['.env*'], denyAll: ['secrets'] }, more);
    expect(made.at('/w/.env')).toBe('read-only');
    expect(made.at('/w/app/.ENV.local')).toBe('read-only');
    expect(made.at('/w/app/deep/.env')).toBe('read-only');
    expect(made.at('/w/node_modules/x/.env')).toBe('writable');
    expect(made.at('/w/Secrets/k')).toBe('empty-directory');
    expect(made.held('.env*')).toBe('observed');
  });

  it('what permits is meant as it is written', () => {
    const made = plan({ write: ['docs', 'test/*'] }, ['/w/test/deep/x']);
    expect(made.at('/w/docs/d.md')).toBe('read-only');
    expect(made.at('/w/test/t.ts')).toBe('writable');
    expect(made.at('/w/test/deep/x')).toBe('read-only');
    expect(plan({ write: ['SRC/**'] }).at('/w/src/a.ts')).toBe('read-only');
  });

  it('a narrowed task writes only what both leave', () => {
    const narrowed = (write: string[], ...within: string[][]) => {
      const policy = policyOf({ write, generated: ['dist/**'] });
      const lists = within.map((texts) => texts.map((text) => ({ text, line: null })));
      const scope = { ...policy.scope, within: lists };
      const made = planSandbox({ ...policy, scope }, placesIn(), treeOf([...USUAL, '/w/dist/x']));
      return (path: string) =>
        made.mounts.findLast((m) => path === m.path || path.startsWith(`${m.path}/`))?.how;
    };
    const all = narrowed(['**'], ['src/**']);
    expect([all('/w/src/x'), all('/w/test/t.ts'), all('/w/dist/x')]).toEqual([
      ...['writable', 'read-only', 'writable'],
    ]);
    const deeper = narrowed(['src/deep/**', 'test/**'], ['src/**'], ['src/deep/**']);
    expect([deeper('/w/src/deep/b.ts'), deeper('/w/src/a.ts'), deeper('/w/test/t.ts')]).toEqual([
      ...['writable', 'read-only', 'read-only'],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { findShell, launch, type ShellName } from './launch.ts';

const machine = (versions: Record<string, string>) => ({
  resolveExecutable: (name: string) =>
    name in versions
      ? ({ found: true, path: name.startsWith('/') ? name : `/usr/bin/${name}` } as const)
      : ({ found: false, reason: 'not-found' } as const),
  versionOf: (path: string) => versions[path] ?? versions[path.replace('/usr/bin/', '')] ?? '',
});
const BASH = 'GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)';

describe('the shell that is recorded', () => {
  const find = (SHELL: string | undefined, named: ShellName | undefined, versions: object) =>
    findShell(
      machine(versions as Record<string, string>),
      { cwd: '/', env: SHELL === undefined ? {} : { SHELL } },
      named,
    );

  it('is the one in SHELL, that very one, unless another is named', () => {
    const versions = { '/opt/bin/bash': BASH, bash: BASH, zsh: 'zsh 5.9 (x86_64)' };
    expect(find('/opt/bin/bash', undefined, versions)).toEqual({
      name: 'bash',
      executable: '/opt/bin/bash',
    });
    expect(find('/opt/bin/bash', 'bash', versions).executable).toBe('/opt/bin/bash');
    expect(find('/opt/bin/bash', 'zsh', versions)).toEqual({
      name: 'zsh',
      executable: '/usr/bin/zsh',
    });
  });

  it.each([
    ['a shell without hooks', '/bin/tcsh', undefined, {}, 'shell.unsupported'],
    ['none at all', undefined, undefined, {}, 'shell.unsupported'],
    ['one that is not there', '/bin/bash', 'zsh', {}, 'shell.not-found'],
    [
      'an old bash',
      '/bin/bash',
      undefined,
      { '/bin/bash': 'GNU bash, version 3.2.57(1)-release' },
      'shell.too-old',
    ],
    [
      'an old fish',
      '/bin/fish',
      undefined,
      { '/bin/fish': 'fish, version 2.7.1' },
      'shell.too-old',
    ],
  ] as const)('is refused: %s', (_, shell, named, versions, code) => {
    expect(() => find(shell, named, versions)).toThrow(expect.objectContaining({ code }));
  });

  it('that does not say its version is tried', () => {
    expect(find('/bin/zsh', undefined, { '/bin/zsh': '' }).name).toBe('zsh');
  });
});

describe('how it is started', () => {
  const place = { nonce: 'ab'.repeat(16), reply: "/run/it's/reply", dir: "/run/it's" };

  it.each(['bash', 'zsh', 'fish'] as const)(
    '%s, with every value of its hooks in its place',
    (name) => {
      const started = launch({ name, executable: `/bin/${name}` }, place, {
        HOME: '/h',
        ZDOTDIR: '/z',
      });
      expect(started.argv[0]).toBe(`/bin/${name}`);
      const text = Object.values(started.files).join('\n');
      expect(text).toContain(place.nonce);
      expect(text).not.toMatch(/@[A-Z]+@|undefined/);
      expect(text).not.toContain("/run/it's/reply");
    },
  );

  it('zsh, with the user’s own ZDOTDIR given back', () => {
    const zsh = (env: Record<string, string>) =>
      launch({ name: 'zsh', executable: 'zsh' }, place, env);
    expect(zsh({ ZDOTDIR: '/z' }).env.ZDOTDIR).toBe(place.dir);
    expect(zsh({ ZDOTDIR: '/z' }).files['.zshenv']).toContain("export ZDOTDIR='/z'");
    expect(zsh({}).files['.zshenv']).not.toContain('export ZDOTDIR');
  });
});

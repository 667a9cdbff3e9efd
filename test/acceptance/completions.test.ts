import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { testWith } from '../system-programs.ts';
import { newUser, ROOT } from './user.ts';

/** The scripts are really sourced, in the shell they are for, with `proof` on the PATH. */
describe('completions', () => {
  const user = newUser();
  beforeAll(() => {
    const bin = join(user.dir, 'bin');
    mkdirSync(bin);
    symlinkSync(join(ROOT, 'proof'), join(bin, 'proof'));
    user.env.PATH = `${bin}:${user.env.PATH}`;
    user.proof('init');
    user.proof('task', 'start', 'Fix the login: "loop" $(touch pwned)');
    user.proof('run', '--', 'true');
  });

  const shell = (program: string, ...words: string[]) => {
    const { stdout, stderr } = spawnSync(program, words, {
      cwd: user.repository,
      env: user.env,
      encoding: 'utf8',
    });
    return { lines: stdout.split('\n').filter((line) => line !== ''), stderr };
  };

  /** What bash would offer after these words; the last is the one being typed. */
  const bash = (...words: string[]) =>
    shell(
      'bash',
      '-c',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: bash reads it
      'source <(proof completions bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _proof; printf "%s\\n" "${COMPREPLY[@]}"',
      'bash',
      'proof',
      ...words,
    ).lines;

  testWith('bash')('bash: commands, verbs, flags, tasks, entries', () => {
    expect(bash('ta')).toEqual(['task']);
    expect(bash('task', 's').sort()).toEqual(['show', 'start']);
    expect(bash('log', '--f')).toEqual(['--follow']);
    expect(bash('task', 'use', '')).toEqual(['T1']);
    expect(bash('note', '--on', 'E2')).toEqual(['E2']);
    expect(bash('show', 'E').sort()).toEqual(['E0', 'E1', 'E2']);
    expect(bash('show', 'E2', '--output', 'st').sort()).toEqual(['stderr', 'stdout']);
    expect(bash('completions', 'z')).toEqual(['zsh']);
  });

  testWith('bash')('bash: after -- it is another program’s business', () => {
    expect(bash('run', '--', 'l')).toEqual([]);
  });

  testWith('zsh')('zsh', () => {
    const script =
      'autoload -U compinit && compinit -u -D; source <(proof completions zsh); ' +
      // biome-ignore lint/suspicious/noTemplateCurlyInString: zsh reads it
      '_describe() { print -l -- ${(P)2}; }; words=("$@"); CURRENT=$#; _proof';
    const zsh = (...words: string[]) =>
      shell('zsh', '-fc', script, 'zsh', 'proof', ...words).lines.map((line) => line.split(':')[0]);
    expect(zsh('ta')).toEqual(['task']);
    expect(zsh('task', 'use', '')).toEqual(['T1']);
  });

  testWith('fish')('fish', () => {
    const fish = (line: string) =>
      shell('fish', '-Nc', `proof completions fish | source; complete -C '${line}'`).lines.map(
        (each) => each.split('\t')[0],
      );
    expect(fish('proof ta')).toEqual(['task']);
    expect(fish('proof task use ')).toEqual(['T1']);
  });

  test('they never fail, whatever was typed', () => {
    for (const words of [
      [],
      [''],
      ['nonsense', ''],
      ['show', 'E9'],
      ['--', ''],
      ['task', 'use', '-'],
    ])
      expect(user.proof('completions', 'complete', ...words)).toMatchObject({
        code: 0,
        stderr: '',
      });
    expect(user.proofIn({ cwd: '/' }, 'completions', 'complete', 'show', '').code).toBe(0);
  });

  test('a goal that looks like shell code stays text', () => {
    expect(bash('task', 'use', 'T')).toEqual(['T1']);
    expect(shell('ls', user.repository).lines).toEqual(['proof.yaml']);
  });
});

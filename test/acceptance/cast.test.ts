import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runInTerminal } from '../../examples/tour/terminal.ts';
import { testWith } from '../system-programs.ts';
import { newUser, type User } from './user.ts';

describe('proof show --cast', () => {
  let user: User;
  const cast = () => join(user.repository, 'demo.cast');

  beforeAll(async () => {
    user = newUser();
    user.proof('init');
    await user.proofOnTerminal([
      'run',
      '--',
      'sh',
      '-c',
      'printf "\\033[1mbold ✓\\033[0m\\n"; exit 3',
    ]);
  });

  it('writes a file, and writes over none unless told to', () => {
    expect(user.proof('show', 'E1', '--cast', 'demo.cast')).toMatchObject({ code: 0, stdout: '' });
    const [header, ...events] = readFileSync(cast(), 'utf8').trimEnd().split('\n');
    expect(JSON.parse(header as string)).toMatchObject({ version: 2, width: 80, height: 24 });
    expect(events.map((line) => JSON.parse(line)[2]).join('')).toBe('\u001b[1mbold ✓\u001b[0m\r\n');

    writeFileSync(cast(), 'mine');
    const refused = user.proof('show', 'E1', '--cast', 'demo.cast', '--json');
    expect(JSON.parse(refused.stderr).error.code).toBe('show.file-exists');
    expect(readFileSync(cast(), 'utf8')).toBe('mine');
    expect(user.proof('show', 'E1', '--cast', 'demo.cast', '--force').code).toBe(0);
    expect(readFileSync(cast(), 'utf8')).toContain('bold');
  });

  it('writes it to standard output for -, as version 3 if asked', () => {
    const { stdout } = user.proof('show', 'E1', '--cast', '-', '--cast-version', '3');
    expect(JSON.parse(stdout.split('\n')[0] as string)).toMatchObject({ version: 3 });
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) as string).slice(1)).toEqual(['x', '3']);
    expect(existsSync(join(user.repository, '-'))).toBe(false);
  });

  testWith('asciinema')('stock asciinema prints and plays it', async () => {
    user.proof('show', 'E1', '--cast', 'demo.cast', '--force');
    for (const words of [['cat'], ['play', '--idle-time-limit', '0.1']]) {
      const { exit, text } = await runInTerminal({
        file: 'asciinema',
        words: [...words, cast()],
        cwd: user.repository,
        env: { ...user.env, TERM: 'xterm-256color' },
      });
      expect(text).toContain('\u001b[1mbold ✓\u001b[0m');
      expect(exit).toBe(0);
    }
  });
});

import { execFileSync } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openPseudoTerminal } from './pseudo-terminal.ts';

it('a blocking slave of the size asked for, that can be resized', () => {
  const pty = openPseudoTerminal({ columns: 70, rows: 20 });
  if (!pty) throw new Error('node-pty’s native half is not what it was');
  const size = () =>
    execFileSync('stty', ['size'], { stdio: [pty.slave, 'pipe', 'inherit'], encoding: 'utf8' });
  const info = readFileSync(`/proc/self/fdinfo/${pty.slave}`, 'utf8');
  const flags = Number.parseInt(/flags:\s+(\d+)/.exec(info)?.[1] ?? '', 8);
  expect(flags & 0o4000, 'O_NONBLOCK').toBe(0);
  expect(size()).toBe('20 70\n');
  pty.resize({ columns: 71, rows: 21 });
  expect(size()).toBe('21 71\n');
  closeSync(pty.slave);
  closeSync(pty.master);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { descendants, readProcess } from './process-table.ts';

it('finds the whole tree, and reads a name that is made to confuse', async () => {
  const shell = spawn(
    'bash',
    ['-c', 'exec -a "x) Z 1 (" bash -c "sleep 20 & sleep 20 & echo; wait"'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const pid = shell.pid ?? 0;
  await once(shell.stdout, 'data');
  expect(descendants(process.pid)).toContain(pid);
  const tree = descendants(pid);
  expect(tree).toHaveLength(2);
  expect(readProcess(pid)).toMatchObject({ state: expect.stringMatching(/[SR]/) });
  expect(readProcess(pid)?.group).toBe(readProcess('self')?.group);
  for (const each of [...tree, pid]) process.kill(each, 'SIGKILL');
  await once(shell, 'exit');
  expect(readProcess(pid)).toBeNull();
  expect(descendants(pid)).toEqual([]);
});

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { begin } from '../faults/processes.ts';
import { gaps, log, NODE, PROOF, THREE_LINES, verified, workspace } from '../faults/workspace.ts';

test('a ledger that another program never lets go of: commands run, the record is a gap', async () => {
  const at = workspace();
  expect(at.proof(['task', 'start', 'before', '--json']).code).toBe(0);
  const holder = new DatabaseSync(join(at.ledgerDir, 'ledger.db'));
  holder.exec('BEGIN IMMEDIATE');
  const started = [
    ['run', '--', 'sh', '-c', 'echo hi; exit 7'],
    ['note', 'x', '--json'],
  ].map((words) => begin([NODE, PROOF, ...words], { cwd: at.dir, env: at.env }));
  // Reading waits for nobody.
  expect(log(at)).toHaveLength(2);
  verified(at);
  const [run, note] = await Promise.all(started.map(({ finished }) => finished));
  expect(run).toMatchObject({ code: 7, stdout: 'hi\n' });
  expect(run?.stderr).toMatch(THREE_LINES);
  expect(note?.code).toBe(1);
  expect(JSON.parse(note?.stderr ?? '').error.code).toBe('ledger.busy');
  holder.exec('ROLLBACK');
  holder.close();
  expect(at.proof(['note', 'free again', '--json']).code).toBe(0);
  expect(gaps(at).map(({ body }) => body.exit)).toEqual([{ code: 7, signal: null }]);
  verified(at);
  at.remove();
});

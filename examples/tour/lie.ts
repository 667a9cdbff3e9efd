import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Scene } from './stage.ts';

/** The lie one would want to tell: that the tests passed all along. */
export const lie: Scene = {
  title: 'Try to lie',
  async play(stage, { failingRun }) {
    const { ledger, editedLedger, project } = stage.scratch;
    const copy = relative(project, editedLedger);
    stage.say(
      `Somebody would rather have had no failing test. In a copy of the ledger one byte of ${failingRun} is changed, straight in the database: its exit code.`,
    );
    cpSync(ledger, editedLedger, { recursive: true });
    changeOneByte(join(editedLedger, 'ledger.db'), failingRun);
    stage.say(`    ${LIE[0]}…  →  ${LIE[1]}…`);

    stage.say('Whoever only reads the copy believes that it passed:');
    await stage.proof(['log', '--ledger', copy], { shows: [failingRun] });
    stage.say('Whoever verifies it does not:');
    await stage.proof(['verify', '--ledger', copy], {
      exit: 3,
      shows: ['not verified', `the first wrong entry is ${failingRun}`],
    });
  },
};

const LIE = ['"exit":{"code":1,"how":"exited"', '"exit":{"code":0,"how":"exited"'] as const;

function changeOneByte(database: string, entry: string): void {
  const seq = Number(entry.slice(1));
  const db = new DatabaseSync(database);
  const before = db.prepare('SELECT json FROM entry WHERE seq = ?').get(seq)?.json as string;
  const after = before.replace(LIE[0], LIE[1]);
  const changed = [...before].filter((letter, at) => letter !== after[at]);
  assert.deepEqual([changed.length, after.length], [1, before.length]);
  db.prepare('UPDATE entry SET json = ? WHERE seq = ?').run(after, seq);
  db.close();
}

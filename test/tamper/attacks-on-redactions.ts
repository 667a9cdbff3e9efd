import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../src/core/canonical-json.ts';
import { PLACES, type Workspace } from './recorded-ledger.ts';
import type { Scene, Threat } from './threat.ts';

const { middle, command, otherCommand } = PLACES;
/** Where the entry stands that says what was redacted. */
const says = PLACES.size;

/** Holes that somebody made openly, and holes that only look like it. */
export const ATTACKS_ON_REDACTIONS: Threat[] = [
  {
    attack: 'none: an entry is redacted',
    does: (scene) => redact(scene, `E${middle}`),
    verdict: {
      nothing: 'passes, 0 of 661 anchored',
      'last signed': 'passes, 0 of 661 anchored',
      'a file': 'passes, 600 of 661 anchored',
      'the remote': 'passes, 400 of 661 anchored',
    },
  },
  {
    attack: 'none: the output of a command is redacted, then another command altogether',
    does: (scene) => {
      redact(scene, `E${command}`, '--blob', 'stdout');
      redact(scene, `E${otherCommand}`);
    },
    verdict: { nothing: 'passes, 0 of 662 anchored' },
  },
  {
    attack: 'none: bytes that were redacted are put back from a copy (which is said, not wrong)',
    does: (scene) => {
      const path = outputOf(scene, command);
      const bytes = readFileSync(path);
      redact(scene, `E${command}`, '--blob', 'stdout');
      writeFileSync(path, bytes);
    },
    verdict: { nothing: 'passes, 0 of 661 anchored' },
  },
  {
    attack: 'empty an entry, while another one was redacted',
    does: (scene) => {
      redact(scene, `E${middle + 3}`);
      scene.forger.editText('bytes', middle, () => '');
    },
    verdict: { nothing: `entry.missing, first E${middle}` },
  },
  {
    attack: 'delete a blob, while another one was redacted',
    does: (scene) => {
      redact(scene, `E${otherCommand}`, '--blob', 'stdout');
      rmSync(outputOf(scene, command));
    },
    verdict: { nothing: `blob.missing, first E${command}` },
  },
  {
    attack: 'drop the entry that says what was redacted',
    does: (scene) => {
      redact(scene, `E${middle}`);
      scene.forger.truncate(says);
      scene.forger.signLatest(scene.forger.key);
    },
    verdict: {
      nothing: `entry.missing, first E${middle}`,
      'last signed': `entry.missing ledger.truncated, first E${middle}`,
    },
  },
  {
    attack: 'empty the entry that says what was redacted',
    does: (scene) => {
      redact(scene, `E${middle}`);
      scene.forger.editText('bytes', says, () => '');
    },
    verdict: { nothing: `entry.missing, first E${middle}` },
  },
  {
    attack: 'put other bytes in the place of redacted ones',
    does: (scene) => {
      const { json } = scene.forger.rows()[middle + 3]!;
      redact(scene, `E${middle}`);
      scene.forger.editText('bytes', middle, () => json);
    },
    verdict: {
      nothing: `entry.altered entry.misplaced task.hole tree.forged root.mismatch, first E${middle}`,
    },
  },
  {
    attack: 'put another hash in the place of a redacted entry’s',
    does: (scene) => {
      redact(scene, `E${middle}`);
      scene.forger.db.exec(`UPDATE entry SET leaf = randomblob(32) WHERE seq = ${middle}`);
    },
    verdict: { nothing: `tree.forged root.mismatch, first E${middle}` },
  },
  {
    attack: 'file a redacted entry under another number',
    does: (scene) => {
      redact(scene, `E${middle}`);
      scene.forger.db.exec(`UPDATE entry SET task = 1, n = 999 WHERE seq = ${middle}`);
    },
    verdict: { nothing: `task.hole, first E${middle}` },
  },
];

/** What even whoever has the key may not say of a hole. */
export const REDACTIONS_NOBODY_MAY_SIGN: Threat[] = [
  {
    attack: 'restate another number than the redacted entry had',
    does: (scene) => {
      redact(scene, `E${middle}`);
      restate(scene, ([entry]) => [{ ...entry!, n: 1 }]);
    },
    verdict: { nothing: `entry.misplaced, first E${middle}` },
  },
  {
    attack: 'say that the entry that opens the ledger was redacted',
    does: (scene) => {
      redact(scene, `E${middle}`);
      restate(scene, (entries) => [...entries, { seq: 0, task: null, n: null, kind: 'note' }]);
    },
    verdict: { nothing: `redaction.forbidden, first E${says}` },
  },
  {
    attack: 'say that what says so was redacted',
    does: (scene) => {
      redact(scene, `E${middle}`);
      restate(scene, ([entry]) => [{ ...entry!, kind: 'redacted' }]);
    },
    verdict: { nothing: `redaction.forbidden entry.missing, first E${middle}` },
  },
  {
    attack: 'say that a later entry was redacted',
    does: (scene) => {
      redact(scene, `E${middle}`);
      restate(scene, ([entry]) => [entry!, { ...entry!, seq: says + 5 }]);
    },
    verdict: { nothing: `ref.dangling, first E${says}` },
  },
  {
    attack: 'say it in a form that is no list of entries',
    does: (scene) => {
      redact(scene, `E${middle}`);
      restate(scene, () => ({ all: true }));
    },
    verdict: { nothing: `entry.malformed entry.missing, first E${middle}` },
  },
];

function redact({ workspace, forger }: Scene, ...words: string[]): void {
  forger[Symbol.dispose]();
  run(workspace, ['redact', ...words, '--because', 'it was private', '--yes']);
}

function run(workspace: Workspace, words: readonly string[]): void {
  const { status, stderr } = workspace.proof(words);
  if (status !== 0) throw new Error(`proof ${words.join(' ')}: ${stderr}`);
}

type Restated = { [field: string]: JsonValue };

function restate({ forger }: Scene, change: (entries: Restated[]) => JsonValue): void {
  forger.edit('signature', says, (entry) => {
    const body = entry.body as Restated;
    return { ...entry, body: { ...body, entries: change(body.entries as unknown as Restated[]) } };
  });
}

function outputOf({ workspace, forger }: Scene, seq: number): string {
  const { blobs } = JSON.parse(forger.rows()[seq]!.json) as {
    blobs: { name: string; id: string }[];
  };
  const { id } = blobs.find(({ name }) => name === 'stdout')!;
  return join(workspace.ledger, 'blobs', id.slice(0, 2), id.slice(2));
}

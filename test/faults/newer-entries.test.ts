import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonicalize, type JsonValue } from '../../src/core/canonical-json.ts';
import { Forger } from '../tamper/forger.ts';
import { log, runsRecorded, verified, type Workspace, workspace } from './workspace.ts';

/** What a later Prooflayer may append: kinds, versions, fields and words that this one does not know. */
const NEWER: { [field: string]: JsonValue }[] = [
  { kind: 'quantum.leap', body: { from: 'here', to: ['there', 7, null] } },
  { kind: 'note', v: 2, body: { paragraphs: ['one', 'two'] } },
  { kind: 'command', v: 2, body: { shell: 'fish' } },
  { kind: 'quantum.leap', v: 3, body: 'a text', mood: 'new field of every entry' },
  { kind: 'task.closed', v: 2, body: { outcome: 'paused' } },
];

describe('a ledger into which a newer version has written', () => {
  let at: Workspace;
  beforeEach(() => {
    at = workspace();
    expect(at.proof(['task', 'start', 'two versions', '--json']).code).toBe(0);
    runsRecorded(at);
    append(NEWER);
  });
  afterEach(() => at.remove());

  /** Appends entries of T1 as only the library's lower level can: sealed, hashed and signed. */
  function append(entries: readonly { [field: string]: JsonValue }[]): void {
    using forger = new Forger({ ledger: at.ledgerDir, config: at.configDir } as never);
    const rows = forger.rows();
    const first = JSON.parse(rows[1]?.json ?? '') as { [field: string]: JsonValue };
    const length = rows.filter(({ task }) => task === 1).length;
    const added = entries.map((entry, i) => {
      const n = length + 1 + i;
      const salt = `${n}`.padStart(32, '0');
      const json = canonicalize({ ...first, v: 1, ...entry, task: 1, n, salt });
      return { leaf: new Uint8Array(32), task: 1, n, root: new Uint8Array(32), json };
    });
    forger.store('signature', [...rows, ...added]);
    forger.rewriteLastSigned();
  }

  test('still verifies, and shows what it does not know as it stands', () => {
    verified(at);
    const shown = log(at).slice(-NEWER.length);
    expect(shown.map(({ kind, body }) => ({ kind, body }))).toEqual(
      NEWER.map(({ kind, body }) => ({ kind, body })),
    );
    for (const { name, seq } of shown) {
      const entry = JSON.parse(at.proof(['show', name, '--json']).stdout);
      expect(entry).toMatchObject({ seq, known: false, body: NEWER[seq - 3]?.body });
      const raw = at.proof(['show', name, '--raw']).stdout.trimEnd();
      expect(canonicalize(JSON.parse(raw))).toBe(raw);
      expect(JSON.parse(raw)).toMatchObject({ v: NEWER[seq - 3]?.v ?? 1 });
      expect(at.proof(['show', name])).toMatchObject({ code: 0, stderr: '' });
    }
    for (const words of [['log'], ['status'], ['task', 'show'], ['task', 'list'], ['rebuild']]) {
      expect(at.proof(words)).toMatchObject({ code: 0, stderr: '' });
    }
  });

  test('goes on being written by this one, numbered without holes', () => {
    runsRecorded(at);
    expect(at.proof(['note', '--on', 'E3', 'about the leap', '--json']).code).toBe(0);
    const task = log(at).filter((entry) => entry.task === 'T1');
    expect(task.map(({ n }) => n ?? 0).sort((a, b) => a - b)).toEqual(task.map((_, i) => i + 1));
    append([{ kind: 'quantum.leap', v: 4, body: {} }]);
    runsRecorded(at);
    verified(at);
  });

  test('exports as a static log that verifies', () => {
    const { stdout } = at.proof(['ledger', 'key', '--json']);
    expect(at.proof(['ledger', 'tiles', 'tiles', '--json']).code).toBe(0);
    const { key } = JSON.parse(stdout) as { key: string };
    expect(at.proof(['verify', 'tiles', '--key', key, '--json']).code).toBe(0);
    expect(at.proof(['ledger', 'proof', 'E3', '--json']).code).toBe(0);
  });

  test('a newer word in a known field of the header hides nothing of the entry, nor the others', () => {
    append([{ kind: 'note', v: 2, provenance: 'dreamt', held: 'tightly', body: { a: 1 } }]);
    verified(at);
    const shown = log(at);
    expect(shown.map(({ seq }) => seq)).toEqual(shown.map((_, i) => i));
    expect(shown.at(-1)).toMatchObject({ known: false });
    const raw = at.proof(['show', shown.at(-1)?.name ?? '', '--raw']).stdout;
    expect(JSON.parse(raw)).toMatchObject({
      provenance: 'dreamt',
      held: 'tightly',
      body: { a: 1 },
    });
    runsRecorded(at);
    verified(at);
  });
});

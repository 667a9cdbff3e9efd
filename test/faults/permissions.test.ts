import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { as, describeAsNobody, giveTo, NOBODY, STRANGER } from './nobody.ts';
import {
  log,
  type ProofOptions,
  runsRecorded,
  runsUnrecorded,
  stillRuns,
  THREE_LINES,
  verified,
  type Workspace,
  workspace,
} from './workspace.ts';

const nobody: ProofOptions = { as: as(NOBODY) };

describeAsNobody('without permission', () => {
  let at: Workspace;
  let undo: (() => void)[] = [];
  beforeEach(() => {
    at = workspace();
    chmodSync(at.root, 0o755);
    giveTo(NOBODY, at.root);
    expect(at.proof(['task', 'start', 'before', '--json'], nobody).code).toBe(0);
    expect(at.proof(['run', '--', 'echo', 'before'], nobody).code).toBe(0);
  });
  afterEach(() => {
    for (const one of undo) one();
    undo = [];
    at.remove();
  });

  /** Takes permissions away, and gives them back for what follows. */
  function forbid(path: string, mode: number): () => void {
    const before = statSync(path).mode & 0o777;
    const back = () => chmodSync(path, before);
    chmodSync(path, mode);
    undo.push(back);
    return back;
  }

  function refuses(words: readonly string[], code: string): void {
    const ran = at.proof([...words, '--json'], nobody);
    expect({ words, code: ran.code, error: ran.error?.code }).toEqual({
      words,
      code: 1,
      error: code,
    });
    expect(at.proof(words, nobody).stderr).toMatch(THREE_LINES);
  }

  test('on the ledger’s directory: neither read nor taken for absent', () => {
    const back = forbid(at.ledgerDir, 0);
    for (const words of [['log', '--all'], ['verify'], ['status'], ['note', 'x']])
      refuses(words, 'ledger.unreadable');
    refuses(['init'], 'ledger.unwritable');
    runsUnrecorded(at, nobody);
    back();
    runsRecorded(at, nobody);
    verified(at, nobody);
  });

  test('to write to the ledger’s directory: read, and gaps where a note can be left', () => {
    const before = log(at, nobody);
    const back = forbid(at.ledgerDir, 0o500);
    expect(log(at, nobody)).toEqual(before);
    verified(at, nobody);
    const dbBack = forbid(join(at.ledgerDir, 'ledger.db'), 0o400);
    refuses(['note', 'x'], 'ledger.unwritable');
    runsUnrecorded(at, nobody);
    back();
    dbBack();
    runsRecorded(at, { ...nobody, gaps: 1 });
    verified(at, nobody);
  });

  test('on the blobs: a verdict is not made up, and the run is a gap', () => {
    const back = forbid(join(at.ledgerDir, 'blobs'), 0);
    refuses(['verify'], 'ledger.unreadable');
    refuses(['show', 'E2'], 'ledger.unreadable');
    expect(log(at, nobody)).toHaveLength(3);
    runsUnrecorded(at, nobody);
    back();
    runsRecorded(at, { ...nobody, gaps: 1 });
    verified(at, nobody);
  });

  test('on the notes about runs: recorded all the same', () => {
    const back = forbid(join(at.ledgerDir, 'spool'), 0);
    runsRecorded(at, nobody);
    back();
    runsRecorded(at, nobody);
    verified(at, nobody);
  });

  test('on the ledger’s file', () => {
    const back = forbid(join(at.ledgerDir, 'ledger.db'), 0);
    for (const words of [['log', '--all'], ['verify'], ['status']])
      refuses(words, 'ledger.unreadable');
    refuses(['note', 'x'], 'ledger.unwritable');
    runsUnrecorded(at, nobody);
    back();
    runsRecorded(at, { ...nobody, gaps: 1 });
    verified(at, nobody);
  });

  test('on the keys: read, not written, and the run is a gap', () => {
    const back = forbid(join(at.configDir, 'keys'), 0);
    expect(log(at, nobody)).toHaveLength(3);
    verified(at, nobody);
    refuses(['note', 'x'], 'ledger.key-missing');
    runsUnrecorded(at, nobody);
    back();
    runsRecorded(at, { ...nobody, gaps: 1 });
    verified(at, nobody);
  });

  test('to write to the workspace: the ledger does not lie in it', () => {
    forbid(at.dir, 0o500);
    runsRecorded(at, nobody);
    verified(at, nobody);
  });

  test('under umask 777: the command runs', () => {
    const said = at.shell(`umask 777; $PROOF run -- sh -c 'echo hi; exit 7'; echo $?`, nobody);
    expect(said.stdout).toBe('hi\n7\n');
  });

  test('to enter the current directory: the command runs as it would have', () => {
    const said = at.shell(
      `mkdir -m 700 shut && cd shut && chmod 000 . && $PROOF run -- sh -c 'echo hi; exit 7'; echo $?`,
      nobody,
    );
    expect(said.stdout).toBe('hi\n7\n');
  });

  test('HOME is missing, nowhere, unwritable or no directory', () => {
    const key = { ...at.env };
    for (const env of [
      { HOME: undefined, XDG_CONFIG_HOME: undefined },
      { HOME: '/nonexistent/home', XDG_CONFIG_HOME: undefined },
      { HOME: '/dev/null', XDG_CONFIG_HOME: undefined },
      { HOME: '/usr', XDG_CONFIG_HOME: undefined },
      { HOME: key.HOME, XDG_CONFIG_HOME: '/nonexistent/config' },
    ]) {
      const where = { ...nobody, env };
      expect(log(at, where).length).toBeGreaterThan(2);
      verified(at, where);
      const { code, error } = at.proof(['note', 'x', '--json'], where);
      expect({ code, error: error?.code }).toEqual({ code: 1, error: 'ledger.key-missing' });
      runsUnrecorded(at, where);
      const other = join(at.root, 'other');
      mkdirSync(other, { recursive: true });
      giveTo(NOBODY, other);
      const init = at.proof(['init', '--json'], { ...where, cwd: at.root });
      expect({ code: init.code, error: init.error?.code }).toEqual({
        code: 1,
        error: 'ledger.key-unwritable',
      });
    }
    // A relative value is no place: the home directory is looked for as if there were none.
    const { code } = at.proof(['note', 'x', '--json'], {
      ...nobody,
      env: { XDG_CONFIG_HOME: 'relative' },
    });
    expect(code).toBe(0);
    expect(readdirSync(at.dir)).not.toContain('relative');
    runsRecorded(at, nobody);
    verified(at, nobody);
  });

  test('a user without a name and a home', () => {
    const stranger = { as: as(STRANGER), env: { HOME: undefined, XDG_CONFIG_HOME: undefined } };
    stillRuns(at, stranger);
    const own = workspace({ init: false });
    chmodSync(own.root, 0o755);
    giveTo(STRANGER, own.root);
    const { error } = own.proof(['init', '--json'], stranger);
    expect(error?.code).toBe('ledger.key-unwritable');
    const withKeys = { as: as(STRANGER), env: { HOME: undefined } };
    expect(own.proof(['init', '--json'], withKeys).code).toBe(0);
    runsRecorded(own, withKeys);
    verified(own, withKeys);
    own.remove();
  });
});

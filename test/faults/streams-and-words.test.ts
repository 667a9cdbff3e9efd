import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLedger } from '../../src/ledger/store/open.ts';
import { log, THREE_LINES, verified, type Workspace, workspace } from './workspace.ts';

describe('closed streams', () => {
  let at: Workspace;
  beforeEach(() => {
    at = workspace();
  });
  afterEach(() => at.remove());

  test.each([
    ['standard input', '<&-', 'hi\n', 'oh\n'],
    ['standard output', '>&-', '', 'oh\n'],
    ['standard error', '2>&-', 'hi\n', ''],
    ['all three', '<&- >&- 2>&-', '', ''],
  ])('%s: the command ends as it does, and is recorded', (_, closed, stdout, stderr) => {
    const line = `$PROOF run -- sh -c 'echo hi; echo oh >&2; exit 7' ${closed}; exit $?`;
    expect(at.shell(line)).toMatchObject({ code: 7, stdout, stderr });
    expect(log(at).at(-1)).toMatchObject({ kind: 'command', body: { exit: { code: 7 } } });
    for (const words of ['log --all', 'note x', 'status', 'verify --json']) {
      expect(at.shell(`$PROOF ${words} ${closed}; exit $?`).code).toBe(0);
    }
    verified(at);
  });

  test('a reader that has seen enough: a filter ends quietly', async () => {
    const { ledgerDir: dir, configDir } = at;
    const self = { kind: 'tool', name: 'test', host: 'here', basis: 'asserted' } as const;
    const ledger = await openLedger({ dir, configDir, ownValues: [], self });
    const text = 'x'.repeat(2000);
    await ledger.append(() =>
      Array.from({ length: 500 }, () => ({
        kind: 'note',
        body: { text },
        task: null,
        actor: self,
      })),
    );
    ledger.close();
    for (const words of ['log --all', 'log --all --json']) {
      const ran = at.shell(`{ $PROOF ${words}; echo $? > code; } | head -n 1 | wc -l; cat code`);
      expect(ran).toMatchObject({ stdout: '1\n0\n', stderr: '' });
    }
    // Of a recorded command the end is the same with and without us.
    const command = `sh -c 'i=0; while [ $i -lt 60000 ]; do echo line $i || exit 9; i=$((i+1)); done; exit 7'`;
    const ended = (line: string) =>
      at.shell(`{ ${line} 2>/dev/null; echo $? > code; } | head -n 1; cat code`).stdout;
    expect(ended(`$PROOF run -- ${command}`)).toBe(ended(command));
    verified(at);
  });

  test('a full device as standard output', () => {
    const command = `sh -c 'echo hi; exit 7'`;
    expect(at.shell(`$PROOF run -- ${command} >/dev/full; exit $?`).code).toBe(7);
    expect(log(at).at(-1)).toMatchObject({ kind: 'command', body: { exit: { code: 7 } } });
    expect(at.shell('$PROOF log --all >/dev/full; exit $?').code).toBe(1);
    verified(at);
  });

  test('trouble that nobody reads does not change the command’s exit code', () => {
    const line = `$PROOF run --task T9999 -- true; $PROOF --ledger /nowhere run -- sh -c 'sleep 0.2; exit 7'`;
    expect(at.shell(`{ ${line}; echo $? > code; } 2>&1 >/dev/null | true; cat code`).stdout).toBe(
      '7\n',
    );
  });

  test('the current directory was deleted: the command runs as it would have', () => {
    const line = (run: string) =>
      at.shell(`mkdir gone && cd gone && rmdir ../gone && ${run} sh -c 'echo hi; exit 7'; exit $?`);
    expect(line('$PROOF run --')).toMatchObject({ stdout: 'hi\n', code: 7 });
  });

  test('the current directory was deleted: refused by its code, nothing is made elsewhere', () => {
    const line = (words: string) =>
      `mkdir gone && cd gone && rmdir ../gone && $PROOF ${words} --json; exit $?`;
    for (const words of ['log', 'note x', 'status']) {
      const { code, error } = at.shell(line(words));
      expect({ words, code, error: error?.code }).toEqual({
        words,
        code: 2,
        error: 'usage.bad-value',
      });
    }
    expect(log(at)).toHaveLength(1);
  });

  test('the command deletes the directory it stands in, or the repository’s files', () => {
    const line = `mkdir -p sub && cd sub && $PROOF run -- sh -c 'rmdir "$PWD"; exit 7'; exit $?`;
    expect(at.shell(line).code).toBe(7);
    const last = log(at).findLast(({ kind }) => kind === 'command');
    expect(last?.body.exit.code).toBe(7);
    verified(at);
  });

  test('the command deletes the ledger itself: it ends as it does, and nobody claims a record', () => {
    const line = `rm -rf '${at.ledgerDir}'; echo hi; exit 7`;
    const ran = at.proof(['run', '--json', '--', 'sh', '-c', line]);
    expect(ran).toMatchObject({ code: 7, stdout: 'hi\n' });
    expect(ran.stderr).toMatch(THREE_LINES);
    expect(JSON.parse(ran.stderr.trim().split('\n').at(-1) ?? '').entry).toBe(null);
    expect(existsSync(at.ledgerDir)).toBe(false);
    expect(at.proof(['log', '--json']).error?.code).toBe('ledger.not-found');
    // As scaffolds do: a new repository in the old one's place, with a ledger of its own by now.
    const renewed = `rm -rf .git; git init -q .; $PROOF init --json >&2; exit 7`;
    expect(at.proof(['init', '--json']).code).toBe(0);
    const again = at.proof(['run', '--json', '--', 'sh', '-c', renewed]);
    expect(again.code).toBe(7);
    expect(JSON.parse(again.stderr.trim().split('\n').at(-1) ?? '').entry).toBe(null);
    verified(at);
  });
});

describe('odd words and variables', () => {
  let at: Workspace;
  beforeEach(() => {
    at = workspace();
  });
  afterEach(() => at.remove());

  const last = () => log(at).at(-1);

  test('newlines, control codes, empty words and surrogates arrive and are kept', () => {
    const words = ['a\nb', '', ' ', '\u001b[31m', '\u0001', '🧾', '--', '-x', 'ä', '\u2028', '%s'];
    const ran = at.proof(['run', '--', 'printf', '[%s]', ...words]);
    expect(ran.stdout).toBe(words.map((word) => `[${word}]`).join(''));
    expect(last()?.body.argv).toEqual(['printf', '[%s]', ...words]);
    // Shown to a person, none of it reaches the terminal as a control code.
    const shown = at.proof(['log', '--all']).stdout + at.proof(['show', 'E1']).stdout;
    expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    verified(at);
  });

  test('100 000 words', () => {
    const ran = at.shell(`$PROOF run -- sh -c 'echo $#; exit 7' x $(seq 100000); exit $?`);
    expect(ran).toMatchObject({ code: 7, stdout: '100000\n', stderr: '' });
    expect(last()?.body).toMatchObject({ argv: null, argc: 100_004 });
    expect(last()?.blobs.map(({ name }) => name)).toContain('argv');
    verified(at);
  });

  test('words and variables as long as the kernel takes them', () => {
    const long = 'w'.repeat(130_000);
    const env = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`LONG_${i}`, long]));
    const ran = at.proof(
      ['run', '--', 'sh', '-c', 'expr length "$1" + length "$LONG_7"; exit 7', 'x', long],
      {
        env,
      },
    );
    expect(ran).toMatchObject({ code: 7, stdout: '260000\n', stderr: '' });
    expect(last()?.body.argc).toBe(5);
    verified(at);
  });

  test('more than the kernel takes: neither starts, each says so', () => {
    // Two megabytes of words and environment are the limit; what we add may not be what breaks it.
    writeFileSync(join(at.dir, 'many'), 'y'.repeat(120_000));
    const grow =
      'V="$(cat many)"; set --; i=0; while [ $i -lt 40 ]; do set -- "$@" "$V"; i=$((i+1)); done;';
    const own = at.shell(`${grow} /bin/echo "$@" >/dev/null 2>&1; echo $?`);
    const ours = at.shell(`${grow} $PROOF run -- /bin/echo "$@" >/dev/null 2>&1; echo $?`);
    expect([own.stdout, ours.stdout]).toEqual(['126\n', '126\n']);
    verified(at);
  });

  test('bytes that are no UTF-8: the command runs, the record is whole', () => {
    const ran = at.shell(
      `BAD="$(printf 'a\\377')" && export BAD && $PROOF run -- sh -c 'echo hi; exit 7' "$(printf '\\377\\376')"; exit $?`,
    );
    expect(ran).toMatchObject({ code: 7, stdout: 'hi\n', stderr: '' });
    expect(last()).toMatchObject({ kind: 'command' });
    verified(at);
  });

  test('output of any bytes is passed on and kept', () => {
    const ran = at.shell(
      `$PROOF run -- sh -c 'head -c 300000 /dev/urandom | tee copy; printf "\\377\\376\\000"' > out; printf '\\377\\376\\000' >> copy; cmp out copy && $PROOF show E1 --output stdout | cmp - copy; exit $?`,
    );
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('notes and goals: long ones are refused by their code, odd ones kept', () => {
    for (const text of ['ä\n\u0000'.replace('\u0000', ''), '🧾'.repeat(1000), ' ']) {
      expect(at.proof(['note', text, '--json']).code).toBe(0);
      expect(last()?.body.text).toBe(text);
    }
    for (const words of [['note'], ['decide'], ['task', 'start']]) {
      const { code, error } = at.proof([...words, 'n'.repeat(70_000), '--json']);
      expect({ words, code, error: error?.code }).toEqual({
        words,
        code: 1,
        error: 'entry.too-large',
      });
    }
    const db = new DatabaseSync(join(at.ledgerDir, 'ledger.db'), { readOnly: true });
    expect(db.prepare('SELECT count(*) AS n FROM entry').get()).toEqual({ n: 4 });
    db.close();
    verified(at);
  });
});

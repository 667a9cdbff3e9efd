import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { newUser } from './user.ts';

interface Answer {
  total: number;
  matches: {
    entry: string;
    task: string | null;
    where: string;
    line: number | null;
    text: string;
    spans: [number, number][];
  }[];
  partly: { entry: string; blob: string }[];
}

const PLANTED = ['zanzibar', 'lantern', 'k9'].join('');

describe('searching the record', () => {
  const user = newUser();
  const ledger = join(user.repository, '.git', 'proof');
  const search = (...words: string[]) => user.proof('search', '--json', ...words).json() as Answer;
  const entries = (...words: string[]) => search(...words).matches.map(({ entry }) => entry);

  beforeAll(() => {
    user.proof('init');
    user.proof('task', 'start', 'Fix the login loop', '--step', 'reproduce it in Firefox');
    user.proof(
      'run',
      '--',
      'sh',
      '-c',
      'seq 1 40; printf "Err"; echo "or: cannot read src/auth/session.ts --no-cache"',
    );
    user.proof('note', 'the Café cookie has no path', '--on', 'E3');
    user.proof('task', 'start', 'Another');
    user.proof('decide', 'set the path', '--because', 'one line', '--over', 'moving all pages');
    user.proof('run', '--', 'sh', '-c', `echo ${PLANTED} | tr a-z A-Z`);
  });

  test.each<[words: string[], found: string[]]>([
    [['login'], ['E1']],
    [['firefox'], ['E2']],
    [['cannot read'], ['E3']],
    [['"cannot', 'read"'], ['E3']],
    [['"read cannot"'], []],
    [['src/auth/session.ts'], ['E3']],
    [['session'], ['E3']],
    [['sess'], ['E3']],
    [['--', '--no-cache'], ['E3']],
    [['cafe'], ['E4']],
    [['COOKIE', 'path'], ['E4']],
    [['path'], ['E4', 'E6']],
    [['path', '--kind', 'decision'], ['E6']],
    [['path', '--task', 'T1'], ['E4']],
    [['moving'], ['E6']],
    [['(path'], ['E4', 'E6']],
    [['path*', 'OR'], []],
    [['nowhere'], []],
  ])('%o → %o', (words, found) => {
    expect(entries(...words).sort()).toEqual(found);
  });

  test('says which line of which stream, and where in it', () => {
    const [match] = search('error', 'session').matches;
    expect(match).toMatchObject({ entry: 'E3', task: 'T1', where: 'stdout', line: 41 });
    expect(match!.spans.map(([from, to]) => match!.text.slice(from, to))).toEqual([
      'Error',
      'session',
    ]);
  });

  test('limits, and says how many there are', () => {
    const { total, matches } = search('path', '--limit', '1');
    expect({ total, shown: matches.length }).toEqual({ total: 2, shown: 1 });
  });

  test('exits as grep does', () => {
    expect([user.proof('search', 'path').code, user.proof('search', 'nowhere').code]).toEqual([
      0, 1,
    ]);
    expect(user.proof('search', '=>').code).toBe(2);
    expect(user.proof('search', 'path').stdout).toMatch(/^E4\tT1\tnote\ttext\t\tthe Café cookie/m);
  });

  test('shows the match on a terminal, marked', async () => {
    const { shown } = await user.proofOnTerminal(['search', 'error']);
    expect(shown).toContain('\u001b[1mError');
    expect(shown).toContain('stdout:41');
  });

  test('knows what came since, and survives the loss of its index', () => {
    user.proof('note', 'came later');
    expect(entries('later')).toEqual(['E8']);
    rmSync(join(ledger, 'search.db'));
    expect(entries('later')).toEqual(['E8']);
    writeFileSync(join(ledger, 'search.db'), 'not a database '.repeat(500));
    expect(entries('later')).toEqual(['E8']);
    expect(user.proof('rebuild', '--json').json()).toMatchObject({
      views: [{ name: 'task-summaries' }, { name: 'task-boundaries' }, { name: 'search' }],
    });
    expect(entries('later')).toEqual(['E8']);
  });

  test('of a long output searches both ends, and says so', () => {
    user.proof(
      ...[
        'run',
        '--',
        'sh',
        '-c',
        'echo firstword; seq 1000000 1200000; echo middleword; seq 1200001 1400000; echo lastword',
      ],
    );
    expect(entries('firstword')).toEqual(['E9']);
    const { matches, partly } = search('1399999');
    expect(matches).toMatchObject([{ entry: 'E9', where: 'stdout', line: 400_002 }]);
    expect(partly).toEqual([{ entry: 'E9', blob: 'stdout', bytes: expect.any(Number) }]);
  });

  test('what is redacted is found no more, and stands in no index', () => {
    const word = PLANTED.toUpperCase();
    expect(entries(PLANTED)).toEqual(['E7']);
    expect(filesWith(PLANTED)).not.toEqual([]);
    user.proof('redact', 'E7', '--blob', 'stdout', '--because', 'x', '--yes');
    expect(search(PLANTED).matches).toMatchObject([{ entry: 'E7', where: 'command' }]);
    user.proof('redact', 'E7', '--because', 'x', '--yes');
    expect(entries(PLANTED)).toEqual([]);
    expect([...filesWith(PLANTED), ...filesWith(word)]).toEqual([]);
    expect(existsSync(join(ledger, 'search.db'))).toBe(true);
  });

  function filesWith(text: string): string[] {
    return (readdirSync(ledger, { recursive: true }) as string[])
      .filter((name) => statSync(join(ledger, name)).isFile())
      .filter((name) => readFileSync(join(ledger, name)).includes(text));
  }
});

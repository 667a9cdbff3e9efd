import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isOperation, loadOperation, OPERATIONS } from '../../src/app/operations.ts';
import { testBrowser } from '../browser.ts';
import { markMissing } from '../skips.ts';
import { COMMAND, newUser, ROOT } from './user.ts';

const LOG = `echo '192.0.2.7 - - [01/May/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8"' > access.log`;

/** A working day, in which every operation is called; they build on each other. */
const CALLS: readonly string[][] = [
  ['init'],
  ['status'],
  ['task', 'start', 'Fix the login loop', '--step', 'find it', '--step', 'fix it'],
  ['status'],
  ['task', 'plan', 'find it', 'fix it', 'prove it'],
  ['run', '--note', 'as reported', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3'],
  ['run', '--', 'no-such-command'],
  ['note', 'the cookie has no path', '--on', 'E4'],
  ['note', 'the staging server has none either'],
  ['decide', 'set it', '--because', 'it is one line', '--over', 'moving pages', '--on', 'E4'],
  ['attach', 'page.html', '--note', 'as generated'],
  ['attach', 'page.html', '--follow', '--for', '200ms'],
  ['shot', 'page.html', '--on', 'E4'],
  ['http', 'http://127.0.0.1:1/health', '--expect-status', '200'],
  ['show', 'E0'],
  ['show', 'E1'],
  ['show', 'E4'],
  ['show', 'E4', '--raw'],
  ['show', 'T1'],
  ['run', '--', 'sh', '-c', 'echo x > changed; mkdir d'],
  ['run', '--', 'sh', '-c', 'printf "TAP version 13\\n1..1\\nnot ok 1 - adds\\n" | tee out.tap'],
  ['tests', 'out.tap'],
  ['diff'],
  ['diff', 'T1', '--stat'],
  ['undo', '--to', 'T1', '--dry-run'],
  ['undo', '--to', 'T1'],
  ['log'],
  ['log', '--all', '--limit', '3'],
  ['task', 'show'],
  ['task', 'close', '--because', 'done'],
  ['task', 'use', '--none'],
  ['task', 'list'],
  ['task', 'use', 'T1'],
  ['run', '--', 'sh', '-c', LOG],
  ['traffic', 'analyze', 'access.log'],
  ['traffic', 'lines', 'ENTRY#1'],
  ['traffic', 'respond', '--block', 'curl'],
  ['traffic', 'watch', 'access.log', '--since', '2026-01-01'],
  ['verify'],
  ['anchor', '--local'],
  ['verify'],
  ['ledger', 'key'],
  ['ledger', 'checkpoint'],
  ['ledger', 'proof', 'E4'],
  ['ledger', 'tiles', 'tiles'],
  ['status', 'T1'],
  ['boundary', 'init'],
  ['boundary', 'show'],
  ['boundary', 'explain', 'git status && npm test'],
  ['boundary', 'explain', 'changed'],
  ['boundary', 'test', 'git status | head'],
  ['boundary', 'check'],
  ['boundary', 'suggest', 'T1'],
  ['boundary', 'import', join(ROOT, 'test/boundaries/claude-settings.json')],
  ['task', 'start', 'Tidy up', '--scope', 'src/**', '--deny-network'],
  ['log'],
  ['search', 'cookie'],
  ['redact', 'E5', '--because', 'private', '--yes'],
  ['redact', 'E4', '--blob', 'stdout', '--because', 'private', '--yes'],
  ['show', 'E4'],
  ['show', 'E5'],
  ['log'],
  ['verify'],
  ['prune', '--dry-run'],
  ['rebuild'],
  ['doctor'],
  // After its ledger was thrown away and another begun.
  ['ledger', 'accept', '--because', 'begun anew'],
  ['status'],
];

describe('--json prints the documented shape', () => {
  const user = newUser();
  /** Names the investigation, whatever entries come before it. */
  let investigated = '';
  writeFileSync(join(user.repository, 'page.html'), '<title>Report</title><p>All is well.');
  const browser = testBrowser();
  if (browser !== null) user.env.PROOF_BROWSER = browser;
  const isShown = (words: readonly string[]) => browser !== null || words[0] !== 'shot';

  if (browser === null) test.skip(markMissing('proof shot', ['chromium']), () => {});
  test.each(CALLS.filter(isShown).map((words) => [words.join(' '), words] as const))(
    'proof %s',
    async (_, given) => {
      const words = given.map((word) => word.replace('ENTRY', investigated));
      const op = await loadOperation(operation(words));
      if (op.name === 'ledger accept') beginAnew();
      const before = words.indexOf('--');
      const at = before < 0 ? words.length : before;
      const said = user.proof(...words.slice(0, at), '--json', ...words.slice(at));
      // The command's output is its own; the record's facts follow it on standard error.
      const lines = (
        op.name === 'run' ? said.stderr.split('\n').slice(-2) : said.stdout.split('\n')
      )
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as unknown);
      expect(lines.length).toBeGreaterThan(0);
      if (op.name === 'traffic analyze') investigated = (lines[0] as { entry: string }).entry;
      for (const line of lines) {
        const parsed = op.output().safeParse(line);
        expect(parsed.error).toBeUndefined();
        // Nothing undocumented: what the schema does not name would be gone after parsing.
        expect(parsed.data).toEqual(line);
      }
    },
  );

  test('no operation was left out', () => {
    // proof shell needs a terminal: test/acceptance/shell/session.test.ts.
    const called = new Set([...CALLS.map(operation), 'shell']);
    expect(called).toEqual(new Set(Object.keys(OPERATIONS)));
  });

  test('one answer is one line; a stream is one line each', () => {
    const log = user.proof('log', '--all', '--json').stdout.trimEnd().split('\n');
    const { ledger } = user.proof('status', '--json').json() as { ledger: { size: number } };
    expect(log).toHaveLength(ledger.size);
    expect(user.proof('task', 'list', '--json').stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  function beginAnew(): void {
    rmSync(join(user.repository, '.git', 'proof'), { recursive: true });
    user.proof('init');
  }

  function operation(words: readonly string[]): keyof typeof OPERATIONS {
    const name = [words.slice(0, 2).join(' '), words[0] as string].find(isOperation);
    if (name === undefined) throw new Error(`${words.join(' ')} is no operation`);
    return name;
  }
});

const page = join(ROOT, 'docs', 'REFERENCE.md');

describe.skipIf(!existsSync(page))('docs/REFERENCE.md', () => {
  test('is what `proof reference` prints (npm run docs writes it)', () => {
    const { stdout } = spawnSync(process.execPath, [COMMAND, 'reference'], { encoding: 'utf8' });
    expect(readFileSync(page, 'utf8').trimEnd()).toBe(stdout.trimEnd());
  });
});

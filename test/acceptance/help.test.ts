import { describe, expect, test } from 'vitest';
import type { Op } from '../../src/app/define-op.ts';
import { isOperation, loadAllOperations, OPERATIONS } from '../../src/app/operations.ts';
import { noFlags } from '../../src/surfaces/cli/command-line.ts';
import { GROUPS } from '../../src/surfaces/cli/help.ts';
import { inputFromWords } from '../../src/surfaces/cli/input-from-words.ts';
import { newUser, shellWords } from './user.ts';

const ops = await loadAllOperations();
const user = newUser();
const columns = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('help', () => {
  test.each(ops.map((op) => [op.name, op] as const))('proof %s --help', (name, op) => {
    const { code, stdout, stderr } = user.proof(...name.split(' '), '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(op.examples.length).toBeGreaterThan(0);
    for (const { type } of op.examples) expect(stdout).toContain(type);
    // Examples first.
    expect(stdout.indexOf(op.examples[0]?.type ?? '')).toBeLessThan(stdout.indexOf('usage'));
    expect(columns(stdout)).toBeLessThanOrEqual(80);
  });

  test('-h, --help before and after, and help are the same', () => {
    const text = user.proof('help', 'task', 'start').stdout;
    const ways = [
      ['task', 'start', '-h'],
      ['--help', 'task', 'start'],
      ['help', 'task', 'start', '--help'],
    ];
    for (const words of ways) expect(user.proof(...words)).toMatchObject({ code: 0, stdout: text });
    expect(user.proof('--help').stdout).toBe(user.proof('help').stdout);
  });

  test('the overview and the reference show every command, in 80 columns', () => {
    const { stdout } = user.proof('help');
    expect(columns(stdout)).toBeLessThanOrEqual(80);
    const grouped = GROUPS.flatMap(([, names]) => names);
    expect([...grouped].sort()).toEqual(Object.keys(OPERATIONS).sort());
    const reference = user.proof('reference').stdout;
    for (const name of grouped) expect(reference).toContain(`### proof ${name}\n`);
  });

  test('a bare noun, and completions, have help too', () => {
    expect(user.proof('task').stdout).toContain('task start');
    expect(user.proof('ledger', '--help').stdout).toContain('ledger tiles');
    const text = user.proof('help', 'completions').stdout;
    expect(user.proof('completions', '--help')).toMatchObject({ code: 0, stdout: text });
  });
});

/** Examples are read as the command line reads them, so they cannot rot. */
describe('examples', () => {
  const examples = ops.flatMap((op) => op.examples.map(({ type }) => type));
  const screens = [user.proof('help').stdout, user.proof().stdout].flatMap((text) =>
    [...text.matchAll(/^ {2}(proof .*?)(?: {2,}.*)?$/gm)].map(([, line]) => line as string),
  );

  test.each([...new Set([...examples, ...screens])])('%s', (line) => {
    const [program, ...words] = shellWords(line);
    expect(program).toBe('proof');
    const op = operationOf(words);
    const input = inputFromWords(op, words.slice(op.name.split(' ').length), noFlags());
    expect(op.input.safeParse(input)).toMatchObject({ success: true });
  });

  function operationOf(words: readonly string[]): Op {
    const two = words.slice(0, 2).join(' ');
    const name = isOperation(two) ? two : words[0];
    const op = ops.find((one) => one.name === name);
    if (op === undefined) throw new Error(`${words.join(' ')} names no command`);
    return op;
  }
});

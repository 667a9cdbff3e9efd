import { describe, expect, it } from 'vitest';
import type { EntryOf } from '../core/entries/kinds.ts';
import { commandLine } from './command-line.ts';
import { commandTitle } from './command-title.ts';

type Command = EntryOf<'command'>;
const command = (body: object) =>
  ({
    body: {
      ...{ argv: ['bash', '-c', 'npm test | tail'], argc: 3, durationMicros: 2_000, streams: [] },
      exit: { code: 0, signal: null, how: 'exited' },
      ...body,
    },
  }) as unknown as Command;
const shell = (more: object = {}) => ({
  name: 'bash',
  session: '0',
  number: 1,
  text: 'told',
  ...more,
});

describe('a command as somebody would type it', () => {
  it.each([
    ['words', { argv: ['echo', 'a b'] }, "echo 'a b'"],
    ['too many words', { argv: null, argc: 9_000 }, 'a command of 9000 words'],
    ['a line', { shell: shell() }, 'npm test | tail'],
    ['a line read off the screen', { shell: shell({ text: 'seen' }) }, 'npm test | tail'],
    ['a line that was cut', { shell: shell({ cut: true }) }, 'npm test | tail …'],
    ['a long line', { argv: null, shell: shell({ begins: 'echo long' }) }, 'echo long …'],
    ['a hidden line', { argv: ['bash'], shell: shell({ text: 'withheld' }) }, /withheld/],
    ['an unknown line', { argv: ['bash'], shell: shell({ text: 'unknown' }) }, /did not tell/],
  ])('%s', (_, body, text) => {
    const line = commandLine(command(body).body);
    if (typeof text === 'string') expect(line).toBe(text);
    else expect(line).toMatch(text);
  });
});

describe('how a line of a shell came out', () => {
  it.each([
    ['a pipeline that hides a failure', [1, 0], 0, 'exit 0 (of its parts: 1, 0) · 2 ms', 'good'],
    ['one in which all is well', [0, 0], 0, 'exit 0 · 2 ms', 'good'],
    ['one whose last part failed', [0, 1], 1, 'exit 1 · 2 ms', 'bad'],
    ['one with pipefail', [1, 0], 1, 'exit 1 · 2 ms', 'bad'],
  ] as const)('%s', (_, statuses, code, result, tone) => {
    const exit = { code, signal: null, how: 'exited' };
    expect(commandTitle(command({ exit, shell: shell({ statuses }) }))).toMatchObject({
      result,
      tone,
    });
  });

  it('is not known where the shell did not say', () => {
    const exit = { code: null, signal: null, how: 'unknown' };
    expect(commandTitle(command({ exit, shell: shell() }))).toMatchObject({
      result: 'its end was not seen · 2 ms',
      tone: 'quiet',
    });
  });
});

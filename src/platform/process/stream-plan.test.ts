import { describe, expect, it } from 'vitest';
import { type OwnStream, type OwnStreams, planStreams } from './stream-plan.ts';

const tty: OwnStream = { terminal: true, identity: 'terminal:1', sequence: false };
const otherTty: OwnStream = { terminal: true, identity: 'terminal:2', sequence: false };
const nothing: OwnStream = { terminal: false, identity: 'null', sequence: false };
const pipe = (name: string): OwnStream => ({ terminal: false, identity: name, sequence: true });
const own = (stdin: OwnStream, stdout: OwnStream, stderr: OwnStream, bg = false): OwnStreams => ({
  stdin,
  stdout,
  stderr,
  inBackground: bg,
});

describe('planStreams', () => {
  it.each([
    ['all on one terminal', own(tty, tty, tty), ['inner', 'pty', 'same as stdout']],
    [
      'the same, in the background',
      own(tty, tty, tty, true),
      ['inherited', 'pty', 'same as stdout'],
    ],
    ['piped input', own(pipe('a'), tty, tty), ['inherited', 'pty', 'same as stdout']],
    ['errors in a file', own(tty, tty, pipe('a')), ['inner', 'pty', 'fifo']],
    ['errors on another terminal', own(tty, tty, otherTty), ['inner', 'pty', 'fifo']],
    [
      'input from another terminal',
      own(otherTty, tty, tty),
      ['inherited', 'pty', 'same as stdout'],
    ],
    ['output piped on', own(tty, pipe('a'), tty), ['inherited', 'fifo', 'pty']],
    ['two pipes', own(nothing, pipe('a'), pipe('b')), ['inherited', 'fifo', 'fifo']],
    [
      'one pipe for both',
      own(nothing, pipe('a'), pipe('a')),
      ['inherited', 'fifo', 'same as stdout'],
    ],
    ['both thrown away', own(nothing, nothing, nothing), ['inherited', 'fifo', 'fifo']],
  ] as const)('%s', (_, streams, [stdin, stdout, stderr]) => {
    expect(planStreams(streams)).toEqual({ stdin, stdout, stderr });
  });
});

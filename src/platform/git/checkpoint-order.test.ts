import { describe, expect, it } from 'vitest';
import { compareCheckpoints, readCheckpointLines } from './checkpoint-order.ts';
import { checkpointText, LEDGER, OTHER_LEDGER } from './git-fixture.ts';

const lines = (size: number, history?: string, ledger = LEDGER) => {
  const read = readCheckpointLines(checkpointText(ledger, size, history));
  if (read === null) throw new Error('not a checkpoint');
  return read;
};

it.each([
  ['same', lines(5), lines(5)],
  ['later', lines(6), lines(5)],
  ['later', lines(10), lines(9)],
  ['earlier', lines(4), lines(5)],
  ['forked', lines(5, 'rewritten'), lines(5)],
  ['forked', lines(9, 'honest', OTHER_LEDGER), lines(5)],
  ['later', { ...lines(5), text: 'with another signature' }, lines(5)],
])('compareCheckpoints: %s', (order, offered, stored) => {
  expect(compareCheckpoints(offered, stored)).toBe(order);
});

describe('readCheckpointLines', () => {
  it('reads origin, size and root', () => {
    expect(lines(17)).toMatchObject({ origin: `prooflayer.dev/${LEDGER}`, size: 17 });
  });

  it.each([
    ['', ''],
    ['only two lines', 'a/b\n5\n'],
    ['no line end', `a/b\n5\n${'A'.repeat(43)}=`],
    ['a leading zero', `a/b\n05\n${'A'.repeat(43)}=\n`],
    ['a sign', `a/b\n-5\n${'A'.repeat(43)}=\n`],
    ['an unsafe size', `a/b\n9999999999999999\n${'A'.repeat(43)}=\n`],
    ['a short root', `a/b\n5\n${'A'.repeat(42)}=\n`],
    ['no origin', `\n5\n${'A'.repeat(43)}=\n`],
  ])('refuses %s', (_, text) => {
    expect(readCheckpointLines(text)).toBeNull();
  });
});

import { expect, test } from 'vitest';
import { decideCommand } from '../../src/judge/boundary/decide.ts';
import { type Case, corpusCases, corpusPlace, corpusPolicy } from './world.ts';

/** What simpler matchers would have allowed, so that the figure of the decider means something. */

const policy = corpusPolicy();
const { allow, ask, deny } = policy.commands;

function byPrefix(text: string): Case['verdict'] {
  const starts = (rule: { text: string }) => text.startsWith(rule.text.replace(/ ?\*$/, ''));
  if (deny.some(starts)) return 'deny';
  if (ask.some(starts)) return 'ask';
  return allow.some(starts) ? 'allow' : 'ask';
}

function byPieces(text: string): Case['verdict'] {
  const found = text.split(/&&|\|\||[;|&\n]/).map((piece) => byPrefix(piece.trim()));
  if (found.includes('deny')) return 'deny';
  return found.includes('ask') ? 'ask' : 'allow';
}

const wrongAllows = (judge: (text: string) => Case['verdict']) =>
  corpusCases('open').filter(
    ({ verdict, command }) => verdict !== 'allow' && judge(command) === 'allow',
  ).length;

test('wrong allows on the open half: a prefix, pieces between operators, the decider', () => {
  const counted = {
    prefix: wrongAllows(byPrefix),
    pieces: wrongAllows(byPieces),
    decider: wrongAllows((text) => decideCommand(policy, text, corpusPlace()).verdict),
  };
  console.log('wrong allows', counted);
  expect(counted.prefix).toBeGreaterThan(50);
  expect(counted.pieces).toBeGreaterThan(50);
  expect(counted.decider).toBe(0);
});

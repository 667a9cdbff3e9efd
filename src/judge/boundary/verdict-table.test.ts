import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Asker, answerTo, VERDICT_TABLE, verdictTableText } from './verdict-table.ts';

const askers = Object.keys(VERDICT_TABLE) as Asker[];

test.each(askers)('%s: observing lets everything pass, and allow is never said', (asker) => {
  for (const attended of [true, false]) {
    for (const verdict of ['allow', 'ask', 'deny'] as const) {
      expect(answerTo(asker, attended, 'observe', verdict).outcome).toBe('pass');
    }
    for (const mode of ['ask', 'enforce'] as const) {
      expect(answerTo(asker, attended, mode, 'allow').outcome).toBe('pass');
      expect(answerTo(asker, attended, mode, 'deny').outcome).toBe('refuse');
      expect(answerTo(asker, attended, mode, 'ask').outcome).not.toBe('pass');
    }
  }
});

test.each(askers)('%s: headless, an ask is a refusal', (asker) => {
  expect(answerTo(asker, false, 'ask', 'ask').outcome).toBe('refuse');
});

test('Codex runs the tool on ask, so it is never told ask', () => {
  expect(answerTo('codex', true, 'enforce', 'ask').outcome).toBe('refuse');
});

test('the documentation holds this very table', () => {
  const page = readFileSync(new URL('../../../docs/BOUNDARIES.md', import.meta.url), 'utf8');
  expect(page).toContain(verdictTableText());
});

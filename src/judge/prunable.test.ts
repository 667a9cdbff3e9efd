import { describe, expect, it } from 'vitest';
import { type BlobUse, isCiting, isPrunable } from './prunable.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const rule = { closedForSeconds: 7 * 86_400, atLeastBytes: 1_000 };
const bulky: BlobUse = {
  kind: 'command',
  name: 'stdout',
  size: 5_000,
  at: '2026-11-01T12:00:00.000Z',
  closedAt: '2026-11-02T12:00:00.000Z',
  cited: false,
};

describe('what may be pruned', () => {
  it.each<[what: string, change: Partial<BlobUse>, may: boolean]>([
    ['bulky output of a task that is long closed', {}, true],
    ['its times', { name: 'timing' }, true],
    ['at the very size', { size: 1_000 }, true],
    ['what is small', { size: 999 }, false],
    ['what something counts on', { cited: true }, false],
    ['of an open task, or of none', { closedAt: null }, false],
    ['of a task closed yesterday', { closedAt: '2026-11-20T12:00:00.000Z' }, false],
    ['recorded yesterday under a task closed long ago', { at: '2026-11-20T12:00:00.000Z' }, false],
    ['closed exactly so long ago', { closedAt: '2026-11-14T12:00:00.000Z' }, true],
    ['a picture somebody attached', { kind: 'attachment', name: 'file' }, false],
    ['the environment of a run', { name: 'environment' }, false],
    ['the words of a command', { name: 'argv' }, false],
    ['a time nobody can read', { at: 'yesterday' }, false],
  ])('%s: %o → %s', (_what, change, may) => {
    expect(isPrunable({ ...bulky, ...change }, rule, now)).toBe(may);
  });
});

describe('what counts on what it refers to', () => {
  it.each<[kind: string, rel: string, does: boolean]>([
    ['claim', 'on', true],
    ['approval.granted', 'on', true],
    ['decision', 'on', true],
    ['of a later version', 'on', true],
    ['note', 'cites', true],
    ['note', 'on', false],
    ['change', 'on', false],
    ['command', 'child', false],
    ['claim', 'parent', false],
    ['test.report', 'on', false],
    ['redacted', 'on', false],
  ])('%s %s → %s', (kind, rel, does) => {
    expect(isCiting(kind, rel)).toBe(does);
  });
});

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Draft } from '../../src/core/entries/kinds.ts';
import { createLedger } from '../../src/ledger/store/open.ts';
import { newUser } from './user.ts';

interface Pruned {
  pruned: { entry: string; task: string; blob: string; stored: number }[];
  freed: number;
  said: string[];
  disk: Disk;
}

interface Disk {
  bytes: number;
  blobs: { count: number; bytes: number };
  over: boolean;
}

const actor = { kind: 'human', name: 'ada', host: 'here', basis: 'asserted' } as const;
const DAYS = 86_400_000;

/** A ledger whose entries were appended so long ago: T1 is closed, T2 is open. */
async function oldLedger(user: ReturnType<typeof newUser>, days: number): Promise<void> {
  let now = Date.now() - days * DAYS;
  const dir = join(user.repository, '.git', 'proof');
  const configDir = join(user.env.XDG_CONFIG_HOME as string, 'prooflayer');
  mkdirSync(configDir, { recursive: true });
  const clock = () => {
    now += 1000;
    return new Date(now);
  };
  const place = { dir, configDir, ownValues: [], self: actor, now: clock };
  const ledger = await createLedger(place, actor, 'test');
  const append = async (draft: object, output?: string) => {
    const writer = ledger.blob('stdout');
    await writer.write(Buffer.from(output ?? ''));
    await writer.end();
    const blob = writer.finish();
    const blobs = blob === null ? [] : [blob.ref];
    await ledger.append(
      () => [{ actor, blobs, ...draft } as unknown as Draft],
      blob === null ? [] : [blob],
    );
  };
  const opened = { kind: 'task.opened', task: null };
  await append({ ...opened, body: { goal: 'long over' } }); // E1, T1
  await append({ ...opened, body: { goal: 'going on' } }); // E2, T2
  await append(command(1), noise(1, 300_000)); // E3: goes
  await append(command(1), noise(2, 300_000)); // E4: cited
  await append(command(1), noise(3, 300_000)); // E5: shared with an open task
  await append(command(2), noise(3, 300_000)); // E6
  await append(command(1), noise(4, 5_000)); // E7: small
  await append({
    ...{ kind: 'decision', task: 1, body: { text: 'so', rejected: [] } },
    refs: [{ rel: 'on', seq: 4 }],
  });
  await append({ kind: 'note', task: 1, body: { text: 'look' }, refs: [{ rel: 'on', seq: 3 }] });
  await append({ kind: 'task.closed', task: 1, body: { outcome: 'done' } }); // E10
  ledger.close();
}

function command(task: number): object {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    kind: 'command',
    task,
    body: {
      ...{ run: 'ab', argv: ['make'], argc: 1, cwd: '/', executable: null },
      ...{ environment: { names: 0, digest: '0'.repeat(64) }, started: at, ended: at },
      ...{ durationMicros: 1, exit: { code: 0, signal: null, how: 'exited' }, mode: 'pipes' },
      streams: [{ name: 'stdout', bytes: 1, lines: 1, gaps: [] }],
      usage: {
        ...{ cpuUserMicros: null, cpuSystemMicros: null, cpuSource: '' },
        ...{ peakRssBytes: null, peakRssSource: '' },
      },
      ...{ tools: { prooflayer: '', node: '', system: '' }, maskRules: '1' },
    },
  };
}

/** Text that does not compress to nothing. */
function noise(seed: number, length: number): string {
  const pieces = Array.from({ length: Math.ceil(length / 64) }, (_, i) =>
    createHash('sha256').update(`${seed} ${i}`).digest('hex'),
  );
  return pieces.join('').slice(0, length);
}

describe('proof prune', () => {
  const user = newUser();
  beforeAll(() => oldLedger(user, 200));
  const prune = (...words: string[]) => user.proof('prune', '--json', ...words).json() as Pruned;

  test('shows what would go, and takes nothing', () => {
    const { pruned, freed, said } = prune('--dry-run');
    expect(pruned).toMatchObject([{ entry: 'E3', task: 'T1', blob: 'stdout', size: 300_000 }]);
    expect({ freed, said }).toEqual({ freed: pruned[0]!.stored, said: [] });
    expect(user.proof('show', 'E3', '--output', 'stdout').stdout).toHaveLength(300_000);
  });

  test.each([
    ['--older-than', '300d'],
    ['--larger-than', '1MB'],
  ])('nothing by a narrower rule: %s %s', (...words) => {
    expect(prune('--dry-run', ...words).pruned).toEqual([]);
  });

  test('needs a yes, and a person', () => {
    expect(user.proof('prune', '--json').code).toBe(5);
    expect(user.proofIn({ env: { CI: 'true' } }, 'prune', '--yes').code).toBe(4);
  });

  test('lets it go, says so, and the record verifies', () => {
    const before = (user.proof('status', '--json').json() as { disk: Disk }).disk;
    const { pruned, said, freed, disk } = prune('--yes');
    expect({ count: pruned.length, said }).toEqual({ count: 1, said: ['E11'] });
    expect(before.blobs.bytes - disk.blobs.bytes).toBe(freed);
    expect(before.blobs.count - disk.blobs.count).toBe(1);
    expect(user.proof('show', 'E11', '--json').json()).toMatchObject({
      kind: 'pruned',
      task: 'T1',
      body: { cause: 'asked', freed, blobs: [{ of: [{ seq: 3, name: 'stdout' }] }] },
    });
    expect(user.proof('show', 'E3').stdout).toContain('pruned by E11');
    expect(user.proof('verify', '--json').json()).toMatchObject({
      ok: true,
      redacted: [{ entry: 'E3', blob: 'stdout', by: 'E11', kind: 'pruned' }],
    });
    expect(prune('--yes').pruned).toEqual([]);
  });

  test('what status says of the room is what is there, however it came to know', () => {
    const room = () => (user.proof('status', '--json').json() as { disk: Disk }).disk.blobs;
    for (let i = 0; i < 15; i++) user.proof('run', '--', 'sh', '-c', `seq ${i} 200`);
    const known = room();
    user.proof('rebuild');
    expect(room()).toEqual(known);
  });
});

describe('over the disk budget', () => {
  const user = newUser();
  const remembered = join(user.repository, '.git', 'proof', 'cache', 'over-budget.json');
  const env = { PROOF_DISK_BUDGET: '450kB' };
  const close = (goal: string) => {
    user.proof('task', 'start', goal);
    return user.proofIn({ env }, 'task', 'close').code;
  };
  const kinds = () =>
    user
      .proof('log', '--all', '--json')
      .stdout.trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { kind: string }).kind);

  beforeAll(() => oldLedger(user, 30));

  test('status warns, and can be told another budget, or none', () => {
    const disk = (budget: string) =>
      (
        user.proofIn({ env: { PROOF_DISK_BUDGET: budget } }, 'status', '--json').json() as {
          disk: Disk;
        }
      ).disk.over;
    expect(['1MB', '10kB', 'none', ''].map(disk)).toEqual([false, true, false, false]);
    expect(user.proofIn({ env }, 'status').stdout).toContain('proof prune --dry-run');
    expect(user.proofIn({ env: { PROOF_DISK_BUDGET: 'much' } }, 'status').code).toBe(2);
  });

  test('the first time nothing goes', () => {
    expect(close('one')).toBe(0);
    expect(kinds()).not.toContain('pruned');
    expect(close('two')).toBe(0);
    expect(kinds()).not.toContain('pruned');
  });

  test('a day later the oldest output of closed tasks goes, by an entry of our own', () => {
    const over = JSON.parse(readFileSync(remembered, 'utf8')) as { since: number };
    const longAgo = over.since - 2 * DAYS;
    writeFileSync(remembered, JSON.stringify({ since: longAgo, looked: longAgo }));
    expect(user.proofIn({ env }, 'run', '--', 'true').code).toBe(0);
    expect(kinds().filter((kind) => kind === 'pruned')).toHaveLength(1);
    const [said] = user
      .proof('log', '--all', '--json')
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; actor: object; body: object })
      .filter(({ kind }) => kind === 'pruned');
    expect(said).toMatchObject({
      actor: { kind: 'tool', name: 'prooflayer' },
      body: { cause: 'budget', blobs: [{ of: [{ seq: 3 }] }] },
    });
    expect(user.proof('verify').code).toBe(0);
  });
});

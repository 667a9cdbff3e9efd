import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeAt } from '../../src/features/workspace/change-files.ts';
import { undo } from '../../src/features/workspace/undo.ts';
import { ALONE, Watch } from '../../src/features/workspace/watch.ts';
import { Workspace } from '../../src/features/workspace/workspace.ts';
import type { Ledger } from '../../src/ledger/store/ledger.ts';
import { createLedger } from '../../src/ledger/store/open.ts';
import { allIgnoredByGit, ignoredByGit } from '../../src/platform/git/ignored.ts';

const SEQUENCES = 500;
const actor = { kind: 'tool', name: 'test', host: 'here', basis: 'asserted' } as const;
const who = { task: null, actor };

/** One edit of a random sequence, on the few names that all of them share. */
type Edit =
  | { do: 'write'; path: string; text: string }
  | { do: 'binary'; path: string; bytes: Uint8Array }
  | { do: 'remove' | 'mkdir'; path: string }
  | { do: 'move' | 'link'; path: string; to: string }
  | { do: 'chmod'; path: string; mode: number };

const name = fc.constantFrom(
  'a',
  'b',
  'c.txt',
  'd/e',
  'd/f',
  'd/g/h',
  'ä\u{1f600}',
  'x y',
  '-n',
  'd',
);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ do: fc.constant('write' as const), path: name, text: fc.string({ maxLength: 200 }) }),
  fc.record({
    do: fc.constant('binary' as const),
    path: name,
    bytes: fc.uint8Array({ maxLength: 300 }),
  }),
  fc.record({ do: fc.constantFrom('remove' as const, 'mkdir' as const), path: name }),
  fc.record({ do: fc.constantFrom('move' as const, 'link' as const), path: name, to: name }),
  fc.record({
    do: fc.constant('chmod' as const),
    path: name,
    mode: fc.constantFrom(0o600, 0o644, 0o755, 0o700, 0o444),
  }),
);

test(`${SEQUENCES} random sequences of edits: undo gives the identical tree, undo of the undo the other`, async () => {
  const root = mkdtempSync(join(tmpdir(), 'proof-undo-'));
  const dir = join(root, 'work');
  mkdirSync(dir);
  spawnSync('git', ['init', '-q', dir]);
  const ledger = await createLedger(
    { dir: join(dir, '.git/proof'), configDir: join(root, 'config'), ownValues: [], self: actor },
    actor,
    'test',
  );
  const place = {
    root: dir,
    commonDir: join(dir, '.git'),
    ledgerDir: ledger.dir,
    ignored: { check: ignoredByGit, list: allIgnoredByGit },
  };
  const workspace = new Workspace(place, ledger);
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { maxLength: 8 }),
        fc.array(edit, { minLength: 1, maxLength: 8 }),
        async (first, second) => {
          for (const one of readdirSync(dir))
            if (one !== '.git') rmSync(join(dir, one), { recursive: true });
          for (const one of first) apply(dir, one);
          await new Watch(workspace, ledger, who, ALONE).before();
          const start = tree(dir);
          const seq = await recorded(workspace, ledger, () => {
            for (const one of second) apply(dir, one);
          });
          const end = tree(dir);
          if (seq === null) {
            expect(end).toEqual(start);
            return;
          }
          const back = await undoing(workspace, ledger, seq);
          expect(tree(dir)).toEqual(start);
          const again = back === null ? null : await undoing(workspace, ledger, back);
          expect(tree(dir)).toEqual(back === null ? start : end);
          if (again !== null) {
            await undoing(workspace, ledger, again);
            expect(tree(dir)).toEqual(start);
          }
        },
      ),
      { numRuns: SEQUENCES },
    );
  } finally {
    workspace.close();
    ledger.close();
    rmSync(root, { recursive: true, force: true });
  }
}, 300_000);

async function recorded(workspace: Workspace, ledger: Ledger, work: () => void) {
  const watch = new Watch(workspace, ledger, who, ALONE);
  await watch.before();
  work();
  return watch.after('00'.repeat(8), async (observed) => {
    const drafts = observed?.drafts(ledger.size()) ?? [];
    if (drafts.length === 0) return null;
    const [seq] = await ledger.append(
      () => drafts.map((draft) => ({ ...draft, refs: [] })),
      observed?.blobs,
    );
    return seq ?? null;
  });
}

async function undoing(workspace: Workspace, ledger: Ledger, seq: number): Promise<number | null> {
  const change = changeAt(ledger, seq);
  if (change === null) throw new Error(`E${seq} is no change`);
  const done = await undo(
    workspace,
    ledger,
    who,
    () => [change],
    () => true,
  );
  expect(done.failed).toEqual([]);
  expect(done.plan.cannot).toEqual([]);
  expect(done.plan.later).toEqual([]);
  return done.seq;
}

/** Edits that make no sense where they meet something else change nothing. */
function apply(dir: string, edit: Edit): void {
  const path = join(dir, edit.path);
  try {
    if (edit.do === 'write' || edit.do === 'binary') {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, edit.do === 'write' ? edit.text : edit.bytes);
    } else if (edit.do === 'remove') rmSync(path, { recursive: true });
    else if (edit.do === 'mkdir') mkdirSync(path, { recursive: true });
    else if (edit.do === 'move') renameSync(path, join(dir, edit.to));
    else if (edit.do === 'link') symlinkSync(edit.to, path);
    else if (edit.do === 'chmod' && !lstatSync(path).isSymbolicLink()) {
      // A directory that nobody may enter could not be looked at by the test either.
      chmodSync(path, lstatSync(path).isDirectory() ? edit.mode | 0o700 : edit.mode);
    }
  } catch {
    // As a script would go on after it.
  }
}

/** Everything in a directory: type, mode, contents. */
function tree(dir: string): Record<string, string> {
  const found: Record<string, string> = {};
  const descend = (at: string) => {
    for (const one of readdirSync(join(dir, at)).sort()) {
      const path = join(at, one);
      if (path === '.git') continue;
      const stat = lstatSync(join(dir, path));
      const what = stat.isSymbolicLink()
        ? readlinkSync(join(dir, path))
        : stat.isDirectory()
          ? 'directory'
          : readFileSync(join(dir, path)).toString('hex');
      found[path] = `${(stat.mode & 0o7777).toString(8)} ${what}`;
      if (stat.isDirectory()) descend(path);
    }
  };
  descend('');
  return found;
}

import * as z from 'zod/mini';
import type { FileChange, FileState } from '../../core/entries/change-kind.ts';
import { once } from '../../core/once.ts';
import { type FileDiff, fileDiff } from '../../features/workspace/file-diff.ts';
import { contentsOf } from '../../features/workspace/workspace.ts';
import { maskBytes } from '../../ledger/mask/text-mask.ts';
import { netChanges } from '../../views/net-changes.ts';
import {
  changedFile,
  namedChanges,
  taskChanges,
  toChangedFiles,
  UNRECORDED,
} from '../changed-files.ts';
import type { Context } from '../context.ts';
import { defineOp } from '../define-op.ts';
import { diffText } from '../diff-text.ts';

const output = once(() =>
  z.object({
    of: z.nullable(z.string()).check(z.describe('what was asked for, or null for all there is')),
    files: z.array(
      z.extend(changedFile(), {
        added: z.int().check(z.describe('lines')),
        removed: z.int().check(z.describe('lines')),
        note: z
          .nullable(z.string())
          .check(z.describe('why no lines are shown, or what is left out')),
        hunks: z.array(
          z.object({
            header: z.string(),
            lines: z
              .array(z.string())
              .check(z.describe('with their first character " ", "+", "-" or "\\"')),
          }),
        ),
      }),
    ),
    unseen: z.array(z.object({ path: z.string(), why: z.string() })),
  }),
);

export default defineOp({
  name: 'diff',
  summary: 'what a command, a task or a stretch of the ledger changed',
  details:
    'A table of all changed files, those out of scope and the repository’s own hooks and settings first, then the lines. Several changes of a file are added up. Into a pipe the patch is written byte for byte, and git apply takes it. Files that git ignores, that are large or that could not be kept are named without their lines.',
  effect: 'read',
  input: z.object({
    of: z
      .optional(z.string())
      .check(z.describe('E7, T1 or E3..E9; without it the task chosen here')),
    stat: z._default(z.boolean(), false).check(z.describe('only how many lines of each file')),
    nameOnly: z._default(z.boolean(), false).check(z.describe('only the names of files')),
  }),
  output,
  examples: [
    { type: 'proof diff', does: 'everything the task changed so far' },
    { type: 'proof diff E7', does: 'what that command changed' },
    { type: 'proof diff E3..E9 --stat', does: 'what came after E3, up to E9' },
    { type: 'proof diff T1 > t1.patch', does: 'git apply takes it' },
  ],
  cli: {
    positionals: ['of'],
    pager: true,
    exact: ({ stat, nameOnly }) => !stat && !nameOnly,
    print: (shown, paint, input) => diffText(shown, paint, input),
  },
  async run(context, { of, stat, nameOnly }) {
    const reader = context.reader();
    const { root } = context.places;
    const task = of === undefined ? context.requireTask() : null;
    const changes =
      of === undefined ? taskChanges(reader, task as number, root) : namedChanges(reader, of, root);
    const now = of === undefined ? await unrecorded(context) : [];
    const net = netChanges([
      ...changes,
      ...(now.length === 0 ? [] : [{ seq: UNRECORDED, files: now }]),
    ]);
    const cache = nameOnly ? null : await openCache(context);
    try {
      const diffs = net.map((file) =>
        nameOnly ? null : fileDiff(file, (state) => cache?.bytesOf(state) ?? null),
      );
      const files = toChangedFiles(net, changes);
      return {
        of: of ?? null,
        files: files.map((file, i) => ({ ...file, ...linesOf(diffs[i] ?? null, stat) })),
        unseen: unseenIn(changes),
      };
    } finally {
      cache?.close();
    }
  },
});

/**
 * Bytes of files for people's eyes: secrets struck out. Null where the ledger's key is not here,
 * or nothing may be opened: then files are named without their lines.
 */
async function openCache(context: Context) {
  try {
    const ledger = await context.ledger();
    const contents = contentsOf(ledger);
    return {
      bytesOf({ hash, kept }: FileState) {
        // Bytes of a file that is not kept may be there all the same, as another file's.
        if (hash === null || (kept !== 'whole' && kept !== 'secret')) return null;
        const found = contents?.get(Buffer.from(hash, 'hex')) ?? null;
        if (found === null || !found.secret) return found && { bytes: found.bytes, masked: false };
        return { bytes: Buffer.from(maskBytes(ledger.rules, found.bytes).bytes), masked: true };
      },
      close: () => contents?.close(),
    };
  } catch {
    return null;
  }
}

/** What changed since the last recorded look. Where that cannot be told, the record is all there is. */
async function unrecorded(context: Context): Promise<readonly FileChange[]> {
  try {
    const workspace = await context.workspace();
    try {
      return workspace.unrecorded();
    } finally {
      workspace.close();
    }
  } catch {
    return [];
  }
}

function linesOf(diff: FileDiff | null, stat: boolean) {
  return {
    added: diff?.added ?? 0,
    removed: diff?.removed ?? 0,
    note: diff?.note ?? null,
    hunks:
      stat || diff === null
        ? []
        : diff.hunks.map(({ header, lines }) => ({ header, lines: [...lines] })),
  };
}

function unseenIn(
  changes: readonly { entry: { body: { unseen: { path: string; why: string }[] } } }[],
) {
  const all = changes.flatMap(({ entry }) => entry.body.unseen);
  return [...new Map(all.map((one) => [`${one.path}\0${one.why}`, one])).values()];
}

import * as z from 'zod/mini';
import { toHex } from '../core/bytes.ts';
import { commandText } from '../core/command-text.ts';
import { once } from '../core/once.ts';
import { unverifiedCheckpoint } from '../ledger/checkpoint.ts';
import { Spool } from '../ledger/spool.ts';
import type { LedgerReader } from '../ledger/store/reader.ts';

/** How far the ledger reaches, and what stands behind it. */
export const standingJson = once(() =>
  z.object({
    directory: z.string(),
    id: z.string(),
    size: z.int().check(z.describe('entries')),
    root: z.nullable(z.string()).check(z.describe('of the latest signed root, hex')),
    anchored: z
      .nullable(z.object({ size: z.int(), where: z.string() }))
      .check(z.describe('entries below this size lie under a root that was put elsewhere')),
    gaps: z.int(),
    running: z.array(z.object({ command: z.string(), since: z.string(), pid: z.int() })),
  }),
);
export type Standing = z.infer<ReturnType<typeof standingJson>>;

export function readStanding(reader: LedgerReader, gaps: number): Standing {
  const latest = reader.latestRoot();
  return {
    directory: reader.dir,
    id: reader.id(),
    size: reader.size(),
    root: latest === null ? null : toHex(unverifiedCheckpoint(latest.note).root),
    anchored: anchoredIn(reader),
    gaps,
    running: new Spool(reader.dir)
      .list()
      .filter(({ pid }) => pid !== 0)
      .map(({ gap, pid }) => ({ command: commandText(gap.argv ?? []), since: gap.from, pid })),
  };
}

/** The largest root that `proof anchor` put elsewhere; one that was pushed goes before a local one. */
function anchoredIn(reader: LedgerReader): Standing['anchored'] {
  const anchors = reader.signedRoots().flatMap(({ size, kept }) =>
    (kept ?? '')
      .split(' ')
      .filter((why) => why.startsWith('anchored:'))
      .map((why) => ({ size, where: why.slice('anchored:'.length) })),
  );
  const pushed = anchors.filter(({ where }) => where !== LOCAL);
  return (pushed.length > 0 ? pushed : anchors).at(-1) ?? null;
}

/** Where an anchor lies that no other machine has. */
export const LOCAL = 'local-branch';

/** What the record rests on, in one honest line. */
export function standingText({ size, anchored }: Standing): string {
  if (size === 0) return 'empty';
  if (anchored === null)
    return `${entriesAre(0, size)} this machine’s word; proof anchor puts the root elsewhere`;
  const upto = `E${anchored.size - 1}`;
  const place =
    anchored.where === LOCAL
      ? 'on a local branch, not pushed'
      : `on ${anchored.where} by this ledger’s own note (proof verify looks)`;
  if (anchored.size === size) return `anchored up to ${upto} ${place}`;
  return `anchored up to ${upto} ${place}; ${entriesAre(anchored.size, size)} only this machine’s word`;
}

/** `E3 is`, or `E3–E7 are`: the entries from `from` on and below `size`. */
export function entriesAre(from: number, size: number): string {
  return from === size - 1 ? `E${from} is` : `E${from}–E${size - 1} are`;
}

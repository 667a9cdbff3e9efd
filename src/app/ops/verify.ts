import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { EXIT, ProofError } from '../../core/errors.ts';
import { humanCount } from '../../core/human-units.ts';
import { visible } from '../../core/visible-text.ts';
import { nodePrimitives } from '../../ledger/node-primitives.ts';
import { noteText, parseVerifierKey, type VerifierKey } from '../../ledger/note.ts';
import type { RootClaim } from '../../ledger/verify/roots.ts';
import type { Verdict } from '../../ledger/verify/verdict.ts';
import { verifyStaticLog } from '../../ledger/verify/verify-static-log.ts';
import type { Context } from '../context.ts';
import { defineOp } from '../define-op.ts';
import { type Paint, wrap } from '../paint.ts';
import { entriesAre } from '../standing.ts';
import { verifyHere } from '../verify-here.ts';

export default defineOp({
  name: 'verify',
  summary: 'is the record whole? exit 3 if it is not',
  details:
    'Every hash is computed again from the entries, every blob from its bytes; roots kept elsewhere (anchors in git, what this machine signed last, files given with --checkpoint) are compared. With a directory written by proof ledger tiles, that log is verified; it needs --key.',
  effect: 'read',
  input: z.object({
    path: z.optional(z.string()).check(z.describe('a static log to verify instead of this ledger')),
    key: z
      ._default(z.array(z.string()), [])
      .check(z.describe('verifier key, or a file that holds one; repeat for more')),
    checkpoint: z
      ._default(z.array(z.string()), [])
      .check(z.describe('a signed root you kept; repeat for more')),
  }),
  output: () =>
    z.object({
      ok: z.boolean(),
      size: z.int(),
      root: z.string(),
      checks: z.array(z.object({ what: z.string(), count: z.int(), ok: z.boolean() })),
      problems: z.array(
        z.object({ code: z.string(), entry: z.nullable(z.string()), message: z.string() }),
      ),
      firstWrong: z
        .nullable(z.string())
        .check(z.describe('the first entry that is not what was signed')),
      unseen: z
        .array(z.string())
        .check(z.describe('why some roots kept elsewhere may not have been looked at')),
      anchored: z.int().check(z.describe('entries below this lie under a root kept elsewhere')),
      rests: z.string().check(z.describe('what the record rests on, in a sentence')),
    }),
  examples: [
    { type: 'proof verify', does: 'this ledger' },
    { type: 'proof verify --checkpoint kept.txt', does: 'and a root you kept' },
    { type: 'proof verify exported/ --key prooflayer.dev/…+…', does: 'anybody’s static log' },
  ],
  cli: {
    positionals: ['path'],
    exit: ({ ok }) => (ok ? EXIT.done : EXIT.verification),
    print: (verdict, paint) => verdictText(verdict, paint),
  },
  async run(context, { path, key, checkpoint }) {
    const keys = key.map((text) => readKey(context, text));
    const roots = checkpoint.map((file) => keptRoot(context, file));
    const verdict =
      path === undefined
        ? await verifyHere(context, keys, roots)
        : { ...verifyDirectory(context, path, keys, roots), unseen: [] };
    const { problems, ...rest } = verdict;
    return {
      ...rest,
      problems: problems.map(({ code, seq, message }) => ({
        code,
        entry: seq === null ? null : `E${seq}`,
        message,
      })),
      rests: restsOn(verdict, path !== undefined),
    };
  },
});

function verifyDirectory(
  context: Context,
  path: string,
  keys: VerifierKey[],
  roots: RootClaim[],
): Verdict {
  const dir = resolve(context.cwd, path);
  const isLog = existsSync(join(dir, 'checkpoint'));
  if (!isLog || keys.length === 0) {
    const missing = isLog;
    throw new ProofError({
      code: missing ? 'verify.no-key' : 'verify.not-a-log',
      message: missing ? 'A static log is verified against a key' : `${path} is not a static log`,
      why: missing
        ? 'the log itself cannot say whom you trust'
        : `it holds no file named checkpoint`,
      remedy: missing
        ? `proof verify ${path} --key KEY (proof ledger key prints it)`
        : 'name a directory written by proof ledger tiles',
      exit: EXIT.usage,
    });
  }
  return verifyStaticLog(
    nodePrimitives,
    (name) => (existsSync(join(dir, name)) ? new Uint8Array(readFileSync(join(dir, name))) : null),
    keys,
    roots,
  );
}

function readKey(context: Context, text: string): VerifierKey {
  const file = resolve(context.cwd, text);
  const isFile = existsSync(file) && statSync(file).isFile();
  try {
    return parseVerifierKey(nodePrimitives, isFile ? readFileSync(file, 'utf8') : text);
  } catch (cause) {
    throw new ProofError({
      code: 'verify.bad-key',
      message: 'That is not a verifier key',
      why: (cause as Error).message,
      remedy: 'proof ledger key prints this ledger’s',
      exit: EXIT.usage,
      cause,
    });
  }
}

function keptRoot(context: Context, file: string): RootClaim {
  try {
    return {
      where: basename(file),
      note: noteText(readFileSync(resolve(context.cwd, file))),
      kept: 'elsewhere',
    };
  } catch (cause) {
    throw new ProofError({
      code: 'verify.bad-checkpoint',
      message: `${file} cannot be read as a signed root`,
      why: (cause as Error).message,
      remedy: 'proof ledger checkpoint prints one',
      exit: EXIT.usage,
      cause,
    });
  }
}

/** What a good verdict means, and what it does not. */
function restsOn({ ok, size, anchored }: Verdict, isStatic: boolean): string {
  if (!ok) return 'the record is not what was signed';
  if (isStatic && anchored === 0)
    return 'the log is what its key signed; whether it is the only one that key signed, kept roots show';
  if (size === 0) return 'the ledger is empty';
  if (anchored === 0)
    return `${entriesAre(0, size)} what the ledger’s key signed; no root kept elsewhere was found, proof anchor puts one there`;
  if (anchored === size) return 'all entries lie under a root kept elsewhere';
  return `${entriesAre(0, anchored)} under a root kept elsewhere; ${entriesAre(anchored, size)} only this machine’s word`;
}

function verdictText(
  verdict: {
    ok: boolean;
    size: number;
    checks: { what: string; count: number; ok: boolean }[];
    problems: { code: string; message: string }[];
    firstWrong: string | null;
    unseen: readonly string[];
    rests: string;
  },
  paint: Paint,
): string {
  const lines = verdict.checks.map(({ what, count, ok }) => {
    const mark = ok ? paint.good('✓') : paint.bad('✗');
    return `  ${mark} ${what}  ${paint.dim(humanCount(count))}`;
  });
  const problems = verdict.problems.map(({ code, message }) => {
    const text = wrap(message, paint.columns, ' '.repeat(code.length + 4));
    return `  ${paint.bad(code)}  ${text}`;
  });
  const head = verdict.ok
    ? paint.good('verified')
    : paint.bad(
        `not verified${verdict.firstWrong === null ? '' : `: the first wrong entry is ${verdict.firstWrong}`}`,
      );
  const unseen = verdict.unseen.map(
    (why) => `  ${paint.warn('not seen')}  ${wrap(visible(why), paint.columns, ' '.repeat(12))}`,
  );
  return [
    head,
    ...lines,
    ...problems,
    ...unseen,
    `  ${wrap(verdict.rests, paint.columns, '  ')}`,
  ].join('\n');
}

import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { EXIT, ProofError } from '../core/errors.ts';
import { nodePrimitives } from '../ledger/node-primitives.ts';
import { noteText, parseVerifierKey, type VerifierKey } from '../ledger/note.ts';
import type { RootClaim } from '../ledger/verify/roots.ts';
import type { Verdict } from '../ledger/verify/verdict.ts';
import { verifyStaticLog } from '../ledger/verify/verify-static-log.ts';
import type { Context } from './context.ts';

/** Verifies the static log in a directory, as proof ledger tiles or anybody else wrote it. */
export function verifyDirectory(
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
        : 'name a directory written by proof ledger tiles, or a .tlog-proof',
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

/** A verifier key, given itself or as a file. */
export function readKey(context: Context, text: string): VerifierKey {
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

/** A signed root that somebody kept in a file. */
export function keptRoot(context: Context, file: string): RootClaim {
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

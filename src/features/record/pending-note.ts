import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { compileMaskRules, type MaskRules } from '../../ledger/mask/mask-rules.ts';
import { ownValuesFromEnvironment } from '../../ledger/mask/own-values.ts';
import { maskText } from '../../ledger/mask/text-mask.ts';
import type { Pending } from '../../ledger/pending-run.ts';
import { processStart } from '../../ledger/run-process.ts';
import { maskWords } from '../../ledger/store/draft-mask.ts';
import type { Ledger } from '../../ledger/store/ledger.ts';
import { exitFields } from './exit-fields.ts';
import type { ChildOutcome } from './machine.ts';
import { nestingIn } from './nesting.ts';
import type { RunRequest } from './run-request.ts';

/** The note that is left on disk while the command runs; masked like all that reaches a disk. */
export function pendingRun(
  request: RunRequest,
  run: string,
  ledger: Ledger | null,
  root: string | null,
): Pending {
  // Without the ledger its key and the secrets of this place are not known: then the least is kept,
  // and masked with what is.
  const rules = ledger?.rules ?? passingRules(request.env);
  const masked = (text: string) => maskText(rules, text).text.toWellFormed();
  const words =
    ledger === null ? [basename(request.argv[0] ?? '')] : request.argv.slice(0, MOST_WORDS);
  const parent = nestingIn(request.env)?.parent;
  return {
    run,
    ...(parent === undefined ? {} : { parent }),
    ...(root === null ? {} : { root }),
    pid: process.pid,
    pidStart: processStart(process.pid),
    task: request.task,
    size: ledger?.size() ?? 0,
    gap: {
      what: 'command',
      why: 'the recorder ended before the command was recorded',
      from: new Date().toISOString(),
      run,
      // The cut may leave half a surrogate pair, which no entry can hold.
      argv: maskWords(rules, words).map((word) => word.slice(0, MOST_WORD).toWellFormed()),
      cwd: masked(request.cwd),
    },
  };
}

function passingRules(env: RunRequest['env']): MaskRules {
  return compileMaskRules({ hmacKey: randomBytes(32), ownValues: ownValuesFromEnvironment(env) });
}

const MOST_WORDS = 100;
const MOST_WORD = 200;

/** The same, once it is known that there will be no entry: the next append turns it into a gap. */
export function unrecorded(pending: Pending, outcome: ChildOutcome, trouble: unknown): Pending {
  return withoutEntry(pending, outcome.endedAt, exitFields(outcome), trouble);
}

export function withoutEntry(
  pending: Pending,
  endedAt: Date,
  exit: { code: number | null; signal: string | null },
  trouble: unknown,
): Pending {
  const why = `the record could not be written: ${(trouble as Error).message}`;
  const to = endedAt.toISOString();
  // Nobody is working on it any more: the next append turns it into a gap.
  return { ...pending, pid: 0, pidStart: null, gap: { ...pending.gap, why, to, exit } };
}

import { EXIT, ProofError } from '../core/errors.ts';

/** Everything that can go wrong between a ledger and its disk, its key and its readers. */
export type LedgerErrorCode =
  | 'ledger.not-found'
  | 'ledger.exists'
  | 'ledger.newer-version'
  | 'ledger.not-a-ledger'
  | 'ledger.busy'
  | 'ledger.unwritable'
  | 'ledger.unreadable'
  | 'ledger.disk-full'
  | 'ledger.disk-error'
  | 'ledger.older-copy'
  | 'ledger.forked'
  | 'ledger.damaged'
  | 'ledger.key-missing'
  | 'ledger.key-unwritable'
  | 'ledger.no-such-entry'
  | 'ledger.not-erasable'
  | 'blob.missing'
  | 'blob.gone'
  | 'blob.damaged';

export function ledgerError(
  code: LedgerErrorCode,
  message: string,
  why: string,
  remedy: string,
  cause?: unknown,
): ProofError<LedgerErrorCode> {
  const exit = VERIFICATION.has(code) ? EXIT.verification : EXIT.failed;
  return new ProofError({ code, message, why, remedy, exit, cause });
}

/** These mean that the record itself is not what was signed: exit 3, as `proof verify` gives. */
const VERIFICATION: ReadonlySet<LedgerErrorCode> = new Set([
  'ledger.older-copy',
  'ledger.forked',
  'ledger.damaged',
  'blob.damaged',
]);

export function olderCopy(size: number, signed: number) {
  return ledgerError(
    'ledger.older-copy',
    'This is an older copy of the ledger; nothing is appended to it',
    `it ends at E${size - 1}, but this machine has signed E${signed - 1}`,
    'put back the newer copy; or move this one aside and run proof init for a new ledger',
  );
}

/** What is written once cannot be taken back: an entry of no task would be a hole for ever. */
export function notATask(task: number) {
  return ledgerError(
    'ledger.no-such-entry',
    `E${task} opens no task`,
    'an entry can only belong to a task of this ledger',
    'proof task list',
  );
}

/** Not missing: an entry says that it was taken out. */
export function blobGone(gone: { by: number; kind: string; because: string }, cause?: unknown) {
  return ledgerError(
    'blob.gone',
    `These bytes were ${gone.kind}`,
    gone.because,
    `proof show E${gone.by}`,
    cause,
  );
}

/**
 * Turns what the file system or SQLite says into one of ours; others pass unchanged. `doing` says
 * what was tried: who only wanted to read is not told to make anything writable.
 */
export function diskError(
  cause: unknown,
  path: string,
  doing: 'write' | 'read' = 'write',
): unknown {
  const error = cause as { code?: string; errcode?: number; message?: string };
  if (
    error.code === 'ENOSPC' ||
    error.code === 'EDQUOT' ||
    error.errcode === NO_ROOM_FOR_SHARED_MEMORY ||
    is(error, 'full')
  ) {
    return ledgerError(
      'ledger.disk-full',
      'The disk is full: nothing could be recorded',
      `no space left under ${path}`,
      'free some space (df -h shows where), then run proof doctor',
      cause,
    );
  }
  if (
    ['EACCES', 'EPERM', 'EROFS'].includes(error.code ?? '') ||
    is(error, 'readonly', 'cannotOpen', 'perm')
  ) {
    if (doing === 'read') {
      return ledgerError(
        'ledger.unreadable',
        'The ledger cannot be read here',
        `${error.message ?? error.code} (${path})`,
        `make ${path} readable for this user, or read a copy of its directory`,
        cause,
      );
    }
    return ledgerError(
      'ledger.unwritable',
      'The ledger cannot be written here',
      `${error.message ?? error.code} (${path})`,
      `make ${path} writable for this user, then run proof doctor`,
      cause,
    );
  }
  if (error.code === 'EIO' || is(error, 'ioError')) {
    return ledgerError(
      'ledger.disk-error',
      'The disk under the ledger reports an error',
      `${error.message ?? error.code} (${path})`,
      'look at the disk (dmesg, df -h), then run proof doctor',
      cause,
    );
  }
  if (is(error, 'busy')) {
    return ledgerError(
      'ledger.busy',
      'The ledger stayed locked by another process',
      `waited for ${path}`,
      'try again; proof doctor names who holds it',
      cause,
    );
  }
  // A number that no ledger holds is damage as well, or somebody's doing.
  if (is(error, 'corrupt', 'notADatabase') || error.code === 'ERR_OUT_OF_RANGE') {
    return ledgerError(
      'ledger.damaged',
      'The ledger file is damaged',
      `${error.message} (${path})`,
      'put back a copy of the directory, then run proof verify',
      cause,
    );
  }
  return cause;
}

/** Extended result codes carry the primary one in their low byte. */
function is(error: { errcode?: number }, ...kinds: (keyof typeof SQLITE)[]): boolean {
  return kinds.some((kind) => SQLITE[kind] === (error.errcode ?? -1) % 256);
}

/** SQLITE_IOERR_SHMSIZE: all that SQLite says when there is no room for its shared-memory file. */
const NO_ROOM_FOR_SHARED_MEMORY = 4874;

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const SQLITE = {
  perm: 3,
  busy: 5,
  readonly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

import { accessSync, chmodSync, constants, statfsSync, statSync } from 'node:fs';
import * as z from 'zod/mini';
import { ProofError } from '../../core/errors.ts';
import { humanBytes } from '../../core/human-units.ts';
import { once } from '../../core/once.ts';
import { diskError } from '../../ledger/errors.ts';
import { keyPath, loadSigningKey } from '../../ledger/keys/signing-key.ts';
import { Spool } from '../../ledger/spool.ts';
import type { Context } from '../context.ts';
import { defineOp } from '../define-op.ts';
import { checkRedactions } from '../doctor-redactions.ts';
import { formerWarning } from '../former-ledgers.ts';
import { verifyHere } from '../verify-here.ts';

const finding = once(() =>
  z.object({
    check: z.string(),
    state: z.enum(['ok', 'warn', 'fail']),
    found: z.string(),
    remedy: z.nullable(z.string()),
    fixed: z.boolean(),
  }),
);
type Finding = z.infer<ReturnType<typeof finding>>;

export default defineOp({
  name: 'doctor',
  summary: 'is everything in order, and what to do if not',
  effect: 'append',
  input: z.object({
    fix: z._default(z.boolean(), false).check(z.describe('put right what can be put right safely')),
  }),
  output: () =>
    z.object({
      ok: z.boolean(),
      broken: z.boolean().check(z.describe('the ledger does not verify')),
      findings: z.array(finding()),
    }),
  examples: [
    { type: 'proof doctor', does: 'Node, git, sandbox, key, disk, ledger' },
    { type: 'proof doctor --fix', does: 'and puts right what is safe to' },
  ],
  cli: {
    exit: ({ ok, broken }) => (broken ? 3 : ok ? 0 : 1),
    print: ({ findings }, paint) =>
      findings
        .map(({ check, state, found, remedy, fixed }) => {
          const mark = { ok: paint.good('✓'), warn: paint.warn('!'), fail: paint.bad('✗') }[state];
          const line = `${mark} ${check.padEnd(10)} ${found}${fixed ? paint.good(' (put right)') : ''}`;
          return state === 'ok' || remedy === null
            ? line
            : `${line}\n             ${paint.bold(remedy)}`;
        })
        .join('\n'),
  },
  async run(context, { fix }) {
    const findings: Finding[] = [
      ok('node', `Node ${process.versions.node}, proof ${context.version}`),
      checkRepository(context),
      checkConfig(context),
      await checkSandbox(context),
    ];
    const ledger = await checkLedger(context, fix);
    findings.push(...ledger.findings);
    return { ok: findings.every(({ state }) => state !== 'fail'), broken: ledger.broken, findings };
  },
});

function ok(check: string, found: string): Finding {
  return { check, state: 'ok', found, remedy: null, fixed: false };
}

function bad(check: string, state: 'warn' | 'fail', found: string, remedy: string): Finding {
  return { check, state, found, remedy, fixed: false };
}

function checkRepository({ places }: Context): Finding {
  if (places.repository !== null)
    return ok('workspace', `git worktree ${places.repository.worktree}`);
  return bad(
    'workspace',
    'warn',
    `${places.root} is not in a git repository`,
    'fine; anchors and git heads need one',
  );
}

function checkConfig({ places }: Context): Finding {
  try {
    accessSync(places.configDir, constants.W_OK);
    return ok('config', places.configDir);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return missing
      ? bad('config', 'warn', `${places.configDir} does not exist yet`, 'proof init makes it')
      : bad(
          'config',
          'fail',
          `${places.configDir} cannot be written`,
          `make it writable, or set XDG_CONFIG_HOME`,
        );
  }
}

/** Which layer of a boundary this machine can hold. */
async function checkSandbox(context: Context): Promise<Finding> {
  const state = await context.sandbox();
  if (!state.holds)
    return bad(
      'sandbox',
      'warn',
      `none: ${state.why}; mode enforce is only observed here`,
      state.remedy,
    );
  const how = state.userNamespace ? 'in a user namespace' : 'as root, without its powers';
  const found = `bubblewrap ${state.version} holds files, processes and network, ${how}`;
  if (state.filter) return ok('sandbox', found);
  return bad(
    'sandbox',
    'warn',
    `${found}; no filter of system calls for this processor`,
    'on a terminal you share with it, a sandboxed command could type',
  );
}

async function checkLedger(
  context: Context,
  fix: boolean,
): Promise<{ findings: Finding[]; broken: boolean }> {
  const findings: Finding[] = [];
  try {
    const reader = context.reader();
    const id = reader.id();
    findings.push(checkDisk(reader.dir), checkKey(context, id, fix));
    const waiting = new Spool(reader.dir).list().length;
    if (fix) await context.ledger();
    const left = new Spool(reader.dir).list().length;
    if (left > 0)
      findings.push(
        bad(
          'recorders',
          'warn',
          `${left} running or left behind`,
          'running ones are fine; proof doctor --fix turns dead ones into gaps',
        ),
      );
    else if (waiting > 0)
      findings.push({ ...ok('recorders', `${waiting} left behind`), fixed: true });
    const verdict = await verifyHere(context, [], []);
    if (verdict.former.length > 0)
      findings.push(bad('before', 'warn', formerWarning(verdict.former), 'proof ledger accept'));
    if (verdict.ok) findings.push(...(await checkRedactions(context, verdict.remains, fix)));
    if (verdict.ok)
      return {
        findings: [...findings, ok('ledger', `${verdict.size} entries, verified`)],
        broken: false,
      };
    const first = verdict.problems[0];
    findings.push(bad('ledger', 'fail', `${first?.code}: ${first?.message}`, 'proof verify'));
    return { findings, broken: true };
  } catch (cause) {
    const error = diskError(cause, context.places.ledgerDir, 'read');
    if (!(error instanceof ProofError)) throw error;
    const state = error.code === 'ledger.not-found' ? 'warn' : 'fail';
    return {
      findings: [
        ...findings,
        bad('ledger', state, `${error.message} (${error.why})`, error.remedy),
      ],
      broken: error.exit === 3,
    };
  }
}

function checkDisk(dir: string): Finding {
  const { bavail, bsize } = statfsSync(dir);
  const free = bavail * bsize;
  const text = `${humanBytes(free)} free under ${dir}`;
  return free < LOW_DISK ? bad('disk', 'warn', text, 'free some space: df -h') : ok('disk', text);
}

const LOW_DISK = 500 * 1024 * 1024;

/** The key must be there, be this ledger's, and be nobody else's to read. */
function checkKey(context: Context, id: string, fix: boolean): Finding {
  const path = keyPath(context.places.configDir, id);
  try {
    loadSigningKey(context.places.configDir, id);
  } catch (error) {
    const { message, remedy } = error as ProofError;
    return bad('key', 'fail', message, remedy);
  }
  const open = (statSync(path).mode & 0o077) !== 0;
  if (!open) return ok('key', path);
  if (!fix) return bad('key', 'fail', `${path} can be read by others`, `chmod 600 ${path}`);
  chmodSync(path, 0o600);
  return { ...ok('key', `${path} could be read by others`), fixed: true };
}

import type { Body } from '../core/entries/kinds.ts';
import { EXIT, ProofError } from '../core/errors.ts';
import { entryName, type Seq } from '../core/names.ts';
import { visibleLine } from '../core/visible-text.ts';
import type { RunResult } from '../features/record/run-command.ts';
import { type TitledReport, testReportSentence } from '../views/test-report-title.ts';
import type { Context } from './context.ts';

/** A test report that is on record now. */
export interface KeptTests {
  seq: Seq;
  body: Body<'test.report'>;
}

/**
 * Puts the test reports of a command that just ran on record, and says what they came to. The
 * command is over and recorded: whatever fails here is told, and changes nothing of it.
 */
export async function testsOfRun(context: Context, result: RunResult): Promise<KeptTests[]> {
  if (result.seq === null) return [];
  try {
    const ledger = await context.ledger();
    // A command that wrote nothing has no report, and no more code is loaded for it.
    const [json = ''] = ledger.texts(result.seq, result.seq + 1);
    if (!STREAM_BLOB.test(json) && result.changed.length === 0) return [];
    const { recordTestsOf } = await import('../features/evidence/tests-of-command.ts');
    const { root } = context.places;
    const { reports, passedOver } = await recordTestsOf(ledger, result.seq, result.changed, root);
    for (const { seq, body } of reports) context.say(testsLine(entryName(seq), body));
    for (const { name, why } of passedOver) context.warn(notRead(name, why));
    return reports;
  } catch (cause) {
    context.warn(notKept(result.seq, cause));
    return [];
  }
}

/** A stream among the blobs of an entry, in its canonical bytes: decoding them takes longer. */
const STREAM_BLOB = /"name":"(?:stdout|stderr|terminal)","size":/;

/** `E8 tests 41 passed, 1 failed (vitest): src/a.test.ts > adds`. */
export function testsLine(name: string, body: TitledReport): string {
  return visibleLine(`${name} tests ${testReportSentence(body)}`);
}

function notRead(name: string, why: string): ProofError {
  return new ProofError({
    code: 'run.tests-not-read',
    message: `${visibleLine(name)} looks like a test report and was not read`,
    why,
    remedy: `proof attach ${visibleLine(name)} keeps it as it is`,
    exit: EXIT.failed,
  });
}

function notKept(seq: Seq, cause: unknown): ProofError {
  return new ProofError({
    code: 'run.tests-not-kept',
    message: `${entryName(seq)} is recorded, but not what its tests came to`,
    why: (cause as Error).message,
    remedy: 'proof doctor',
    exit: EXIT.failed,
    cause,
  });
}

import type { FileChange } from '../core/entries/change-kind.ts';
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
  const { seq, changed } = result;
  if (seq === null) return [];
  const { reports, told } = await testsOf(context, { seq, changed, root: context.places.root });
  for (const what of told) {
    if (what instanceof ProofError) context.warn(what);
    else context.say(what);
  }
  return reports;
}

/** The same for any recorded command; `told` is what is to be said of it. Never rejects. */
export async function testsOf(
  context: Context,
  { seq, changed, root }: { seq: Seq; changed: readonly FileChange[]; root: string },
): Promise<{ reports: KeptTests[]; told: (string | ProofError)[] }> {
  try {
    const ledger = await context.ledger();
    // A command that wrote nothing has no report, and no more code is loaded for it.
    const [json = ''] = ledger.texts(seq, seq + 1);
    if (!STREAM_BLOB.test(json) && changed.length === 0) return { reports: [], told: [] };
    const { recordTestsOf } = await import('../features/evidence/tests-of-command.ts');
    const { reports, passedOver } = await recordTestsOf(ledger, seq, changed, root);
    const told = [
      ...reports.map((report) => testsLine(entryName(report.seq), report.body)),
      ...passedOver.map(({ name, why }) => notRead(name, why)),
    ];
    return { reports, told };
  } catch (cause) {
    return { reports: [], told: [notKept(seq, cause)] };
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

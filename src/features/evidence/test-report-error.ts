import { EXIT, ProofError } from '../../core/errors.ts';

export type TestReportErrorCode =
  | 'tests.no-file'
  | 'tests.too-large'
  | 'tests.no-report'
  | 'tests.unreadable';

export function testReportError(
  code: TestReportErrorCode,
  message: string,
  why: string,
  remedy: string,
  cause?: unknown,
): ProofError<TestReportErrorCode> {
  const exit = code === 'tests.no-file' ? EXIT.usage : EXIT.failed;
  return new ProofError({ code, message, why, remedy, exit, cause });
}

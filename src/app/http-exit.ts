import { EXIT } from '../core/errors.ts';

/** How `proof http` exits. Where no answer came, with curl's number for the same trouble. */
export function httpExit(output: {
  status: number | null;
  failure: { what: string } | null;
  expected: { met: boolean } | null;
}): number {
  if (output.failure !== null) return CURLS[output.failure.what] ?? EXIT.failed;
  return output.expected?.met === false ? EXIT.failed : EXIT.done;
}

const CURLS: Readonly<Record<string, number>> = {
  name: 6,
  connection: 7,
  'broken-off': 18,
  timeout: 28,
  tls: 35,
  redirects: 47,
  empty: 52,
  protocol: 56,
  certificate: 60,
};

/**
 * Whether a text could hold a test report at all: one look, also at text with escape sequences in it.
 * Kept apart from the rest, as every recorded command is asked.
 */
export function mayHoldReport(text: string): boolean {
  return text.length >= SHORTEST_REPORT && ANY.test(text);
}

/** No report is shorter. */
export const SHORTEST_REPORT = 12;
/** Characters of a text's beginning and end in which the signs of a report are looked for. */
export const HEAD_BYTES = 64 * 1024;
export const TAIL_BYTES = 256 * 1024;

/** A word that each of them has; escape sequences stand between words, not inside. */
const ANY =
  /<testsuite|TAP version 1|ok \d|"CTRF"|"tool"|"numTotalTests"|"stats"|"Action":"|"suite"|Tests|No test|RUN|passing|tests \d|Running \d|passed|failed|skipped|xfailed|deselected|test session starts|tests ran|Ran \d|--- (?:PASS|FAIL|SKIP)|ok *\t|FAIL *\t|\[no test files\]|running \d|test result:|tests? run:|Starting \d| errors? in /;

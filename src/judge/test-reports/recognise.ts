import { SHORTEST_REPORT } from './may-hold-report.ts';
import type { ReportFormat } from './test-report.ts';

/**
 * Which kinds of test reports a text seems to hold; its beginning and its end are enough. Sure of
 * nothing: the reader of a format has the last word. Text of terminals is to come without escape
 * sequences.
 */
export function recogniseReport(text: string): ReportFormat[] {
  if (text.length < SHORTEST_REPORT) return [];
  const found = (Object.keys(SIGNS) as ReportFormat[]).filter((format) => shows(text, format));
  // What stands in the text of another format is part of it: messages hold whole runs.
  if (found.includes('junit')) return ['junit'];
  return found.filter((format) => !HIDDEN_BY[format]?.some((other) => found.includes(other)));
}

/** nextest shows the output of each test that failed, a run of libtest each. */
const HIDDEN_BY: Partial<Record<ReportFormat, readonly ReportFormat[]>> = {
  cargo: ['nextest'],
  go: ['go-json'],
};

function shows(text: string, format: ReportFormat): boolean {
  return SIGNS[format].some((together) => together.every((sign) => sign.test(text)));
}

/** Lists of signs of which one must be there wholly. Each is found in time linear in the text. */
const SIGNS: Readonly<Record<ReportFormat, readonly (readonly RegExp[])[]>> = {
  junit: [[/<testsuites?[\s>]/]],
  tap: [[/^TAP version 1[34]\r?$/m], [/^1\.\.\d+(?: *#[^\n]*)?\r?$/m, /^(?:not )?ok \d/m]],
  ctrf: [[/"reportFormat"\s{0,9}:\s{0,9}"CTRF"/], [/"results"\s{0,9}:\s{0,99}\{\s{0,99}"tool"/]],
  'jest-json': [[/"numTotalTests"\s{0,9}:\s{0,9}\d/]],
  'mocha-json': [[/"stats"\s{0,9}:\s{0,99}\{\s{0,99}"suites"/, /"passes"\s{0,9}:/]],
  'playwright-json': [[/"stats"\s{0,9}:\s{0,99}\{\s{0,99}"startTime"/, /"unexpected"\s{0,9}:/]],
  'go-json': [
    [/^\{"(?:Time|ImportPath|Action)":"/m, /"Action":"(?:start|run|output|pass|fail|skip|build-)/],
  ],
  'libtest-json': [[/^\{ ?"type": ?"suite", ?"event": ?"/m]],
  vitest: [
    [/^ *Tests {2}(?:no tests|\d+ (?:passed|failed|skipped|todo)[^\n]{0,200}\(\d+\))/m],
    [/^No test files found, exiting/m],
    [/^ ?RUN {2}v\d+\.\d+\.\d+/m],
  ],
  jest: [[/^Tests: +\d+ [a-z]+[^\n]{0,200} total\r?$/m], [/^No tests found, exiting with code/m]],
  mocha: [[/^ {2}\d+ passing(?: \([^\n]{1,20}\))?\r?$/m]],
  node: [[/^ℹ tests \d+\r?$/m]],
  playwright: [
    [/^Running \d+ tests? using \d+ workers?/m],
    [/^ {2}\d+ passed \(\d[^)\n]{0,20}\)\r?$/m],
  ],
  pytest: [
    [
      /^=* ?(?:no tests ran|\d+ (?:passed|failed|skipped|deselected|xfailed|xpassed|warning|error|rerun)[^\n]{0,200}) in \d+\.\d+s/m,
    ],
    [/^=+ test session starts =+\r?$/m],
  ],
  unittest: [[/^Ran \d+ tests? in \d+\.\d+s\r?$/m]],
  go: [
    [/^(?:ok|FAIL) *\t\S+(?:\t| \[)/m],
    [/^\? +\t\S+\t\[no test files\]/m],
    [/^ {0,40}--- (?:PASS|FAIL|SKIP): \S+ \(\d+\.\d+s\)\r?$/m],
  ],
  cargo: [[/^test result: (?:ok|FAILED)\. \d+ passed;/m], [/^running \d+ tests?\r?$/m]],
  nextest: [
    [/^ {0,20}Summary \[ *\d+\.\d+s\] \d+(?:\/\d+)? tests? run:/m],
    [/^ {0,20}Starting \d+ tests? across \d+ binar/m],
  ],
};

import { readCargo } from './cargo-text.ts';
import { readCtrf } from './ctrf.ts';
import { readGoJson } from './go-json.ts';
import { readGo } from './go-text.ts';
import { readJestJson } from './jest-json.ts';
import { readJest } from './jest-text.ts';
import { readJunit } from './junit.ts';
import { readLibtestJson } from './libtest-json.ts';
import { readMochaJson } from './mocha-json.ts';
import { readMocha } from './mocha-text.ts';
import { readNextest } from './nextest-text.ts';
import { readNode } from './node-text.ts';
import { readPlaywrightJson } from './playwright-json.ts';
import { readPlaywright } from './playwright-text.ts';
import { readPytest } from './pytest-text.ts';
import { readTap } from './tap.ts';
import type { ReportFormat, TestReport } from './test-report.ts';
import { readUnittest } from './unittest-text.ts';
import { readVitest } from './vitest-text.ts';

/**
 * Reads a report of a known format. Never throws: what cannot be read becomes a problem of the
 * report. Text of terminals is to come without escape sequences.
 */
export function readReport(format: ReportFormat, text: string): TestReport {
  return READERS[format](text);
}

const READERS: Readonly<Record<ReportFormat, (text: string) => TestReport>> = {
  junit: readJunit,
  tap: readTap,
  ctrf: readCtrf,
  'jest-json': readJestJson,
  'mocha-json': readMochaJson,
  'playwright-json': readPlaywrightJson,
  'go-json': readGoJson,
  'libtest-json': readLibtestJson,
  vitest: readVitest,
  jest: readJest,
  mocha: readMocha,
  node: readNode,
  playwright: readPlaywright,
  pytest: readPytest,
  unittest: readUnittest,
  go: readGo,
  cargo: readCargo,
  nextest: readNextest,
};

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settledScreen } from '../../views/settled-screen.ts';
import { mayHoldReport } from './may-hold-report.ts';
import { readReport } from './read-reports.ts';
import { recogniseReport } from './recognise.ts';
import { decodeReport } from './text-lines.ts';

/** What real runners wrote (test/fixtures/test-reports/README.md), and what is to be read from it. */
const FOLDER = join(import.meta.dirname, '../../../test/fixtures/test-reports');
const fixtures = readdirSync(FOLDER).filter(
  (name) => /\.(?:txt|json|ndjson|xml|tap)$/.test(name) && !name.endsWith('.expected.json'),
);

test('there are fixtures of every format', () => {
  const formats = fixtures.flatMap((name) => recogniseReport(textOf(name)));
  expect([...new Set(formats)].sort()).toEqual(
    [
      ...['cargo', 'ctrf', 'go', 'go-json', 'jest', 'jest-json', 'junit', 'libtest-json', 'mocha'],
      ...['mocha-json', 'nextest', 'node', 'playwright', 'playwright-json', 'pytest', 'tap'],
      ...['unittest', 'vitest'],
    ].sort(),
  );
});

describe.each(fixtures)('%s', (name) => {
  const text = textOf(name);
  const expectedPath = join(FOLDER, `${name}.expected.json`);

  test('is one report', () => {
    expect(mayHoldReport(readFileSync(join(FOLDER, name), 'utf8'))).toBe(true);
    expect(recogniseReport(text)).toHaveLength(1);
  });

  test('says what it says', () => {
    const report = readReport(recogniseReport(text)[0] ?? 'tap', text);
    const cases = report.cases.map(({ message, ...rest }) => ({
      ...rest,
      ...(message === undefined ? {} : { message: message.split('\n')[0] }),
    }));
    const read = JSON.stringify({ ...report, cases }, null, 2);
    if (process.env.WRITE_EXPECTED !== undefined && !existsSync(expectedPath)) {
      writeFileSync(expectedPath, `${read}\n`);
    }
    expect(JSON.parse(read)).toEqual(JSON.parse(readFileSync(expectedPath, 'utf8')));
  });

  test('reads the same with CRLF, and in UTF-16', () => {
    const [format = 'tap'] = recogniseReport(text);
    const report = readReport(format, text);
    const crlf = text.replaceAll('\n', '\r\n');
    expect(recogniseReport(crlf)).toEqual([format]);
    expect(readReport(format, crlf).counts).toEqual(report.counts);
    expect(decodeReport(Buffer.from(`\ufeff${text}`, 'utf16le'))).toBe(text);
    expect(decodeReport(Buffer.from(`\ufeff${text}`, 'utf8'))).toBe(text);
  });

  test('between lines of a package manager', () => {
    const [format = 'tap'] = recogniseReport(text);
    const around = `\n> calc@1.0.0 test\n> run the tests\n\n${text}\nnpm error code 1\n`;
    expect(recogniseReport(around)).toEqual([format]);
    expect(readReport(format, around).counts).toEqual(readReport(format, text).counts);
  });
});

function textOf(name: string): string {
  const text = decodeReport(readFileSync(join(FOLDER, name)));
  return settledScreen(text, { columns: 100, rows: 30 });
}

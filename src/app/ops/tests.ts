import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { entryName } from '../../core/names.ts';
import { entrySeq } from '../../features/tasks/names.ts';
import { REPORT_FORMATS } from '../../judge/test-reports/test-report.ts';
import { defineOp } from '../define-op.ts';
import { taskOf } from '../entry-json.ts';
import { testsJson, toTestsJson } from '../tests-json.ts';
import { testsLine } from '../tests-of-run.ts';

export default defineOp({
  name: 'tests',
  summary: 'put a test report on record: JUnit XML, TAP, JSON, printed text',
  details:
    'proof run finds the reports of the command it runs by itself, in its output and in the files it wrote. This command is for reports from elsewhere: their entry says that they were reported, not observed. Files of one runner in one format become one report. The format is found from the contents; docs/TEST_REPORTS.md lists what is read.',
  effect: 'append',
  input: z.object({
    files: z
      .array(z.string())
      .check(z.minLength(1))
      .check(z.describe('the reports; - reads standard input')),
    format: z.optional(z.enum(REPORT_FORMATS)).check(z.describe('what it is, if it is not found')),
    on: z.optional(z.string()).check(z.describe('E7: the command whose tests these are')),
    task: z.optional(z.string()).check(z.describe('T3; without it the one chosen here')),
  }),
  output: () =>
    z.object({
      on: z.nullable(z.string()),
      task: z.nullable(z.string()).check(z.describe('null if it stands outside tasks')),
      reports: z.array(testsJson()),
    }),
  examples: [
    { type: 'proof tests junit.xml', does: 'what it says becomes an entry' },
    { type: 'proof tests --on E7 target/surefire-reports/*.xml', does: 'all as one, on E7' },
    { type: 'proof tests --format tap -', does: 'from standard input' },
  ],
  cli: {
    positionals: ['files'],
    short: { task: 't' },
    print: ({ reports }) => reports.map(({ entry, ...body }) => testsLine(entry, body)).join('\n'),
  },
  async run(context, { files, format, on, task }) {
    const { givenFile, givenText, readGiven } = await import(
      '../../features/evidence/given-reports.ts'
    );
    const ledger = await context.ledger();
    const target = on === undefined ? null : entrySeq(ledger, on);
    const about = target === null ? null : ledger.entry(target).entry;
    const given = [];
    for (const file of files) {
      given.push(
        file === '-'
          ? givenText(await context.textOrInput('-'))
          : givenFile(resolve(context.cwd, file), file),
      );
    }
    const { maskText } = await import('../../ledger/mask/text-mask.ts');
    const runs = await readGiven(given, format, (text) => maskText(ledger.rules, text).text);
    const { keepReports } = await import('../../features/evidence/keep-report.ts');
    const kept = await keepReports(ledger, runs, {
      // What is said about an entry belongs to that entry's task, whatever is chosen here.
      task: target === null ? context.task(task) : (about?.task ?? null),
      actor: context.actor,
      on: target,
      root: about?.kind === 'command' ? about.body.cwd : context.cwd,
      provenance: 'reported',
    });
    const first = kept[0];
    return {
      on: target === null ? null : entryName(target),
      task: first === undefined ? null : taskOf(ledger, first.seq),
      reports: kept.map(toTestsJson),
    };
  },
});

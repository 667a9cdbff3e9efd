import { failurePlace } from './failure-place.ts';
import { countOf, ReportBuilder, shownDuration, type TestReport } from './test-report.ts';
import { MessageLines, textLines } from './text-lines.ts';

/** Reads what mocha's `spec`, `dot` and like reporters print: the totals, and failures below them. */
export function readMocha(text: string): TestReport {
  const builder = new ReportBuilder();
  const message = new MessageLines();
  const { counts } = builder;
  let title: string[] | null = null;
  let named = false;
  let failing = 0;
  let passing = 0;
  /** Failures marked while the tests ran: `2) adds again`, or `!` in a line of dots. */
  let marked = 0;
  const close = () => {
    if (title === null) return;
    const said = message.take();
    const name = title.join(' > ').replace(/:$/, '');
    // A hook that failed is no test, though mocha counts it among the failures.
    const hook = /(?:^|> )"(?:before|after) (?:all|each)" hook/.test(name);
    const place = failurePlace(said);
    builder.list({
      name,
      outcome: hook ? 'error' : 'failed',
      ...(place ?? {}),
      ...(said === '' ? {} : { message: said }),
    });
    if (hook) counts.errors++;
    title = null;
  };
  for (const line of textLines(text)) {
    const total = /^ {2}(\d{1,9}) (passing|failing|pending)(?: \((.{1,20})\))?$/.exec(line);
    const heading = /^ {2}(\d{1,9})\) (\S.*)$/.exec(line);
    if (total !== null) {
      close();
      const count = countOf(total[1]);
      if (total[2] === 'passing') {
        passing++;
        counts.passed += count;
        const time = shownDuration(total[3] ?? '') ?? 0;
        builder.durationMicros = (builder.durationMicros ?? 0) + time;
      } else if (total[2] === 'failing') failing += count;
      else counts.skipped += count;
    } else if (heading !== null && failing > 0) {
      close();
      title = [heading[2] as string];
      named = title[0]?.endsWith(':') ?? false;
    } else if (title !== null && !named && title.length < DEEPEST) {
      // The title goes on, a level a line, up to the one that ends in a colon.
      title.push(line.trim());
      named = line.trimEnd().endsWith(':');
    } else if (title !== null) message.add(line);
    else if (/^ *[.,!]{1,1000}$/.test(line)) marked += line.split('!').length - 1;
    else if (/^ {2,200}\d{1,9}\) \S/.test(line)) marked++;
  }
  close();
  counts.failed += Math.max(0, failing - counts.errors);
  if (builder.cases.length !== failing) {
    builder.problem(
      'counts-differ',
      `it counts ${failing} failures and lists ${builder.cases.length}`,
    );
  }
  if (failing < marked) {
    builder.problem('counts-differ', `it marks ${marked} failures and counts ${failing}`);
  }
  if (passing === 0) builder.problem('cut', 'it has no totals');
  return builder.report('mocha', { runner: 'mocha' });
}

const DEEPEST = 50;

import { failurePlace } from './failure-place.ts';
import { countOf, ReportBuilder, secondsToMicros, type TestReport } from './test-report.ts';
import { MessageLines, textLines } from './text-lines.ts';

/** Reads what Python's `unittest` prints: failures by name, then how many tests ran. */
export function readUnittest(text: string): TestReport {
  const builder = new ReportBuilder();
  const message = new MessageLines();
  /** Failures by test; of a test with sub-tests there may be several. */
  const failing = new Map<string, 'failed' | 'error'>();
  let open: { name: string; suite: string; outcome: 'failed' | 'error' } | null = null;
  let ran = 0;
  let ended = true;
  const close = () => {
    if (open === null) return;
    const said = message
      .take()
      .replace(/^-{70}\n?/gm, '')
      .trim();
    const place = failurePlace(said);
    builder.list({ ...open, ...(place ?? {}), ...(said === '' ? {} : { message: said }) });
    const test = `${open.suite} ${open.name.replace(/ (?:\(.*\)|\[.*\])$/, '')}`;
    if (failing.get(test) !== 'error') failing.set(test, open.outcome);
    open = null;
  };
  for (const line of textLines(text)) {
    const heading = HEADING.exec(line);
    const total = TOTAL.exec(line);
    const verdict = VERDICT.exec(line);
    if (heading !== null) {
      close();
      const outcome = heading[1] === 'ERROR' ? 'error' : 'failed';
      const rest = heading[4] ?? '';
      open = {
        name: `${heading[2]}${rest}`,
        suite: shortened(heading[3] ?? '', heading[2] ?? ''),
        outcome,
      };
    } else if (/^={70}$/.test(line)) close();
    else if (total !== null) {
      close();
      ran += countOf(total[1]);
      ended = false;
      builder.durationMicros = (builder.durationMicros ?? 0) + (secondsToMicros(total[2]) ?? 0);
    } else if (verdict !== null && !ended) {
      ended = true;
      readVerdict(builder, verdict[1] ?? '');
    } else if (open !== null) message.add(line);
  }
  close();
  if (!ended) builder.problem('cut', 'it ends before its verdict');
  for (const outcome of failing.values())
    builder.counts[outcome === 'error' ? 'errors' : 'failed']++;
  const { counts } = builder;
  const others = counts.failed + counts.errors + counts.skipped + counts.todo;
  // An error in setUpClass is no test: it may make more of them than tests ran.
  counts.passed = Math.max(0, ran - others);
  for (const { suite = '' } of builder.cases) builder.suites.add(suite);
  return builder.report('unittest', { runner: 'unittest' });
}

/** `OK (skipped=1)`, `FAILED (failures=2, errors=1, expected failures=1)`. */
function readVerdict(builder: ReportBuilder, said: string): void {
  const of = (pattern: RegExp) => countOf(pattern.exec(said)?.[1]);
  builder.counts.skipped += of(/\bskipped=(\d{1,9})/);
  builder.counts.todo += of(/expected failures=(\d{1,9})/);
  builder.counts.failed += of(/unexpected successes=(\d{1,9})/);
  const failures = of(/(?:^|, )failures=(\d{1,9})/);
  const errors = of(/\berrors=(\d{1,9})/);
  const listed = builder.cases.length;
  if (failures + errors !== listed) {
    builder.problem('counts-differ', `it counts ${failures + errors} failures and lists ${listed}`);
  }
}

/** Newer Pythons repeat the test's own name at the end of its class. */
function shortened(place: string, name: string): string {
  return place.endsWith(`.${name}`) ? place.slice(0, -name.length - 1) : place;
}

const HEADING = /^(ERROR|FAIL): (\S+)(?: \(([^()]{1,1000})\))?( [([].*)?$/;
const TOTAL = /^Ran (\d{1,9}) tests? in ([\d.]{1,12})s$/;
const VERDICT = /^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$/;

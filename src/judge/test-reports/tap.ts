import { TapDiagnosticLines } from './tap-diagnostic.ts';
import { type TapLine, tapLine } from './tap-line.ts';
import { TapSummary } from './tap-summary.ts';
import { ReportBuilder, type TestCase, type TestReport } from './test-report.ts';
import { textLines } from './text-lines.ts';

type Point = Extract<TapLine, { is: 'point' }>;

/** One nesting level of test points: the document itself, or a subtest. */
interface Level {
  name: string;
  points: number;
  failed: number;
  plan: number | null;
  /** Opened by a point that ends in a brace, and closed by one. */
  braced: Point | null;
}

/**
 * Reads TAP 13 and 14: plans, directives, YAML diagnostics, subtests by indent or in braces, several
 * documents after each other. Lines that are no TAP, such as what tests print, are passed over.
 *
 * A test with subtests is a suite: it counts only where it failed and none of them did, or where
 * Node's runner says it is a test of its own.
 */
export function readTap(text: string): TestReport {
  const reading = new TapReading();
  for (const line of textLines(text)) reading.line(line);
  return reading.end();
}

class TapReading {
  readonly #builder = new ReportBuilder();
  readonly #summary = new TapSummary();
  #levels: Level[] = [level('')];
  /** Names told by `# Subtest:` comments, by their depth. */
  #names: (string | undefined)[] = [];
  #group: string | null = null;
  #versioned = false;
  #yaml: TapDiagnosticLines | null = null;
  #yamlLines = 0;
  /** A point whose diagnostics may still follow, with what its subtests came to. */
  #waiting: { point: Point; depth: number; children: Level | null } | null = null;
  #closed: Level | null = null;
  #suites = 0;
  readonly #parents: TestCase[] = [];

  line(raw: string): void {
    if (this.#yaml !== null && this.#inYaml(raw)) return;
    const content = raw.trimStart();
    const depth = Math.min((raw.length - content.length) >> 2, DEEPEST);
    const line = tapLine(content);
    if (line.is === 'other') return;
    if (line.is === 'yaml') {
      if (this.#waiting !== null) this.#yaml = new TapDiagnosticLines();
      this.#yamlLines = 0;
      return;
    }
    this.#settle();
    if (line.is === 'comment') this.#comment(line.text, depth);
    else if (line.is === 'version') this.#nextDocument(depth);
    else if (line.is === 'bail-out') {
      this.#builder.problem('bailed-out', line.reason === '' ? 'Bail out!' : line.reason);
    } else if (line.is === 'plan') this.#plan(line, depth);
    else if (line.is === 'close') this.#closeBrace(depth);
    else this.#point(line, depth);
  }

  end(): TestReport {
    this.#settle();
    this.#toDepth(0);
    this.#closeDocument();
    // To Node a test with subtests is a test as well; that it was Node shows only now.
    if (this.#summary.isFromNode) for (const test of this.#parents) this.#builder.add(test);
    const { runner, durationMicros, problem } = this.#summary.against(this.#builder.counts);
    if (problem !== null) this.#builder.problem('counts-differ', problem);
    this.#builder.durationMicros = durationMicros;
    return this.#builder.report('tap', { runner, suites: this.#suites });
  }

  /** True for a line of the diagnostics; a test point ends those that were never closed. */
  #inYaml(raw: string): boolean {
    const content = raw.trim();
    const ends = content === '...';
    const unclosed = /^(?:not )?ok \d/.test(content) || ++this.#yamlLines > MOST_YAML;
    if (ends || unclosed) {
      const diagnostic = this.#yaml?.read() ?? {};
      this.#yaml = null;
      this.#settle(diagnostic);
      return ends;
    }
    this.#yaml?.add(raw);
    return true;
  }

  #comment(text: string, depth: number): void {
    const subtest = /^Subtest: (.*)$/.exec(text);
    if (subtest !== null) {
      this.#names[depth] = (subtest[1] as string).replace(/\\([#\\])/g, '$1');
      this.#names.length = depth + 1;
      this.#group = null;
    } else if (depth === 0 && !this.#summary.take(text) && this.#versioned) {
      // tape names its tests so; what others say in comments mostly follows a point.
      this.#group = text.replace(/^(?:TODO|SKIP) /, '');
    }
  }

  /** Several programs may write one after the other into one output. */
  #nextDocument(depth: number): void {
    if (depth > 0) return;
    this.#toDepth(0);
    const document = this.#levels[0] as Level;
    if (document.points > 0 || document.plan !== null) this.#closeDocument();
    this.#levels = [level('')];
    this.#group = null;
    this.#versioned = true;
  }

  #plan({ count, skipAll }: Extract<TapLine, { is: 'plan' }>, depth: number): void {
    this.#toDepth(depth);
    const at = this.#levels.at(-1) as Level;
    // Node repeats the empty plan of a file without tests, and then makes its own.
    const empty = at.plan === 0 && at.points > 0;
    if (at.plan !== null && depth === 0 && at.plan <= at.points && !empty) {
      this.#closeDocument();
      this.#levels = [level('')];
    }
    (this.#levels.at(-1) as Level).plan = count;
    this.#group = null;
    if (count === 0 && skipAll) {
      this.#builder.add({ name: this.#path('all of it'), outcome: 'skipped' });
    }
  }

  #point(point: Point, depth: number): void {
    this.#toDepth(depth);
    const at = this.#levels.at(-1) as Level;
    at.points++;
    if (!point.ok && point.directive === null) at.failed++;
    this.#names.length = Math.min(this.#names.length, depth);
    if (point.opens) {
      this.#levels.push({ ...level(point.name), braced: point });
      return;
    }
    this.#waiting = { point, depth, children: this.#closed };
    this.#closed = null;
  }

  #closeBrace(depth: number): void {
    if (this.#levels[depth + 1]?.braced == null) return;
    this.#toDepth(depth + 1);
    this.#pop();
  }

  /** A deeper point opens subtests, a shallower one closes them: they are those of the next point. */
  #toDepth(depth: number): void {
    while (this.#levels.length - 1 > depth) this.#pop();
    while (this.#levels.length - 1 < depth) {
      const at = this.#levels.length;
      this.#levels.push(level(this.#names[at - 1] ?? this.#names[at] ?? ''));
    }
  }

  #pop(): void {
    const closed = this.#levels.pop() as Level;
    this.#checkPlan(closed);
    this.#closed = closed.braced === null ? closed : null;
    if (closed.braced !== null) this.#count(closed.braced, closed, {});
  }

  #settle(diagnostic: ReturnType<TapDiagnosticLines['read']> = {}): void {
    if (this.#waiting === null) return;
    const { point, children } = this.#waiting;
    this.#waiting = null;
    this.#count(point, children, diagnostic);
  }

  #count(
    point: Point,
    children: Level | null,
    { type, message, place, durationMicros }: ReturnType<TapDiagnosticLines['read']>,
  ): void {
    this.#summary.seen(type);
    const failed = !point.ok && point.directive === null;
    // Node says what a point is; before version 22 only of suites.
    const node = type !== undefined || durationMicros !== undefined;
    const parent = type === 'suite' || (children !== null && type !== 'test');
    const file = node && type !== 'suite' && children === null && TEST_FILE.test(point.name);
    if (parent || file) this.#suites++;
    // Node lists a file that held no test as if it were one.
    if (file && !failed) {
      this.#summary.fileWithoutTests();
      return;
    }
    const outcome = point.directive === 'skip' ? 'skipped' : point.directive;
    const time = durationMicros ?? point.durationMicros;
    const text = message ?? point.reason;
    const broken = failed && (file || (parent && (children?.failed ?? 0) === 0));
    const test: TestCase = {
      name: this.#path(point.name),
      outcome: outcome ?? (broken ? 'error' : failed ? 'failed' : 'passed'),
      ...(place !== undefined && outcome !== 'skipped' ? place : {}),
      ...(time === undefined ? {} : { durationMicros: time }),
      ...(text !== '' && (failed || outcome !== null) ? { message: text } : {}),
    };
    if (!parent || broken) this.#builder.add(test);
    else if (type === undefined && node && this.#parents.length < MOST_PARENTS) {
      this.#parents.push(test);
    }
  }

  #path(name: string): string {
    const around = this.#levels.slice(1).map((one) => one.name);
    const group = this.#levels.length === 1 && this.#group !== null ? [this.#group] : [];
    const parts = [...group, ...around, name].filter((part) => part !== '');
    return parts.join(' > ');
  }

  #checkPlan({ name, plan, points }: Level): void {
    const where = name === '' ? '' : ` in "${name.slice(0, 100)}"`;
    if (plan === null) this.#builder.problem('cut', `no plan${where}: it may have ended early`);
    else if (plan !== points) {
      this.#builder.problem('plan-not-met', `${plan} planned, ${points} seen${where}`);
    }
  }

  #closeDocument(): void {
    this.#checkPlan(this.#levels[0] as Level);
    this.#closed = null;
  }
}

const DEEPEST = 50;
const LEVEL_NAME = 200;
const MOST_PARENTS = 10_000;
const MOST_YAML = 5_000;
const TEST_FILE = /^\S*\.[cm]?[jt]sx?$/;

function level(name: string): Level {
  return { name: name.slice(0, LEVEL_NAME), points: 0, failed: 0, plan: null, braced: null };
}

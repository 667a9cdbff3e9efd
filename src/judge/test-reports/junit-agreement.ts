/** A suite as a JUnit report declares it in attributes, beside what was then found inside. */
export interface DeclaredSuite {
  tag: string;
  name: string;
  file: string | undefined;
  tests: number | undefined;
  /** Failures and errors together: programs differ in what they call which. */
  failing: number | undefined;
  micros: number | undefined;
  skipped: number | undefined;
  /** Directly in it. */
  cases: number;
  failed: number;
  /** Of the cases directly in it, those that are listed as passed, and as skipped or to do. */
  passedCases: number;
  skippedCases: number;
  children: number;
  /** Anywhere below it. */
  allCases: number;
  allFailed: number;
}

/**
 * Whether a suite's own figures can be those of its tests. Programs count differently what stands in
 * nested suites (PHPUnit all of it, Node its direct children), so around others a suite may mean
 * either.
 */
export function agreement(suite: DeclaredSuite): {
  /** What disagrees; null if nothing does. */
  disagreement: string | null;
  /** Tests listed as passed beyond those that its figures leave for it. */
  passedTooMany: number;
  /** Tests declared as skipped that are not listed: libtest leaves them out. */
  skippedUnlisted: number;
} {
  const { tests, failing, skipped, cases, children, allCases, allFailed } = suite;
  const leaf = children === 0;
  const label = suite.name === '' ? `<${suite.tag}>` : `"${suite.name.slice(0, 100)}"`;
  const skippedUnlisted = leaf ? Math.max(0, (skipped ?? 0) - suite.skippedCases) : 0;
  const known = tests !== undefined && failing !== undefined && leaf;
  const passing = known ? Math.max(0, tests - failing - (skipped ?? 0)) : suite.passedCases;
  const passedTooMany = Math.max(0, suite.passedCases - passing);
  const found = { disagreement: null, passedTooMany, skippedUnlisted };
  const counted = [allCases, cases + children, allCases + skippedUnlisted];
  if (tests !== undefined && !counted.includes(tests)) {
    const unlisted = tests === allCases + skippedUnlisted ? skippedUnlisted : 0;
    const disagreement = `${label} declares ${tests} tests and lists ${allCases}`;
    return { disagreement, passedTooMany, skippedUnlisted: unlisted };
  }
  // A suite that failed by what is inside may count once in the suite around it.
  const differs = leaf ? failing !== allFailed : (failing ?? 0) > allFailed;
  if (failing !== undefined && differs) {
    const disagreement = `${label} declares ${failing} failures and lists ${allFailed}`;
    return { ...found, disagreement };
  }
  return tests === allCases ? { ...found, skippedUnlisted: 0 } : found;
}

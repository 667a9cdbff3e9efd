/** A file that a command wrote and that may be a test report. */
export interface WrittenFile {
  /** From the workspace's root, with `/`. */
  path: string;
  size: number;
}

/** Files looked into after a command. Programs write one for each class, so there may be many. */
const MOST_NAMED = 500;
/** Of files whose names say nothing. */
const MOST_OTHERS = 20;

/**
 * The files worth a look, those named like reports first: a name says it, or an extension allows it.
 * What lies in installed packages or among test data is somebody else's report.
 */
export function reportCandidates(files: readonly WrittenFile[]): WrittenFile[] {
  const named: WrittenFile[] = [];
  const others: WrittenFile[] = [];
  for (const file of files) {
    if (!POSSIBLE.test(file.path) || FOREIGN.test(file.path) || file.size < SHORTEST) continue;
    const list = NAMED.test(file.path) ? named : others;
    const most = list === named ? MOST_NAMED : MOST_OTHERS;
    if (list.length < most) list.push(file);
  }
  return [...named, ...others];
}

const SHORTEST = 12;
const POSSIBLE = /\.(?:xml|json|jsonl|ndjson|tap|txt|log|out)$/i;
const NAMED =
  /(?:^|\/)(?:TEST-[^/]*\.xml|[^/]*(?:junit|xunit|ctrf|test|spec|report|result|pytest|vitest|jest|mocha|playwright|nextest)[^/]*)$|\.tap$/i;
const FOREIGN =
  /(?:^|\/)(?:node_modules|\.git|vendor|site-packages|(?:__)?(?:fixtures?|snapshots?)(?:__)?|testdata|test-data)\/|(?:^|\/)(?:package(?:-lock)?|tsconfig[^/]*|composer|coverage-[^/]*)\.json$/i;

import type { Body } from '../../core/entries/kinds.ts';
import type { SandboxFacts } from '../../core/entries/sandbox-part.ts';
import { suspectsIn } from '../boundaries/refused-paths.ts';
import type { Attempt, ChildOutcome, OutputSink, RunBoundary, WallsReport } from './machine.ts';

/** What its boundary adds to the record of a command. */
export interface BoundedRun {
  /** Keeps the end of what the command writes, to look for refusals in it. */
  sink: OutputSink;
  /** Once it has ended: takes the walls down, and tells what they saw. */
  seen(outcome: ChildOutcome): Seen;
  /** Which layer held. Where nobody looked at what changed, its words alone were judged. */
  held(unwatched: unknown): RunBoundary['held'];
  /** What is too long for the entry. */
  files(): { name: string; type: string; text: string }[];
}

export interface Seen {
  facts: Pick<Body<'command'>, 'sandbox' | 'leftBehind' | 'unenforced'>;
  /** Hosts it was kept from. */
  refusedHosts: readonly Attempt[];
}

export function boundedRun({ boundary, cwd }: { boundary?: RunBoundary; cwd: string }): BoundedRun {
  const walls = boundary?.walls;
  const tails = new Map<string, Buffer>();
  let report: WallsReport = { connections: [], unlisted: 0, removed: [] };
  return {
    sink(stream, bytes) {
      if (walls === undefined) return;
      const joined = Buffer.concat([tails.get(stream) ?? Buffer.alloc(0), bytes]);
      tails.set(stream, joined.subarray(-TAIL_BYTES));
    },
    seen(outcome) {
      report = walls?.finish() ?? report;
      const said = [...tails.values()].map((tail) => tail.toString('utf8')).join('\n');
      const facts = {
        ...(walls !== undefined && { sandbox: sandboxFacts(walls, report, outcome, said, cwd) }),
        ...leftBehindOf(outcome),
        ...(boundary?.unenforced !== undefined && { unenforced: boundary.unenforced }),
      };
      const refusedHosts = report.connections.filter(({ verdict }) => verdict === 'refused');
      return { facts, refusedHosts };
    },
    held(unwatched) {
      const held = boundary?.held ?? 'none';
      return held === 'observed' && unwatched !== null ? 'matched' : held;
    },
    files() {
      if (walls === undefined) return [];
      const { rules, mounts } = walls.plan;
      const lines = report.connections.map((each) => JSON.stringify(each));
      return [
        { name: 'sandbox', type: 'application/json', text: JSON.stringify({ rules, mounts }) },
        ...(lines.length === 0
          ? []
          : [{ name: 'connections', type: NDJSON, text: `${lines.join('\n')}\n` }]),
      ];
    },
  };
}

const NDJSON = 'application/x-ndjson';
const TAIL_BYTES = 16 * 1024;

function sandboxFacts(
  { plan, by, real }: NonNullable<RunBoundary['walls']>,
  report: WallsReport,
  { exit }: ChildOutcome,
  said: string,
  cwd: string,
): SandboxFacts {
  const failed = 'signal' in exit || exit.code !== 0;
  const suspects = failed ? suspectsIn(said.toWellFormed(), plan, cwd, real) : [];
  const count = (held: string) => plan.rules.filter((rule) => rule.held === held).length;
  const observed = count('observed');
  return {
    by,
    network: plan.network,
    rules: { held: plan.rules.length - observed - count('open'), observed },
    ...(plan.network === 'proxied' && { connections: counted(report) }),
    ...(suspects.length > 0 && { suspects }),
    ...(report.removed.length > 0 && { removed: report.removed }),
  };
}

function counted({ connections, unlisted }: WallsReport) {
  const of = (verdict: string) => connections.filter((each) => each.verdict === verdict).length;
  return { allowed: of('allowed'), refused: of('refused'), failed: of('failed'), unlisted };
}

/** A list in an entry is finite, whatever a command leaves behind. */
function leftBehindOf({ leftBehind }: ChildOutcome): Pick<Body<'command'>, 'leftBehind'> {
  if (leftBehind === undefined || leftBehind.length === 0) return {};
  return {
    leftBehind: leftBehind
      .slice(0, MOST_LEFT_BEHIND)
      .map((each) => ({ ...each, command: each.command.toWellFormed() })),
  };
}

const MOST_LEFT_BEHIND = 50;

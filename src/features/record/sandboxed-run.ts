import type { Body } from '../../core/entries/kinds.ts';
import type { SandboxFacts } from '../../core/entries/sandbox-part.ts';
import { suspectsIn } from '../boundaries/refused-paths.ts';
import type { ChildOutcome, OutputSink, RunBoundary, WallsReport } from './machine.ts';

/** What a sandbox adds to the record of the command in it. Null where there is none. */
export function sandboxedRun(request: {
  boundary?: RunBoundary;
  cwd: string;
}): SandboxedRun | null {
  const walls = request.boundary?.walls;
  if (walls === undefined) return null;
  const tails = new Map<string, Buffer>();
  let report: WallsReport = { connections: [], unlisted: 0, removed: [] };
  return {
    sink(stream, bytes) {
      const joined = Buffer.concat([tails.get(stream) ?? Buffer.alloc(0), bytes]);
      tails.set(stream, joined.subarray(-TAIL_BYTES));
    },
    facts(outcome) {
      report = walls.finish();
      const { plan, by } = walls;
      const failed = 'signal' in outcome.exit || outcome.exit.code !== 0;
      const said = [...tails.values()].map((tail) => tail.toString('utf8')).join('\n');
      const suspects = failed ? suspectsIn(said.toWellFormed(), plan, request.cwd, walls.real) : [];
      const observed = plan.rules.filter(({ held }) => held === 'observed').length;
      const open = plan.rules.filter(({ held }) => held === 'open').length;
      return {
        by,
        network: plan.network,
        rules: { held: plan.rules.length - observed - open, observed },
        ...(plan.network === 'proxied' && { connections: counted(report) }),
        ...(suspects.length > 0 && { suspects }),
        ...(report.removed.length > 0 && { removed: report.removed }),
      };
    },
    files() {
      const { rules, mounts } = walls.plan;
      const lines = report.connections.map((each) => JSON.stringify(each));
      return [
        { name: 'sandbox', type: 'application/json', text: JSON.stringify({ rules, mounts }) },
        ...(lines.length === 0
          ? []
          : [{ name: 'connections', type: 'application/x-ndjson', text: `${lines.join('\n')}\n` }]),
      ];
    },
  };
}

export interface SandboxedRun {
  /** Keeps the end of what the command writes, to look for refusals in it. */
  sink: OutputSink;
  /** Once it has ended. */
  facts(outcome: ChildOutcome): SandboxFacts;
  /** What is too long for the entry. */
  files(): { name: string; type: string; text: string }[];
}

const TAIL_BYTES = 16 * 1024;

function counted({ connections, unlisted }: WallsReport) {
  const of = (verdict: string) => connections.filter((each) => each.verdict === verdict).length;
  return { allowed: of('allowed'), refused: of('refused'), failed: of('failed'), unlisted };
}

/** What a run's boundary saw, for the entry and for whoever runs it; takes the walls down. */
export function seenOf(
  sandboxed: SandboxedRun | null,
  outcome: ChildOutcome,
): Pick<Body<'command'>, 'sandbox' | 'leftBehind'> {
  const sandbox = sandboxed?.facts(outcome);
  return { ...(sandbox === undefined ? {} : { sandbox }), ...leftBehindOf(outcome) };
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

export function unenforcedOf({
  boundary,
}: {
  boundary?: RunBoundary;
}): Pick<Body<'command'>, 'unenforced'> {
  return boundary?.unenforced === undefined ? {} : { unenforced: boundary.unenforced };
}

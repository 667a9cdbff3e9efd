import { constants } from 'node:os';
import type { ChildOutcome, InsideReport, ResourceUsage } from './child.ts';

/** CPU of a command behind walls: what the kernel charged to it there never reaches us. */
export function cpuInside(
  report: InsideReport | null,
): Partial<Pick<ResourceUsage, 'cpuUserMicros' | 'cpuSystemMicros' | 'cpuSource'>> {
  if (report === null) return {};
  const { cpu } = report;
  return {
    cpuUserMicros: cpu?.userMicros ?? null,
    cpuSystemMicros: cpu?.systemMicros ?? null,
    cpuSource: cpu === null ? 'not known: ended from outside' : 'waited for inside the sandbox',
  };
}

/** What to say of a child that its enclosure did not start; nothing where it did, or there is none. */
export function notStarted(
  report: InsideReport | null,
): Partial<Pick<ChildOutcome, 'started' | 'refusal' | 'exit'>> {
  if (report === null || (report.started && report.refused === undefined)) return {};
  // As env(1) and timeout(1) have it: 126 could not be executed, 125 we ourselves failed.
  if (report.refused === undefined)
    return { started: false, refusal: 'the sandbox could not be made', exit: { code: 125 } };
  const [name] = Object.entries(constants.errno).find(([, n]) => n === report.refused) ?? [];
  const refusal = `cannot be executed inside the sandbox (${name ?? report.refused})`;
  return { started: false, refusal, exit: { code: 126 } };
}

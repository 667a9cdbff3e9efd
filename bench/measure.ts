import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';

/** What one peer took, round by round, in milliseconds, smallest first. */
export interface Sampled {
  wall: number[];
  median: number;
  min: number;
  p95: number;
  /**
   * CPU, which the load of others distorts least: of this process the least of all rounds, or
   * where it waited for children theirs, the mean, because the kernel counts it in ticks of 10 ms.
   */
  cpu: number;
}

/**
 * Runs peers in turn within the same rounds, each round beginning with another one, so that what
 * else the machine does falls on all of them alike. A first round is not counted.
 *
 * A peer that times itself returns milliseconds. Ends after `rounds` or, from the third round on,
 * after `seconds`.
 */
export async function sideBySide<Name extends string>(
  peers: Record<Name, () => unknown>,
  limits: { rounds: number; seconds: number; warmUp?: boolean },
): Promise<Record<Name, Sampled>> {
  const names = Object.keys(peers) as Name[];
  const taken = new Map(names.map((name) => [name, { wall: [], cpu: [], children: [] } as Taken]));
  if (limits.warmUp ?? true) for (const name of names) await peers[name]();
  const end = performance.now() + limits.seconds * 1000;
  for (let round = 0; round < limits.rounds; round++) {
    if (round >= 2 && performance.now() > end) break;
    for (let i = 0; i < names.length; i++) {
      const name = names[(round + i) % names.length] as Name;
      const children = childrenCpu();
      const cpu = process.cpuUsage();
      const started = performance.now();
      const own = await peers[name]();
      const wall = performance.now() - started;
      const { user, system } = process.cpuUsage(cpu);
      taken.get(name)?.wall.push(typeof own === 'number' ? own : wall);
      taken.get(name)?.cpu.push((user + system) / 1000);
      taken.get(name)?.children.push(childrenCpu() - children);
    }
  }
  const entries = [...taken].map(([name, { wall, cpu, children }]) => {
    const theirs = children.reduce((sum, ms) => sum + ms, 0) / children.length;
    return [name, sampled(wall, theirs > 0 ? theirs : Math.min(...cpu))];
  });
  return Object.fromEntries(entries) as Record<Name, Sampled>;
}

interface Taken {
  wall: number[];
  cpu: number[];
  children: number[];
}

/** Milliseconds of CPU of all children that ended: cutime and cstime of proc(5), in ticks. */
function childrenCpu(): number {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return 0;
  }
}

export function sampled(times: readonly number[], cpu = Number.NaN): Sampled {
  const wall = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    wall[Math.min(wall.length - 1, Math.floor(share * wall.length))] as number;
  const middle = wall.length / 2;
  const pair = wall.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  const median = pair.reduce((sum, ms) => sum + ms, 0) / pair.length;
  return { wall, median, min: at(0), p95: at(0.95), cpu };
}

/** What this run was measured on. Absolute times mean nothing without it, ratios little. */
export function printMachine(name: string): void {
  const load = loadavg()
    .map((n) => n.toFixed(1))
    .join(' ');
  console.log(
    `\n${name}: ${availableParallelism()} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}, load average ${load}`,
  );
}

/** A table of one comparison: each peer's times, and how many times `against` they are. */
export function printComparison<Name extends string>(
  title: string,
  peers: Record<Name, Sampled>,
  against: NoInfer<Name>,
): void {
  const base = peers[against];
  printTable(
    title,
    ['', 'rounds', 'median ms', 'min ms', 'cpu ms', '× median', '× min', '× cpu'],
    (Object.entries(peers) as [Name, Sampled][]).map(([name, { wall, median, min, cpu }]) => [
      name,
      wall.length,
      digits(median),
      digits(min),
      digits(cpu),
      name === against ? '1' : digits(median / base.median),
      name === against ? '1' : digits(min / base.min),
      name === against ? '1' : digits(cpu / base.cpu),
    ]),
  );
}

export function printTable(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const cells = [heads, ...rows].map((row) => row.map(String));
  const widths = heads.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ');
  console.log(`\n  ${title}`);
  for (const row of cells) console.log(`    ${line(row)}`.trimEnd());
}

/** Says whether a figure of the design was reached, and if not by how much it was missed. */
export function figure(
  what: string,
  value: number,
  wanted: { atMost: number } | { atLeast: number },
  unit = '×',
): void {
  const most = 'atMost' in wanted;
  const bound = most ? wanted.atMost : wanted.atLeast;
  const reached = most ? value <= bound : value >= bound;
  const off = Math.abs(value / bound - 1) * 100;
  const verdict = reached ? 'reached' : `MISSED by ${off.toFixed(0)} %`;
  console.log(
    `  ${verdict}: ${what} ${digits(value)} ${unit}, figure ${most ? '≤' : '≥'} ${bound} ${unit}`,
  );
}

export function digits(n: number): string {
  if (!Number.isFinite(n)) return '–';
  if (n >= 1000) return String(Math.round(n));
  return n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n.toFixed(2);
}

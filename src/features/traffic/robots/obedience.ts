import type { ClaimRow, RuleCounts } from '../tally/claim-rows.ts';
import { ROBOTS } from '../tally/visitors.ts';
import type { RobotsFile, Ruling } from './robots-file.ts';

/** A robots.txt and since when it was served; null is "since before the log". */
export interface RobotsVersion {
  from: number | null;
  file: RobotsFile;
  name: string;
}

/** One request, as far as robots.txt is concerned. */
export interface Asked {
  time: number;
  status: number;
  kind: number;
  word: number;
  target(): string;
}

/**
 * Holds requests of declared crawlers against the robots.txt in force when they were made.
 *
 * `unaware`: it was not seen to fetch robots.txt before. `grace`: the rule is newer than a day, or
 * than its copy, and that copy may be used for a day (RFC 9309, 2.4). `violation`: neither. Fetches
 * count for the whole operator, which shares its copies; but not those of somebody shown to only
 * use its name.
 */
export class Obedience {
  readonly versions: readonly RobotsVersion[];
  readonly #fetched = new Map<string, number>();
  readonly #rulings = new Map<string, Ruling>();

  constructor(versions: readonly RobotsVersion[]) {
    this.versions = [...versions].sort((a, b) => (a.from ?? 0) - (b.from ?? 0));
  }

  see(row: ClaimRow, asked: Asked): void {
    const { claim } = row;
    if (asked.kind & ROBOTS) {
      if (row.judged.verdict !== 'contradicted') this.#fetched.set(claim.name, asked.time);
      return;
    }
    if (claim.operator?.userTriggered === true) return;
    const at = this.#inForce(asked.time);
    if (at < 0) return;
    row.rules ??= { allowed: 0, unaware: 0, grace: 0, violation: 0, lines: new Map() };
    const ruling = this.#ruling(at, claim.robots, asked.target());
    if (ruling.allowed) row.rules.allowed++;
    else this.#count(row.rules, ruling, at, this.#fetched.get(claim.name), asked.time);
  }

  #count(
    rules: RuleCounts,
    { line }: Ruling,
    at: number,
    fetched: number | undefined,
    time: number,
  ): void {
    const from = (this.versions[at] as RobotsVersion).from;
    if (fetched === undefined) rules.unaware++;
    else if (from !== null && (time - from <= DAY || (fetched < from && time - fetched <= DAY))) {
      rules.grace++;
    } else {
      rules.violation++;
      if (line !== null) rules.lines.set(line, (rules.lines.get(line) ?? 0) + 1);
    }
  }

  /** The last version that had begun; -1 where the first begins later. */
  #inForce(time: number): number {
    for (let i = this.versions.length - 1; i >= 0; i--) {
      const { from } = this.versions[i] as RobotsVersion;
      if (from === null || time >= from) return i;
    }
    return -1;
  }

  #ruling(at: number, token: string, target: string): Ruling {
    const key = `${at}\n${token}\n${target}`;
    const known = this.#rulings.get(key);
    if (known !== undefined) return known;
    // Targets have no end; a memory of the last many is nearly as good as one of all.
    if (this.#rulings.size >= MOST_REMEMBERED) this.#rulings.clear();
    const ruling = (this.versions[at] as RobotsVersion).file.ruling(token, target);
    this.#rulings.set(key, ruling);
    return ruling;
  }
}

const DAY = 86_400_000;
const MOST_REMEMBERED = 50_000;

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateDirectory, writePrivateFile } from '../ledger/private-files.ts';

/** A ledger that was over its disk budget when somebody looked. */
export interface OverBudget {
  /** When it was first seen to be over, and looked at last; milliseconds since 1970. */
  since: number;
  looked: number;
}

export function overBudgetSince(dir: string): OverBudget | null {
  try {
    const { since, looked } = JSON.parse(readFileSync(pathIn(dir), 'utf8')) as Partial<OverBudget>;
    return Number.isFinite(since) && Number.isFinite(looked)
      ? { since: since as number, looked: looked as number }
      : null;
  } catch {
    return null;
  }
}

export function noteOverBudget(dir: string, over: OverBudget): void {
  makePrivateDirectory(join(dir, 'cache'), true);
  writePrivateFile(pathIn(dir), JSON.stringify(over));
}

export function forgetOverBudget(dir: string): void {
  rmSync(pathIn(dir), { force: true });
}

/** Cheap, for the end of a run: is it worth looking again? */
export function isDueToLook(dir: string): boolean {
  const over = overBudgetSince(dir);
  return over !== null && Date.now() - over.looked > LOOK_AGAIN_MS;
}

function pathIn(dir: string): string {
  return join(dir, 'cache', 'over-budget.json');
}

const LOOK_AGAIN_MS = 3_600_000;

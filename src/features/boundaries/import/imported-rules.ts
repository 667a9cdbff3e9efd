import type { RuleList } from '../edit-policy.ts';
import { patternsOverlap, type StringPattern } from './string-pattern.ts';

/** A rule as it will stand in proof.yaml, and what it was elsewhere. */
export interface ImportedRule {
  readonly list: RuleList;
  readonly text: string;
  readonly was: string;
}

/** What another tool's file says and proof.yaml cannot, or says otherwise. */
export interface ImportRemark {
  /** As it was written there. */
  readonly was: string;
  readonly from: string;
  readonly why: string;
}

/** What comes of an import. Nothing is dropped without a remark, and nothing becomes looser. */
export interface Imported {
  readonly rules: readonly ImportedRule[];
  /** Not carried over. */
  readonly left: readonly ImportRemark[];
  /** Carried over, stricter than it was. */
  readonly stricter: readonly ImportRemark[];
}

/** Gathers rules from one or several files of other tools. */
export class ImportedRules {
  readonly #rules: ImportedRule[] = [];
  readonly #left: ImportRemark[] = [];
  readonly #stricter: ImportRemark[] = [];
  /** What is denied or asked elsewhere and cannot be said here: no allow rule may cover it. */
  readonly #uncovered: (ImportRemark & { pattern: StringPattern })[] = [];
  #noWrites: ImportRemark | null = null;

  add(list: RuleList, text: string, was: string): void {
    if (this.#rules.some((rule) => rule.list === list && rule.text === text)) return;
    this.#rules.push({ list, text, was });
  }

  leave(was: string, from: string, why: string): void {
    this.#left.push({ was, from, why });
  }

  tighten(was: string, from: string, why: string): void {
    this.#stricter.push({ was, from, why });
  }

  /** Commands of this pattern must not become allowed: rules that would allow one ask instead. */
  neverAllow(pattern: StringPattern, was: string, from: string, why: string): void {
    this.#uncovered.push({ pattern, was, from, why });
  }

  /** Nothing may be written without asking. */
  neverWrite(was: string, from: string): void {
    this.#noWrites ??= { was, from, why: 'all writing is restricted there: nothing is in scope' };
  }

  finish(): Imported {
    const stricter = [...this.#stricter];
    const left = [...this.#left];
    const asked = new Set<ImportedRule>();
    for (const { pattern, was, from, why } of this.#uncovered) {
      left.push({ was, from, why });
      for (const rule of this.#rules) {
        if (rule.list !== 'commands.allow' || !couldRun(rule.text, pattern)) continue;
        if (!asked.has(rule)) {
          stricter.push({ was: rule.was, from, why: `it asks, since it covers ${was}` });
        }
        asked.add(rule);
      }
    }
    const rules = this.#rules.flatMap((rule): ImportedRule[] => {
      if (this.#noWrites !== null && rule.list === 'scope.write') {
        stricter.push({ was: rule.was, from: this.#noWrites.from, why: this.#noWrites.why });
        return [];
      }
      return [asked.has(rule) ? { ...rule, list: 'commands.ask' } : rule];
    });
    if (this.#noWrites !== null) left.push(this.#noWrites);
    return { rules, left, stricter };
  }
}

/** Whether a rule of ours allows a command that the other tool's pattern matches. */
function couldRun(rule: string, pattern: StringPattern): boolean {
  if (!rule.endsWith(' *')) return patternsOverlap(rule, pattern);
  const words = rule.slice(0, -2);
  return patternsOverlap(words, pattern) || patternsOverlap(`${words} *`, pattern);
}

import type { Policy, Rule } from '../../judge/boundary/policy.ts';
import { type Reach, type ReachFrom, reachOf } from './glob-reach.ts';
import type { Look } from './mount-plan.ts';
import { isWithin, parentOf } from './mount-table.ts';

/** What is to be writable, each with the rule that says so. */
export interface Wanted {
  /** Writable as a whole, by path. */
  trees: Map<string, string>;
  /** New names may come into being right in these. */
  open: Map<string, string>;
}

/** Of the rules that permit writing, what each reaches, and all of it together. */
export function wantedPlaces(
  scope: Policy['scope'],
  from: Pick<ReachFrom, 'root' | 'home'>,
  look: Look,
): { wanted: Wanted; reached: { list: 'write' | 'generated'; rule: Rule; reach: Reach }[] } {
  const asWritten = { ...from, forbids: false };
  const reachedBy = (list: 'write' | 'generated') =>
    scope[list].map((rule) => ({ list, rule, reach: reachOf(rule.text, asWritten, look) }));
  const write = reachedBy('write');
  const generated = reachedBy('generated');
  const written = emptyWanted();
  for (const { rule, reach } of write) add(written, rule.text, reach);
  // A task that was narrowed writes only what each of its narrowings leaves as well.
  const left = (scope.within ?? []).reduce((wanted, rules) => {
    const narrower = emptyWanted();
    for (const { text } of rules) add(narrower, text, reachOf(text, asWritten, look));
    return both(wanted, narrower);
  }, written);
  for (const { rule, reach } of generated) {
    add(left, rule.text, reach);
    // What is generated is removed and made again as a whole.
    for (const path of reach.trees)
      if (path !== from.root) want(left.open, parentOf(path), rule.text);
  }
  return { wanted: left, reached: [...write, ...generated] };
}

function emptyWanted(): Wanted {
  return { trees: new Map(), open: new Map() };
}

function add(wanted: Wanted, rule: string, reach: Reach): void {
  for (const path of [...reach.trees, ...reach.mixed]) want(wanted.trees, path, rule);
  for (const path of reach.files) {
    want(wanted.trees, path, rule);
    // Most programs write a file by renaming another one over it.
    want(wanted.open, parentOf(path), rule);
  }
  for (const path of reach.open) want(wanted.open, path, rule);
}

function want(places: Map<string, string>, path: string, rule: string): void {
  if (!places.has(path)) places.set(path, rule);
}

/** What both want. */
function both(a: Wanted, b: Wanted): Wanted {
  const common = emptyWanted();
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const inTree = (path: string) => [...other.trees.keys()].some((tree) => isWithin(path, tree));
    for (const [path, rule] of one.trees) if (inTree(path)) want(common.trees, path, rule);
    for (const [path, rule] of one.open)
      if (inTree(path) || other.open.has(path)) want(common.open, path, rule);
  }
  return common;
}

import type { Policy, Rule } from '../../judge/boundary/policy.ts';
import { type Reach, reachOf } from './glob-reach.ts';
import type { Look, Mount, RuleReport } from './mount-plan.ts';
import { reportOn } from './mount-plan.ts';
import { isWithin, type MountTable, parentOf } from './mount-table.ts';
import { type Wanted, wantedPlaces } from './wanted-places.ts';

/**
 * What may be written in the workspace, as mounts.
 *
 * Never is refused what the policy allows, and otherwise as much as a mount can refuse. A directory
 * in which allowed names may still come into being has to be open; there everything that exists and
 * is not in scope is made read-only by itself, and only names that do not exist yet are left to be
 * observed.
 */
export function mountScope(
  table: MountTable,
  scope: Policy['scope'],
  place: { root: string; home: string | null; leave: readonly string[] },
  look: Look,
): RuleReport[] {
  const { root, home } = place;
  const { wanted, reached } = wantedPlaces(scope, { root, home }, look);
  const reports = reached.map(({ list, rule, reach }) =>
    reportOn(`scope.${list}`, rule, ...standing(reach, look)),
  );
  mountWanted(table, wanted, root, place.leave, look);
  for (const list of ['ask', 'deny'] as const) {
    for (const rule of scope[list]) {
      const hide = list === 'deny' && (rule as Policy['scope']['deny'][number]).all;
      reports.push(forbid(table, list, rule, hide, place, look));
    }
  }
  return reports;
}

function standing(reach: Reach, look: Look): [held: 'mount' | 'observed', why: string] {
  const { missing, mixed, open, files, beyond } = reach;
  if (beyond !== null) return ['observed', beyond];
  if (missing !== null) return ['observed', `${missing} does not exist yet: ${open[0]} is open`];
  if (mixed.length > 0)
    return ['observed', `all of ${mixed[0]} is writable: a mount cannot tell files apart`];
  const place = open[0] ?? (files[0] === undefined ? undefined : parentOf(files[0]));
  if (place !== undefined && look.kind(place) === 'directory')
    return ['observed', `new names in ${place} are not kept out`];
  return ['mount', 'writable, what is beside it is not'];
}

function mountWanted(
  table: MountTable,
  wanted: Wanted,
  root: string,
  leave: readonly string[],
  look: Look,
): void {
  const { trees, open } = wanted;
  for (const [path, rule] of trees) {
    if (isWithin(path, root) || path === root) continue;
    table.set({ path, how: 'writable', because: rule });
  }
  const inRoot = [...trees.keys(), ...open.keys()].filter((path) => isWithin(path, root));
  const partly = new Set<string>();
  for (const path of inRoot)
    for (let up = parentOf(path); isWithin(up, root); up = parentOf(up)) {
      partly.add(up);
      if (up === '/') break;
    }
  let budget = MOST_NEIGHBOURS;
  const visit = (path: string, openAbove: boolean): void => {
    const tree = trees.get(path);
    if (tree !== undefined) {
      // In an open directory it is writable already, and must stay free to be removed and renamed.
      if (!openAbove) table.set({ path, how: 'writable', because: tree });
      return;
    }
    const isOpen = open.has(path);
    if (isOpen) table.set({ path, how: 'writable', because: open.get(path) as string });
    else if (openAbove) table.set({ path, how: 'read-only', because: OUTSIDE });
    for (const name of isOpen || partly.has(path) ? look.names(path) : []) {
      const child = path === '/' ? `/${name}` : `${path}/${name}`;
      if (leave.includes(child)) continue;
      if (trees.has(child) || open.has(child) || partly.has(child)) visit(child, isOpen);
      else if (isOpen && look.kind(child) !== 'symlink' && budget-- > 0)
        table.set({ path: child, how: 'read-only', because: OUTSIDE });
    }
  };
  if (inRoot.length > 0) visit(root, false);
}

/** Beyond that a directory is no list of names somebody wrote a scope for, and each costs time. */
const MOST_NEIGHBOURS = 250;
const OUTSIDE = 'outside the scope';

/** What may not be written (and with `hide` not be read), inside places that may. */
function forbid(
  table: MountTable,
  list: 'ask' | 'deny',
  rule: Rule,
  hide: boolean,
  { root, home }: { root: string; home: string | null },
  look: Look,
): RuleReport {
  const from = { root, home, forbids: true, anywhere: list === 'deny' };
  const reach = reachOf(rule.text, from, look);
  const because = `scope.${list}: ${rule.text}`;
  for (const path of [...reach.trees, ...reach.files]) {
    const how: Mount['how'] = hide
      ? look.kind(path) === 'directory'
        ? 'empty-directory'
        : 'refused'
      : 'read-only';
    if (hide || table.writable(path)) table.carve({ path, how, because });
  }
  const report = (held: 'mount' | 'observed', why: string) =>
    reportOn(`scope.${list}`, rule, held, why);
  if (reach.mixed.length > 0 || reach.beyond !== null)
    return report('observed', reach.beyond ?? 'it picks files at any depth');
  const open = reach.open.find((path) => table.writable(path));
  if (open !== undefined && (reach.missing !== null || /[*?[{]/.test(rule.text)))
    return report('observed', `what exists is held, new names in ${open} are not kept out`);
  return report('mount', hide ? 'neither read nor written' : 'not written');
}

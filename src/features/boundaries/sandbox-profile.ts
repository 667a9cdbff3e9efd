import type { Policy } from '../../judge/boundary/policy.ts';
import { mountGit } from './git-mounts.ts';
import { hidePlaces, STRIPPED_IN_HOME, withoutCredentials } from './hidden-places.ts';
import type { Look, RuleReport, SandboxPlaces, SandboxPlan } from './mount-plan.ts';
import { MountTable } from './mount-table.ts';
import { mountPrivatePlaces } from './private-places.ts';
import { mountScope } from './scope-mounts.ts';

/**
 * What a sandboxed command gets to see: the whole machine read-only, the scope writable, temporary
 * files and caches of its own, no keys, no sockets, and of the network what the policy says.
 *
 * Pure: the same policy, places and files give the same plan. What no mount can hold is in `rules`,
 * as observed.
 */
export function planSandbox(policy: Policy, places: SandboxPlaces, look: Look): SandboxPlan {
  const table = new MountTable();
  const { root } = places;
  const home = places.homes[0] ?? null;
  table.set({ path: '/', how: 'read-only', because: OUTSIDE });
  table.set({ path: '/proc', how: 'processes', because: OUTSIDE });
  table.set({ path: '/dev', how: 'devices', because: OUTSIDE });
  const own = mountPrivatePlaces(table, places, look);
  own.before();
  for (const path of visiblePlaces(places))
    if (look.kind(path) !== null) table.keepVisible(path, OUTSIDE);
  // What an agent wrote to /tmp by other means, to have it run here.
  for (const path of places.operands)
    if (look.kind(path) === 'file' && table.covering(path)?.from !== undefined)
      table.keepVisible(path, OUTSIDE);

  const leave = [
    `${root}/.git`,
    `${root}/.proof`,
    ...[places.commonDir ?? [], ...places.own],
  ].flat();
  const rules = mountScope(table, policy.scope, { root, home, leave }, look);
  const git = mountGit(table, places, look);
  const make = [...git.make, ...own.caches()];
  const mayNotAppear = [...git.mayNotAppear];

  if (look.kind(places.policyFile) === null) mayNotAppear.push(places.policyFile);
  else table.carve({ path: places.policyFile, how: 'read-only', because: 'always: the policy' });
  hidePlaces(table, places, look);
  const copies = stripCredentials(table, places, look);
  for (const path of places.sockets)
    if (look.kind(path) === 'other')
      table.carve({ path, how: 'refused', because: 'always: sockets of others are not reached' });

  return {
    mounts: table.list(),
    rules: [...rules, ...git.reports, ...networkReports(policy)],
    network: networkOf(policy),
    make,
    copies,
    mayNotAppear: mayNotAppear.filter((path) => table.writable(path)),
  };
}

const OUTSIDE = 'outside the scope';

/** What must be there although a private directory may have taken its place. */
function visiblePlaces(places: SandboxPlaces): string[] {
  const { root, cwd, gitDir, commonDir, homes, programs } = places;
  return [
    ...homes,
    ...[root, gitDir, commonDir].filter((path) => path !== null),
    ...programs,
    // NixOS keeps its programs there; resolvers their settings, for a network that is open.
    ...['/run/current-system', '/run/opengl-driver', '/run/wrappers', '/run/booted-system'],
    ...['/run/systemd/resolve', '/run/resolvconf', '/run/NetworkManager/resolv.conf'],
    cwd,
  ].filter((path) => path !== '/' && path !== '/tmp' && path !== '/var/tmp' && path !== '/run');
}

function stripCredentials(
  table: MountTable,
  { homes, privateDir }: SandboxPlaces,
  look: Look,
): SandboxPlan['copies'] {
  return homes
    .flatMap((home) => STRIPPED_IN_HOME.map((name) => [home, name]))
    .flatMap(([home, name]) => {
      const path = look.real(`${home}/${name}`);
      const text = path === null ? null : look.text(path);
      if (path === null || text === null || withoutCredentials(text) === null) return [];
      const to = `${privateDir}/without-credentials/${`${home}/${name}`.replaceAll('/', '+')}`;
      const because = `always: credentials in ~/${name} are not read`;
      table.carve({ path, how: 'read-only', from: to, because });
      return [{ of: path, to }];
    });
}

function networkOf({ network }: Policy): SandboxPlan['network'] {
  if (network.default === 'allow') return 'open';
  return network.allow.length > 0 ? 'proxied' : 'closed';
}

function networkReports(policy: Policy): RuleReport[] {
  const { network } = policy;
  const how = networkOf(policy);
  const line = null;
  if (how === 'open') {
    const why = 'the policy allows every host, those on this machine too';
    return [{ list: 'network', rule: 'default: allow', line, held: 'open', why }];
  }
  const why = 'a network of its own: no host, no port of this machine, is reached';
  return [
    { list: 'network', rule: 'default: deny', line, held: 'namespace', why },
    ...network.allow.map(
      (rule): RuleReport => ({
        list: 'network',
        rule: rule.text,
        line: rule.line,
        held: 'proxy',
        why: 'through a proxy that records every connection',
      }),
    ),
  ];
}

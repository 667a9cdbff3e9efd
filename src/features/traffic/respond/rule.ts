import type { AddressList } from '../identities/address-lists.ts';
import { OPERATORS } from '../identities/operators.ts';
import { addressKey, prefixRange, type Range } from '../identities/prefix.ts';
import { trafficError } from '../reader/traffic-error.ts';

/**
 * One rule of a response, in terms that any server can check from a request alone. All that is
 * given must hold; what is empty is not looked at.
 */
export interface Rule {
  /** From 1. */
  n: number;
  action: 'block' | 'limit';
  /** As typed: `contradicted:Googlebot`. */
  target: string;
  /** The agent holds one of these, in whatever case. */
  words: readonly string[];
  /** The agent is exactly this. */
  agent: string | null;
  networks: readonly string[];
  /** Not from these: an operator's own addresses. */
  exceptNetworks: readonly string[];
  /** As in robots.txt: from the beginning, with `*` and a `$` at the end. */
  path: string | null;
}

/** A fleet as an investigation found it. */
export interface KnownFleet {
  name: string;
  agent: string | null;
  network: string | null;
}

/**
 * Reads a target: `GPTBot`, `contradicted:Googlebot`, `fleet:F2`, `path:/blame/*`,
 * `subnet:203.0.113.0/24`, `agent:text`. Throws `traffic.bad-rule`.
 */
export function ruleOf(
  n: number,
  action: Rule['action'],
  target: string,
  known: {
    fleets: readonly KnownFleet[];
    lists: ReadonlyMap<string, AddressList>;
    names: readonly string[];
  },
): Rule {
  const empty: Rule = {
    n,
    action,
    target,
    words: [],
    agent: null,
    networks: [],
    exceptNetworks: [],
    path: null,
  };
  const colon = target.indexOf(':');
  const kind = colon < 0 ? 'name' : target.slice(0, colon);
  const value = target.slice(colon + 1);
  if (value === '' || /[\u0000-\u001f\u007f]/.test(value))
    throw badRule(target, 'it names nothing');
  switch (kind) {
    case 'path':
      if (!value.startsWith('/')) throw badRule(target, 'a path begins with /');
      return { ...empty, path: value };
    case 'agent':
      return { ...empty, words: [value] };
    case 'subnet':
      try {
        prefixRange(value);
      } catch {
        throw badRule(target, 'it is no address range such as 203.0.113.0/24');
      }
      return { ...empty, networks: [value] };
    case 'asn':
      throw badRule(
        target,
        'no list of networks by their number comes with Prooflayer: name subnets',
      );
    case 'fleet':
      return { ...empty, ...fleetRule(target, value, known.fleets) };
    case 'contradicted':
      return {
        ...empty,
        words: wordsOf(value),
        exceptNetworks: ownNetworks(target, value, known.lists),
      };
    case 'name':
      if (
        !known.names.some((name) => name === value) &&
        !OPERATORS.some(({ name }) => name === value)
      ) {
        throw badRule(target, 'nobody used that name in the logs');
      }
      return { ...empty, words: wordsOf(value) };
    default:
      throw badRule(
        target,
        'targets are NAME, contradicted:NAME, fleet:F1, path:/x, subnet:a.b.c.0/24 and agent:TEXT',
      );
  }
}

function fleetRule(target: string, name: string, fleets: readonly KnownFleet[]): Partial<Rule> {
  const fleet = fleets.find((one) => one.name === name);
  if (fleet === undefined) throw badRule(target, `the investigation found ${fleets.length} fleets`);
  const network = fleet.network;
  const networks =
    network === null || addressKey(network.split('/')[0] as string) === null ? [] : [network];
  if (networks.length === 0 && (fleet.agent ?? '') === '')
    throw badRule(target, 'its visitors share nothing that a rule could name');
  // An agent of quotes or control characters cannot be written into every file.
  const agent = fleet.agent !== null && /^[ -~]+$/.test(fleet.agent) ? fleet.agent : null;
  return { agent, networks };
}

/** All addresses its operator publishes: newest lists, and the whole of its network where known. */
function ownNetworks(
  target: string,
  name: string,
  lists: ReadonlyMap<string, AddressList>,
): string[] {
  const operator = OPERATORS.find((one) => one.name === name);
  const found = (operator?.lists ?? []).flatMap((id) => lists.get(id)?.ranges ?? []);
  const own = found.filter(({ until }) => until === null).map(({ prefix }) => prefix);
  if (own.length === 0) throw badRule(target, `no list of ${name}’s own addresses is kept`);
  return [...new Set(own)];
}

/** What an agent must hold to be meant; a name that is not known here means itself. */
function wordsOf(name: string): string[] {
  const operator = OPERATORS.find((one) => one.name === name);
  if (operator === undefined) return [name];
  const parts = operator.agent.source.split('|');
  return parts.every((part) => /^[\w .-]+$/.test(part)) ? parts : [operator.robots];
}

/** Decides as the generated files do: same bytes, same answer. */
export function matcher(rule: Rule): (address: string, agent: string, target: string) => boolean {
  const words = rule.words.map((word) => word.toLowerCase());
  const inside = inRanges(rule.networks);
  const outside = inRanges(rule.exceptNetworks);
  const path = rule.path === null ? null : new RegExp(pathPattern(rule.path));
  return (address, agent, target) => {
    if (words.length > 0) {
      const lower = agent.toLowerCase();
      if (!words.some((word) => lower.includes(word))) return false;
    }
    if (rule.agent !== null && agent !== rule.agent) return false;
    if (rule.networks.length > 0 && !inside(address)) return false;
    if (rule.exceptNetworks.length > 0 && outside(address)) return false;
    return path === null || path.test(target);
  };
}

/** A robots.txt path as a regular expression that all servers read alike. */
export function pathPattern(path: string): string {
  const anchored = path.endsWith('$');
  const body = anchored ? path.slice(0, -1) : path;
  return `^${body.split('*').map(literal).join('.*').replace(/\.\*$/, '')}${anchored ? '$' : ''}`;
}

/** Text as a regular expression for itself. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, (char) =>
    char === '/' || char === '-' ? char : `\\${char}`,
  );
}

function inRanges(prefixes: readonly string[]): (address: string) => boolean {
  const ranges: Range[] = prefixes.map(prefixRange);
  const known = new Map<string, boolean>();
  return (address) => {
    const before = known.get(address);
    if (before !== undefined) return before;
    const key = addressKey(address);
    const inside = key !== null && ranges.some(({ from, to }) => key >= from && key <= to);
    if (known.size < 200_000) known.set(address, inside);
    return inside;
  };
}

function badRule(target: string, why: string) {
  return trafficError(
    'traffic.bad-rule',
    `"${target}" is no target of a rule`,
    why,
    'for example --block contradicted:Googlebot --block GPTBot --limit path:/blame/',
  );
}

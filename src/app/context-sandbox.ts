import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { bubblewrapWords } from '../features/boundaries/bubblewrap-words.ts';
import { withoutCredentials } from '../features/boundaries/hidden-places.ts';
import { hostRules, ruleForHost } from '../features/boundaries/host-rules.ts';
import type { SandboxPlaces, SandboxPlan } from '../features/boundaries/mount-plan.ts';
import { planSandbox } from '../features/boundaries/sandbox-profile.ts';
import type { RunBoundary, WallsReport } from '../features/record/machine.ts';
import type { Policy } from '../judge/boundary/policy.ts';
import type { Enclosure } from '../platform/process/child.ts';
import { lookAtDisk } from '../platform/sandbox/disk-look.ts';
import { encloseWith } from '../platform/sandbox/enclosure.ts';
import { listeningSockets } from '../platform/sandbox/host-sockets.ts';
import { type NetworkProxy, startProxy } from '../platform/sandbox/network-proxy.ts';
import {
  makeMountPoint,
  makePrivateDirectories,
  sweepTemporary,
  writeShownCopy,
} from '../platform/sandbox/private-directories.ts';
import { probeSandbox, type SandboxState } from '../platform/sandbox/probe.ts';
import { syscallFilter } from '../platform/sandbox/syscall-filter.ts';
import type { Places } from './context-places.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What is to be run, as far as its walls depend on it. */
export interface ToEnclose {
  argv: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** The program's path; null where it was not found. */
  executable: string | null;
}

/**
 * The walls for one command under a policy that enforces; or, where this machine has none to offer,
 * the reason, for the record to say.
 */
export async function raiseWalls(
  places: Places,
  policy: Policy,
  policyFile: string,
  command: ToEnclose,
): Promise<{ boundary: RunBoundary; enclosure: Enclosure | null }> {
  const state = sandboxState(places, command.env);
  if (!state.holds) return unavailable(`${state.why}: ${state.remedy}`);
  const where = sandboxPlaces(places, policyFile, command);
  const look = lookAtDisk();
  const plan = planSandbox(policy, where, look);
  const proxy = plan.network === 'proxied' ? await proxyFor(policy) : null;
  const empty = prepare(plan, where);
  const inside = '/run/proof/proxy';
  const { programs, userNamespace, version } = state;
  const words = bubblewrapWords(plan, {
    cwd: command.cwd,
    empty,
    userNamespace,
    proxy: proxy === null ? null : { socket: proxy.socket, inside },
  });
  const enclosure = encloseWith({
    programs,
    words,
    filter: syscallFilter(process.arch, plan.network !== 'open'),
    proxy: proxy === null ? null : inside,
    environment: proxy === null ? {} : PROXY_VARIABLES,
  });
  const finish = () => takeDown(plan, where, proxy);
  const walls = { by: `bubblewrap ${version}`, plan, real: look.real, finish };
  return { boundary: { held: 'enforced', walls }, enclosure };
}

function unavailable(detail: string): { boundary: RunBoundary; enclosure: null } {
  const boundary = { held: 'observed', unenforced: { why: 'unavailable', detail } } as const;
  return { boundary, enclosure: null };
}

/** Whether this machine can make a sandbox, from memory where nothing has changed. */
export function sandboxState(places: Places, env: Env): SandboxState {
  const file = join(privateRoot(places, env), 'probe.json');
  return probeSandbox({
    read: () => (existsSync(file) ? readFileSync(file, 'utf8') : null),
    write(text) {
      try {
        makePrivateDirectories(dirname(file), []);
        writeFileSync(file, text, { mode: 0o600 });
      } catch {
        // Then it is probed again next time.
      }
    },
  });
}

/** What a plan is for: where it works, and whose places must be kept from it. */
export function sandboxPlaces(
  places: Places,
  policyFile: string,
  { argv, cwd, env, executable }: ToEnclose,
): SandboxPlaces {
  const root = real(places.root);
  const homes = homesOf(env);
  const { repository, ledgerDir, configDir } = places;
  const keys = homes.map((home) => join(home, '.config', 'prooflayer'));
  const named = repository === null ? [] : [join(repository.commonDir, 'proof')];
  const id = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return {
    root,
    cwd: real(cwd),
    gitDir: repository?.gitDir ?? null,
    commonDir: repository?.commonDir ?? null,
    policyFile,
    own: [...new Set([ledgerDir, configDir, ...keys, ...named, join(root, '.proof')])],
    homes,
    caches: CACHE_VARIABLES.map((name) => env[name] ?? '').filter(isAbsolute),
    privateDir: join(privateRoot(places, env), id),
    runtimeDir: absolute(env.XDG_RUNTIME_DIR),
    temporaryDir: absolute(env.TMPDIR) === null ? null : real(tmpdir()),
    programs: [
      ...(env.PATH ?? '').split(':').filter(isAbsolute).map(real),
      ...(executable === null ? [] : [dirname(executable), dirname(real(executable))]),
    ],
    operands: argv.filter((word) => isAbsolute(word) && existsSync(word)).map(real),
    sockets: listeningSockets(),
    superuser: process.getuid?.() === 0,
  };
}

const CACHE_VARIABLES = [
  'XDG_CACHE_HOME',
  'npm_config_cache',
  'PIP_CACHE_DIR',
  'GOCACHE',
  'YARN_CACHE_FOLDER',
  'CCACHE_DIR',
];

/** HOME, and what the system says is this user's home: HOME can be set to anything. */
function homesOf(env: Env): string[] {
  const known = (() => {
    try {
      return userInfo().homedir;
    } catch {
      return homedir();
    }
  })();
  const homes = [env.HOME ?? '', known].filter((home) => isAbsolute(home) && existsSync(home));
  return [...new Set(homes.map(real))].filter((home) => home !== '/');
}

/** Private places are kept out of the repository, where they would be in everybody's way. */
function privateRoot(places: Places, env: Env): string {
  const cache = absolute(env.XDG_CACHE_HOME);
  const [home] = homesOf(env);
  if (cache !== null) return join(cache, 'prooflayer', 'sandbox');
  if (home !== undefined) return join(home, '.cache', 'prooflayer', 'sandbox');
  return join(places.ledgerDir, 'cache', 'sandbox');
}

function absolute(path: string | undefined): string | null {
  return path !== undefined && isAbsolute(path) ? resolve(path) : null;
}

function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}

function prepare(plan: SandboxPlan, { privateDir }: SandboxPlaces) {
  const shown = plan.mounts.flatMap(({ from, how }) =>
    from !== undefined && how === 'writable' ? [from] : [],
  );
  const empty = makePrivateDirectories(privateDir, shown);
  for (const path of plan.make) makeMountPoint(path);
  for (const { of, to } of plan.copies)
    writeShownCopy(to, withoutCredentials(readFileSync(of, 'utf8')) ?? '');
  for (const name of ['tmp', 'var-tmp', 'tmpdir']) {
    const path = join(privateDir, name);
    if (shown.includes(path)) sweepTemporary(path);
  }
  return empty;
}

function proxyFor({ network }: Policy): Promise<NetworkProxy> {
  const rules = hostRules(network.allow);
  const judge = (host: string, port: number) => {
    const rule = ruleForHost(rules, host, port);
    return rule === null ? null : { rule: rule.text };
  };
  return startProxy(
    judge,
    rules.map(({ host }) => host),
  );
}

/** The port is put in by the command's parent inside, which is given one there. */
const AT_PROXY = 'http://127.0.0.1:@PROOF_PROXY_PORT@';
const HERE = 'localhost,127.0.0.1,::1';
const PROXY_VARIABLES = {
  http_proxy: AT_PROXY,
  HTTP_PROXY: AT_PROXY,
  https_proxy: AT_PROXY,
  HTTPS_PROXY: AT_PROXY,
  all_proxy: AT_PROXY,
  ALL_PROXY: AT_PROXY,
  npm_config_proxy: AT_PROXY,
  npm_config_https_proxy: AT_PROXY,
  no_proxy: HERE,
  NO_PROXY: HERE,
  npm_config_noproxy: HERE,
  NODE_USE_ENV_PROXY: '1',
};

function takeDown(
  plan: SandboxPlan,
  { privateDir }: SandboxPlaces,
  proxy: NetworkProxy | null,
): WallsReport {
  const network = proxy?.close() ?? { connections: [], unlisted: 0 };
  // Nobody is left inside who could make them anew.
  const removed = plan.mayNotAppear.filter((path) => existsSync(path));
  for (const [index, path] of removed.entries()) {
    const kept = join(privateDir, 'removed', `${Date.now()}-${index}`);
    try {
      makePrivateDirectories(dirname(kept), []);
      renameSync(path, kept);
    } catch {
      rmSync(path, { recursive: true, force: true });
    }
  }
  return { ...network, removed };
}

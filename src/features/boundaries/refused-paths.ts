import type { Mount, SandboxPlan } from './mount-plan.ts';
import { isWithin } from './mount-table.ts';

/** A path that a command failed on, and the rule that may be why. */
export interface Suspect {
  path: string;
  rule: string;
  /** What the command said: `Read-only file system`. */
  saw: string;
}

/**
 * A sandbox refuses in silence: the command is told EROFS, EACCES or ENOENT like by any file system.
 * So where one has failed, what it said last is searched for such words beside a path that is held,
 * or for a host it did not reach. Guesses, and to be shown as such.
 *
 * @param text the end of what the command wrote.
 * @param real where a path leads outside, behind all links; null if nowhere.
 */
export function suspectsIn(
  text: string,
  plan: SandboxPlan,
  cwd: string,
  real: (path: string) => string | null,
): Suspect[] {
  const found = new Map<string, Suspect>();
  for (const whole of text.split(/[\r\n]+/)) {
    const line = whole.slice(0, LONGEST_LINE);
    if (found.size >= MOST_SUSPECTS) break;
    const saw = SAID.exec(line)?.[0];
    if (saw !== undefined) {
      for (const path of pathsIn(line, saw, cwd)) {
        const rule = ruleAt(plan, real(path) ?? path, /no such|ENOENT/i.test(saw));
        if (rule === null) continue;
        found.set(path, { path, rule, saw });
        // A line is about one path; the script that says so may be held as well.
        break;
      }
    } else if (plan.network !== 'open') {
      const unreached = UNREACHED.exec(line)?.[0];
      if (unreached !== undefined && ![...found.values()].some(({ path }) => path === 'network'))
        found.set('network', { path: 'network', rule: NETWORK[plan.network], saw: unreached });
    }
  }
  return [...found.values()];
}

const MOST_SUSPECTS = 5;
/** A message that names a path is not longer; a line of minified code is. */
const LONGEST_LINE = 1_000;
const SAID =
  /Read-only file system|Permission denied|Operation not permitted|Device or resource busy|Invalid cross-device link|No such file or directory|no such file or directory|\bE(?:ROFS|ACCES|PERM|BUSY|XDEV|NOENT)\b/;
const UNREACHED =
  /Could not resolve host|Network is unreachable|Temporary failure in name resolution|Name or service not known|\bE(?:AI_AGAIN|NETUNREACH|NOTFOUND)\b|dial tcp[^,]*: lookup|403 Forbidden/;
const NETWORK = {
  closed: 'network: default deny',
  proxied: 'network: only the hosts of network.allow, through the proxy',
};

/** Paths in a line, the likeliest first: the word before what was said, quoted ones, others. */
function pathsIn(line: string, saw: string, cwd: string): string[] {
  const quoted = [...line.matchAll(/['"‘“`]([^'"’”`]{1,4096})['"’”`]/g)].map(
    ([, path]) => path ?? '',
  );
  const bare = line.split(/[\s:,;()[\]'"‘’“”`]+/);
  const likely = bare.filter((word) => /^[~.\w@+-]*\/|^\.[\w-]+|\.\w{1,8}$/.test(word));
  // `EROFS` stands behind a word that is no path.
  const told = /^E[A-Z]/.test(saw) ? '' : line.slice(0, line.indexOf(saw));
  const before = /([^\s:'"‘’“”`]+)['"’”`]?:\s*$/.exec(told)?.[1] ?? '';
  return [...new Set([before, ...quoted, ...likely])]
    .filter((word) => word !== '' && !word.includes('\0') && !/^[a-z]+:\/\//.test(word))
    .map((word) => normal(word.startsWith('/') ? word : `${cwd}/${word}`));
}

/** Whether writing at a path (or, `missing`, seeing it) is kept from the command, and by what rule. */
function ruleAt(plan: SandboxPlan, path: string, missing: boolean): string | null {
  const mount = coveringMount(plan.mounts, path);
  if (mount === undefined) return null;
  if (missing) return HIDING.has(mount.how) ? mount.because : null;
  return mount.how === 'writable' && mount.from === undefined ? null : mount.because;
}

const HIDING: ReadonlySet<Mount['how']> = new Set(['temporary', 'empty-directory', 'refused']);

function coveringMount(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts.findLast((mount) => isWithin(path, mount.path));
}

function normal(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return `/${kept.join('/')}`;
}

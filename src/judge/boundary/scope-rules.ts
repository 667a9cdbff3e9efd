import { overlap, type Step, stepsOfGlob } from './glob-overlap.ts';
import type { Place } from './place.ts';
import { absolute, within } from './place.ts';
import type { Policy, Rule } from './policy.ts';
import { compileGlob } from './scope-glob.ts';

/** A policy's scope, ready to be asked about absolute paths. */
export interface ScopeGlobs {
  readonly write: readonly ScopeGlob[];
  readonly generated: readonly ScopeGlob[];
  readonly ask: readonly ScopeGlob[];
  readonly deny: readonly ScopeGlob[];
  /** Narrowings: what may be written must be meant by one rule of each list as well. */
  readonly within: readonly (readonly ScopeGlob[])[];
}

export interface ScopeGlob {
  readonly rule: Rule;
  /** True if the rule means this absolute path. */
  readonly matches: (path: string) => boolean;
  /**
   * True if some path matches both the steps and this rule as it is written, from the workspace's
   * root: what would be too much to ask of a name that may lie anywhere is left to `matches`.
   */
  readonly overlaps: (steps: readonly Step[]) => boolean;
  /** The same for files in a folder that the rule means, not the folder's own name. */
  readonly overlapsFiles: (steps: readonly Step[]) => boolean;
  /** Every name that a `*` of a shell stands for is matched if a made-up one is. */
  readonly isPlain: boolean;
}

const compiled = new WeakMap<Policy, Map<string, ScopeGlobs>>();

/** The globs of `policy` seen from this workspace; compiled once. */
export function scopeGlobs(policy: Policy, place: Pick<Place, 'root' | 'home'>): ScopeGlobs {
  const key = `${place.root}\0${place.home}`;
  const known = compiled.get(policy) ?? new Map<string, ScopeGlobs>();
  compiled.set(policy, known);
  const before = known.get(key);
  if (before) return before;
  const each = (rules: readonly Rule[], strict: Strictness) =>
    rules.map((rule) => scopeGlob(rule, place, strict));
  const globs = {
    write: each(policy.scope.write, 'as written'),
    generated: each(policy.scope.generated, 'as written'),
    ask: each(policy.scope.ask, 'with all below'),
    deny: each(policy.scope.deny, 'wherever it lies'),
    within: (policy.scope.within ?? []).map((rules) => each(rules, 'as written')),
  };
  known.set(key, globs);
  return globs;
}

/**
 * What asks or denies means a named folder with everything below it, and both cases of a letter.
 * What denies means a name without a slash wherever it lies in the workspace: who forbids `.env`
 * means `app/.env` too.
 */
type Strictness = 'as written' | 'with all below' | 'wherever it lies';

function scopeGlob(
  rule: Rule,
  place: Pick<Place, 'root' | 'home'>,
  strictness: Strictness,
): ScopeGlob {
  const strict = strictness !== 'as written';
  const written = fromRoot(rule.text, place);
  const all = [written];
  if (strict) {
    const name = rule.text.replace(/^\.\//, '');
    if (
      strictness === 'wherever it lies' &&
      !/^[/~]/.test(name) &&
      !name.replace(/\/$/, '').includes('/')
    ) {
      all.push(`${escaped(place.root)}/**/${name}`);
    }
    all.push(...all.map((glob) => `${glob.replace(/\/+$/, '')}/**`));
  }
  const globs = all.map((glob) => compileGlob(glob, place, { forbids: strict }));
  const steps = [...stepsOfGlob(written), ...stepsOfGlob(`${written}/**`)];
  const files = steps.map((own): Step[] =>
    own.at(-1) === '**' ? [...own.slice(0, -1), ['any many'], '**'] : own,
  );
  return {
    rule,
    matches: (path) => path.length <= LONGEST_PATH && globs.some((glob) => glob.matches(path)),
    overlaps: (other) => steps.some((own) => overlap(own, other)),
    overlapsFiles: (other) => files.some((own) => overlap(own, other)),
    isPlain: !/[?[\]!()+@\\]/.test(rule.text),
  };
}

/** Longer ones exist on no system here, and would only keep a matcher busy. */
export const LONGEST_PATH = 4096;

function fromRoot(glob: string, { root, home }: Pick<Place, 'root' | 'home'>): string {
  const whole = glob.endsWith('/') ? `${glob}**` : glob;
  if (whole.startsWith('/')) return whole;
  if (whole === '~' || whole.startsWith('~/')) return escaped(home) + whole.slice(1);
  let rest = whole.replace(/^(\.\/)+/, '');
  let base = root;
  while (rest.startsWith('../')) {
    base = absolute('..', base);
    rest = rest.slice(3);
  }
  if (rest === '' || rest === '.') rest = '**';
  return `${base === '/' ? '' : escaped(base)}/${rest}`;
}

function escaped(path: string): string {
  return path.replace(/[\\*?[\]{}()!+@|$^]/g, '\\$&');
}

/** Names of what only Prooflayer and git themselves may change, and a policy never gives away. */
export function isProtected(path: string, root: string): boolean {
  const inside = within(root, path);
  if (inside !== null && /^proof\.ya?ml$/i.test(inside)) return true;
  return inside !== null && /(^|\/)\.git(\/|$)/i.test(inside);
}

const KEYS = [
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.config/gcloud',
  '.config/gh',
  '.config/prooflayer',
  '.docker/config.json',
  '.netrc',
  '.git-credentials',
  '.password-store',
];

/** Where keys and passwords usually lie outside of the workspace. */
export function holdsKeys(path: string, { root, home }: Pick<Place, 'root' | 'home'>): boolean {
  if (within(root, path) !== null) return false;
  const inside = within(home, path);
  if (inside !== null && KEYS.some((key) => inside === key || inside.startsWith(`${key}/`))) {
    return true;
  }
  if (/^\/etc\/(g?shadow-?|sudoers|ssh\/ssh_host_[^/]*_key)(\/|$)/.test(path)) return true;
  return /^\/proc\/[^/]+\/(environ|mem|fd)(\/|$)/.test(path);
}

/** Folders that are surely there: those around the place, and those the scope names. */
export function isNamedFolder(policy: Policy, place: Place, directory: string): boolean {
  if (within(directory, place.cwd) !== null || within(directory, place.root) !== null) return true;
  if (directory === place.home) return true;
  const { write, generated, ask, deny } = policy.scope;
  return [...write, ...generated, ...ask, ...deny].some(({ text }) => {
    const literal = /^[^*?[\]{}!()\\]*\//.exec(text)?.[0];
    return literal !== undefined && within(directory, absolute(literal, place.root)) !== null;
  });
}

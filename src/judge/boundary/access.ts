import type { Part } from './decision.ts';
import { type Field, shown } from './field.ts';
import type { Step } from './glob-overlap.ts';
import { type Place, within } from './place.ts';
import type { Policy } from './policy.ts';
import { holdsKeys, isProtected, type ScopeGlob, scopeGlobs } from './scope-rules.ts';
import { type Target, targetOf } from './target.ts';

/** A file that a command would read or write. */
export interface Access {
  readonly access: 'read' | 'write';
  readonly path: Field;
  /** With everything below it. */
  readonly deep?: boolean;
  /** Only its name and dates are looked at, or the names in it. */
  readonly isListing?: boolean;
}

/**
 * Judges one access from every directory the command might be in; the strictest wins. Null as
 * `cwds`: nobody knows where. Reads are checked against `scope.deny`, writes need `scope.write`
 * or `scope.generated`; a symlink needs leave for itself and for what it leads to.
 */
export function judgeAccess(
  policy: Policy,
  place: Place,
  wanted: Access,
  cwds: readonly string[] | null,
): Part[] {
  const globs = scopeGlobs(policy, place);
  return (cwds ?? [null]).map((cwd) => {
    const target = targetOf(wanted.path, cwd);
    const text = `${wanted.access} ${shown(wanted.path)}`;
    const say = (verdict: Part['verdict'], why: string, glob?: ScopeGlob): Part => ({
      text,
      verdict,
      rule: glob?.rule ?? null,
      why,
    });
    const asked: Asked = { globs, place, wanted, say };
    if (target.kind === 'unknown') return unknownTarget(asked, target.why);
    const paths = pathsOf(target, place);
    const denied = globs.deny.find((glob) => means(glob, target, paths, wanted));
    if (denied) return say('deny', 'the scope keeps it from being read or written', denied);
    return wanted.access === 'read' ? read(asked, target, paths) : write(asked, target, paths);
  });
}

interface Asked {
  readonly globs: ReturnType<typeof scopeGlobs>;
  readonly place: Place;
  readonly wanted: Access;
  readonly say: (verdict: Part['verdict'], why: string, glob?: ScopeGlob) => Part;
}

function unknownTarget({ globs, wanted, say }: Asked, why: string): Part {
  if (wanted.access === 'read' && globs.deny.length === 0) {
    return say('allow', 'nothing is kept from being read');
  }
  return say('ask', `which file this is cannot be read from the text: ${why}`);
}

/** A path and where it leads. */
function pathsOf(target: Target, { links }: Place): string[] {
  const path = target.kind === 'one' ? target.path : target.kind === 'below' ? target.folder : null;
  if (path === null) return [];
  const real = links?.(path) ?? path;
  return real === path ? [path] : [path, real];
}

function means(
  glob: ScopeGlob,
  target: Target,
  paths: readonly string[],
  { access, isListing }: Access,
): boolean {
  if (target.kind === 'some') {
    // A reader passes over the folders that a wildcard brings along.
    const isWhole = access === 'write' || isListing;
    return isWhole ? glob.overlaps(target.steps) : glob.overlapsFiles(target.steps);
  }
  return paths.some((path) => glob.matches(path));
}

function read({ globs, place, wanted, say }: Asked, target: Target, paths: readonly string[]) {
  if (wanted.isListing) return say('allow', 'only names are looked at');
  if (paths.some((path) => holdsKeys(path, place))) {
    return say('ask', 'keys or passwords lie there');
  }
  if (wanted.deep || target.kind === 'below') {
    const wide = target.kind === 'some' ? [[...target.steps, '**' as const]] : paths.map(below);
    const hidden = globs.deny.find((glob) => wide.some((steps) => glob.overlaps(steps)));
    if (hidden) return say('ask', 'what is kept from being read lies below it', hidden);
  }
  return say('allow', 'may be read');
}

function write({ globs, place, wanted, say }: Asked, target: Target, paths: readonly string[]) {
  if (target.kind === 'one' && isHarmlessDevice(target.path)) {
    return say('allow', 'nothing is kept there');
  }
  const samples = target.kind === 'some' ? [target.sample] : paths;
  if (samples.some((path) => isProtected(path, place.root))) {
    return say('ask', 'the policy and what git keeps for itself are changed by a human');
  }
  const wide = wanted.deep || target.kind === 'below';
  const wideSteps = wide ? samples.map(below) : [];
  for (const glob of globs.deny) {
    if (wideSteps.some((steps) => glob.overlaps(steps))) {
      return say('ask', 'what the scope denies lies below it', glob);
    }
  }
  for (const glob of globs.ask) {
    const named = means(glob, target, paths, wanted) || wideSteps.some((s) => glob.overlaps(s));
    if (named) return say('ask', 'the scope asks before it changes', glob);
  }
  const found = samples.map((path) => {
    const may = (glob: ScopeGlob) => mayWrite(glob, path, target.kind !== 'one', wide);
    const kept = globs.within.every((rules) => rules.some(may));
    return globs.generated.find(may) ?? (kept ? globs.write.find(may) : undefined);
  });
  const missing = found.indexOf(undefined);
  if (missing < 0) return say('allow', 'may be written', found[0]);
  const inside = within(place.root, samples[missing]!) !== null;
  const led = missing > 0 ? 'it leads to a place' : 'it lies';
  return say(
    'ask',
    inside
      ? `${led} outside of what may be written`
      : `${led} outside of the workspace, where nothing may be written`,
  );
}

const MADE_UP = '\u0001';

function mayWrite(glob: ScopeGlob, path: string, isPattern: boolean, wide: boolean): boolean {
  if (isPattern && !glob.isPlain) return false;
  if (!glob.matches(path)) return false;
  // A rule that names exactly this one means it, be it a file or a folder.
  if (!wide || !/[*?[{(]/.test(glob.rule.text)) return true;
  return glob.matches(`${path}/${MADE_UP}`) && glob.matches(`${path}/${MADE_UP}/${MADE_UP}`);
}

function below(path: string): Step[] {
  const names = path.split('/').filter((name) => name !== '');
  return [...names.map((name) => [...name]), '**'];
}

/** Bytes written there are gone, or are the command's own output. */
function isHarmlessDevice(path: string): boolean {
  return /^\/dev\/(null|stdout|stderr|tty|fd\/[0-9]+)$/.test(path);
}

import { hostProblem } from '../../../judge/boundary/host-rule.ts';
import { globProblem } from '../../../judge/boundary/scope-glob.ts';
import type { ImportedRules } from './imported-rules.ts';
import { plainRule } from './plain-rule.ts';

type Kind = 'allow' | 'ask' | 'deny';
const KINDS: readonly Kind[] = ['deny', 'ask', 'allow'];

/** Where a settings file lies decides what a leading `/` in it means. */
export interface ClaudePlace {
  readonly from: string;
  /** `project`: the root of the workspace; `user`: ~/.claude. */
  readonly anchor: 'project' | 'user';
}

/**
 * Takes the permission rules of Claude Code's settings, or the object `permissions` alone.
 *
 * Its Bash rules are patterns over the command's text, ours are words: `Bash(npm run test:*)` and
 * `Bash(npm run test *)` are `npm run test *`. Any other star is not carried over as *allow*; as
 * *deny* or *ask* it makes the allow rules that could cover it ask. Read from its documentation,
 * "Configure permissions".
 */
export function takeClaudeSettings(
  settings: unknown,
  place: ClaudePlace,
  out: ImportedRules,
): void {
  const whole = asObject(settings);
  const permissions = asObject(whole.permissions ?? whole);
  for (const kind of KINDS) {
    for (const rule of asTexts(permissions[kind])) takeRule(rule, kind, place, out);
  }
  const mode = permissions.defaultMode;
  if (typeof mode === 'string' && mode !== 'default' && mode !== 'manual') {
    out.leave(
      `defaultMode: ${mode}`,
      place.from,
      'modes of Claude Code are its own; see mode in proof.yaml',
    );
  }
  for (const folder of asTexts(permissions.additionalDirectories)) {
    const why = 'a folder outside the workspace is named under scope.write, if it is to be changed';
    out.leave(`additionalDirectories: ${folder}`, place.from, why);
  }
  takeNetwork(asObject(asObject(whole.sandbox).network), place, out);
}

function takeRule(rule: string, kind: Kind, place: ClaudePlace, out: ImportedRules): void {
  const parts = /^([^()\s]+)(?:\((.*)\))?$/s.exec(rule.trim());
  const tool = parts?.[1] ?? '';
  const inner = parts?.[2]?.trim() ?? '';
  const all = inner === '' || inner === '*';
  const was = kind === 'allow' ? rule : `${kind} ${rule}`;
  if (tool === 'Bash' || tool === '*') {
    if (all) everyCommand(kind, was, place, out);
    else takeCommand(inner, kind, was, place, out);
    if (tool === '*') everyFile(kind, was, place, out);
    return;
  }
  if (tool === 'Edit' || ((tool === 'Write' || tool === 'MultiEdit') && all)) {
    if (all) everyFile(kind, was, place, out);
    else takeWritten(inner, kind, was, place, out);
    return;
  }
  if (tool === 'Read') {
    takeRead(all ? '//**' : inner, kind, was, place, out);
    return;
  }
  if (/^(Write|MultiEdit|NotebookEdit|Glob|Grep)$/.test(tool) && !all) {
    const better = tool === 'Glob' || tool === 'Grep' ? 'Read' : 'Edit';
    // What forbids is carried over all the same: whoever wrote it meant it.
    if (kind === 'allow') {
      out.leave(was, place.from, `Claude Code itself reads only ${better}(…) for paths`);
    } else if (better === 'Edit') takeWritten(inner, kind, was, place, out);
    else takeRead(inner, kind, was, place, out);
    return;
  }
  out.leave(
    was,
    place.from,
    `proof.yaml has no rules for ${tool === '' ? 'this' : `the tool ${tool}`}`,
  );
}

function everyCommand(kind: Kind, was: string, { from }: ClaudePlace, out: ImportedRules): void {
  if (kind === 'allow') {
    out.leave(was, from, 'every command at once is not allowed by a rule; name the ones you mean');
  } else out.neverAllow('*', was, from, 'it means every command: no command is allowed by itself');
}

function everyFile(kind: Kind, was: string, { from }: ClaudePlace, out: ImportedRules): void {
  if (kind === 'allow') out.add('scope.write', '**', was);
  else out.neverWrite(was, from);
}

function takeCommand(
  text: string,
  kind: Kind,
  was: string,
  { from }: ClaudePlace,
  out: ImportedRules,
): void {
  const pattern = text.endsWith(':*') ? `${text.slice(0, -2)} *` : text;
  const rule = plainRule(pattern);
  if (rule !== null) {
    out.add(`commands.${kind}`, rule, was);
    return;
  }
  const why = pattern.includes('*')
    ? 'a star stands only at the end here, for whole words'
    : 'a rule is plain words, without quotes, operators, variables and assignments';
  if (kind === 'allow') {
    out.leave(was, from, why);
    return;
  }
  out.neverAllow(pattern, was, from, why);
  // `git push*` forbids more than `git push *`, but that much can be said.
  const stem = pattern.endsWith('*') ? plainRule(`${pattern.slice(0, -1).trimEnd()} *`) : null;
  if (stem !== null) out.add(`commands.${kind}`, stem, was);
}

function takeWritten(
  path: string,
  kind: Kind,
  was: string,
  place: ClaudePlace,
  out: ImportedRules,
): void {
  const glob = globOf(path, kind, place);
  if (glob === null) {
    out.leave(was, place.from, 'a glob with negation or .. cannot be said here');
    if (kind !== 'allow') out.neverWrite(was, place.from);
  } else if (kind === 'allow') out.add('scope.write', glob, was);
  else if (kind === 'ask') out.add('scope.ask', glob, was);
  else {
    out.add('scope.deny', glob, was);
    out.tighten(was, place.from, 'what may not be changed may not be read here either');
  }
}

function takeRead(
  path: string,
  kind: Kind,
  was: string,
  place: ClaudePlace,
  out: ImportedRules,
): void {
  if (kind === 'allow') {
    out.leave(was, place.from, 'reading needs no rule: what scope.deny does not name may be read');
    return;
  }
  const glob = globOf(path, kind, place);
  if (glob === null) {
    out.leave(was, place.from, 'a glob with negation or .. cannot be said here: ADD IT BY HAND');
    return;
  }
  out.add('scope.deny', glob, was);
  if (kind === 'ask') out.tighten(was, place.from, 'reading is denied or not; it cannot be asked');
}

/** Claude's paths follow .gitignore; ours begin at the root of the workspace. */
function globOf(path: string, kind: Kind, { anchor }: ClaudePlace): string | null {
  const glob = anchored(path, kind, anchor);
  return glob === null || globProblem(glob) !== null ? null : glob;
}

function anchored(path: string, kind: Kind, anchor: ClaudePlace['anchor']): string | null {
  if (path.startsWith('!')) return null;
  if (path.startsWith('//')) return path.slice(1);
  if (path.startsWith('~/')) return path;
  if (path.startsWith('/')) return anchor === 'user' ? `~/.claude${path}` : path.slice(1);
  if (path.startsWith('./')) return path.slice(2);
  const inner = path.replace(/\/+$/, '');
  // A bare name is meant at any depth; a lone folder as well, where it forbids.
  if (!inner.includes('/')) return inner === '**' ? path : `**/${path}`;
  if (kind !== 'allow' && /^[^/*]+\/\*\*?$/.test(inner)) return `**/${path}`;
  return path;
}

function takeNetwork(
  network: Record<string, unknown>,
  { from }: ClaudePlace,
  out: ImportedRules,
): void {
  for (const host of asTexts(network.allowedDomains)) {
    const wrong = hostProblem(host);
    if (wrong === null) out.add('network.allow', host, `sandbox.network.allowedDomains: ${host}`);
    else out.leave(`sandbox.network.allowedDomains: ${host}`, from, wrong);
  }
  for (const host of asTexts(network.deniedDomains)) {
    const why = 'hosts are denied unless network.allow names them';
    out.leave(`sandbox.network.deniedDomains: ${host}`, from, why);
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function asTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

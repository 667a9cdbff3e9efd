import { commandText } from '../../core/command-text.ts';
import type { Seq } from '../../core/names.ts';
import { draftRule } from '../../judge/boundary/draft-rule.ts';
import type { Policy } from '../../judge/boundary/policy.ts';
import { standingOf } from '../../judge/boundary/scope.ts';
import type { Decide } from './decide-port.ts';
import type { Addition, RuleList } from './edit-policy.ts';

/** What a task did, as far as its entries say. */
export interface Seen {
  readonly commands: readonly { readonly seq: Seq; readonly argv: readonly string[] }[];
  /** Absolute paths that were changed. */
  readonly changes: readonly { readonly seq: Seq; readonly path: string }[];
}

/** A rule that would have covered something that was seen. */
export interface Suggestion {
  readonly list: RuleList;
  readonly text: string;
  readonly covers: readonly { readonly seq: Seq; readonly text: string }[];
}

/** What was seen and gets no rule, and why. */
export interface NotSuggested {
  readonly seq: Seq;
  readonly text: string;
  readonly why: string;
}

/**
 * Rules for what a task did and no rule names yet. A command's rule is offered only if the decider,
 * asked again with it, asks about less; what a rule asks or denies is left.
 */
export function suggestRules(
  seen: Seen,
  policy: Policy,
  decide: Decide,
  places: { root: string; home: string },
): { rules: Suggestion[]; left: NotSuggested[] } {
  const commands = suggestCommands(seen, policy, decide);
  const files = suggestFiles(seen, policy, places);
  return { rules: [...commands.rules, ...files], left: commands.left };
}

function suggestCommands(seen: Seen, policy: Policy, decide: Decide) {
  // Each rule is tried with those before it: what one covers needs no second.
  let wider = policy;
  for (const { argv } of seen.commands) {
    for (const { verdict, rule, text } of decide.argv(argv, wider, 'agent').parts) {
      if (verdict !== 'ask' || rule !== null) continue;
      const draft = draftRule(text.trim().split(/\s+/));
      const next = draft === null ? wider : withRule(wider, draft);
      if (next !== wider && asked(argv, next, decide) < asked(argv, wider, decide)) wider = next;
    }
  }
  const drafts = wider.commands.allow.slice(policy.commands.allow.length);
  const covered = withoutNarrower(drafts.map(({ text }) => text));
  const rules = covered.map((text): Suggestion & { covers: { seq: Seq; text: string }[] } => ({
    list: 'commands.allow',
    text,
    covers: [],
  }));
  const left: NotSuggested[] = [];
  const final = covered.reduce(withRule, policy);
  for (const { seq, argv } of seen.commands) {
    for (const part of decide.argv(argv, final, 'agent').parts) {
      const by = part.verdict === 'allow' && part.rule?.line === null ? part.rule.text : null;
      const rule = by === null ? undefined : rules.find(({ text }) => text === by);
      if (rule !== undefined && !rule.covers.some((one) => one.seq === seq)) {
        rule.covers.push({ seq, text: commandText(argv) });
      }
      if (part.verdict === 'allow' || left.some(({ text }) => text === part.text)) continue;
      const why = part.rule === null ? part.why : `${part.verdict}: "${part.rule.text}"`;
      left.push({ seq, text: part.text, why });
    }
  }
  return { rules: rules.filter(({ covers }) => covers.length > 0), left };
}

function withRule(policy: Policy, text: string): Policy {
  const { commands } = policy;
  return { ...policy, commands: { ...commands, allow: [...commands.allow, { text, line: null }] } };
}

/** How much of a command is still not allowed. */
function asked(argv: readonly string[], policy: Policy, decide: Decide): number {
  return decide.argv(argv, policy, 'agent').parts.filter(({ verdict }) => verdict !== 'allow')
    .length;
}

/** `npm test` says nothing beside `npm test *`. */
function withoutNarrower(rules: readonly string[]): string[] {
  return rules.filter((rule) => !rules.includes(`${rule} *`));
}

/** Folders whose contents builds make. */
const MADE =
  /^(node_modules|dist|build|out|target|coverage|\.venv|venv|__pycache__|\.cache|\.next)$/;
/** Folders that hold many projects: there the second name is the one that says something. */
const GROUPS = /^(packages|apps|crates|libs|services|modules|examples|cmd|internal|pkg)$/;

function suggestFiles(
  seen: Seen,
  policy: Policy,
  places: { root: string; home: string },
): Suggestion[] {
  const found = new Map<string, Suggestion & { covers: { seq: Seq; text: string }[] }>();
  for (const { seq, path } of seen.changes) {
    if (standingOf(policy, path, places).standing !== 'out' || !path.startsWith(`${places.root}/`))
      continue;
    const relative = path.slice(places.root.length + 1);
    const [first = '', second, third] = relative.split('/');
    const deep = GROUPS.test(first) && third !== undefined;
    const glob =
      second === undefined ? literal(first) : `${literal(deep ? `${first}/${second}` : first)}/**`;
    const list: RuleList = MADE.test(first) ? 'scope.generated' : 'scope.write';
    const known = found.get(glob) ?? { list, text: glob, covers: [] };
    if (!known.covers.some(({ text }) => text === relative)) {
      known.covers.push({ seq, text: relative });
    }
    found.set(glob, known);
  }
  return [...found.values()];
}

/** A name as a glob that stands for itself. */
function literal(name: string): string {
  return name.replace(/[\\*?[\]{}]/g, '\\$&');
}

/** The same as what is added to proof.yaml. */
export function additionsOf(rules: readonly Suggestion[]): Addition[] {
  return rules.map(({ list, text }) => ({ list, text }));
}

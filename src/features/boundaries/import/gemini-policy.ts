import type { ImportedRules } from './imported-rules.ts';
import { plainRule } from './plain-rule.ts';

const DECISIONS: Readonly<Record<string, 'allow' | 'ask' | 'deny'>> = {
  allow: 'allow',
  ask_user: 'ask',
  deny: 'deny',
};

const WRITERS = new Set(['write_file', 'replace', 'edit']);
const READERS = /^(read_file|read_many_files|list_directory|glob|grep_search|search_file_content)$/;

/**
 * Takes a policy file of Gemini CLI. There the rule of the highest priority wins, here the
 * strictest: what it would override with an *allow* stays forbidden, which the remarks say.
 */
export function takeGeminiPolicy(file: unknown, from: string, out: ImportedRules): void {
  const rules = Array.isArray((file as { rule?: unknown } | null)?.rule)
    ? (file as { rule: unknown[] }).rule
    : [];
  for (const [index, value] of rules.entries()) {
    if (typeof value !== 'object' || value === null) continue;
    takeRule(value as Record<string, unknown>, index + 1, from, out);
  }
}

/** Conditions that proof.yaml has no word for: an allow under one would hold without it. */
const CONDITIONS = ['modes', 'interactive', 'subagent', 'toolAnnotations'];

function takeRule(
  rule: Record<string, unknown>,
  number: number,
  from: string,
  out: ImportedRules,
): void {
  const kind = typeof rule.decision === 'string' ? DECISIONS[rule.decision] : undefined;
  const tools = textsOf(rule.toolName);
  const was = `rule ${number} (${[kind ?? String(rule.decision), ...tools, ...textsOf(rule.commandPrefix)].join(' ')})`;
  if (kind === undefined) {
    out.leave(was, from, 'its decision is none of allow, ask_user and deny');
    return;
  }
  if (rule.mcpName !== undefined) {
    out.leave(was, from, 'proof.yaml has no rules for tools of MCP servers');
    return;
  }
  const condition = CONDITIONS.find((name) => rule[name] !== undefined && !isEmpty(rule[name]));
  if (condition !== undefined && kind === 'allow') {
    out.leave(was, from, `it holds only under ${condition}, which has no like here`);
    return;
  }
  if (condition !== undefined) out.tighten(was, from, `it holds without ${condition} here`);
  const shell = rule.commandPrefix !== undefined || rule.commandRegex !== undefined;
  for (const tool of shell && tools.length === 0 ? ['run_shell_command'] : tools) {
    if (tool === 'run_shell_command') takeCommands(rule, kind, was, from, out);
    else if (WRITERS.has(tool)) takeWrites(rule, kind, was, from, out);
    else if (tool === '*') {
      takeCommands(rule, kind, was, from, out);
      takeWrites(rule, kind, was, from, out);
    } else if (READERS.test(tool) && kind === 'allow') {
      out.leave(was, from, 'reading needs no rule: what scope.deny does not name may be read');
    } else out.leave(was, from, `proof.yaml has no rules for the tool ${tool}`);
  }
  if (!shell && tools.length === 0) out.leave(was, from, 'it names no tool');
}

function takeCommands(
  rule: Record<string, unknown>,
  kind: 'allow' | 'ask' | 'deny',
  was: string,
  from: string,
  out: ImportedRules,
): void {
  const forbid = (pattern: string, why: string) => {
    if (kind === 'allow') out.leave(was, from, why);
    else out.neverAllow(pattern, was, from, why);
  };
  if (rule.commandRegex !== undefined || rule.argsPattern !== undefined) {
    forbid('*', 'it is a regular expression; rules are words here');
    return;
  }
  const prefixes = textsOf(rule.commandPrefix);
  if (prefixes.length === 0) forbid('*', 'it means every command; name the ones you mean');
  for (const prefix of prefixes) {
    const plain = plainRule(`${prefix} *`);
    if (plain !== null) out.add(`commands.${kind}`, plain, was);
    else forbid(`${prefix}*`, 'a rule is plain words, without quotes, operators and variables');
  }
}

function takeWrites(
  rule: Record<string, unknown>,
  kind: 'allow' | 'ask' | 'deny',
  was: string,
  from: string,
  out: ImportedRules,
): void {
  if (kind !== 'allow') out.neverWrite(was, from);
  else if (rule.argsPattern === undefined) out.add('scope.write', '**', was);
  else out.leave(was, from, 'it is a regular expression; files are named by globs here');
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

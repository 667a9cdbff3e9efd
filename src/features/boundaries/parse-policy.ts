import { visibleLine } from '../../core/visible-text.ts';
import { hostProblem } from '../../judge/boundary/host-rule.ts';
import type { Policy, Rule } from '../../judge/boundary/policy.ts';
import { globProblem } from '../../judge/boundary/scope-glob.ts';
import type { PolicyErrorCode, PolicyProblem } from './policy-error.ts';
import { type Remark, remarksOn } from './policy-remarks.ts';
import { type PolicyFile, policyFile } from './policy-schema.ts';
import { shapeProblems } from './shape-problems.ts';
import { readYaml, type YamlValues } from './yaml-values.ts';

/** A policy with what is worth saying about its text although it holds. */
export interface ParsedPolicy {
  readonly policy: Policy;
  readonly remarks: readonly Remark[];
}

/**
 * Reads `proof.yaml`. Resolves with the policy, every default filled in, or with all that is wrong,
 * in the order of the lines. Examples are not tried here (`failingExamples`).
 */
export async function parsePolicy(text: string): Promise<ParsedPolicy | PolicyProblem[]> {
  const yaml = await readYaml(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  if (Array.isArray(yaml)) return yaml;
  const parsed = policyFile().safeParse(withoutNothing(yaml.value, []));
  if (!parsed.success)
    return inOrder(parsed.error.issues.flatMap((one) => shapeProblems(one, yaml)));
  const problems: PolicyProblem[] = [];
  const policy = policyOf(parsed.data, yaml, problems);
  if (problems.length > 0) return inOrder(problems);
  return { policy, remarks: remarksOn(parsed.data, policy, yaml) };
}

/** Lists of texts, by their path: a key with nothing behind it is an empty one of them. */
const LISTS = new Set([
  'scope.write',
  'scope.generated',
  'scope.ask',
  'scope.deny',
  'commands.allow',
  'commands.ask',
  'commands.deny',
  'commands.examples.allow',
  'commands.examples.ask',
  'commands.examples.deny',
  'network.allow',
  'models.allow',
]);

/** Whoever comments out the last line of a list means an empty list; of a section, none. */
function withoutNothing(value: unknown, path: readonly string[]): unknown {
  if (value === null) {
    if (path.length === 0) return {};
    return LISTS.has(path.join('.')) ? [] : undefined;
  }
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, withoutNothing(inner, [...path, key])] as const)
      .filter(([key, inner]) => inner !== undefined || !KNOWN_EMPTY.has([...path, key].join('.'))),
  );
}

const KNOWN_EMPTY = new Set([
  ...['mode', 'scope', 'commands', 'network', 'models', 'routes', 'gates'],
  ...['commands.default', 'commands.default.human', 'commands.default.agent'],
  ...['commands.examples', 'network.default'],
]);

function inOrder(problems: PolicyProblem[]): PolicyProblem[] {
  return problems.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** What nothing names, everything in the workspace is: a policy without a scope limits none. */
const WHOLE_WORKSPACE: readonly Rule[] = [{ text: '**', line: null }];

function policyOf(file: PolicyFile, yaml: YamlValues, problems: PolicyProblem[]): Policy {
  const rules = (
    path: readonly string[],
    texts: readonly string[] | undefined,
    check: (text: string) => string | null,
    code: PolicyErrorCode,
  ): Rule[] =>
    (texts ?? []).map((text, index) =>
      ruleAt(text, [...path, index], { check, code }, yaml, problems),
    );
  const globs = (key: 'write' | 'generated' | 'ask') =>
    rules(['scope', key], file.scope?.[key], globProblem, 'policy.bad-glob');
  const words = (path: readonly string[], texts: readonly string[] | undefined) =>
    rules(['commands', ...path], texts, commandRuleProblem, 'policy.bad-rule');
  const examples = (key: 'allow' | 'ask' | 'deny') =>
    rules(
      ['commands', 'examples', key],
      file.commands?.examples?.[key],
      noProblem,
      'policy.bad-rule',
    );
  const fallback = file.commands?.default;
  const both = typeof fallback === 'string' ? { human: fallback, agent: fallback } : fallback;
  return {
    mode: file.mode ?? 'observe',
    scope: {
      write: file.scope?.write === undefined ? WHOLE_WORKSPACE : globs('write'),
      generated: globs('generated'),
      ask: globs('ask'),
      deny: deniedOf(file, yaml, problems),
    },
    commands: {
      default: { human: both?.human ?? 'allow', agent: both?.agent ?? 'ask' },
      allow: words(['allow'], file.commands?.allow),
      ask: words(['ask'], file.commands?.ask),
      deny: words(['deny'], file.commands?.deny),
      examples: { allow: examples('allow'), ask: examples('ask'), deny: examples('deny') },
    },
    network: {
      allow: rules(['network', 'allow'], file.network?.allow, hostProblem, 'policy.bad-host'),
      default: file.network?.default ?? 'deny',
    },
    models: { allow: rules(['models', 'allow'], file.models?.allow, noProblem, 'policy.bad-rule') },
  };
}

function noProblem(): null {
  return null;
}

function deniedOf(
  file: PolicyFile,
  yaml: YamlValues,
  problems: PolicyProblem[],
): (Rule & { all: boolean })[] {
  const kind = { check: globProblem, code: 'policy.bad-glob' } as const;
  return (file.scope?.deny ?? []).flatMap((item, index) => {
    const path = ['scope', 'deny', index];
    if (typeof item === 'string') {
      return [{ ...ruleAt(item, path, kind, yaml, problems), all: false }];
    }
    const texts = typeof item.path === 'string' ? [item.path] : item.path;
    return texts.map((text, at) => {
      const inner = typeof item.path === 'string' ? [...path, 'path'] : [...path, 'path', at];
      return { ...ruleAt(text, inner, kind, yaml, problems), all: item.for === 'all' };
    });
  });
}

function ruleAt(
  text: string,
  path: readonly PropertyKey[],
  { check, code }: { check: (text: string) => string | null; code: PolicyErrorCode },
  yaml: YamlValues,
  problems: PolicyProblem[],
): Rule {
  const { line, column } = yaml.place(path);
  const wrong = check(text);
  if (wrong !== null) {
    const shown = visibleLine(text.length > 60 ? `${text.slice(0, 59)}…` : text);
    problems.push({
      code,
      line,
      column,
      message: `"${shown}" is no rule`,
      why: wrong,
      remedy: 'proof boundary check, once it is changed',
    });
  }
  return { text, line };
}

const MOST_CHARACTERS = 1_000;

function commandRuleProblem(text: string): string | null {
  if (text.trim() === '') return 'it has no word';
  if (text.length > MOST_CHARACTERS) return `it is longer than ${MOST_CHARACTERS} characters`;
  if (/[\n\r\0]/.test(text)) return 'a rule is one line';
  return null;
}

import type * as z from 'zod/mini';
import { nearest } from '../../core/nearest.ts';
import { visibleLine } from '../../core/visible-text.ts';
import type { PolicyProblem } from './policy-error.ts';
import type { YamlValues } from './yaml-values.ts';

type Issue = z.core.$ZodIssue;

/** What the schema objects to, with place, in words of the file. */
export function shapeProblems(issue: Issue, yaml: YamlValues): PolicyProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, issue.path, yaml));
  }
  if (issue.code === 'invalid_union') {
    const text = typeof valueAt(yaml.value, issue.path) === 'string';
    const inner = issue.errors.find((branch) => !branch.some((one) => isOtherKind(one, text)));
    if (inner !== undefined) {
      const unknown = inner.filter(({ code }) => code === 'unrecognized_keys');
      return (unknown.length > 0 ? unknown : inner).flatMap((one) =>
        shapeProblems({ ...one, path: [...issue.path, ...one.path] } as Issue, yaml),
      );
    }
  }
  const values = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const name = issue.path.at(-1) === undefined ? 'the file' : describePath(issue.path);
  const close =
    values.length === 0 ? null : nearest(String(valueAt(yaml.value, issue.path)), values);
  return [
    {
      code: 'policy.wrong-value',
      ...yaml.place(issue.path),
      message: `${name} cannot be this`,
      why: wrongValue(issue, values),
      remedy: close === null ? 'see docs/BOUNDARIES.md' : close,
    },
  ];
}

/** The branch of a union that was not meant: a text where it wants a mapping, or the reverse. */
function isOtherKind(issue: Issue, text: boolean): boolean {
  if (issue.path.length > 0) return false;
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && !text);
}

function wrongValue(issue: Issue, values: readonly string[]): string {
  if (values.length > 0) return `it is one of ${values.join(', ')}`;
  if (issue.code === 'too_small') return 'it is empty';
  if (issue.code === 'invalid_type') {
    const kinds: Readonly<Record<string, string>> = {
      array: 'it is a list: [a, b], or a line each with - before it',
      object: 'it is a mapping: keys with a colon',
      string: 'it is a text; one that holds ": " needs quotes',
      record: 'it is a mapping: keys with a colon',
    };
    return kinds[issue.expected] ?? 'it is of another kind';
  }
  return 'it is a text, or a mapping with path and for; a text that holds ": " needs quotes';
}

function unknownKey(key: string, path: readonly PropertyKey[], yaml: YamlValues): PolicyProblem {
  const known = KEYS[path.filter((part) => typeof part !== 'number').join('.')] ?? [];
  const close = nearest(key, known);
  const under = path.length === 0 ? '' : ` under ${describePath(path)}`;
  return {
    code: 'policy.unknown-key',
    ...yaml.keyPlace([...path, key]),
    message: `there is no key "${visibleLine(key)}"${under}`,
    why: close === null ? `the keys are ${known.join(', ')}` : `did you mean "${close}"?`,
    remedy: close === null ? 'see docs/BOUNDARIES.md' : `${close}:`,
  };
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': ['mode', 'scope', 'commands', 'network', 'models', 'routes', 'gates'],
  scope: ['write', 'generated', 'ask', 'deny'],
  'scope.deny': ['path', 'for'],
  commands: ['default', 'allow', 'ask', 'deny', 'examples'],
  'commands.default': ['human', 'agent'],
  'commands.examples': ['allow', 'ask', 'deny'],
  network: ['allow', 'default'],
  models: ['allow'],
};

function describePath(path: readonly PropertyKey[]): string {
  const names = path.filter((part) => typeof part !== 'number');
  const index = path.findLast((part) => typeof part === 'number');
  return `${names.join('.')}${index === undefined ? '' : ` (item ${Number(index) + 1})`}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const part of path) at = (at as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return at;
}

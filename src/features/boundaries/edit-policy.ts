import type { Document, Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { parsePolicy } from './parse-policy.ts';
import { policyDigest } from './policy-digest.ts';
import { policyError } from './policy-error.ts';

/** A list of `proof.yaml` that rules can be added to. */
export type RuleList =
  | 'scope.write'
  | 'scope.generated'
  | 'scope.ask'
  | 'scope.deny'
  | 'commands.allow'
  | 'commands.ask'
  | 'commands.deny'
  | 'network.allow'
  | 'models.allow';

export interface Addition {
  readonly list: RuleList;
  readonly text: string;
}

/**
 * The policy's text with rules added at the end of their lists. Nothing else moves: text is put in
 * at one place for each rule, so comments, quotes and line ends of all the rest stay byte for byte.
 * A rule that is there already is not added again.
 *
 * @throws ProofError `policy.not-edited` where the text does not hold, before or after.
 */
export async function addRules(text: string, additions: readonly Addition[]): Promise<string> {
  const yaml = await import('yaml');
  let edited = text;
  for (const { list, text: rule } of additions) {
    if (await has(edited, list, rule)) continue;
    const document = yaml.parseDocument(edited, { schema: 'failsafe', version: '1.2' });
    const next = insertRule(yaml, edited, document, list.split('.'), rule);
    // Whatever the layout of the file, what comes out must be what was there, and this rule.
    if (!(await has(next, list, rule)) || !(await onlyAdds(edited, next, list, rule))) {
      throw notEdited(list, rule, 'its layout is one that cannot be edited safely');
    }
    edited = next;
  }
  return edited;
}

type Yaml = typeof import('yaml');

async function rulesOf(text: string, list: RuleList): Promise<string[]> {
  const parsed = await parsePolicy(text);
  if (Array.isArray(parsed)) {
    const [first] = parsed;
    throw notEdited(list, '', `line ${first?.line}: ${first?.message}`);
  }
  const [section, key] = list.split('.') as ['scope', 'deny'];
  const rules = parsed.policy[section][key].filter(({ line }) => line !== null);
  return rules.map((rule) => rule.text);
}

async function has(text: string, list: RuleList, rule: string): Promise<boolean> {
  return (await rulesOf(text, list)).includes(rule);
}

/** Whether taking the new rule away again gives the policy that was there. */
async function onlyAdds(
  before: string,
  after: string,
  list: RuleList,
  rule: string,
): Promise<boolean> {
  const [was, is] = [await parsePolicy(before), await parsePolicy(after)];
  if (Array.isArray(was) || Array.isArray(is)) return false;
  const [section, key] = list.split('.') as ['scope', 'write'];
  const without = {
    ...is.policy,
    [section]: {
      ...is.policy[section],
      [key]: is.policy[section][key].filter(({ text }) => text !== rule),
    },
  };
  const bare = {
    ...was.policy,
    [section]: {
      ...was.policy[section],
      [key]: was.policy[section][key].filter(({ line }) => line !== null),
    },
  };
  return policyDigest(without) === policyDigest(bare);
}

function notEdited(list: string, rule: string, why: string) {
  return policyError(
    'policy.not-edited',
    rule === '' ? 'proof.yaml cannot be edited' : `"${rule}" cannot be put under ${list}`,
    why,
    rule === '' ? 'proof boundary check' : `add it by hand: - ${JSON.stringify(rule)}`,
  );
}

/** Goes down the path as far as keys are there, and puts in what is missing. */
function insertRule(
  yaml: Yaml,
  text: string,
  document: Document.Parsed,
  path: readonly string[],
  rule: string,
): string {
  const quoted = JSON.stringify(rule);
  const end = lineEnd(text);
  let node: Node | null = document.contents;
  let holder: Pair | null = null;
  for (const [depth, key] of path.entries()) {
    if (!yaml.isMap(node)) {
      const left = path.slice(depth);
      if (holder !== null) return fillKey(text, holder, left, quoted);
      // A file of comments only, or of nothing.
      return appended(text, blockOf(left, quoted, '', end), end);
    }
    const pair: Pair | undefined = node.items.find(
      (item) => yaml.isScalar(item.key) && String(item.key.value) === key,
    );
    if (pair === undefined) return addKey(text, node, path.slice(depth), quoted);
    holder = pair;
    node = pair.value as Node | null;
  }
  if (yaml.isSeq(node)) return addItem(text, node, quoted);
  return fillKey(text, holder as Pair, [], quoted);
}

function addItem(text: string, list: YAMLSeq, quoted: string): string {
  const start = list.range?.[0] ?? 0;
  const last = list.items.at(-1) as Node | undefined;
  if (list.flow) {
    if (last === undefined) return spliced(text, start + 1, quoted);
    const at = last.range?.[1] ?? 0;
    const first = (list.items[0] as Node).range?.[0] ?? 0;
    const onLines = text.slice(start, first).includes('\n');
    const between = onLines ? `,${lineEnd(text)}${indentAt(text, first)}` : ', ';
    return spliced(text, at, between + quoted);
  }
  const at = nextLine(text, endOf(last ?? list));
  return putLines(text, at, `${indentAt(text, start)}- ${quoted}`);
}

/** A key that has nothing behind it yet. */
function fillKey(text: string, pair: Pair, left: readonly string[], quoted: string): string {
  const key = pair.key as Node;
  const value = pair.value as Node | null;
  const at = value?.range?.[0] ?? key.range?.[1] ?? 0;
  if (isInFlow(text, at)) {
    const flow = left.reduceRight((inner, name) => `{${name}: ${inner}}`, `[${quoted}]`);
    return spliced(text, at, ` ${flow}`);
  }
  const indent = `${indentAt(text, key.range?.[0] ?? 0)}  `;
  const block = blockOf(left, quoted, indent, lineEnd(text));
  return putLines(text, nextLine(text, key.range?.[1] ?? 0), block);
}

function addKey(text: string, map: YAMLMap, left: readonly string[], quoted: string): string {
  const last = map.items.at(-1) as Pair | undefined;
  if (map.flow) {
    const [name, ...deeper] = left;
    const flow = deeper.reduceRight((inner, key) => `{${key}: ${inner}}`, `[${quoted}]`);
    const start = map.range?.[0] ?? 0;
    if (last === undefined) return spliced(text, start + 1, `${name}: ${flow}`);
    return spliced(text, endOf((last.value ?? last.key) as Node), `, ${name}: ${flow}`);
  }
  const indent = indentAt(text, map.range?.[0] ?? 0);
  const at = nextLine(text, endOf((last?.value ?? last?.key) as Node));
  return putLines(text, at, blockOf(left, quoted, indent, lineEnd(text)));
}

/** `commands:`, `  allow:`, `    - "rule"`: what is missing, in lines. */
function blockOf(keys: readonly string[], quoted: string, indent: string, end: string): string {
  const lines = keys.map((key, depth) => `${indent}${'  '.repeat(depth)}${key}:`);
  return [...lines, `${indent}${'  '.repeat(keys.length)}- ${quoted}`].join(end);
}

/** Where the value of a node ends; of a block, that of its last part. */
function endOf(node: Node): number {
  const items = 'items' in node && !('flow' in node && node.flow) ? node.items : [];
  const last = (items as (Node | Pair)[]).at(-1);
  if (last === undefined) return node.range?.[1] ?? 0;
  if (!('key' in last)) return endOf(last);
  const value = last.value as Node | null;
  const hasText = value?.range != null && value.range[1] > value.range[0];
  return hasText ? endOf(value) : ((last.key as Node).range?.[1] ?? 0);
}

/** Columns before the text at an offset, as blanks: where its like must begin. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return ' '.repeat(offset - start);
}

function nextLine(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** Lines at the beginning of a line, or after a last line that has no end. */
function putLines(text: string, at: number, lines: string): string {
  const end = lineEnd(text);
  const open = at === text.length && text !== '' && !text.endsWith('\n');
  return spliced(text, at, open ? `${end}${lines}` : `${lines}${end}`);
}

function appended(text: string, lines: string, end: string): string {
  const open = text !== '' && !text.endsWith('\n');
  return `${text}${open ? end : ''}${lines}${end}`;
}

function spliced(text: string, at: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at);
}

function lineEnd(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Whether an offset lies between braces or brackets; decided by the nearest that is open. */
function isInFlow(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const open = (line.match(/[[{]/g) ?? []).length;
  return open > (line.match(/[\]}]/g) ?? []).length;
}

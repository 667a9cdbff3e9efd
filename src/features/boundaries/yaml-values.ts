import type { Document, Node, YAMLError } from 'yaml';
import type { PolicyProblem } from './policy-error.ts';

/** A place in the text, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What a YAML text says, and where each part of it stands. */
export interface YamlValues {
  /** Mappings, lists and texts only: `true` and `1` are texts here, as they were written. */
  readonly value: unknown;
  /** Of a value, by its path. */
  place(path: readonly PropertyKey[]): Place;
  /** Of the key that names it. */
  keyPlace(path: readonly PropertyKey[]): Place;
}

/** More than any policy a person reads; it bounds what a hostile file can cost. */
export const MOST_BYTES = 64 * 1024;
const MOST_DEPTH = 12;
/** Every further nesting costs the parser stack; a text is refused before it is parsed. */
const MOST_NESTING = 64;

/**
 * Reads YAML 1.2 without what a policy does not need and an attacker likes: no anchors and aliases
 * (a few lines can stand for gigabytes), no tags, no second document, no key twice.
 */
export async function readYaml(text: string): Promise<YamlValues | PolicyProblem[]> {
  if (Buffer.byteLength(text) > MOST_BYTES) {
    return [
      problem('policy.too-large', START, `it is larger than ${MOST_BYTES / 1024} KiB`, {
        why: 'a policy is something that people read',
        remedy: 'write globs instead of long lists of files',
      }),
    ];
  }
  const deep = nestedTooDeep(text);
  if (deep !== null) return [tooDeep(deep)];
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = yaml.parseDocument(text, {
    version: '1.2',
    schema: 'failsafe',
    uniqueKeys: true,
    prettyErrors: false,
    stringKeys: true,
    lineCounter: lines,
  });
  const first = firstUnwanted(document, yaml, (sign, before) => at(text.lastIndexOf(sign, before)));
  if (first !== null) return [first];
  if (document.errors.length > 0) {
    // One slip makes the parser stumble again and again at the same place.
    const problems = document.errors.map((error) => syntaxProblem(error, at));
    const places = problems.map(({ line, column }) => `${line}:${column}`);
    return problems.filter((_one, index) => places.indexOf(places[index] as string) === index);
  }
  return valuesOf(document, yaml, at);
}

const START: Place = { line: 1, column: 1 };

function problem(
  code: PolicyProblem['code'],
  place: Place,
  message: string,
  { why, remedy }: { why: string; remedy: string },
): PolicyProblem {
  return { code, ...place, message, why, remedy };
}

function tooDeep(place: Place): PolicyProblem {
  return problem('policy.too-deep', place, 'it is nested too deep', {
    why: 'no key of a policy lies that deep',
    remedy: 'proof boundary show prints the policy that holds',
  });
}

/**
 * Whether brackets or dashes nest beyond measure, judged without a parser. Brackets inside quotes
 * count too; no honest file opens that many more than it closes.
 */
function nestedTooDeep(text: string): Place | null {
  let depth = 0;
  for (const [index, line] of text.split('\n').entries()) {
    for (let at = 0; at < line.length; at++) {
      const char = line[at];
      if (char === '[' || char === '{') depth++;
      else if (char === ']' || char === '}') depth = Math.max(0, depth - 1);
      if (depth > MOST_NESTING) return { line: index + 1, column: at + 1 };
    }
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    const dashes = /^(?:[-?:][ \t]+)+/.exec(line.slice(indent))?.[0].length ?? 0;
    if (indent > 4 * MOST_NESTING || dashes > 2 * MOST_NESTING) {
      return { line: index + 1, column: 1 };
    }
  }
  return null;
}

type Yaml = typeof import('yaml');

/** Anchors, aliases and tags: found before errors, because a lone `*.ts` is both. */
function firstUnwanted(
  document: Document.Parsed,
  yaml: Yaml,
  signAt: (sign: string, before: number) => Place,
): PolicyProblem | null {
  let found: PolicyProblem | null = null;
  yaml.visit(document, (_key, node) => {
    if (!yaml.isNode(node)) return undefined;
    const start = node.range?.[0] ?? 0;
    if (yaml.isAlias(node)) {
      found = problem('policy.alias', signAt('*', start), `*${node.source} is an alias in YAML`, {
        why: 'a text that begins with * needs quotes, and aliases are not read here',
        remedy: `"*${node.source}"`,
      });
    } else if ('anchor' in node && node.anchor !== undefined) {
      found = problem('policy.alias', signAt('&', start), `&${node.anchor} is an anchor in YAML`, {
        why: 'a text that begins with & needs quotes, and anchors are not read here',
        remedy: `"&${node.anchor}"`,
      });
    } else if (node.tag?.startsWith('!')) {
      found = problem('policy.tag', signAt('!', start), `${node.tag} is a tag in YAML`, {
        why: 'a text that begins with ! needs quotes, and tags are not read here',
        remedy: `"${node.tag}"`,
      });
    }
    return found === null ? undefined : yaml.visit.BREAK;
  });
  return found;
}

function syntaxProblem(error: YAMLError, at: (offset: number) => Place): PolicyProblem {
  const place = at(error.pos[0]);
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return problem('policy.duplicate-key', place, 'this key stands twice', {
        why: 'one of the two would be ignored without a word',
        remedy: 'put both under one key',
      });
    case 'MULTIPLE_DOCS':
      return problem('policy.not-yaml', place, 'a second document begins here', {
        why: 'a policy is one document',
        remedy: 'remove the line ---',
      });
    case 'BAD_SCALAR_START':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return problem('policy.not-yaml', place, 'this text needs quotes', {
        why: lowerFirst(error.message),
        remedy: 'put it in "double quotes"',
      });
    case 'TAB_AS_INDENT':
      return problem('policy.not-yaml', place, 'tabs cannot indent', {
        why: 'YAML indents with spaces',
        remedy: 'replace the tabs by spaces',
      });
    default:
      return problem('policy.not-yaml', place, 'this is not YAML', {
        why: lowerFirst(error.message),
        remedy: 'put texts that hold : # [ ] { } or * into "double quotes"',
      });
  }
}

function lowerFirst(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.charAt(0).toLowerCase() + line.slice(1);
}

function valuesOf(
  document: Document.Parsed,
  yaml: Yaml,
  at: (offset: number) => Place,
): YamlValues | PolicyProblem[] {
  const places = new Map<string, Place>();
  const keys = new Map<string, Place>();
  const problems: PolicyProblem[] = [];
  const name = (path: readonly PropertyKey[]) => JSON.stringify(path.map(String));
  const walk = (node: Node | null, path: readonly PropertyKey[], from: Place): unknown => {
    const place = node?.range == null ? from : at(node.range[0]);
    places.set(name(path), place);
    if (path.length > MOST_DEPTH) {
      problems.push(tooDeep(place));
      return null;
    }
    if (yaml.isSeq(node)) {
      return node.items.map((item, index) => walk(item as Node | null, [...path, index], place));
    }
    if (yaml.isMap(node)) {
      const made: [string, unknown][] = [];
      for (const { key, value } of node.items) {
        const text = yaml.isScalar(key) ? String(key.value) : null;
        const keyAt = yaml.isNode(key) && key.range != null ? at(key.range[0]) : place;
        if (text === null) {
          problems.push(
            problem('policy.wrong-value', keyAt, 'a key must be a word', {
              why: 'lists and mappings name nothing here',
              remedy: 'see docs/BOUNDARIES.md for the keys',
            }),
          );
          continue;
        }
        keys.set(name([...path, text]), keyAt);
        made.push([text, walk(value as Node | null, [...path, text], keyAt)]);
      }
      // Own properties whatever their name: `__proto__` must be seen as an unknown key.
      return Object.fromEntries(made);
    }
    // Nothing behind a key, or only comments, is nothing; `""` is an empty text.
    if (!yaml.isScalar(node) || (node.value === '' && node.type === 'PLAIN')) return null;
    return String(node.value);
  };
  const value = walk(document.contents, [], START);
  if (problems.length > 0) return problems;
  const nearest = (map: Map<string, Place>, path: readonly PropertyKey[]): Place => {
    for (let length = path.length; length >= 0; length--) {
      const prefix = name(path.slice(0, length));
      const found = (length === path.length ? map.get(prefix) : undefined) ?? places.get(prefix);
      if (found !== undefined) return found;
    }
    return START;
  };
  return {
    value,
    place: (path) => nearest(places, path),
    keyPlace: (path) => nearest(keys, path),
  };
}

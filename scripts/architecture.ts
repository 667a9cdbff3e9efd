import { posix } from 'node:path';
import { type Import, importsOf } from './imports.ts';

/** Why one feature slice may import another; anything not in the table is a violation. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

/** One breach of the architecture: where, what was written there, and the rule it breaks. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly found: string;
  readonly rule: string;
}

const order = ['core', 'judge', 'views', 'features', 'app', 'surfaces'];
const chain = order.join(' ← ');

/** Layers that the browser runs too. */
const pure = ['core', 'judge', 'views'];

/** Packages that need nothing but the language: read through for it when they are added here. */
const purePackages = ['zod', 'htmlparser2'];

/** The same for one folder alone. docs/decisions/0015: a shell parser. */
const purePackagesIn: Readonly<Record<string, readonly string[]>> = {
  'src/judge/boundary/': ['unbash'],
};

/**
 * Checks sources (path from the repository's root → text) against the one rule of dependence
 * (docs/ARCHITECTURE.md), with the given arrows between feature slices. Tests may import anything.
 */
export function violationsIn(sources: ReadonlyMap<string, string>, arrows: readonly Arrow[]) {
  const violations: Violation[] = [];
  const graph = new Map<string, Edge[]>();
  for (const [file, source] of sources) {
    violations.push(...badNames(file));
    if (file.endsWith('.test.ts') || file.endsWith('.test.tsx')) continue;
    violations.push(...badLength(file, source));
    const edges: Edge[] = [];
    for (const found of importsOf(file, source)) {
      const target = resolve(file, found.target);
      const rule = brokenBy(file, target, arrows);
      if (rule) violations.push(at(file, found, rule));
      edges.push({ ...found, to: target });
    }
    graph.set(file, edges);
  }
  return [...violations, ...impureVerifier(graph), ...cycles(graph)];
}

/** For a failing test: one line a violation. */
export function formatViolations(violations: readonly Violation[]): string {
  return violations.map((v) => `${v.file}:${v.line}  ${v.found}  — ${v.rule}`).join('\n');
}

interface Edge extends Import {
  /** A path from the root, a package or `node:` name, or undefined when computed. */
  readonly to: string | undefined;
}

function resolve(file: string, target: string | undefined): string | undefined {
  return target?.startsWith('.') ? posix.join(posix.dirname(file), target) : target;
}

function at(file: string, { line, target }: Import, rule: string): Violation {
  return { file, line, found: target === undefined ? 'import(…)' : `'${target}'`, rule };
}

/** The rule that an import of `target` in `file` breaks, if it breaks one. */
function brokenBy(file: string, target: string | undefined, arrows: readonly Arrow[]) {
  if (target === undefined) return 'an import must name its target, or nothing can check it';
  const from = placeOf(file);
  if (!from) return `not a layer: src/ holds ${order.join(', ')}, ledger and platform`;
  if (/^(src|web)\//.test(target)) {
    const to = placeOf(target);
    return to ? brokenBetween(from, to, file, target, arrows) : undefined;
  }
  if (
    /^(\.\.?\/|test\/|scripts\/|bench\/|examples\/)/.test(target) ||
    /^[^/@]+\.json$/.test(target)
  ) {
    return 'sources import nothing from outside src/: only src/ is built';
  }
  const inFolder = Object.entries(purePackagesIn).some(
    ([folder, names]) => file.startsWith(folder) && names.includes(target),
  );
  const known = inFolder || purePackages.some((name) => isOf(target, name));
  if (pure.includes(from.layer) && !known) {
    return `${pure.join(', ')} run in the browser too: no node: import, no package but ${purePackages.join(', ')}`;
  }
  return undefined;
}

/** The package itself, or a module of it. */
function isOf(target: string, name: string): boolean {
  return target === name || target.startsWith(`${name}/`);
}

interface Place {
  readonly layer: string;
  readonly slice: string | undefined;
}

function placeOf(path: string): Place | undefined {
  const [top, layer = '', slice, ...rest] = path.split('/');
  if (top === 'web') return { layer: 'web', slice: layer };
  if (![...order, 'ledger', 'platform'].includes(layer)) return undefined;
  return { layer, slice: rest.length > 0 ? slice : undefined };
}

function brokenBetween(
  from: Place,
  to: Place,
  file: string,
  target: string,
  arrows: readonly Arrow[],
): string | undefined {
  if (from.layer === to.layer) {
    if (from.layer !== 'features' || from.slice === to.slice) return undefined;
    if (!from.slice || !to.slice) return 'features hold slices; a file beside them belongs to none';
    const known = arrows.some((arrow) => arrow.from === from.slice && arrow.to === to.slice);
    return known ? undefined : `no arrow ${from.slice} → ${to.slice} in test/architecture.test.ts`;
  }
  if (from.layer === 'web') {
    if (to.layer === 'core' || to.layer === 'views') return undefined;
    if (from.slice === 'verify' && target.startsWith('src/ledger/verify')) return undefined;
    return 'web imports core, views, and in web/verify ledger/verify';
  }
  if (to.layer === 'web') return 'nothing in src/ imports web/';
  if (to.layer === 'platform') {
    const wires = /^src\/app\/context(-[^/]+)?\.ts$/.test(file);
    return wires ? undefined : 'platform is wired only in src/app/context*.ts; use a port of core';
  }
  if (from.layer === 'ledger' || from.layer === 'platform') {
    return to.layer === 'core' ? undefined : `${from.layer} imports only core`;
  }
  if (to.layer === 'ledger') {
    const may = from.layer === 'features' || from.layer === 'app';
    return may ? undefined : `ledger is imported by features and app, not by ${from.layer}`;
  }
  const inward = order.indexOf(from.layer) > order.indexOf(to.layer);
  return inward ? undefined : `${from.layer} may not import ${to.layer}: ${chain}`;
}

/** What src/ledger/verify*.ts reaches runs in the page that verifies itself. */
function impureVerifier(graph: ReadonlyMap<string, readonly Edge[]>): Violation[] {
  const roots = [...graph.keys()].filter((file) => file.startsWith('src/ledger/verify'));
  const reached = new Set(roots);
  const violations: Violation[] = [];
  for (const file of reached) {
    for (const edge of graph.get(file) ?? []) {
      if (edge.to?.startsWith('node:')) {
        violations.push(
          at(file, edge, 'the verifier has no I/O: what it reaches imports no node:'),
        );
      } else if (edge.to !== undefined && graph.has(edge.to)) {
        reached.add(edge.to);
      }
    }
  }
  return violations;
}

/** Each import that closes a cycle of files. */
function cycles(graph: ReadonlyMap<string, readonly Edge[]>): Violation[] {
  const violations: Violation[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const walk = (file: string): void => {
    path.push(file);
    for (const edge of graph.get(file) ?? []) {
      if (edge.to === undefined || !graph.has(edge.to) || done.has(edge.to)) continue;
      const start = path.indexOf(edge.to);
      if (start < 0) walk(edge.to);
      else
        violations.push(
          at(file, edge, `no cycles: ${[...path.slice(start), edge.to].join(' → ')}`),
        );
    }
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) if (!done.has(file)) walk(file);
  return violations;
}

const sayNothing = /^(utils?|common|helpers?|types?|managers?|services?)$/;
const sayNothingAtTheEnd = /-(utils?|helpers?|managers?|services?)$/;

function badNames(file: string): Violation[] {
  return file
    .split('/')
    .map((part) => part.replace(/(\.test)?\.tsx?$/, ''))
    .filter((part) => sayNothing.test(part) || sayNothingAtTheEnd.test(part))
    .map((found) => ({ file, line: 1, found, rule: 'name it after the domain thing it holds' }));
}

function badLength(file: string, source: string): Violation[] {
  const lines = source.trimEnd().split('\n').length;
  if (lines <= 300 || /^\W*@generated\b/.test(source)) return [];
  return [
    { file, line: 301, found: `${lines} lines`, rule: 'at most 300 lines; split it by idea' },
  ];
}

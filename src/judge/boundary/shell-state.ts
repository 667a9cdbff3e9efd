import type { Function as FunctionNode } from 'unbash';
import { exactText, type Field, unknownField } from './field.ts';

/** What is known of a shell at one place of a script. */
export interface Shell {
  /** Where it might be; null where nobody can tell. */
  readonly cwds: readonly string[] | null;
  /** Where it was before the last `cd`. */
  readonly previous: readonly string[] | null;
  readonly variables: ReadonlyMap<string, Field>;
  readonly functions: ReadonlyMap<string, Defined>;
}

/** A function of the script; `certain` where every way leads through its definition. */
export interface Defined {
  readonly node: FunctionNode;
  readonly source: string;
  readonly certain: boolean;
}

/** The states after a command that succeeded and after one that failed; null: never comes there. */
export interface Flow {
  readonly ok: Shell | null;
  readonly fail: Shell | null;
}

export function both(shell: Shell): Flow {
  return { ok: shell, fail: shell };
}

export const LEFT: Flow = { ok: null, fail: null };

const MANY_PLACES = 8;

/** What holds whichever of the two came about. */
export function either(a: Shell | null, b: Shell | null): Shell | null {
  if (!a || !b || a === b) return a ?? b;
  return {
    cwds: union(a.cwds, b.cwds),
    previous: union(a.previous, b.previous),
    variables: commonVariables(a.variables, b.variables),
    functions: commonFunctions(a.functions, b.functions),
  };
}

function union(a: readonly string[] | null, b: readonly string[] | null) {
  if (!a || !b) return null;
  const all = [...new Set([...a, ...b])];
  return all.length > MANY_PLACES ? null : all;
}

function commonVariables(a: Shell['variables'], b: Shell['variables']): Shell['variables'] {
  if (a === b) return a;
  const common = new Map<string, Field>();
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const left = a.get(name);
    const right = b.get(name);
    const text = exactText(left);
    if (left && (left === right || (text !== null && text === exactText(right)))) {
      common.set(name, left);
    } else common.set(name, unknownField(`$${name} depends on what happens before`, true));
  }
  return common;
}

function commonFunctions(a: Shell['functions'], b: Shell['functions']): Shell['functions'] {
  if (a === b) return a;
  const common = new Map<string, Defined>();
  for (const [name, defined] of [...a, ...b]) {
    const certain = a.get(name)?.node === b.get(name)?.node && defined.certain;
    common.set(name, { ...defined, certain });
  }
  return common;
}

/** True if both mean the same, as far as later commands can tell. */
export function isSame(a: Shell, b: Shell): boolean {
  if (a === b) return true;
  return (
    String(a.cwds) === String(b.cwds) &&
    a.functions.size === b.functions.size &&
    a.variables.size === b.variables.size &&
    [...a.variables].every(([name, field]) => b.variables.get(name) === field)
  );
}

export function withVariable(shell: Shell, name: string, value: Field): Shell {
  return { ...shell, variables: new Map(shell.variables).set(name, value) };
}

/** What holds whichever of several ways was taken. */
export function anyOf(flows: readonly Flow[]): Flow {
  let ok: Shell | null = null;
  let fail: Shell | null = null;
  for (const flow of flows) {
    ok = either(ok, flow.ok);
    fail = either(fail, flow.fail);
  }
  return { ok, fail };
}

import { certainStart, exactField, exactText, type Field, fieldAfter } from './field.ts';

/** The arguments of a program as getopt would sort them. */
export interface Arguments {
  readonly options: readonly Option[];
  readonly operands: readonly Field[];
}

export interface Option {
  /** The first name of its group in the specification, or as it was written. */
  readonly name: string;
  /** Null where it takes none, or has none. */
  readonly value: Field | null;
  /** Its place among the arguments. */
  readonly at: number;
}

interface Spec {
  readonly names: ReadonlyMap<string, Named>;
  readonly longs: readonly string[];
}

interface Named {
  readonly canonical: string;
  /** `:` takes a value, `?` only an attached one, '' none. */
  readonly takes: '' | ':' | '?';
}

const specs = new Map<string, Spec>();

/**
 * `-o,--output: -n -i,--in-place?`: groups of names for one option; `:` behind a group takes a
 * value, `?` only one that is attached. Names that are not listed are flags.
 */
function specOf(text: string): Spec {
  const known = specs.get(text);
  if (known) return known;
  const names = new Map<string, Named>();
  for (const group of text.split(' ').filter((one) => one !== '')) {
    const mark = group.at(-1);
    const takes = mark === ':' || mark === '?' ? mark : '';
    const all = (takes === '' ? group : group.slice(0, -1)).split(',');
    for (const name of all) names.set(name, { canonical: all[0]!, takes });
  }
  const spec = { names, longs: [...names.keys()].filter((name) => name.startsWith('--')) };
  specs.set(text, spec);
  return spec;
}

/**
 * Sorts arguments into options and operands. Long names may be cut short, as getopt_long allows.
 * With `stops`, the first operand ends the options (a wrapper before its command).
 */
export function readArguments(
  args: readonly Field[],
  specification: string,
  { stops = false }: { stops?: boolean } = {},
): Arguments & { readonly rest: readonly Field[] } {
  const spec = specOf(specification);
  const options: Option[] = [];
  const operands: Field[] = [];
  let at = 0;
  for (; at < args.length; at++) {
    const field = args[at]!;
    const start = certainStart(field);
    if (exactText(field) === '--') {
      at++;
      break;
    }
    if (start.length < 2 || !start.startsWith('-')) {
      if (stops) break;
      operands.push(field);
      continue;
    }
    const taken = start.startsWith('--')
      ? longOption(spec, field, start, args[at + 1], at, options)
      : cluster(spec, field, start, args[at + 1], at, options);
    at += taken;
  }
  const rest = args.slice(at);
  return { options, operands: [...operands, ...rest], rest };
}

/** Adds the option; returns how many further words it takes. */
function longOption(
  spec: Spec,
  field: Field,
  start: string,
  next: Field | undefined,
  at: number,
  options: Option[],
): 0 | 1 {
  const equals = start.indexOf('=');
  const written = equals < 0 ? start : start.slice(0, equals);
  const name = spec.names.has(written)
    ? written
    : (spec.longs.find((long) => long.startsWith(written)) ?? written);
  const { canonical, takes } = spec.names.get(name) ?? { canonical: name, takes: '' };
  if (equals >= 0) {
    options.push({ name: canonical, value: fieldAfter(field, equals + 1), at });
    return 0;
  }
  const value = takes === ':' ? (next ?? null) : null;
  options.push({ name: canonical, value, at });
  return value ? 1 : 0;
}

function cluster(
  spec: Spec,
  field: Field,
  start: string,
  next: Field | undefined,
  at: number,
  options: Option[],
): 0 | 1 {
  // A program that writes long names after one dash lists them so.
  const whole = spec.names.get(start);
  if (whole && start.length > 2) {
    const value = whole.takes === ':' ? (next ?? null) : null;
    options.push({ name: whole.canonical, value, at });
    return value ? 1 : 0;
  }
  for (let index = 1; index < start.length; index++) {
    const letter = `-${start[index]}`;
    const { canonical, takes } = spec.names.get(letter) ?? { canonical: letter, takes: '' };
    if (takes === '') {
      options.push({ name: canonical, value: null, at });
      continue;
    }
    const attached = fieldAfter(field, index + 1);
    if (attached && exactText(attached) !== '') {
      options.push({ name: canonical, value: attached, at });
      return 0;
    }
    const value = takes === ':' ? (next ?? null) : null;
    options.push({ name: canonical, value, at });
    return value ? 1 : 0;
  }
  return 0;
}

/** The values of an option, in order. */
export function valuesOf({ options }: Arguments, ...names: string[]): Field[] {
  return options.flatMap(({ name, value }) => (value && names.includes(name) ? [value] : []));
}

export function hasOption({ options }: Arguments, ...names: string[]): boolean {
  return options.some(({ name }) => names.includes(name));
}

/** Certain words, null where one is not. */
export function exactWords(fields: readonly Field[]): string[] | null {
  const words: string[] = [];
  for (const field of fields) {
    const text = exactText(field);
    if (text === null) return null;
    words.push(text);
  }
  return words;
}

/** `NAME=value` as its name and value, null where it is none. */
export function assignmentIn(field: Field): { name: string; value: Field } | null {
  const found = /^([A-Za-z_][A-Za-z0-9_]*)\+?=/.exec(certainStart(field));
  if (!found) return null;
  return { name: found[1]!, value: fieldAfter(field, found[0].length) ?? exactField('') };
}

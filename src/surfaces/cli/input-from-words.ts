import type { Op } from '../../app/define-op.ts';
import { type Field, fieldsOf } from '../../app/op-fields.ts';
import { nearest } from '../../core/nearest.ts';
import { type GlobalFlags, splitFlag, takeGlobal, usageError } from './command-line.ts';

/**
 * Reads an operation's input from the words after its name: `--flag value`, `--flag=value`,
 * switches with their `--no-` form, one-letter flags, positionals, and everything after `--` (or
 * the first plain word) where the operation runs somebody else's command line.
 */
export function inputFromWords(op: Op, words: readonly string[], global: GlobalFlags): unknown {
  const fields = fieldsOf(op);
  const input: Record<string, unknown> = {};
  const plain: string[] = [];
  const rest = fields.find(({ name }) => name === op.cli?.rest);
  for (let at = 0; at < words.length; ) {
    const word = words[at] as string;
    if (word === '--') {
      if (rest === undefined) plain.push(...words.slice(at + 1));
      else input[rest.name] = words.slice(at + 1);
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      if (rest !== undefined) {
        input[rest.name] = words.slice(at);
        break;
      }
      plain.push(word);
      at++;
      continue;
    }
    const used = takeGlobal(words, at, global);
    at += used > 0 ? used : takeField(op, fields, words, at, input);
  }
  placePositionals(op, fields, plain, input);
  if (!global.help && !global.version) requireAll(op, fields, input);
  return input;
}

function takeField(
  op: Op,
  fields: readonly Field[],
  words: readonly string[],
  at: number,
  input: Record<string, unknown>,
): number {
  const [name, inline] = splitFlag(words[at] as string);
  const off = name.startsWith('--no-')
    ? fields.find(({ flag, kind }) => kind === 'switch' && flag === `--${name.slice(5)}`)
    : undefined;
  if (off !== undefined) {
    input[off.name] = false;
    return 1;
  }
  const field = fields.find(
    ({ flag, short }) => flag === name || (short !== null && `-${short}` === name),
  );
  if (field === undefined) throw unknownFlag(op, fields, name);
  if (field.kind === 'switch') {
    if (inline !== undefined)
      throw usageError(
        'usage.bad-value',
        `${field.flag} takes no value`,
        'it is on or not there',
        `proof ${op.name} --help`,
      );
    input[field.name] = true;
    return 1;
  }
  const value = inline ?? words[at + 1];
  if (value === undefined)
    throw usageError(
      'usage.missing-value',
      `${name} needs a value`,
      field.description,
      `proof ${op.name} --help`,
    );
  if (field.kind === 'list')
    input[field.name] = [...((input[field.name] as string[] | undefined) ?? []), value];
  else
    input[field.name] = field.kind === 'number' ? numberOf(field, value) : choiceOf(field, value);
  return inline === undefined ? 2 : 1;
}

function numberOf(field: Field, value: string): number {
  if (/^-?[0-9]+(\.[0-9]+)?$/.test(value)) return Number(value);
  throw usageError(
    'usage.bad-value',
    `${field.flag} cannot be "${value}"`,
    'it is a number',
    `${field.flag} 20`,
  );
}

function choiceOf(field: Field, value: string): string {
  if (field.kind !== 'choice' || field.choices.includes(value)) return value;
  throw usageError(
    'usage.bad-value',
    `${field.flag} cannot be "${value}"`,
    `it is one of ${field.choices.join(', ')}`,
    `${field.flag} ${nearest(value, field.choices) ?? field.choices[0]}`,
  );
}

function placePositionals(
  op: Op,
  fields: readonly Field[],
  plain: string[],
  input: Record<string, unknown>,
): void {
  const names = (op.cli?.positionals ?? []) as readonly string[];
  let left = plain;
  for (const name of names) {
    const field = fields.find((one) => one.name === name) as Field;
    if (left.length === 0) break;
    if (field.kind === 'list') {
      input[name] = [...((input[name] as string[] | undefined) ?? []), ...left];
      left = [];
    } else {
      if (input[name] !== undefined) break;
      input[name] = choiceOf(field, left[0] as string);
      left = left.slice(1);
    }
  }
  if (left.length > 0) {
    throw usageError(
      'usage.too-many-arguments',
      `${op.name} does not take "${left[0]}"`,
      names.length === 0
        ? 'it takes no arguments'
        : `it takes ${names.join(', ')}; words that belong together need quotes`,
      `proof ${op.name} --help`,
    );
  }
}

function requireAll(op: Op, fields: readonly Field[], input: Record<string, unknown>): void {
  const missing = fields.find(
    ({ required, name }) =>
      required &&
      (input[name] === undefined ||
        (Array.isArray(input[name]) && (input[name] as unknown[]).length === 0)),
  );
  if (missing === undefined) return;
  throw usageError(
    'usage.missing-argument',
    `${op.name} needs ${missing.name.toUpperCase()}`,
    missing.description,
    op.examples[0]?.type ?? `proof ${op.name} --help`,
  );
}

function unknownFlag(op: Op, fields: readonly Field[], name: string) {
  const close = nearest(
    name,
    fields.map(({ flag }) => flag),
  );
  const other =
    op.cli?.rest === undefined
      ? 'no flag of it has a similar name'
      : 'flags of the command itself come after --';
  return usageError(
    'usage.unknown-flag',
    `${op.name} has no flag ${name}`,
    close === null ? other : `did you mean ${close}?`,
    `proof ${op.name} --help`,
  );
}

/** What the schema objects to, in words: its own messages speak of types. */
export function refusedInput(op: Op, issue: Refusal | undefined) {
  const name = String(issue?.path[0] ?? '');
  const reasons: Readonly<Record<string, string>> = {
    too_small: issue?.origin === 'string' ? 'it is empty' : `it is too small`,
    invalid_type: issue?.expected === 'int' ? 'it must be a whole number' : 'it is of another kind',
  };
  return usageError(
    'usage.bad-value',
    `${op.name} cannot take that ${name.toUpperCase()}`,
    reasons[issue?.code ?? ''] ?? issue?.message ?? 'it does not fit',
    `proof ${op.name} --help`,
  );
}

interface Refusal {
  path: readonly PropertyKey[];
  message: string;
  code?: string | undefined;
  origin?: string;
  expected?: string;
}

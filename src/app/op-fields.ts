import type * as z from 'zod/mini';
import { globalRegistry } from 'zod/mini';
import type { Op } from './define-op.ts';

/** An input field of an operation, as surfaces without schemas need it. */
export interface Field {
  /** As in the schema: `dryRun`. */
  name: string;
  /** As a flag: `--dry-run`. */
  flag: string;
  short: string | null;
  kind: 'text' | 'number' | 'switch' | 'list' | 'choice';
  choices: readonly string[];
  required: boolean;
  fallback: unknown;
  description: string;
}

/** The fields in the order of the schema. */
export function fieldsOf(op: Op): Field[] {
  const short = (op.cli?.short ?? {}) as Record<string, string>;
  return Object.entries(op.input.shape).map(([name, schema]) => {
    const { inner, required, fallback } = unwrap(schema as z.ZodMiniType);
    return {
      name,
      flag: `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      short: short[name] ?? null,
      ...kindOf(inner),
      required,
      fallback,
      description: descriptionOf(schema as z.ZodMiniType) ?? descriptionOf(inner) ?? '',
    };
  });
}

function descriptionOf(schema: z.ZodMiniType): string | undefined {
  return globalRegistry.get(schema)?.description;
}

type Def = { type: string; innerType?: z.ZodMiniType; defaultValue?: unknown; entries?: object };

function defOf(schema: z.ZodMiniType): Def {
  return schema._zod.def as unknown as Def;
}

function unwrap(schema: z.ZodMiniType): {
  inner: z.ZodMiniType;
  required: boolean;
  fallback: unknown;
} {
  let inner = schema;
  let required = true;
  let fallback: unknown;
  for (;;) {
    const def = defOf(inner);
    if (def.innerType === undefined) return { inner, required, fallback };
    if (def.type === 'optional' || def.type === 'default') required = false;
    if (def.type === 'default') fallback = def.defaultValue;
    inner = def.innerType;
  }
}

function kindOf(schema: z.ZodMiniType): Pick<Field, 'kind' | 'choices'> {
  const def = defOf(schema);
  switch (def.type) {
    case 'boolean':
      return { kind: 'switch', choices: [] };
    case 'number':
      return { kind: 'number', choices: [] };
    case 'array':
      return { kind: 'list', choices: [] };
    case 'enum':
      return { kind: 'choice', choices: Object.values(def.entries ?? {}) as string[] };
    default:
      return { kind: 'text', choices: [] };
  }
}

import type * as z from 'zod/mini';
import { diskError } from '../ledger/errors.ts';
import type { Context } from './context.ts';
import type { Effect } from './effect.ts';
import { requireHuman } from './human-only.ts';
import type { Paint } from './paint.ts';

export type { Effect };

export interface Op<
  I extends z.ZodMiniObject = z.ZodMiniObject,
  O extends z.ZodMiniType = z.ZodMiniType,
> {
  /** Words as typed: `task start`. */
  name: string;
  /** One line, no full stop. */
  summary: string;
  /** What more there is to know, in plain paragraphs. */
  details?: string;
  input: I;
  /** The documented JSON shape. For a stream it is the shape of each line. Made when asked for. */
  output: () => O;
  /** The most it does, whatever its input: surfaces offer it by this. */
  effect: Effect;
  /** What it does with this input, where that is less: a draft only printed widens nothing. */
  effectOf?(input: z.output<I>): Effect;
  examples: readonly Example[];
  cli?: CliHints<I, O>;
  run(context: Context, input: z.output<I>): Promise<z.input<O> | Stream<z.input<O>>>;
}

export interface Example {
  type: string;
  /** What it does, as a comment beside it. */
  does: string;
}

/** How the command line takes and shows it; other surfaces need nothing of this. */
export interface CliHints<I extends z.ZodMiniObject, O extends z.ZodMiniType> {
  /** Input fields taken by position; the last may be a list. */
  positionals?: readonly (keyof z.output<I> & string)[];
  /** Field that takes everything after `--` (or after the first word that is no flag). */
  rest?: keyof z.output<I> & string;
  /** One-letter names. */
  short?: Readonly<Partial<Record<keyof z.output<I> & string, string>>>;
  /** Output for people. Without a terminal `paint` colours nothing. */
  print?(output: z.output<O>, paint: Paint, input: z.output<I>): string;
  /** Whether a pipe or file gets the text without a line end of ours: its bytes are hashed. */
  exact?(input: z.output<I>): boolean;
  /** Long output goes through the user's pager at a terminal. */
  pager?: boolean;
  /** The process's exit code for an output, where it is not 0. */
  exit?(output: z.output<O>): number;
}

/** Values that come one after another, as NDJSON under `--json`. */
export interface Stream<T> {
  [Symbol.asyncIterator](): AsyncIterator<T>;
}

/** Defines an operation once; every surface takes flags, help, routes and tools from it. */
export function defineOp<I extends z.ZodMiniObject, O extends z.ZodMiniType>(
  op: Op<I, O>,
): Op<I, O> {
  return {
    ...op,
    async run(context, input) {
      requireHuman(context, { name: op.name, effect: op.effectOf?.(input) ?? op.effect });
      try {
        const output = await op.run(context, input);
        return isStream<z.input<O>>(output) ? explained(output, context) : output;
      } catch (cause) {
        throw storeError(cause, context);
      }
    },
  };
}

export function isStream<T>(output: unknown): output is Stream<T> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}

async function* explained<T>(stream: Stream<T>, context: Context): AsyncGenerator<T> {
  try {
    yield* { [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator]() };
  } catch (cause) {
    throw storeError(cause, context);
  }
}

/** Whatever an operation was reading when SQLite gave up: it is the ledger that is damaged. */
function storeError(cause: unknown, context: Context): unknown {
  const fromSqlite = (cause as { errcode?: number } | null)?.errcode !== undefined;
  return fromSqlite ? diskError(cause, context.places.ledgerDir, 'read') : cause;
}

import type { Field } from '../field.ts';
import type { Input } from '../hearing.ts';

/** What a program does with these arguments, beyond its own name. */
export interface Reading {
  readonly finds: readonly Find[];
  /** Unknown words among the arguments cannot make it do anything else (`echo "$x"`). */
  readonly loose?: boolean;
  /** Words that are the values of options (a commit's message), so that they are none themselves. */
  readonly values?: readonly Field[];
  /** It runs another program and adds nothing that a rule need name (`timeout 5 …`). */
  readonly wraps?: boolean;
  /** Its arguments are what it acts on, wherever it runs; no code comes from the directory. */
  readonly anywhere?: boolean;
  /** It changes nothing outside of this shell, so that no rule need name it; says why. */
  readonly neutral?: string;
  /** Options between the name and the subcommand that change nothing: the words without them. */
  readonly plain?: readonly Field[];
}

/** One thing found in the arguments. */
export type Find =
  /** Another program with its arguments; `cwd`: the directory it is started in. */
  | {
      readonly kind: 'run';
      readonly fields: readonly Field[];
      readonly cwd?: Field;
      readonly elsewhere?: boolean;
      readonly input?: Input;
      /** It is a part of the program itself (`python -m pytest`): no rule need name it. */
      readonly vouched?: boolean;
      /** A variable set for it. */
      readonly sets?: readonly Field[];
    }
  /** Text that a shell will read. */
  | {
      readonly kind: 'script';
      readonly text: Field;
      readonly elsewhere?: boolean;
      readonly cwd?: Field;
    }
  | {
      readonly kind: 'read' | 'write';
      readonly path: Field;
      readonly deep?: boolean;
      readonly isListing?: boolean;
      readonly cwd?: Field;
    }
  /** A text that may be a command: only what it would be denied for counts. */
  | { readonly kind: 'guess'; readonly text: Field }
  /** A word that may name a file, of a program that is not known: only what is kept from reading counts. */
  | { readonly kind: 'mention'; readonly path: Field }
  /** It cannot be read what this does; `at`: the argument, unless a rule names that itself. */
  | { readonly kind: 'ask'; readonly why: string; readonly at?: number }
  /** Code of another language: what is named in its strings is looked at, the rest is asked. */
  | {
      readonly kind: 'code';
      readonly text: Field;
      readonly language: string;
      readonly at?: number;
    };

/** Reads the arguments of one program; `input` is what comes to its standard input. */
export type Reader = (args: readonly Field[], input: Input, name: string) => Reading;

export type Readers = Readonly<Record<string, Reader>>;

export function reads(paths: readonly Field[], more: { deep?: boolean; cwd?: Field } = {}): Find[] {
  return paths.map((path) => ({ kind: 'read', path, ...more }));
}

export function writes(
  paths: readonly Field[],
  more: { deep?: boolean; cwd?: Field } = {},
): Find[] {
  return paths.map((path) => ({ kind: 'write', path, ...more }));
}

/** The same reader for several names. */
export function named(names: string, reader: Reader): Readers {
  return Object.fromEntries(names.split(' ').map((name) => [name, reader]));
}

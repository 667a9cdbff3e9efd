import type { Rule } from '../rule.ts';

/** A file for one program: what to put where, how to take it away again. */
export interface RuleFile {
  name: string;
  text: string;
}

export interface Written {
  files: RuleFile[];
  /** What to type to put it in force, and to undo that. */
  apply: string[];
  undo: string[];
  /** Rules the program cannot express, and why. */
  without: { rule: number; why: string }[];
}

export interface WriteOptions {
  /** Stands at the top of each file: which investigation it came from. */
  title: string;
  /** Requests a minute that a limited client may make. */
  perMinute: number;
}

export type Writer = (rules: readonly Rule[], options: WriteOptions) => Written;

/** Comment lines that say what a file is; `mark` begins a comment there. */
export function heading(
  mark: string,
  rules: readonly Rule[],
  { title, perMinute }: WriteOptions,
): string {
  const lines = [
    `${title}: made by proof traffic respond. Take the whole file away to undo it.`,
    ...rules.map(
      ({ n, action, target }) =>
        `rule ${n}: ${action} ${target}${action === 'limit' ? ` to ${perMinute} a minute` : ''}`,
    ),
  ];
  return `${lines.map((line) => `${mark} ${line.replace(/[\r\n]/g, ' ')}`).join('\n')}\n`;
}

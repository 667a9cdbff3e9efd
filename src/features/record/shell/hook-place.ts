/** What hooks are told of the session they belong to. */
export interface HookPlace {
  /** Hex; makes marks ours. */
  nonce: string;
  /** Path of the FIFO with our answers. */
  reply: string;
  /** Directory of the session's files. */
  dir: string;
}

/** Bytes of one command line as quoted; longer ones are cut, and said to be. */
export const MOST_TEXT = 262_144;

/** A word for bash or zsh. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A template's text as it stands, backslashes and all; only `\${` is `${` of the script. */
export function script({ raw }: TemplateStringsArray): string {
  return raw.join('').replaceAll('\\${', '${');
}

/** Puts values where their names stand. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/@[A-Z]+@/g, (name) => values[name] ?? name);
}

/** A command line of a shell, and how its text is known. */
export interface TypedLine {
  /** Null where it is not known, or not to be kept. */
  text: string | null;
  /**
   * `told` by the shell; `seen` on the screen, where the shell keeps no history; `withheld`, the
   * user kept it out of the shell's history by a space before it; `unknown`.
   */
  how: 'told' | 'seen' | 'withheld' | 'unknown';
  /** Only the beginning of a very long one came. */
  cut: boolean;
}

/**
 * What was typed, from what the hooks of a shell say before they run it.
 *
 * zsh and fish tell the line itself. bash tells its newest history entry, and whether that is new.
 * If it is not, the line was the same once more (HISTCONTROL=ignoredups), began with a space
 * (ignorespace), matched HISTIGNORE, or there is no history: which one, the screen shows.
 */
export function typedLine(said: {
  shell: 'bash' | 'zsh' | 'fish';
  text: string;
  /** bash: whether the history has a new entry. */
  state: string;
  /** s: a space hides; d: a repetition is not kept; i: HISTIGNORE; o: no history; m: many; c: cut. */
  flags: string;
  /** What stands behind the prompt. */
  echoed: string | null;
}): TypedLine {
  const { shell, state, flags, echoed } = said;
  const cut = flags.includes('c');
  if (shell !== 'bash') {
    if (flags.includes('s')) return { text: null, how: 'withheld', cut: false };
    return { text: said.text, how: 'told', cut };
  }
  const last = entries(said.text, flags.includes('m'));
  if (state === 'new') return { text: last, how: 'told', cut };
  const off = flags.includes('o');
  const hides = flags.includes('s');
  const ignores = flags.includes('i');
  if (!off && flags.includes('d')) {
    // A line that is not kept only because it repeats the last one is the last one.
    const same = !hides && !ignores;
    if (same || (echoed !== null && shows(echoed, last))) return { text: last, how: 'told', cut };
  }
  if (!off && hides && !ignores && !flags.includes('d'))
    return { text: null, how: 'withheld', cut: false };
  if (hides && echoed?.startsWith(' ')) return { text: null, how: 'withheld', cut: false };
  if (!off && !ignores) return { text: null, how: 'unknown', cut: false };
  // What is wider than the screen, or has lines of its own, cannot be put together for certain.
  if (echoed === null || echoed === '' || echoed.includes('\n'))
    return { text: null, how: 'unknown', cut: false };
  return { text: echoed, how: 'seen', cut: false };
}

/** History entries as `history` prints them, without their numbers; `many`: one a line. */
function entries(printed: string, many: boolean): string {
  if (!many) return printed.replace(NUMBER, '');
  return printed
    .split('\n')
    .map((line) => line.replace(NUMBER, ''))
    .join('\n');
}

const NUMBER = /^ *[0-9]+[* ] /;

/** Whether this line stands there, typed, recalled, or printed after `!!` was expanded to it. */
function shows(echoed: string, line: string): boolean {
  return flat(echoed) === flat(line) || (echoed.startsWith('!') && echoed.endsWith(`\n${line}`));
}

/** As the screen could show it: without line ends, control characters in caret notation. */
function flat(text: string): string {
  return text
    .replaceAll('\n', '')
    .trimEnd()
    .replace(
      /[\u0001-\u0008\u000b-\u001f]/g,
      (char) => `^${String.fromCharCode(char.charCodeAt(0) + 64)}`,
    );
}

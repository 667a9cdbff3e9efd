/**
 * Whether a command line does nothing but call `note`: then it is that note and no command of its
 * own. Anything that could do more, a second command or an expansion for one, is recorded as well.
 */
export function isNote(line: string): boolean {
  return ONLY_A_NOTE.test(line);
}

/** `note`, and words of plain characters and quotes without `$`, backquote, or a line end. */
const ONLY_A_NOTE =
  /^[ \t]*note(?:[ \t]+(?:[^\s'"\\;|&<>()$`#]|'[^'\n]*'|"[^"$`\\\n]*"|\\[^\n])+)*[ \t]*$/;

/**
 * Whether a command line does nothing but call `note`: then it is that note and no command of its
 * own. Anything that could do more, a second command or an expansion for one, is recorded as well.
 */
export function isNote(line: string): boolean {
  return /^\s*note(?:\s+(?:[^\s'"\\;|&<>()$`\n#]|'[^'\n]*'|"[^"$`\\\n]*"|\\[^\n])+)*\s*$/.test(
    line,
  );
}

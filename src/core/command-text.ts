/**
 * An argument list as a line a shell would read back to the same words (POSIX sh quoting).
 * For showing and copying; nothing is ever run from it.
 */
export function commandText(argv: readonly string[]): string {
  return argv.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./^-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

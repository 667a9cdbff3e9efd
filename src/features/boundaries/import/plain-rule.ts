const MOST_CHARACTERS = 1_000;

/**
 * A pattern as a rule of `commands`, where it is one: plain words, and a star at most as the last.
 * Null for all else: quotes, operators, variables, assignments, other stars.
 */
export function plainRule(pattern: string): string | null {
  if (pattern.length > MOST_CHARACTERS) return null;
  const words = pattern.trim().split(/\s+/);
  const open = words.at(-1) === '*';
  const named = open ? words.slice(0, -1) : words;
  const [program] = named;
  if (program === undefined || program === '' || /^[A-Za-z_]\w*\+?=/.test(program)) return null;
  if (!named.every((word) => /^[A-Za-z0-9_@%+=:,./-]+$/.test(word))) return null;
  return [...named, ...(open ? ['*'] : [])].join(' ');
}

/**
 * How a test says that it was skipped because a program is missing, and how the reporter reads it:
 * by a mark at the end of the name, the one thing of a test that reaches every reporter.
 */

/** The name with the missing programs marked in it. */
export function markMissing(name: string, programs: readonly string[]): string {
  return `${name} [needs ${programs.join(', ')}]`;
}

/** The programs marked in any part of a test's full name; none if it was skipped for another reason. */
export function missingIn(fullName: string): string[] {
  const marks = fullName.matchAll(/ \[needs ([^\]]+)\]/g);
  return [...new Set([...marks].flatMap(([, programs = '']) => programs.split(', ')))];
}

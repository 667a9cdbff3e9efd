/**
 * True for a full name such as `refs/heads/main` that git itself accepts (`git check-ref-format`).
 *
 * A ref's name is a path below the git directory, and the name comes out of a file: without this
 * check `ref: ../../elsewhere` would read any file of the machine.
 */
export function isRefName(name: string): boolean {
  return (
    name.startsWith('refs/') &&
    name.length <= MAX_LENGTH &&
    !/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{/.test(name) &&
    name
      .split('/')
      .every(
        (part) =>
          part !== '' && !part.startsWith('.') && !part.endsWith('.lock') && !part.endsWith('.'),
      )
  );
}

const MAX_LENGTH = 1024;

/** A full object name: SHA-1 (40 hex digits) or SHA-256 (64), in lower case as git writes it. */
export function isObjectName(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

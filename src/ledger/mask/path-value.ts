/**
 * Whether a value behind a secret's name is only the place of a file: `CREDENTIALS=/run/key.json`.
 * AWS secrets are base64 and may begin with `/`, so a path must look like one.
 */
export function isPath(value: string): boolean {
  return ROOTED.test(value) || RELATIVE.test(value) || WINDOWS.test(value);
}

const ROOTED =
  /^\/(?:home|root|etc|usr|var|tmp|opt|run|srv|mnt|proc|dev|Users|Volumes|private|workspaces?|work|app|data|github|builds?|secrets?|config)(?:\/[\w.@+ -]*)*$/;
const RELATIVE = /^(?:~|\.{1,2})\/[\w.@+ -]+(?:\/[\w.@+ -]*)*$/;
const WINDOWS = /^[A-Za-z]:\\/;

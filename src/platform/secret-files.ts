import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files whose values are secrets of this run: the workspace's dotenv files, the user's netrc. */
export function secretFiles(
  workspace: string,
  home: string | undefined,
): { dotenv: string[]; netrc: string[] } {
  return {
    dotenv: DOTENV.flatMap((name) => textOf(join(workspace, name))),
    netrc: home === undefined ? [] : textOf(join(home, '.netrc')),
  };
}

const DOTENV = ['.env', '.env.local', '.env.development', '.env.test', '.env.production'];
/** Larger files are no list of settings. */
const MOST_BYTES = 256 * 1024;

function textOf(path: string): string[] {
  try {
    const text = readFileSync(path, 'utf8');
    return text.length <= MOST_BYTES ? [text] : [];
  } catch {
    return [];
  }
}

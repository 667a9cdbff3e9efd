import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { policyError } from '../policy-error.ts';
import { takeClaudeSettings } from './claude-settings.ts';
import { takeCodexRules } from './codex-rules.ts';
import { takeGeminiPolicy } from './gemini-policy.ts';
import type { ImportedRules } from './imported-rules.ts';

/** Where the tools keep their permissions, if nothing is named: the workspace, then the user. */
export function usualImportFiles(root: string, home: string): string[] {
  const files = [
    ...['.claude/settings.json', '.claude/settings.local.json'].map((name) => join(root, name)),
    join(home, '.claude/settings.json'),
    ...[root, home].flatMap((dir) => rulesIn(join(dir, '.codex/rules'), '.rules')),
    ...[root, home].flatMap((dir) => rulesIn(join(dir, '.gemini/policies'), '.toml')),
  ];
  return files.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

/** A file by its kind, or the files of such kinds in a directory. */
export function importFilesIn(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw notImported(path, 'it is not there', 'ls -l, and name another');
  if (!stat.isDirectory()) return [path];
  return ['.json', '.rules', '.codexpolicy', '.toml'].flatMap((end) => rulesIn(path, end));
}

const MOST_BYTES = 1024 * 1024;

/** Takes one file, by what its name ends with. */
export async function takeFile(path: string, home: string, out: ImportedRules): Promise<void> {
  const text = textOf(path);
  const from = path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : basename(path);
  if (path.endsWith('.json')) {
    const anchor = path === join(home, '.claude/settings.json') ? 'user' : 'project';
    takeClaudeSettings(jsonOf(text, path), { from, anchor }, out);
  } else if (path.endsWith('.rules') || path.endsWith('.codexpolicy')) {
    takeCodexRules(text, from, out);
  } else if (path.endsWith('.toml')) {
    const { parse } = await import('smol-toml');
    let file: unknown;
    try {
      file = parse(text);
    } catch (cause) {
      const [first = ''] = (cause as Error).message.split('\n');
      throw notImported(path, first, 'put it right there first');
    }
    takeGeminiPolicy(file, from, out);
  } else {
    throw notImported(
      path,
      'its name says none of the kinds that are read',
      'settings of Claude Code (.json), rules of Codex (.rules), policies of Gemini CLI (.toml)',
    );
  }
}

/** JSON as Claude Code's settings are. */
export function jsonOf(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notImported(from, (cause as Error).message, 'put it right there first');
  }
}

function textOf(path: string): string {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new Error('it is not a file');
    if (stat.size > MOST_BYTES) throw new Error('it is larger than 1 MiB');
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw notImported(path, (cause as Error).message, `look at it: ls -l ${path}`);
  }
}

function rulesIn(dir: string, end: string): string[] {
  try {
    const names = readdirSync(dir).filter((name) => name.endsWith(end));
    return names.sort().map((name) => join(dir, name));
  } catch {
    return [];
  }
}

function notImported(path: string, why: string, remedy: string) {
  return policyError('policy.not-imported', `${path} cannot be imported`, why, remedy);
}

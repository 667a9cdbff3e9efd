import { join } from 'node:path';
import { readSmallFile } from './small-file.ts';

/**
 * True if the repository's own configuration says `core.bare`.
 *
 * The common shape `git clone --bare URL .bare; echo 'gitdir: ./.bare' > .git; git worktree add …`
 * has a `.git` at the top of a directory that is no worktree: its worktrees lie below. Of the
 * configuration language only what decides this is read, and no include is followed.
 */
export function isBare(gitDir: string): boolean {
  const shared = coreAndExtensions(readSmallFile(join(gitDir, 'config'), MAX_CONFIG_BYTES) ?? '');
  if (!truthy(shared.get('extensions.worktreeconfig'))) return truthy(shared.get('core.bare'));
  // With this extension git keeps the main worktree's `core.bare` in a file of its own.
  const own = coreAndExtensions(
    readSmallFile(join(gitDir, 'config.worktree'), MAX_CONFIG_BYTES) ?? '',
  );
  return truthy(own.get('core.bare') ?? shared.get('core.bare'));
}

const MAX_CONFIG_BYTES = 1024 * 1024;

function coreAndExtensions(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  let section = '';
  for (const line of text.split('\n')) {
    const header = /^\s*\[\s*([^\]"\s]+)\s*("[^"]*")?\s*\]/.exec(line);
    if (header !== null) {
      section = header[2] === undefined ? (header[1] as string).toLowerCase() : '';
    }
    if (section !== 'core' && section !== 'extensions') continue;
    const rest = header === null ? line : line.slice(header[0].length);
    const setting = /^\s*(bare|worktreeconfig)\s*(?:=\s*"?([^"#;\s]*)|$|[#;])/i.exec(rest);
    if (setting === null) continue;
    // A key without `=` means true; the last one wins.
    settings.set(`${section}.${(setting[1] as string).toLowerCase()}`, setting[2] ?? 'true');
  }
  return settings;
}

function truthy(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|yes|on|[1-9][0-9]*)$/i.test(value);
}

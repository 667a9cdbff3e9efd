import { createHash } from 'node:crypto';
import { MODE, MTIME, SIZE, type Snapshot, typeOf } from './snapshot.ts';

/**
 * One digest for the state of a workspace: SHA-256 over path, type, permissions and keyed hash of
 * every file and link that is not ignored, in order of path. Directories count through what is in
 * them. A file too large to be hashed counts by its size and time.
 */
export function treeDigest(snapshot: Snapshot): string {
  const lines: string[] = [];
  for (let i = 0; i < snapshot.size; i++) {
    const { part, hash } = snapshot.facts(i);
    const mode = snapshot.stat(i, MODE);
    const type = typeOf(mode);
    if (part !== 'workspace' || type === 'directory') continue;
    const content =
      hash === null
        ? `${snapshot.stat(i, SIZE)}@${snapshot.stat(i, MTIME)}`
        : Buffer.from(hash.buffer, hash.byteOffset, hash.length).toString('hex');
    lines.push(`${snapshot.paths[i]}\0${type}\0${(mode & 0o7777).toString(8)}\0${content}\n`);
  }
  // By code units, whatever the locale.
  lines.sort((a, b) => (a < b ? -1 : 1));
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line);
  return hash.digest('hex');
}

import { readFileSync } from 'node:fs';

/**
 * Paths of the unix sockets somebody listens on in our network namespace. A read-only mount does
 * not keep anybody from connecting to one, and neither does a network namespace.
 */
export function listeningSockets(): string[] {
  try {
    return pathsIn(readFileSync('/proc/net/unix', 'utf8'));
  } catch {
    return [];
  }
}

/** Flag 0x10000 (accepts connections) is on a listening socket; datagram ones take all comers. */
export function pathsIn(table: string): string[] {
  const paths = new Set<string>();
  for (const line of table.split('\n')) {
    const match = /^\S+: \S+ \S+ ([0-9A-F]{8}) ([0-9A-F]{4}) \S+ +\d+ (\/.*)$/.exec(line);
    if (match === null) continue;
    const [, flags, type, path] = match as unknown as [string, string, string, string];
    const listens = (Number.parseInt(flags, 16) & 0x10000) !== 0 || type === '0002';
    if (listens) paths.add(path);
  }
  return [...paths];
}

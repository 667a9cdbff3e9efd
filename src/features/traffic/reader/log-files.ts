import { createReadStream, globSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import type { LogInput } from './log-source.ts';
import { trafficError } from './traffic-error.ts';

/**
 * The logs named on a command line, oldest first: files, patterns the shell left alone, `-` for
 * standard input. Rotated logs sort by their number (`access.log.2.gz` before `access.log.1`
 * before `access.log`) or date, so that time runs on through them.
 */
export function logInputs(
  names: readonly string[],
  cwd: string,
  standardInput: () => AsyncIterable<Uint8Array>,
): LogInput[] {
  const paths = new Set<string>();
  let fromInput = false;
  for (const name of names) {
    if (name === '-') fromInput = true;
    else for (const path of pathsOf(name, cwd)) paths.add(path);
  }
  const files = [...paths].sort(byAge).map((path) => ({
    name: shownPath(path, cwd),
    bytes: () => createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Uint8Array>,
  }));
  return fromInput ? [...files, { name: '-', bytes: standardInput }] : files;
}

const READ_BYTES = 1024 * 1024;

function pathsOf(name: string, cwd: string): string[] {
  const path = resolve(cwd, name);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    throw trafficError(
      'traffic.no-file',
      `${name} is a directory`,
      'logs are read file by file',
      `proof traffic analyze '${name.replace(/\/$/, '')}/access.log*'`,
    );
  }
  if (found !== undefined) return [path];
  const matches = /[*?[{]/.test(name) ? globSync(path).filter((one) => statSync(one).isFile()) : [];
  if (matches.length > 0) return matches;
  throw trafficError(
    'traffic.no-file',
    `There is no ${name}`,
    /[*?[{]/.test(name) ? 'no file matches the pattern' : 'it names no file here',
    'ls /var/log/nginx, or pipe it in: ssh HOST cat FILE | proof traffic analyze -',
  );
}

function byAge(a: string, b: string): number {
  const [one, other] = [rotation(a), rotation(b)];
  if (one.stem !== other.stem) return one.stem < other.stem ? -1 : 1;
  if (one.number !== other.number) return other.number - one.number;
  return one.date < other.date ? -1 : one.date > other.date ? 1 : a < b ? -1 : 1;
}

/** A log without number or date is the newest: number 0, and a date after all others. */
function rotation(path: string): { stem: string; number: number; date: string } {
  const plain = basename(path).replace(/\.(gz|zst|zstd)$/, '');
  const numbered = /^(.*)\.(\d{1,6})$/.exec(plain);
  if (numbered !== null) {
    return { stem: `${dirname(path)}/${numbered[1]}`, number: Number(numbered[2]), date: '' };
  }
  const dated = /^(.*?)[-.](\d{4}-?\d{2}-?\d{2}.*)$/.exec(plain);
  return dated === null
    ? { stem: `${dirname(path)}/${plain}`, number: 0, date: '~' }
    : { stem: `${dirname(path)}/${dated[1]}`, number: 0, date: dated[2] as string };
}

function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near.startsWith('..') ? path : near;
}

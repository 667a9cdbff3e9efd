import { archives } from './archives.ts';
import { builtins } from './builtins.ts';
import { files } from './files.ts';
import { searches } from './find.ts';
import { gitReaders } from './git.ts';
import { network } from './network.ts';
import { packages } from './packages.ts';
import { readers } from './readers.ts';
import type { Reader } from './reading.ts';
import { editorsOfStreams } from './sed-awk.ts';
import { shells } from './shells.ts';
import { wrappers } from './wrappers.ts';

const all = new Map<string, Reader>(
  [
    builtins,
    wrappers,
    shells,
    files,
    readers,
    searches,
    editorsOfStreams,
    archives,
    network,
    packages,
    gitReaders,
  ].flatMap((group) => Object.entries(group)),
);

const LONGEST_NAME = 40;

/** How to read the arguments of a program, if it is one we know; `python3.12` is `python3`. */
export function readerOf(program: string): Reader | undefined {
  if (program.length > LONGEST_NAME) return undefined;
  return all.get(program) ?? all.get(program.replace(/[-\d.]+$/, ''));
}

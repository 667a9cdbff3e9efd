import type { Stats } from 'node:fs';
import { commandText } from '../../core/command-text.ts';
import { EXIT, ProofError } from '../../core/errors.ts';

/** Why a file cannot be kept as evidence. */
export type FileErrorCode =
  | 'attach.not-found'
  | 'attach.unreadable'
  | 'attach.directory'
  | 'attach.not-a-file'
  | 'attach.read-failed';

/** What opening or reading `path` met, in words. */
export function fileTrouble(path: string, cause: unknown): ProofError<FileErrorCode> {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return fileError(
        'attach.not-found',
        `There is no file ${path}`,
        code === 'ELOOP'
          ? 'its links lead in a circle'
          : 'nothing of that name is there (any more)',
        'ls -l shows what is there; standard input is -',
        cause,
      );
    case 'EACCES':
    case 'EPERM':
      return fileError(
        'attach.unreadable',
        `${path} cannot be read`,
        'this user may not read it',
        `sudo cat ${commandText([path])} | proof attach - --name NAME`,
        cause,
      );
    default:
      return fileError(
        'attach.read-failed',
        `${path} could not be read to its end`,
        message,
        'nothing was attached; try again, or copy the file first',
        cause,
      );
  }
}

/** What stands at `path` is no file whose bytes are there to be read; null where it is one. */
export function notAFile(path: string, stat: Stats): ProofError<FileErrorCode> | null {
  if (stat.isFile()) return null;
  if (stat.isDirectory()) {
    return fileError(
      'attach.directory',
      `${path} is a directory`,
      'an attachment is one file',
      `tar -czf - ${commandText([path])} | proof attach - --name NAME.tar.gz`,
    );
  }
  const what = stat.isFIFO()
    ? 'a pipe (FIFO)'
    : stat.isSocket()
      ? 'a socket'
      : stat.isCharacterDevice() || stat.isBlockDevice()
        ? 'a device'
        : 'of a kind without contents';
  return fileError(
    'attach.not-a-file',
    `${path} is no regular file`,
    `it is ${what}: what it holds is gone once it is read`,
    `proof attach - --name NAME < ${commandText([path])}`,
  );
}

function fileError(
  code: FileErrorCode,
  message: string,
  why: string,
  remedy: string,
  cause?: unknown,
): ProofError<FileErrorCode> {
  return new ProofError({ code, message, why, remedy, exit: EXIT.failed, cause });
}

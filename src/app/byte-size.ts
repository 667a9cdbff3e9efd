import { EXIT, ProofError } from '../core/errors.ts';

/** Bytes of `100kB`, `5GB`, `512MiB`, or a plain number of them. */
export function parseByteSize(text: string, example: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)(i?)b?$/i.exec(text.trim());
  const [, number = '', prefix = '', binary = ''] = match ?? [];
  const base = binary === '' ? 1000 : 1024;
  const bytes = Number(number) * base ** ' kmgt'.indexOf(prefix.toLowerCase() || ' ');
  if (match !== null && Number.isSafeInteger(Math.round(bytes))) return Math.round(bytes);
  throw new ProofError({
    code: 'usage.bad-value',
    message: `"${text}" is not a size`,
    why: 'a size is a number of bytes, or one with kB, MB, GB or TB',
    remedy: `for example ${example}`,
    exit: EXIT.usage,
  });
}

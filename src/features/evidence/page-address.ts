import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { readAddress } from './address.ts';

/**
 * The page somebody means: an address, or a file that is there under that name.
 *
 * @throws ProofError `address.…`
 */
export function pageAddress(text: string, absolute: (path: string) => string): URL {
  const path = absolute(text);
  if (!/^[a-z]+:\/\//i.test(text) && statSync(path, { throwIfNoEntry: false })?.isFile())
    return pathToFileURL(path);
  return readAddress(text, ['http:', 'https:', 'file:'], 'proof shot http://localhost:3000');
}

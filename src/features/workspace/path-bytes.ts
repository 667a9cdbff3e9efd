/**
 * File names are bytes on Linux, and not every one is UTF-8. Inside, a path is a string in which a
 * byte that is no UTF-8 stands as a lone surrogate, U+DC00 + byte (PEP 383); such a string is not
 * well-formed, so it can never be mistaken for a name that is.
 */
export function pathFromBytes(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  if (!text.includes('\ufffd') || Buffer.from(text, 'utf8').equals(bytes)) return text;
  let path = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    path +=
      length === 0
        ? String.fromCharCode(0xdc00 + (bytes[at] as number))
        : Buffer.from(bytes.subarray(at, at + length)).toString('utf8');
    at += Math.max(1, length);
  }
  return path;
}

export function pathToBytes(path: string): Buffer {
  if (path.isWellFormed()) return Buffer.from(path, 'utf8');
  const parts = [...path].map((char) => {
    const code = char.charCodeAt(0);
    return char.length === 1 && code >= 0xdc00 && code <= 0xdcff
      ? Buffer.from([code - 0xdc00])
      : Buffer.from(char, 'utf8');
  });
  return Buffer.concat(parts);
}

/** What Node's file functions take for it: a string where they can say it, else its bytes. */
export function systemPath(path: string): string | Buffer {
  return path.isWellFormed() ? path : pathToBytes(path);
}

/** A path as entries name it: well-formed, and its bytes beside it where that loses some. */
export function storedPath(path: string): { path: string; bytes?: string } {
  if (path.isWellFormed()) return { path };
  const shown = [...path]
    .map((char) => {
      const code = char.charCodeAt(0);
      const lone = char.length === 1 && code >= 0xdc00 && code <= 0xdcff;
      return lone ? `\\x${(code - 0xdc00).toString(16).padStart(2, '0')}` : char;
    })
    .join('');
  return { path: shown, bytes: pathToBytes(path).toString('base64') };
}

/** The path an entry names. */
export function pathOf({ path, bytes }: { path: string; bytes?: string | undefined }): string {
  return bytes === undefined ? path : pathFromBytes(Buffer.from(bytes, 'base64'));
}

/** Bytes of the UTF-8 sequence that begins at `at`, RFC 3629; 0 where none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead < 0xe0
      ? 2
      : lead >= 0xe0 && lead < 0xf0
        ? 3
        : lead >= 0xf0 && lead < 0xf5
          ? 4
          : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  const piece = Buffer.from(bytes.subarray(at, at + length));
  return Buffer.from(piece.toString('utf8'), 'utf8').equals(piece) ? length : 0;
}

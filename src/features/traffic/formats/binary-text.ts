/** Binary text (one character a byte) as people read it; bytes that are no UTF-8 stand as `\xNN`. */
export function shownText(binary: string): string {
  if (isAscii(binary)) return binary;
  const bytes = Buffer.from(binary, 'latin1');
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  return Buffer.from(text, 'utf8').equals(bytes)
    ? text
    : binary.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** Text as binary text. */
export function toBinary(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** A copy that does not hold on to the block it was cut from. */
export function detached(binary: string): string {
  return binary.length < 13 ? binary : Buffer.from(binary, 'latin1').toString('latin1');
}

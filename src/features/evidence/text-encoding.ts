/** How the first bytes of something read: as text in one of three encodings, or not as text. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * Looks at the beginning of a file. Text is what decodes and has no control characters but those
 * that logs and terminals use; null is anything else. `whole`: there is nothing after it.
 */
export function textEncoding(head: Uint8Array, whole: boolean): Encoding | null {
  if (head[0] === 0xff && head[1] === 0xfe && !(head[2] === 0 && head[3] === 0)) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head.includes(0)) return utf16WithoutMark(head);
  return isUtf8Text(head, whole) ? 'utf-8' : null;
}

/** ASCII in UTF-16 has a zero in every other byte, and on one side only. */
function utf16WithoutMark(head: Uint8Array): Encoding | null {
  const sample = head.subarray(0, SAMPLE - (SAMPLE % 2));
  const pairs = Math.floor(sample.length / 2);
  if (pairs < 4) return null;
  let even = 0;
  let odd = 0;
  for (let i = 0; i + 1 < sample.length; i += 2) {
    if (sample[i] === 0) even++;
    if (sample[i + 1] === 0) odd++;
  }
  const [encoding, zeros, others]: [Encoding, number, number] =
    odd > even ? ['utf-16le', odd, even] : ['utf-16be', even, odd];
  if (others > 0 || zeros < pairs * 0.6) return null;
  const text = new TextDecoder(encoding).decode(sample);
  return CONTROL.test(text) ? null : encoding;
}

function isUtf8Text(head: Uint8Array, whole: boolean): boolean {
  try {
    // A sequence cut off by the end of what was looked at is no fault.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !whole });
    return !CONTROL.test(text);
  } catch {
    return isLatin1Text(head);
  }
}

/** Old logs: mostly ASCII, some letters above it. They are kept as they are. */
function isLatin1Text(head: Uint8Array): boolean {
  let high = 0;
  for (const byte of head) {
    if (byte >= 0x80 && byte < 0xa0) return false;
    if (byte >= 0xa0) high++;
    else if (byte < 0x20 && !ALLOWED.has(byte)) return false;
  }
  return head.length > 0 && high < head.length * 0.3;
}

/** Tab, line ends, form feed, backspace, bell and escape are in logs; the others in binary files. */
const ALLOWED = new Set([7, 8, 9, 10, 11, 12, 13, 27]);
const CONTROL = /[\u0000-\u0006\u000e-\u001a\u001c-\u001f]/;
const SAMPLE = 4096;

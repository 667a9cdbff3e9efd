/** Longer texts are asked about: judging must not take longer than reading. UTF-16 units. */
export const LONGEST_TEXT = 16_384;

/** How many commands one text may unfold into. */
export const MOST_STEPS = 1500;

/** Why a text should not be judged at all, or null. */
export function troubleWith(text: string): string | null {
  if (text.length > LONGEST_TEXT) return `it is longer than ${LONGEST_TEXT} characters`;
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text)) return 'it holds control characters';
  if (/[\u00a0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb]|\udb40/.test(text)) {
    return 'it holds characters that cannot be seen, or pass for a space';
  }
  if (!text.isWellFormed()) return 'it is not well-formed text';
  return null;
}

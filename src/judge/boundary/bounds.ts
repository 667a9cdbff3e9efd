/** Longer texts are asked about: judging must not take longer than reading. UTF-16 units. */
export const LONGEST_TEXT = 10_000;

/** How much text may be parsed for one decision: the text itself, and what is inside, again. */
export const MOST_CHARACTERS = 2 * LONGEST_TEXT;

/** How many commands, files and words one text may unfold into. */
export const MOST_STEPS = 300;

const MOST_HEREDOCS = 100;

/** Why a text should not be judged at all, or null. */
export function troubleWith(text: string): string | null {
  if (text.length > LONGEST_TEXT) return `it is longer than ${LONGEST_TEXT} characters`;
  if (isTooMuch(text)) return 'it holds too many here-documents';
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text)) return 'it holds control characters';
  if (
    /[\u00a0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb]|\udb40/.test(
      text,
    )
  ) {
    return 'it holds characters that cannot be seen, or pass for a space';
  }
  if (!text.isWellFormed()) return 'it is not well-formed text';
  return null;
}

/** True for what is not even parsed: the parser's work grows with the square of here-documents. */
export function isTooMuch(text: string): boolean {
  return text.length > LONGEST_TEXT || (text.match(/<</g)?.length ?? 0) > MOST_HEREDOCS;
}

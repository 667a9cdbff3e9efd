/**
 * Text from evidence, made safe to show: control characters and what reorders text are written
 * out, so that recorded output can neither repaint a terminal nor pass for something else.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (char) => NAMES[char] ?? `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** The same for one line of a table: line ends are written out too. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** C0 but tab and LF, DEL, C1, line separators, and the bidirectional controls (CVE-2021-42574). */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const NAMES: Readonly<Record<string, string>> = { '\r': '\\r', '\u001b': '\\e', '\u0000': '\\0' };

/** Cut to `width` characters with an ellipsis; null cuts nothing. */
export function cut(text: string, width: number | null): string {
  if (width === null || text.length <= width) return text;
  return width <= 1 ? text.slice(0, Math.max(0, width)) : `${text.slice(0, width - 1)}…`;
}

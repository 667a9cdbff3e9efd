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

/**
 * C0 but tab and LF, DEL, C1, line separators, the bidirectional controls (CVE-2021-42574), what
 * takes no room (but the joiners that scripts and emoji need), and the tag characters, in which a
 * whole text can hide.
 */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const NAMES: Readonly<Record<string, string>> = { '\r': '\\r', '\u001b': '\\e', '\u0000': '\\0' };

/** Cut to `width` characters with an ellipsis; null cuts nothing. */
export function cut(text: string, width: number | null): string {
  if (width === null || text.length <= width) return text;
  const end = width <= 1 ? Math.max(0, width) : width - 1;
  // Half a surrogate pair is no character.
  const head = text.slice(0, end).replace(/[\ud800-\udbff]$/, '');
  return width <= 1 ? head : `${head}…`;
}

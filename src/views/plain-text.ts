/**
 * Output as a person would have seen it: escape sequences (ECMA-48) gone, a line that was
 * overwritten or erased after a carriage return as it looked at its end, backspaces done.
 *
 * Full-screen programs paint; their text has no order, and comes out as what was painted. The
 * rest of the control characters stay for whoever shows the text to write out. One pass over the
 * output, as it may be hostile.
 */
export function plainText(output: string): string {
  const erasures = (sequence: string) => ERASURES[sequence] ?? '';
  return output.replace(SEQUENCES, erasures).split('\n').map(settle).join('\n');
}

/**
 * CSI, OSC/DCS/SOS/PM/APC strings up to BEL or ST, and two-character escapes. An unfinished
 * string ends at the line: it must not swallow the rest.
 */
const SEQUENCES =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|[ -/]*[0-Z\\^-~])|\u009b[0-?]*[ -/]*[@-~]/g;

/** Progress is mostly drawn with these two, so they are kept until their line is settled. */
const ERASE_TO_END = '\u001b[K';
const ERASE_LINE = '\u001b[2K';
const ERASURES: Readonly<Record<string, string>> = {
  '\u001b[K': ERASE_TO_END,
  '\u001b[0K': ERASE_TO_END,
  '\u001b[2K': ERASE_LINE,
};

/** One line after its carriage returns, erasures and backspaces. */
function settle(line: string): string {
  if (!/[\r\u0008]|\u001b\[2?K/.test(line)) return line;
  // Of each column the last part that reached it is seen, so parts are laid from the last one on.
  let shown = '';
  for (const part of line.split('\r').reverse()) {
    const written = writtenIn(part);
    if (written.length > shown.length) shown += written.slice(shown.length);
    // It began at the first column, so what it erased is all that stood there before it.
    if (part.includes(ERASE_TO_END) || part.includes(ERASE_LINE)) break;
  }
  return shown;
}

function writtenIn(part: string): string {
  const erased = part.lastIndexOf(ERASE_LINE);
  const before = withoutBackspaces(part.slice(0, Math.max(0, erased)));
  const after = withoutBackspaces(erased < 0 ? part : part.slice(erased + ERASE_LINE.length));
  return after === '' ? '' : ' '.repeat(before.length) + after;
}

function withoutBackspaces(text: string): string {
  const plain = text.replaceAll(ERASE_TO_END, '').replaceAll(ERASE_LINE, '');
  if (!plain.includes('\b')) return plain;
  const kept: string[] = [];
  for (const char of plain) {
    if (char === '\b') kept.pop();
    else kept.push(char);
  }
  return kept.join('');
}

/**
 * Output as a person would have seen it: escape sequences (ECMA-48) gone, a line that was
 * overwritten after a carriage return as it looked at its end, backspaces done.
 *
 * Full-screen programs paint; their text has no order, and comes out as what was painted. The
 * rest of the control characters stay for whoever shows the text to write out.
 */
export function plainText(output: string): string {
  return output.replace(SEQUENCES, '').split('\n').map(settle).join('\n');
}

/**
 * CSI, OSC/DCS/SOS/PM/APC strings up to BEL or ST, and two-character escapes. An unfinished
 * string ends at the line: it must not swallow the rest.
 */
const SEQUENCES =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|[ -/]*[0-Z\\^-~])|\u009b[0-?]*[ -/]*[@-~]/g;

/** One line after its carriage returns and backspaces, in one pass over it: it may be hostile. */
function settle(line: string): string {
  if (!line.includes('\r') && !line.includes('\b')) return line;
  // Of each column the last part that reached it is seen, so parts are laid from the last one on.
  let shown = '';
  for (const part of line.split('\r').reverse()) {
    const written = withoutBackspaces(part);
    if (written.length > shown.length) shown += written.slice(shown.length);
  }
  return shown;
}

function withoutBackspaces(part: string): string {
  if (!part.includes('\b')) return part;
  const kept: string[] = [];
  for (const char of part) {
    if (char === '\b') kept.pop();
    else kept.push(char);
  }
  return kept.join('');
}

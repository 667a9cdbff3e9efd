/** How many strings of one piece of code are looked at. */
const MANY = 40;

/**
 * What the string literals of code in any language spell out: each by itself, and the ones that
 * stand in a row as the words of one command (`["rm", "-rf", "x"]`).
 */
export function stringsInCode(code: string): { texts: string[]; commands: string[] } {
  const texts: string[] = [];
  const commands: string[] = [];
  let row: string[] = [];
  let end = 0;
  const flush = () => {
    if (row.length > 1) commands.push(row.map(quoted).join(' '));
    row = [];
  };
  for (const found of code.matchAll(
    /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|(?:%[xqw]?|\bq[qwx]?\s*)[{([<]([^\]})>]*)[\]})>]/gs,
  )) {
    if (texts.length >= MANY) break;
    const text = (found[1] ?? found[2] ?? found[3] ?? found[4] ?? '').replace(/\\(.)/gs, '$1');
    if (!/^[\s,[(]*$/.test(code.slice(end, found.index))) flush();
    end = found.index + found[0].length;
    texts.push(text);
    if (text.length > 1) commands.push(text);
    row.push(text);
  }
  flush();
  return { texts, commands };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

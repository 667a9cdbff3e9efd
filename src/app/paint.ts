/**
 * Colours and widths of one output. The command line makes it once from the terminal, `NO_COLOR`
 * and `--color`; printers only say what a thing is.
 */
export interface Paint {
  /** Width to fill; null where the output is no terminal: then nothing is cut. */
  columns: number | null;
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

export function painter(colour: boolean, columns: number | null): Paint {
  const sgr = (on: number, off: number) => (text: string) =>
    colour && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    columns,
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    good: sgr(32, 39),
    bad: sgr(31, 39),
    warn: sgr(33, 39),
  };
}

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

/**
 * Prose in lines of at most `columns`, each but the first after `indent`; the first is taken to
 * start in the same column, behind a label. Null leaves it as it is.
 */
export function wrap(text: string, columns: number | null, indent: string): string {
  const room = columns === null ? Number.POSITIVE_INFINITY : columns - indent.length;
  const lines = text.split('\n').flatMap((paragraph) => {
    const broken: string[] = [];
    for (const word of paragraph.split(' ')) {
      const line = broken.at(-1);
      if (line === undefined || line.length + 1 + word.length > room) broken.push(word);
      else broken[broken.length - 1] = `${line} ${word}`;
    }
    return broken;
  });
  return lines.join(`\n${indent}`);
}

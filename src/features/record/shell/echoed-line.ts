/**
 * What stands on the screen behind a prompt, from what a line editor wrote there: enough of a
 * terminal to follow readline. It serves to make sure of a line that the shell cannot tell us, so
 * it gives up (null) on anything it does not know rather than guess.
 */
export class EchoedLine {
  readonly #columns: number;
  #rows: string[][] = [[]];
  #row = 0;
  #column = 0;
  #origin: { row: number; column: number } | null = null;
  #lost = false;
  #bytes = 0;
  #unread = '';
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** The prompt ends here; again when it is drawn anew. */
  begins(): void {
    this.#origin = { row: 0, column: this.#column };
    this.#rows = [[]];
    this.#row = 0;
    this.#lost = false;
  }

  feed(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.#bytes > MOST_BYTES) this.#lost = true;
    if (this.#lost && this.#origin === null) this.#lost = false;
    const text = this.#unread + this.#decoder.decode(bytes, { stream: true });
    this.#unread = '';
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
      const [all, csi, final, , open] = match;
      if (open !== undefined) this.#unread = all.slice(0, MOST_UNREAD);
      else if (final !== undefined) this.#control(csi ?? '', final);
      else if (all.length === 1 || !all.startsWith('\u001b')) this.#put(all);
    }
  }

  /** The text typed at the prompt, or null where it cannot be told. */
  text(): string | null {
    if (this.#lost || this.#origin === null) return null;
    const rows = this.#rows.map((cells) => cells.map((cell) => cell ?? ' ').join(''));
    rows[0] = (this.#rows[0] ?? [])
      .slice(this.#origin.column)
      .map((cell) => cell ?? ' ')
      .join('');
    return rows.join('\n').trimEnd();
  }

  #put(char: string): void {
    if (char === '\r') this.#column = 0;
    else if (char === '\n') this.#down();
    else if (char === '\b') this.#column = Math.max(0, Math.min(this.#column, this.#columns) - 1);
    else if (char < ' ' || char === '\u007f') return;
    else {
      const width = widthOf(char);
      const cells = this.#cells();
      if (width === 0) {
        if (this.#column > 0) cells[this.#column - 1] += char;
        return;
      }
      // The margin is passed only by the next character, as terminals with `xenl` do.
      if (this.#column + width > this.#columns) {
        this.#column = 0;
        this.#down();
      }
      const row = this.#cells();
      while (row.length < this.#column) row.push(' ');
      row[this.#column] = char;
      if (width === 2) row[this.#column + 1] = '';
      this.#column += width;
    }
  }

  #control(parameters: string, final: string): void {
    const count = Math.max(1, Number.parseInt(parameters, 10) || 0);
    const kind = Number.parseInt(parameters, 10) || 0;
    const cells = this.#cells();
    const column = Math.min(this.#column, this.#columns - 1);
    switch (final) {
      case 'A':
        this.#row -= count;
        this.#lost ||= this.#row < 0;
        this.#row = Math.max(0, this.#row);
        return;
      case 'B':
        for (let i = 0; i < Math.min(count, MOST_ROWS); i++) this.#down();
        return;
      case 'C':
        this.#column = Math.min(this.#columns - 1, this.#column + count);
        return;
      case 'D':
        this.#column = Math.max(0, column - count);
        return;
      case 'G':
        this.#column = Math.min(this.#columns, count) - 1;
        return;
      case 'K':
        if (kind === 0) cells.length = Math.min(cells.length, this.#column);
        else this.#lost = true;
        return;
      case 'J':
        if (kind === 0) {
          cells.length = Math.min(cells.length, this.#column);
          this.#rows.length = this.#row + 1;
        } else this.#lost = true;
        return;
      case 'P':
        cells.splice(column, count);
        return;
      case '@':
        while (cells.length < column) cells.push(' ');
        cells.splice(column, 0, ...new Array<string>(Math.min(count, this.#columns)).fill(' '));
        cells.length = Math.min(cells.length, this.#columns);
        return;
      case 'm':
      case 'h':
      case 'l':
      case 'q':
      case 'u':
        // Colours, modes, cursor shapes, key protocols: nothing moves.
        return;
      default:
        this.#lost = true;
    }
  }

  #down(): void {
    this.#row++;
    if (this.#row > MOST_ROWS) {
      this.#lost = true;
      this.#row = 0;
    }
    while (this.#rows.length <= this.#row) this.#rows.push([]);
  }

  #cells(): string[] {
    return this.#rows[this.#row] as string[];
  }
}

/**
 * A control sequence (its parameters and final byte); an operating system command; a sequence that
 * is not whole yet; another escape; a character.
 */
const TOKEN =
  /\u001b\[([0-?]*)[ -/]*([@-~])|(\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\))|(\u001b(?:\[[0-?]*[ -/]*|\][^\u0007\u001b]*\u001b?)?$)|\u001b[ -/]*[0-~]|[\s\S]/gu;

const MOST_BYTES = 64 * 1024;
const MOST_ROWS = 200;
const MOST_UNREAD = 4096;

function widthOf(char: string): 0 | 1 | 2 {
  if (/^\p{M}|\u200d|\ufe0f$/u.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}/u;

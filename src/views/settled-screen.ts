import { plainText } from './plain-text.ts';

/**
 * Output of programs that draw over lines they had already written, as it stood on the screen in the
 * end: test runners count up in a block of lines that they take back each time. What has scrolled
 * off the screen stays; what nothing drew over stays too, and a clearing of the whole screen counts
 * as the beginning of a new one.
 *
 * Text that moves no cursor up goes the shorter way of `plainText`, and so does what is too long to
 * be followed cell by cell.
 */
export function settledScreen(text: string, size: Partial<ScreenSize> = {}): string {
  if (!MOVES.test(text) || text.length > MOST_FOLLOWED) return plainText(text);
  const columns = Math.min(size.columns || WIDEST, WIDEST);
  const screen = new Screen(columns, size.rows || MOST_ROWS);
  for (const match of text.matchAll(PIECES)) {
    const [piece, parameters, final] = match;
    if (final !== undefined) screen.control(final, parameters ?? '');
    else if (piece === '\n') screen.newLine();
    else if (piece === '\r') screen.column = 0;
    else if (piece === '\b') screen.column = Math.max(0, screen.column - 1);
    else if (!piece.startsWith('\u001b') && !piece.startsWith('\u009b')) screen.write(piece);
  }
  return screen.text();
}

export interface ScreenSize {
  columns: number;
  rows: number;
}

/** Cursor up, or to the beginning of a line above. */
const MOVES = /\u001b\[\d*[AF]/;
const PIECES =
  /\u001b\[([0-?]*)[ -/]*([@-~])|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-Z\\^-~]?|[\n\r\b]|[^\u001b\n\r\b]+/g;
const MOST_FOLLOWED = 16 * 1024 * 1024;
const WIDEST = 500;
const MOST_ROWS = 500;

/** Lines as cells; a line that went on because it was too wide is one line with the next. */
interface Row {
  cells: string[];
  goesOn: boolean;
}

class Screen {
  column = 0;
  readonly #columns: number;
  readonly #height: number;
  readonly #rows: Row[] = [{ cells: [], goesOn: false }];
  #row = 0;

  constructor(columns: number, height: number) {
    this.#columns = columns;
    this.#height = height;
  }

  write(text: string): void {
    for (const char of text) {
      if (this.column >= this.#columns) {
        this.#current().goesOn = true;
        this.newLine();
      }
      const { cells } = this.#current();
      while (cells.length < this.column) cells.push(' ');
      cells[this.column++] = char;
    }
  }

  newLine(): void {
    this.#row++;
    if (this.#row === this.#rows.length) this.#rows.push({ cells: [], goesOn: false });
    this.column = 0;
  }

  control(final: string, parameters: string): void {
    const count = Math.max(1, Math.min(Number.parseInt(parameters, 10) || 1, MOST_ROWS));
    switch (final) {
      case 'A':
        this.#up(count);
        break;
      case 'F':
        this.#up(count);
        this.column = 0;
        break;
      case 'B':
      case 'E':
        for (let i = 0; i < count && this.#row < this.#rows.length - 1; i++) this.#row++;
        if (final === 'E') this.column = 0;
        break;
      case 'C':
        this.column = Math.min(this.column + count, this.#columns - 1);
        break;
      case 'D':
        this.column = Math.max(0, this.column - count);
        break;
      case 'G':
        this.column = Math.min(count, this.#columns) - 1;
        break;
      case 'K':
        this.#eraseLine(parameters);
        break;
      case 'J':
        this.#eraseBelow(parameters);
        break;
      case 'H':
        this.#freshLine();
        break;
    }
  }

  text(): string {
    let text = '';
    for (const { cells, goesOn } of this.#rows) {
      text += goesOn ? cells.join('') : `${cells.join('').trimEnd()}\n`;
    }
    return text.replace(/\n+$/, '\n');
  }

  /** No higher than the top of what a screen of this height shows. */
  #up(count: number): void {
    const top = Math.max(0, this.#rows.length - this.#height);
    this.#row = Math.max(Math.min(top, this.#row), this.#row - count);
  }

  #eraseLine(parameters: string): void {
    const row = this.#current();
    row.goesOn = false;
    if (parameters === '2') row.cells.length = 0;
    else if (parameters === '1') row.cells.fill(' ', 0, this.column + 1);
    else row.cells.length = Math.min(row.cells.length, this.column);
  }

  #eraseBelow(parameters: string): void {
    if (parameters === '2' || parameters === '3') {
      this.#freshLine();
      return;
    }
    if (parameters === '1') return;
    this.#eraseLine('');
    this.#rows.length = this.#row + 1;
  }

  #freshLine(): void {
    this.#row = this.#rows.length - 1;
    if (this.#current().cells.length > 0) this.newLine();
    this.column = 0;
  }

  #current(): Row {
    return this.#rows[this.#row] as Row;
  }
}

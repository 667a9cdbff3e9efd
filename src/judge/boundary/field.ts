/**
 * One word of a command after expansion, as far as the text tells it: characters that are certain,
 * wildcards that stand for names of files, and what only the run itself would know.
 */
export interface Field {
  readonly pieces: readonly Piece[];
  /** An unquoted expansion nobody can read: it may become several words, or none. */
  readonly splits: boolean;
}

export type Piece = string | Wild | Unknown;

/** A wildcard outside quotes: `*`, `?`, or a bracket expression. Never matches a slash. */
export interface Wild {
  readonly wild: string;
}

/** What the text does not tell. */
export interface Unknown {
  readonly unknown: string;
  /**
   * `digits`: a number. `below`: a file that a search finds below what is written before it.
   * Neither can be an option, or lead elsewhere.
   */
  readonly tame?: 'digits' | 'below';
}

export function exactField(text: string): Field {
  return { pieces: [text], splits: false };
}

export function unknownField(why: string, splits = false): Field {
  return { pieces: [{ unknown: why }], splits };
}

/** The word's characters where all of them are certain, else null. */
export function exactText(field: Field | undefined): string | null {
  if (!field) return null;
  let text = '';
  for (const piece of field.pieces) {
    if (typeof piece !== 'string') return null;
    text += piece;
  }
  return text;
}

/** The certain characters before the first wildcard or unknown. */
export function certainStart(field: Field): string {
  let text = '';
  for (const piece of field.pieces) {
    if (typeof piece !== 'string') break;
    text += piece;
  }
  return text;
}

/** Why the word cannot be read, or null: a wildcard can. */
export function unknownIn(field: Field): Unknown | null {
  for (const piece of field.pieces) {
    if (typeof piece !== 'string' && 'unknown' in piece) return piece;
  }
  return null;
}

/** True where the word could be an option that nobody sees, or could become several words. */
export function mayHideOption(field: Field): boolean {
  const unknown = unknownIn(field);
  if (!unknown || unknown.tame) return false;
  const start = certainStart(field);
  return field.splits || start === '' || start.startsWith('-');
}

/** For people: what is certain, wildcards as written, `…` for the rest. */
export function shown(field: Field): string {
  return field.pieces
    .map((piece) => (typeof piece === 'string' ? piece : 'wild' in piece ? piece.wild : '…'))
    .join('');
}

/** The field from its `from`-th certain character on; null where that many are not certain. */
export function fieldAfter(field: Field, from: number): Field | null {
  let rest = from;
  for (const [index, piece] of field.pieces.entries()) {
    if (rest === 0) return { ...field, pieces: field.pieces.slice(index) };
    if (typeof piece !== 'string') return null;
    if (piece.length > rest) {
      return { ...field, pieces: [piece.slice(rest), ...field.pieces.slice(index + 1)] };
    }
    rest -= piece.length;
  }
  return rest === 0 ? { ...field, pieces: [''] } : null;
}

/** Two fields as one word. */
export function joined(...fields: readonly Field[]): Field {
  const pieces: Piece[] = [];
  for (const piece of fields.flatMap((field) => field.pieces)) {
    const last = pieces.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') {
      pieces[pieces.length - 1] = last + piece;
    } else pieces.push(piece);
  }
  return { pieces, splits: fields.some((field) => field.splits) };
}

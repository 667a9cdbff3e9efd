import { failurePlace } from './failure-place.ts';
import { MessageLines } from './text-lines.ts';

/** What the YAML under a test point says, as far as it is of use here. */
export interface TapDiagnostic {
  /** Node says whether a point is a `test` or only a `suite` of them. */
  type?: string;
  durationMicros?: number;
  message?: string;
  place?: { file: string; line: number };
}

/** Gathers the lines between `---` and `...`, of which YAML we need no more than some plain keys. */
export class TapDiagnosticLines {
  readonly #values = new Map<string, string>();
  /** A block after `key: |-`, until a line that is indented no deeper than the key. */
  #block: { key: string; indent: number; lines: MessageLines } | null = null;

  add(line: string): void {
    const indent = line.search(/\S/);
    if (this.#block !== null) {
      if (indent < 0 || indent > this.#block.indent) {
        this.#block.lines.add(line);
        return;
      }
      this.#endBlock();
    }
    const [, key, value] = /^\s*([A-Za-z_]{1,30}):\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined || this.#values.has(key)) return;
    if (/^[|>][-+]?\s*$/.test(value)) this.#block = { key, indent, lines: new MessageLines() };
    else if (this.#values.size < MOST_KEYS) this.#values.set(key, unquoted(value));
  }

  read(): TapDiagnostic {
    this.#endBlock();
    const of = (key: string) => this.#values.get(key) ?? '';
    const diagnostic: TapDiagnostic = {};
    if (of('type') !== '') diagnostic.type = of('type');
    const ms = Number(of('duration_ms'));
    if (of('duration_ms') !== '' && ms >= 0 && ms < 1e10) {
      diagnostic.durationMicros = Math.round(ms * 1_000);
    }
    const said = of('error') || of('message') || (of('operator') === '' ? '' : expectation(of));
    const message = [said, of('stack')].filter((part) => part !== '').join('\n');
    if (message !== '') diagnostic.message = message;
    const place =
      failurePlace(of('stack')) ?? failurePlace(of('at')) ?? failurePlace(of('location'));
    if (place !== null) diagnostic.place = place;
    return diagnostic;
  }

  #endBlock(): void {
    if (this.#block === null) return;
    this.#values.set(this.#block.key, this.#block.lines.take());
    this.#block = null;
  }
}

const MOST_KEYS = 40;

function expectation(of: (key: string) => string): string {
  return `${of('operator')}: expected ${of('expected')}, got ${of('actual')}`;
}

function unquoted(value: string): string {
  const text = value.trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== '"' && quote !== "'") || !text.endsWith(quote)) {
    // A string that goes on in the next line: its first line tells enough.
    return quote === '"' || quote === "'" ? text.slice(1) : text;
  }
  const inner = text.slice(1, -1);
  return quote === "'"
    ? inner.replaceAll("''", "'")
    : inner.replaceAll('\\"', '"').replaceAll('\\n', '\n');
}

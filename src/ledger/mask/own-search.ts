import { MIN_OWN, ownForms } from './own-forms.ts';
import type { OwnValue } from './own-values.ts';
import { RANK, type Span } from './span.ts';

/**
 * Finds every form of every own value in one pass (Wu and Manber's multi-pattern search over byte
 * pairs): it skips up to 7 bytes at a time and does not slow down with the number of secrets,
 * where a regex of sixty values and their forms would.
 */
export class OwnSearch {
  readonly longest: number;
  readonly #shifts: Uint8Array | undefined;
  readonly #buckets = new Map<number, Form[]>();

  constructor(values: readonly OwnValue[]) {
    const forms = formsOf(values);
    this.longest = forms[0]?.text.length ?? 0;
    if (forms.length === 0) return;
    const shifts = new Uint8Array(65536).fill(BLOCK - 1);
    for (const form of forms) {
      for (let i = 1; i < BLOCK; i++) {
        const pair = form.text.charCodeAt(i - 1) | (form.text.charCodeAt(i) << 8);
        shifts[pair] = Math.min(shifts[pair]!, BLOCK - 1 - i);
        if (i < BLOCK - 1) continue;
        const bucket = this.#buckets.get(pair);
        if (bucket) bucket.push(form);
        else this.#buckets.set(pair, [form]);
      }
    }
    this.#shifts = shifts;
  }

  /** Every span at or after `from`; `text` is `bytes` as latin1. */
  find(bytes: Uint8Array, text: string, from: number): Span[] {
    const shifts = this.#shifts;
    const spans: Span[] = [];
    if (shifts === undefined) return spans;
    const length = bytes.length;
    let at = from + BLOCK - 1;
    while (at < length) {
      const pair = bytes[at - 1]! | (bytes[at]! << 8);
      const shift = shifts[pair]!;
      if (shift !== 0) {
        at += shift;
        continue;
      }
      const start = at - BLOCK + 1;
      const form = this.#buckets.get(pair)?.find(({ text: own }) => text.startsWith(own, start));
      if (form === undefined) {
        at++;
        continue;
      }
      const to = start + form.text.length;
      spans.push({ start, from: start, to, kind: form.kind, rank: RANK.own, secret: form.secret });
      at = to + BLOCK - 1;
    }
    return spans;
  }
}

interface Form {
  text: string;
  kind: string;
  /** The value itself as latin1, so that all its forms carry one label. */
  secret: string;
}

/** All forms are at least this long, so the first bytes of each decide how far to skip. */
const BLOCK = MIN_OWN;

/** Longest first: of two forms beginning together, the longer leaves nothing behind. */
function formsOf(values: readonly OwnValue[]): Form[] {
  const forms = new Map<string, Form>();
  for (const { name, value } of values) {
    const kind = `own-${name.replace(/[^\w.-]/g, '_').slice(0, 40)}`;
    const secret = Buffer.from(value, 'utf8').toString('latin1');
    for (const text of ownForms(value)) {
      if (!forms.has(text)) forms.set(text, { text, kind, secret });
    }
  }
  return [...forms.values()].sort((a, b) => b.text.length - a.text.length);
}

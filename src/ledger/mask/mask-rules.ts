import { createHmac } from 'node:crypto';
import { scanAnchors } from './anchor-scan.ts';
import { OwnSearch } from './own-search.ts';
import type { OwnValue } from './own-values.ts';
import { mergeSpans, type Span } from './span.ts';

/** Compiled once per process; what only some commands need is built on first use. */
export interface MaskRules {
  /** The rule set, recorded with the evidence so that a reader knows what was looked for. */
  readonly version: string;
  /** How much of a line without end is looked at together; a secret up to half of it is found. */
  readonly window: number;
  /** The secrets at or after `from`, sorted and disjoint; `text` is `bytes` as latin1. */
  find(bytes: Uint8Array, text: string, from: number, known?: Span[]): Span[];
  /** `[REDACTED:kind:hmac8]`, as latin1. */
  label(kind: string, secret: string): string;
  /** From here on also these: secrets that came with the call at hand. For streams begun after it. */
  also(values: readonly OwnValue[]): void;
}

/**
 * `hmacKey` is the ledger's: equal secrets get equal labels within it, and without it nobody can
 * try passwords against a label.
 */
export function compileMaskRules(options: {
  hmacKey: Uint8Array;
  ownValues: readonly OwnValue[];
}): MaskRules {
  const hashes = new Map<string, string>();
  const ownValues = [...options.ownValues];
  let compiled: OwnSearch | undefined;
  const own = () => (compiled ??= new OwnSearch(ownValues));
  return {
    version: '1',
    get window() {
      return Math.max(MIN_WINDOW, 2 * own().longest);
    },
    find(bytes, text, from, known = []) {
      return mergeSpans([
        ...known,
        ...own().find(bytes, text, from),
        ...scanAnchors(bytes, text, from),
      ]);
    },
    label(kind, secret) {
      let hash = hashes.get(secret);
      if (hash === undefined) {
        hash = createHmac('sha256', options.hmacKey)
          .update(secret, 'latin1')
          .digest('hex')
          .slice(0, 8);
        // Bounded: a stream of ever new secrets must not fill the memory.
        if (hashes.size >= MAX_HASHES) hashes.clear();
        hashes.set(secret, hash);
      }
      return `[REDACTED:${kind}:${hash}]`;
    },
    also(values) {
      ownValues.push(...values);
      compiled = undefined;
    },
  };
}

const MIN_WINDOW = 16 * 1024;
const MAX_HASHES = 1000;

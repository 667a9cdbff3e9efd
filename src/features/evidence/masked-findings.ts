import type { MaskRules } from '../../ledger/mask/mask-rules.ts';
import type { Seen } from './browser-machine.ts';
import { maskedTogether } from './masked-together.ts';

/** What a page said, masked before it is cut, sorted or written as JSON. */
export interface MaskedFindings extends Seen {
  /** Rules and hits. */
  struck: { console: ReadonlyMap<string, number>; requests: ReadonlyMap<string, number> };
}

export function maskedFindings(rules: MaskRules, seen: Seen): MaskedFindings {
  const texts = maskedTogether(
    rules,
    seen.console.map(({ text }) => text),
  );
  const places = maskedTogether(
    rules,
    seen.console.map(({ url }) => url ?? ''),
  );
  const urls = maskedTogether(
    rules,
    seen.failed.map(({ url }) => url),
  );
  return {
    ...seen,
    console: seen.console.map((line, i) => ({
      ...line,
      text: texts.texts[i] as string,
      ...(line.url === undefined ? {} : { url: places.texts[i] as string }),
    })),
    failed: seen.failed.map((request, i) => ({ ...request, url: urls.texts[i] as string })),
    struck: { console: texts.counts, requests: urls.counts },
  };
}

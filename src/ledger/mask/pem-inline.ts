import type { Rule } from './patterns.ts';
import { RANK } from './span.ts';

/**
 * A private key within one line: in JSON, its line ends written `\n`, in a URL, or bare. Keys over
 * several lines are `pem-block.ts`.
 *
 * A BEGIN without its END on the line (a cut line, a key longer than the window) still loses the
 * base64 right behind it. BEGIN and END with code between them are not a key.
 */
export function inlinePem(): Rule {
  return {
    starts: ['-----BEGIN'],
    gramAt: 4,
    match(text, at) {
      const begin = beginAt(text, at);
      if (begin === undefined) return undefined;
      // Only the gap up to the next marker is read, so a row of BEGINs costs each byte once.
      const next = nextMarker(text, begin.to);
      if (next?.word === 'END' && isKey(text, begin.to, next.at)) {
        return { start: at, from: at, to: next.to, kind: PEM_KIND, rank: RANK.pattern };
      }
      TAIL.lastIndex = begin.to;
      const tail = TAIL.exec(text)?.[0] ?? '';
      if (tail === '') return undefined;
      const to = begin.to + tail.length;
      return { start: at, from: begin.to, to, kind: PEM_KIND, rank: RANK.pattern };
    },
  };
}

export const PEM_KIND = 'pem-private-key';

export interface Marker {
  word: string;
  at: number;
  to: number;
}

/** The BEGIN of a private key exactly at `at`. */
export function beginAt(text: string, at: number): Marker | undefined {
  BEGIN.lastIndex = at;
  const found = BEGIN.exec(text);
  return found === null ? undefined : { word: 'BEGIN', at, to: at + found[0].length };
}

/** The next BEGIN or END of a private key on or after `from`, in the same line. */
export function nextMarker(text: string, from: number): Marker | undefined {
  MARKER.lastIndex = from;
  const found = MARKER.exec(text);
  if (found?.[1] === undefined) return undefined;
  return { word: found[1], at: found.index, to: found.index + found[0].length };
}

/** The label's spaces may be URL-encoded. */
const LABEL = String.raw`(?: |\+|%20)[A-Z0-9 +%]{0,60}?PRIVATE(?: |\+|%20)KEY(?:(?: |\+|%20)BLOCK)?-----`;
const BEGIN = new RegExp(`-----BEGIN${LABEL}`, 'y');
const MARKER = new RegExp(`-----(BEGIN|END)${LABEL}|(?=\\n)`, 'g');

/**
 * Lines of base64, whatever stands for the line ends, up to the first thing that is neither.
 * Each part begins with what the part before it cannot hold, so nothing is read twice.
 */
const TAIL =
  /(?:\\{1,8}[rn][A-Z][A-Za-z-]{1,20}: [^\\\n"]{0,80}){0,4}(?:(?:\\{1,8}[rnt]|%0[AaDd]|[ \t"',]){0,8}[A-Za-z0-9+/]{16,}={0,2})+(?:(?:\\{1,8}[rnt]|%0[AaDd]){1,4}[A-Za-z0-9+/]{1,15}={0,2})?/y;

function isKey(text: string, from: number, to: number): boolean {
  const between = text.slice(from, to);
  return /[A-Za-z0-9+/]{20}/.test(between) && !/[(){}<>]/.test(between);
}

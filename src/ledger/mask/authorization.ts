import type { Rule } from './patterns.ts';
import { isPlaceholder } from './placeholder.ts';
import { RANK } from './span.ts';

/**
 * `Authorization: Bearer …` as a header, in JSON, in a curl argument or a call. Scheme and name
 * stay. A value of letters only is prose ("Bearer authentication required"), not a credential.
 */
export const AUTHORIZATION: Rule = {
  starts: ['authorization'],
  gramAt: 6,
  match(text, at) {
    HEADER.lastIndex = at;
    const found = HEADER.exec(text);
    const value = found?.[1];
    if (found === null || value === undefined) return undefined;
    const to = at + found[0].length;
    if (isPlaceholder(value) || (value.length < 16 && /^[A-Za-z-]*$/.test(value))) return to;
    return { start: at, from: to - value.length, to, kind: 'authorization', rank: RANK.pattern };
  },
};

const QUOTE = String.raw`(?:\\{0,7}["'\`])?`;
const COLOR = String.raw`(?:\x1b\[[0-9;]{0,16}m){0,3}`;
const SPACE = String.raw`(?:[ \t]|%20|\+){0,8}`;
const HEADER = new RegExp(
  `authorization${COLOR}${QUOTE}\\]?${COLOR}[ \\t]{0,4}(?:[:=,]|%3A|%3D)${COLOR}${SPACE}${COLOR}[fbru]?${QUOTE}` +
    `(?:proxy-)?(?:bearer|basic|token|apikey|api-key|bot)(?:[ \\t]|%20|\\+){1,4}${QUOTE}` +
    '([A-Za-z0-9._~+/=:%-]{6,})',
  'iy',
);

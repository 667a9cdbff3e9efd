import type { Rule } from './patterns.ts';
import { isPlaceholder } from './placeholder.ts';
import { RANK } from './span.ts';

/**
 * `scheme://user:password@host`: the password goes, user and host stay. Neither part may hold a
 * slash, so a match never reaches beyond the next `://`. A password with a raw `/` in it is no
 * valid URL and is missed here; the alternative reads `http://host:80/@scope/pkg` as a password.
 */
export const URL_PASSWORD: Rule = {
  starts: ['://', ':\\/\\/'],
  match(text, at) {
    USERINFO.lastIndex = at;
    const found = USERINFO.exec(text);
    const password = found?.[1];
    if (found === null || password === undefined || isPlaceholder(password)) return undefined;
    const to = at + found[0].length - 1;
    return { start: at, from: to - password.length, to, kind: 'url-password', rank: RANK.pattern };
  },
};

const USERINFO =
  /(?<=[A-Za-z0-9+.-]):\\{0,3}\/\\{0,3}\/[^\s/?#@:"'`<>\\]{0,128}:([^\s/?#"'`<>\\]{1,256})@(?=[A-Za-z0-9[_${%-])/y;

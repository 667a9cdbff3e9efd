import { ASSET, COSTLY, PAGE, ROBOTS } from './visitors.ts';

/** What a target (path and query, as binary text) is for: flags of visitors.ts. */
export function targetKind(target: string): number {
  if (target.charCodeAt(0) !== 47) return 0;
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  if (path === '/robots.txt') return ROBOTS;
  const dot = path.lastIndexOf('.');
  if (dot > path.lastIndexOf('/') && ASSETS.has(path.slice(dot + 1).toLowerCase())) return ASSET;
  return COSTLY_TARGET.test(target) ? PAGE | COSTLY : PAGE;
}

/** What a browser fetches along with a page. */
const ASSETS = new Set(
  'css js mjs map png jpg jpeg gif svg webp avif ico bmp woff woff2 ttf otf eot mp4 webm mp3 ogg wasm webmanifest'.split(
    ' ',
  ),
);

/** Pages that cost a server much: histories of repositories, searches, sorted and filtered lists. */
const COSTLY_TARGET =
  /\/(?:blame|commits?|compare|diff|log|archive|search|history)(?:\/|$|\?)|[?&](?:q|s|search|query|sort|order|filter|diff|oldid|action|page|offset)=/i;

/** 32 bits of a text, by FNV-1a. */
export function textHash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

import { extname } from 'node:path';
import { type Encoding, textEncoding } from './text-encoding.ts';

export interface MediaType {
  type: string;
  /** How it is known. */
  from: 'contents' | 'name';
  /** Of text; null for what is not text. */
  encoding: Encoding | null;
}

/**
 * What a file is, by its first bytes, not by what it is called. A name decides only between kinds
 * of text, which look alike. `whole`: `head` is all of it.
 *
 * Known signatures are the matter of `file-type`, loaded when bytes are no text.
 */
export async function mediaType(
  head: Uint8Array,
  name: string,
  whole: boolean,
): Promise<MediaType> {
  const encoding = textEncoding(head, whole);
  if (encoding === null) {
    const { fileTypeFromBuffer } = await import('file-type');
    const found = await fileTypeFromBuffer(head).catch(() => undefined);
    return { type: found?.mime ?? 'application/octet-stream', from: 'contents', encoding };
  }
  const text = new TextDecoder(encoding).decode(head).trimStart();
  const looks = looksLike(text, whole);
  if (looks !== null) return { type: looks, from: 'contents', encoding };
  // Some signatures are text: PDF of one page, a PostScript file, a certificate.
  const named = BY_NAME[extname(name).toLowerCase()];
  if (named !== undefined) return { type: named, from: 'name', encoding };
  return { type: isMarkdown(text) ? 'text/markdown' : 'text/plain', from: 'contents', encoding };
}

/** The first element behind the prolog; an XML file may well hold a picture further in. */
const SVG_ROOT =
  /^<\?xml[^>]{0,200}\?>\s*(?:<!--(?:(?!-->)[\s\S]){0,2000}-->\s*|<!DOCTYPE[^>]{0,500}>\s*){0,5}<svg[\s>/]/i;

function looksLike(text: string, whole: boolean): string | null {
  if (text.startsWith('%PDF-')) return 'application/pdf';
  if (/^(?:<!doctype html|<html[\s>])/i.test(text)) return 'text/html';
  if (/^<\?xml\s/i.test(text)) return SVG_ROOT.test(text) ? 'image/svg+xml' : 'application/xml';
  if (/^<svg[\s>/]/i.test(text)) return 'image/svg+xml';
  if (/^diff --git |^--- .+\n\+\+\+ .+\n@@ /.test(text)) return 'text/x-diff';
  if (/^[[{]/.test(text)) return jsonType(text, whole);
  return null;
}

/** JSON, or a JSON value a line; of a file too long to look at whole, by its first lines. */
function jsonType(text: string, whole: boolean): string | null {
  if (whole && isJson(text)) return 'application/json';
  const lines = text.split('\n');
  if (!whole) lines.pop();
  const values = lines.filter((line) => line.trim() !== '').slice(0, 20);
  if (values.length > 1 && values.every((line) => /^\s*[[{]/.test(line) && isJson(line)))
    return 'application/x-ndjson';
  if (whole) return null;
  return /^\{\s*"(?:[^"\\]|\\.)*"\s*:|^\[\s*(?:[[{"\d-]|true|false|null)/.test(text)
    ? 'application/json'
    : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A heading, a fence or a list of links, and none of what begins a script or a mail. */
function isMarkdown(text: string): boolean {
  if (text.startsWith('#!')) return false;
  return (
    /^#{1,6} \S.*\n(?:\n|[-=*>]|\S)/.test(text) && /\n(?:#{1,6} |```|[-*] |\d+\. |> )/.test(text)
  );
}

/** Kinds of text that only their name tells. */
const BY_NAME: Readonly<Record<string, string>> = {
  '.md': 'text/markdown',
  '.markdown': 'text/markdown',
  '.csv': 'text/csv',
  '.tsv': 'text/tab-separated-values',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
  '.toml': 'application/toml',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.cjs': 'text/javascript',
  '.html': 'text/html',
  '.htm': 'text/html',
  '.xml': 'application/xml',
  '.sql': 'application/sql',
  '.sh': 'application/x-sh',
  '.diff': 'text/x-diff',
  '.patch': 'text/x-diff',
  '.json': 'application/json',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
};

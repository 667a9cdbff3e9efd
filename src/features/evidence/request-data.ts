/** What a request's body most likely is, where nobody says: JSON, a form, text, or just bytes. */
export function dataType(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return 'application/octet-stream';
  }
  if (/^\s*[[{]/.test(text) && isJson(text)) return 'application/json';
  if (/^[^\s=&]+=[^\s&]*(?:&[^\s=&]+=[^\s&]*)*$/.test(text))
    return 'application/x-www-form-urlencoded';
  return 'text/plain; charset=utf-8';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether text is an IPv4 or IPv6 address by its looks: one pass, for millions of lines. */
export function looksLikeAddress(text: string): boolean {
  let dots = 0;
  let colons = 0;
  if (text.length < 2 || text.length > 45) return false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 46) dots++;
    else if (c === 58) colons++;
    else if (c >= 48 && c <= 57) continue;
    else if ((c >= 97 && c <= 102) || (c >= 65 && c <= 70)) {
      if (dots > 0 && colons === 0) return false;
    } else return false;
  }
  if (colons === 0) return dots === 3 && text.length >= 7 && text.length <= 15;
  return colons === 7 || (colons >= 2 && text.includes('::'));
}

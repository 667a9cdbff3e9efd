/**
 * What is wrong with a rule for hosts, or null. Right are `example.org` (the ports of HTTP and
 * HTTPS), `example.org:5432`, `*.example.org` (what lies under it), an address, IPv6 in brackets,
 * a range `10.0.0.0/8`.
 */
export function hostProblem(text: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return 'it is a name of a host, without a scheme';
  if (text === '*') return 'every host at once is "default: allow"';
  const range = /^(?:\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}|[0-9a-f:]+:[0-9a-f:]*\/\d{1,3})$/i;
  if (range.test(text)) return null;
  if (text.includes('/')) return 'it is a name of a host, without a path';
  const parts =
    /^(?:(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_.])?|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?$/i.exec(
      text,
    );
  const port = Number(parts?.[1] ?? '443');
  if (parts === null || text.includes('..') || port < 1 || port > 65_535) {
    return 'it is no name of a host: name, name:port or *.name';
  }
  return null;
}

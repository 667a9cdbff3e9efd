/**
 * As much of a browser as a login needs: it follows redirects and keeps cookies, each with the
 * path it belongs to (RFC 6265: without a Path attribute, the directory of the URL that set it).
 */
export function createBrowser(app) {
  const jar = new Map();

  /** Opens a page and follows redirects, as many as Chrome and Firefox would: 20. */
  function open(url, { method = 'GET', form } = {}) {
    const seen = [];
    for (let request = { method, url, form }; ; ) {
      const { pathname } = new URL(request.url, 'http://app.example');
      const response = app.handle({ ...request, cookie: cookiesFor(pathname) });
      if (response.setCookie) keep(response.setCookie, pathname);
      if (response.status !== 302) return { ...response, url: request.url };
      seen.push(request.url);
      if (seen.length > 20) {
        throw new Error(`too many redirects: ${seen.slice(-2).join(' → ')} → …`);
      }
      request = { method: 'GET', url: response.location };
    }
  }

  function keep(header, pathname) {
    const [pair, ...attributes] = header.split('; ');
    const [name, value] = pair.split('=');
    const own = attributes.find((each) => each.startsWith('Path='))?.slice('Path='.length);
    const directory = pathname.slice(0, pathname.lastIndexOf('/')) || '/';
    if (attributes.includes('Max-Age=0')) jar.delete(name);
    else jar.set(name, { value, path: own ?? directory });
  }

  function cookiesFor(pathname) {
    return [...jar]
      .filter(([, { path }]) => `${pathname}/`.startsWith(path === '/' ? '/' : `${path}/`))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }

  return { open };
}

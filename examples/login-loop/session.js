/**
 * Sessions for a small web application: a cookie that names the session, pages that need one, and
 * the way through the login page back to where the visitor wanted to go.
 *
 * Requests and responses are plain objects, so it runs under any server and in a test without one:
 *   request   { method, url, cookie, form }      cookie is the Cookie header as it came
 *   response  { status, location, setCookie, body }
 */
import { randomBytes } from 'node:crypto';

const COOKIE = 'sid';
const LIFETIME_SECONDS = 8 * 60 * 60;

export function createApp({ checkPassword, now = Date.now }) {
  const sessions = new Map();

  function handle(request) {
    const { pathname, searchParams } = new URL(request.url, 'http://app.example');
    const session = sessionOf(request);
    switch (`${request.method} ${pathname}`) {
      case 'GET /':
        return page('Welcome');
      case 'GET /account':
      case 'GET /account/orders':
        return session ? page(`${pathname} of ${session.user}`) : redirect(loginUrl(request.url));
      case 'GET /auth/login':
        // Who is signed in already has no business on the login page.
        return session ? redirect(safeNext(searchParams.get('next'))) : page('Please sign in');
      case 'POST /auth/login':
        return signIn(request.form, searchParams.get('next'));
      case 'POST /auth/logout':
        return signOut(request);
      default:
        return { status: 404, body: 'Not found' };
    }
  }

  function signIn({ user, password }, next) {
    if (!checkPassword(user, password)) return { status: 401, body: 'Wrong name or password' };
    const id = randomBytes(16).toString('hex');
    sessions.set(id, { user, expires: now() + LIFETIME_SECONDS * 1000 });
    return { ...redirect(safeNext(next)), setCookie: formatCookie(id, LIFETIME_SECONDS) };
  }

  function signOut(request) {
    sessions.delete(sessionId(request));
    return { ...redirect('/'), setCookie: formatCookie('', 0) };
  }

  function sessionOf(request) {
    const session = sessions.get(sessionId(request));
    return session && session.expires > now() ? session : null;
  }

  return { handle };
}

const page = (body) => ({ status: 200, body });
const redirect = (location) => ({ status: 302, location });
const loginUrl = (url) => `/auth/login?next=${encodeURIComponent(url)}`;

/** Only paths of our own: `next=https://evil.example` or `//evil.example` must not leave the site. */
function safeNext(next) {
  return next?.startsWith('/') && !next.startsWith('//') ? next : '/';
}

function sessionId({ cookie = '' }) {
  const pairs = cookie.split('; ').map((pair) => pair.split('='));
  return pairs.find(([name]) => name === COOKIE)?.[1];
}

function formatCookie(value, maxAge) {
  return `${COOKIE}=${value}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax`;
}

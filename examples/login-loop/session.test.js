import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { createBrowser } from './browser.js';
import { createApp } from './session.js';

let clock, browser;

beforeEach(() => {
  clock = 0;
  const checkPassword = (user, password) => user === 'ada' && password === 'lovelace';
  browser = createBrowser(createApp({ checkPassword, now: () => clock }));
});

const signIn = (next, password = 'lovelace') =>
  browser.open(`/auth/login?next=${encodeURIComponent(next)}`, {
    method: 'POST',
    form: { user: 'ada', password },
  });

test('a page that needs a session leads to the login page', () => {
  assert.equal(browser.open('/account').url, '/auth/login?next=%2Faccount');
});

test('a wrong password gets no session', () => {
  assert.equal(signIn('/account', 'babbage').status, 401);
  assert.equal(browser.open('/account').body, 'Please sign in');
});

test('after signing in, the visitor arrives where they wanted to go', () => {
  assert.equal(signIn('/account').body, '/account of ada');
});

test('a signed-in visitor stays signed in on every page', () => {
  signIn('/');
  assert.equal(browser.open('/account/orders').body, '/account/orders of ada');
});

test('signing out ends the session', () => {
  signIn('/');
  browser.open('/auth/logout', { method: 'POST' });
  assert.equal(browser.open('/account').body, 'Please sign in');
});

test('the session ends after eight hours', () => {
  signIn('/');
  clock += 8 * 60 * 60 * 1000;
  assert.equal(browser.open('/account').body, 'Please sign in');
});

test('the way back never leads to another site', () => {
  assert.equal(signIn('//evil.example').url, '/');
  assert.equal(signIn('https://evil.example/').url, '/');
});

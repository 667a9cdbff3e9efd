import { describe, expect, it } from 'vitest';
import { gitReason, withoutCredentials } from './git-reason.ts';

describe('gitReason', () => {
  it.each([
    ['one line', 'fatal: no such thing\n', 'fatal: no such thing'],
    [
      'the cause before the consequence',
      'ssh: connect to host h port 22: Connection refused\nfatal: Could not read from remote repository.\n',
      'ssh: connect to host h port 22: Connection refused',
    ],
    [
      'no pleasantries',
      "To /x/y.git\nwarning: Permanently added 'h'\nhint: try it\nremote: \nerror: failed to push\n",
      'error: failed to push',
    ],
    [
      'no terminal sequences',
      'remote: \x1b]0;title\x07\x1b[31mred\u202e\n',
      'remote:  ]0;title [31mred',
    ],
    ['something where git is silent', '', 'git said nothing'],
    ['only the end of a progress line', '\rWriting 10%\rfatal: gone\r\n', 'Writing 10%'],
  ])('gives %s', (_, stderr, reason) => {
    expect(gitReason(stderr)).toBe(reason);
  });

  it('is one line of at most 300 characters', () => {
    expect(gitReason('x'.repeat(10_000))).toHaveLength(300);
  });
});

it.each([
  [
    "fatal: unable to access 'https://user:secret@host/x.git/': no",
    "fatal: unable to access 'https://host/x.git/': no",
  ],
  ['https://secret@host', 'https://host'],
  ['https://user:p@ss:w@host/x', 'https://host/x'],
  ['https://host/x?private_token=secret', 'https://host/x'],
  ['ssh://git@host/x and http://a:b@c', 'ssh://host/x and http://c'],
  ['git@host:x/y.git', 'git@host:x/y.git'],
  ['/plain/path@2', '/plain/path@2'],
])('withoutCredentials(%j)', (text, clean) => {
  expect(withoutCredentials(text)).toBe(clean);
});

import { describe, expect, it } from 'vitest';
import { privateKey, seeded } from '../../../test/secrets/synthetic.ts';
import { compileMaskRules } from './mask-rules.ts';
import {
  type OwnValue,
  ownValuesFromDotenv,
  ownValuesFromEnvironment,
  ownValuesFromNetrc,
} from './own-values.ts';
import { maskText } from './text-mask.ts';

const values = (own: OwnValue[]) => own.map(({ value }) => value);
const fromEnv = (env: Record<string, string>) => values(ownValuesFromEnvironment(env));

describe('the environment', () => {
  it.each([
    'NPM_TOKEN',
    'OPENAI_API_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'SECRET_KEY_BASE',
    'CLIENT_SECRET',
    'DB_PASSWORD',
    'PGPASSWORD',
    'DB_PASS',
    'MYSQL_PWD',
    'SUDO_PASSWD',
    'GPG_PASSPHRASE',
    'GOOGLE_CREDENTIALS',
    'REDISCLI_AUTH',
    'npm_config_//registry.example.org/:_authToken',
    'myApiKey',
    'SSH_PRIVATE_KEY',
    'DEPLOY_KEYS',
  ])('has a secret behind %s', (name) => {
    expect(fromEnv({ [name]: 'zu9-qlmw-4' })).toEqual(['zu9-qlmw-4']);
  });

  it.each([
    'PWD',
    'OLDPWD',
    'INIT_CWD',
    'HOME',
    'SSH_KEY_PATH',
    'TOKEN_FILE',
    'SECRET_DIR',
    'JWT_PUBLIC_KEY',
    'STRIPE_PUBLISHABLE_KEY',
    'AWS_ACCESS_KEY_ID',
    'GPG_KEY',
    'SECRET_NAME',
    'TOKEN_URL',
    'SSH_AUTH_SOCK',
    'PRIMARY_KEY',
    'MONKEYS_EATEN',
    'AUTHOR',
    'KEYBOARD',
    'TOKENIZER_LIBRARY',
  ])('has none behind %s', (name) => {
    expect(fromEnv({ [name]: 'zu9-qlmw-4' })).toEqual([]);
  });

  it.each([
    'short12',
    'password',
    'Postgres',
    'localhost',
    'production',
    'xxxxxxxxxxxx',
    '********',
    '/home/dev/.ssh/id_ed25519',
    '/run/secrets/token',
    '~/.config/token',
    'C:\\keys\\id.pem',
    '$OTHER_TOKEN',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's
    '${OTHER_TOKEN}',
    '<your token here>',
  ])('has none in the value %s', (value) => {
    expect(fromEnv({ APP_TOKEN: value })).toEqual([]);
  });

  it('has the passwords of URLs, raw and decoded, whatever the name', () => {
    expect(fromEnv({ DATABASE_URL: 'postgres://app:q%2Fz8-w7x5@db:5432/app' })).toEqual([
      'app:q%2Fz8-w7x5',
      'q%2Fz8-w7x5',
      'q/z8-w7x5',
    ]);
    expect(fromEnv({ MQ: 'amqp://a:one-of-them@h1,amqp://a:other-one@h2' })).toEqual([
      'a:one-of-them',
      'one-of-them',
      'a:other-one',
      'other-one',
    ]);
    expect(fromEnv({ REDIS_URL: 'redis://:pw1@cache' })).toEqual([]);
    expect(fromEnv({ DB: 'postgres://app:pw12@db' })).toEqual(['app:pw12']);
    expect(fromEnv({ DB: 'postgres://postgres:postgres@db' })).toEqual([]);
    expect(fromEnv({ API_URL: 'https://example.com/path' })).toEqual([]);
    expect(fromEnv({ REPO: 'https://jonathan@example.com/x' })).toEqual([]);
  });

  it('has the passwords of connection strings and the secret leaves of JSON', () => {
    expect(fromEnv({ CONN: 'Server=db;User=a;Password=q8w7-e6r5;Pooling=true' })).toEqual([
      'q8w7-e6r5',
    ]);
    const json = JSON.stringify({
      type: 'service_account',
      private_key: 'line-one-of\nline-two-of',
    });
    expect(fromEnv({ ACCOUNT: json })).toEqual(['line-one-of\nline-two-of']);
    expect(fromEnv({ GOOGLE_CREDENTIALS: json })).toEqual([json, 'line-one-of\nline-two-of']);
  });
});

describe('files', () => {
  it('dotenv: quotes, export, comments, several lines', () => {
    const text = [
      '# DB_TOKEN=not-this-one',
      'PORT=3000',
      'A_TOKEN=first-value # comment',
      "export B_SECRET='second $value'",
      'C_KEY="third\\"value"',
      'D_PASSWORD="line one of it',
      'line two of it"',
      'E_TOKEN = spaced-value',
      'F_TOKEN=',
      'G_NAME=no-secret-at-all',
      'H_URL=amqp://me:pass-word-1@mq',
    ].join('\r\n');
    expect(values(ownValuesFromDotenv(text))).toEqual([
      'first-value',
      'second $value',
      'third"value',
      'line one of it\r\nline two of it',
      'spaced-value',
      'me:pass-word-1',
      'pass-word-1',
    ]);
  });

  it('netrc: one line or many, default, quotes', () => {
    const text = `machine a.example login me password first-pass
      machine b.example\n  login password\n  password "second pass"\ndefault login x password third-pass\n`;
    expect(ownValuesFromNetrc(text)).toEqual([
      { name: 'netrc-a.example', value: 'first-pass' },
      { name: 'netrc-b.example', value: 'second pass' },
      { name: 'netrc-default', value: 'third-pass' },
    ]);
  });
});

describe('the forms of an own value', () => {
  const mask = (value: string, text: string) =>
    maskText(
      compileMaskRules({ hmacKey: new Uint8Array(32), ownValues: [{ name: 'X', value }] }),
      text,
    ).text;

  const value = 'Tür/"9\\ä+& ?~x\u{1f511}';
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replace(
    /[^\x00-\x7f]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  it.each([
    ['plain', value],
    ['JSON', json],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['JSON in ASCII', ascii],
    ['JSON with \\/', json.replaceAll('/', '\\/')],
    ['URL', encodeURIComponent(value)],
    ['URL in lower case', encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase())],
    ['form', new URLSearchParams({ x: value }).toString().slice(2)],
    ['base64', Buffer.from(value).toString('base64')],
    ['base64 unpadded', Buffer.from(value).toString('base64').replace(/=+$/, '')],
    ['base64url', Buffer.from(value).toString('base64url')],
  ])('%s', (_, form) => {
    expect(mask(value, `a ${form} b`)).toMatch(/^a \[REDACTED:own-X:[0-9a-f]{8}\] b$/);
  });

  it('base64 within longer data, at every alignment', () => {
    for (const user of ['', 'a', 'ab', 'abc', 'abcd']) {
      const whole = Buffer.from(`${user}:${value}:rest`).toString('base64');
      const output = mask(value, `x ${whole} y`);
      expect(output).toContain('[REDACTED:own-X:');
      // What is left decodes to no more than a letter of it.
      const left = output.replace(/\[REDACTED[^\]]*\]/, '').slice(2, -2);
      expect(left.length).toBeLessThan(((user.length + 6) * 4) / 3 + 8);
    }
  });

  it('base64 wrapped as the usual tools do', () => {
    const long = seeded(5).text('abcdefghij', 150);
    for (const width of [64, 76]) {
      for (const end of ['', '\n']) {
        const base64 = Buffer.from(`${long}${end}`).toString('base64');
        const wrapped = base64.replace(new RegExp(`.{${width}}`, 'g'), '$&\n');
        const left = mask(long, wrapped).replace(/\[REDACTED[^\]]*\]/g, '');
        expect(left.trim().length).toBeLessThan(5);
      }
    }
  });

  it('several lines, with any line end and prefix', () => {
    const lines = ['first line of it', 'second-line', 'x'];
    const text = lines.join('\n');
    for (const eol of ['\n', '\r\n', '\n  | ']) {
      const output = mask(text, lines.join(eol));
      expect(output).not.toContain('first line');
      expect(output).not.toContain('second-line');
    }
    expect(mask(text, JSON.stringify(text))).toMatch(/^"\[REDACTED:own-X:\w+\]"$/);
    expect(mask(text, lines.join('\\r\\n'))).toMatch(/^\[REDACTED:own-X:\w+\]$/);
  });

  it('a key with its line ends written out, as it is usual in .env', () => {
    const key = privateKey(seeded(6), { bytes: 90, label: '' });
    const flat = key.replaceAll('\n', '\\n');
    const [, first = ''] = key.split('\n');
    for (const text of [flat, key, JSON.stringify({ key }), `${first}\n`]) {
      expect(mask(flat, text)).not.toContain(first);
    }
    expect(mask(flat, 'a -----BEGIN PRIVATE KEY----- is a PEM header')).not.toContain('REDACTED');
  });
});

it('building the rules for a usual environment costs nothing until they are used', () => {
  const env = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`V${i}_TOKEN`, seeded(i).text('abcdef0123456789', 40)]),
  );
  const rules = compileMaskRules({
    hmacKey: new Uint8Array(32),
    ownValues: ownValuesFromEnvironment(env),
  });
  expect(rules.version).toBe('1');
  expect(maskText(rules, `x ${env.V59_TOKEN}`).text).toMatch(/^x \[REDACTED:own-V59_TOKEN:/);
});

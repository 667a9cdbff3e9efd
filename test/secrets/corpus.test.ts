import { describe, expect, it } from 'vitest';
import { compileMaskRules } from '../../src/ledger/mask/mask-rules.ts';
import { maskText } from '../../src/ledger/mask/text-mask.ts';
import { password, privateKey, seeded, TOKEN_KINDS, token } from './synthetic.ts';

/**
 * What is a secret and what is not, line by line. ⟦ ⟧ stand around what must go; everything else
 * must stay. None of the own values of a run are known here: shapes and prefixes alone decide.
 */
const rules = compileMaskRules({ hmacKey: new Uint8Array(32), ownValues: [] });
const mask = (text: string) => maskText(rules, text).text;
const masked = (line: string) => line.replace(/⟦[^⟧]*⟧/g, '[X]');
const plain = (line: string) => line.replace(/[⟦⟧]/g, '');
const unlabelled = (text: string) => text.replace(/\[REDACTED:[\w.-]+:[0-9a-f]{8}\]/g, '[X]');

const r = seeded(7);
const pw = password(r);
const hex32 = r.text('0123456789abcdef', 32);
const base64 = r.bytes(30).toString('base64');
const pem = privateKey(r, { bytes: 300 });
const flatPem = pem.replaceAll('\n', '\\n');

const SECRETS = [
  // shell, dotenv, Dockerfile
  `DB_PASSWORD=⟦${pw}⟧`,
  `export API_KEY=⟦${hex32}⟧`,
  `  export GITHUB_TOKEN="⟦${hex32}⟧" # ci`,
  `ENV NPM_TOKEN=⟦${hex32}⟧`,
  'PASSWORD=⟦letmein⟧',
  'MYSQL_PWD=⟦hunter22⟧ mysql -u root',
  'ADMIN_PASSWORD=⟦a,b;c(d)&e⟧',
  `AWS_SECRET_ACCESS_KEY=⟦${base64}⟧`,
  `aws_secret_access_key = ⟦${base64}⟧`,
  `+ TOKEN=⟦${hex32}⟧`,
  `\x1b[32m+DB_PASSWORD=⟦${pw}⟧\x1b[m`,
  `SECRET_KEY='⟦django-insecure-${hex32}⟧'`,
  `docker run -e POSTGRES_PASSWORD=⟦${pw}⟧ postgres`,
  `mysql --password=⟦${pw}⟧ -h db`,
  `tool --api-key ⟦${hex32}⟧ --verbose`,
  `{"argv":["tool","--password","⟦${pw}⟧"]}`,
  `PASSPHRASE="⟦correct horse battery staple⟧"`,
  'PASSWORD=⟦$2b$10$abcdefghijklmnopqrstuv⟧',
  // JSON, also escaped, coloured, and JavaScript
  `{"password":"⟦${pw}⟧","user":"a"}`,
  `{"client_secret": "⟦${hex32}⟧"}`,
  `{"out":"{\\"password\\":\\"⟦${pw}⟧\\"}"}`,
  `"{\\\\\\"apiKey\\\\\\":\\\\\\"⟦${hex32}⟧\\\\\\"}"`,
  `  accessToken: '⟦${hex32}⟧',`,
  `const password = "⟦${pw}⟧";`,
  `let apiKey: string = '⟦${hex32}⟧';`,
  `token := "⟦${hex32}⟧"`,
  `'password' => '⟦${pw}⟧',`,
  `password: \x1b[32m'⟦${pw}⟧'\x1b[39m,`,
  `os.environ["DB_PASSWORD"] = "⟦${pw}⟧"`,
  `{"cmd":"export DB_PASSWORD=⟦${pw}⟧\\nnpm test"}`,
  `passwd = b'⟦${pw}⟧'`,
  // YAML, ini, properties, headers
  `  password: ⟦${pw}⟧`,
  '  password: ⟦letmein⟧',
  `- api_key: "⟦${hex32}⟧"`,
  `{ user: a, password: ⟦${pw}⟧ }`,
  `private-key: ⟦${base64}⟧`,
  `spring.datasource.password=⟦${pw}⟧`,
  `password = ⟦${pw}⟧`,
  `X-Api-Key: ⟦${hex32}⟧`,
  `//registry.example.org/:_authToken=⟦${hex32}⟧`,
  `_auth=⟦${base64}⟧`,
  // query strings
  `GET /cb?code=1&access_token=⟦${hex32}⟧&state=2 HTTP/1.1`,
  `user%5Bpassword%5D=⟦hunter22⟧&user%5Bname%5D=a`,
  `https://x.example/?next=%2Fa%3Ftoken%3D⟦${hex32}⟧`,
  `secret=⟦${hex32}⟧`,
  // URLs
  `postgres://app:⟦${pw}⟧@db:5432/app`,
  `redis://:⟦${pw}⟧@cache:6379`,
  `git clone https://ci:⟦${hex32}⟧@git.example.com/a.git`,
  `"url":"https:\\/\\/a:⟦${hex32}⟧@example.com\\/x"`,
  'mongodb+srv://u:⟦p@ss⟧@cluster.example.net/db',
  'amqp://a:⟦b⟧@h and amqp://a:⟦c⟧@h',
  // Authorization
  `Authorization: Bearer ⟦${hex32}⟧`,
  `curl -H 'authorization: token ⟦${hex32}⟧' https://x`,
  `{"Authorization":"Basic ⟦${base64}⟧"}`,
  `{\\"authorization\\":\\"Bearer ⟦${hex32}⟧\\"}`,
  `req.Header.Set("Authorization", "Bearer ⟦${hex32}⟧")`,
  `Proxy-Authorization: Basic ⟦${base64}⟧`,
  // keys on one line, or more
  `{"private_key":"⟦${flatPem}⟧\\n"}`,
  `{"k":"${'x'.repeat(50)}⟦${flatPem.replaceAll('\\n', '\\\\n')}⟧"}`,
  `key=⟦${encodeURIComponent(pem)}⟧&x=1`,
  `⟦${pem}⟧`,
  `a\n⟦${pem}⟧ tail\nb`,
  `tls.key: ⟦${Buffer.from(pem).toString('base64')}⟧`,
  `⟦${privateKey(r, { label: 'EC ', bytes: 120 })}⟧`,
  `⟦${privateKey(r, { label: 'ENCRYPTED ', bytes: 500 })}⟧`,
  `Cached: AccountName=a;AccountKey=⟦${r.bytes(64).toString('base64')}⟧;EndpointSuffix=x`,
  // every prefix, in the places where it is met
  ...TOKEN_KINDS.filter((kind) => kind !== 'slack-webhook' && kind !== 'azure-key').flatMap(
    (kind) => [
      `⟦${token(kind, r)}⟧`,
      `see ⟦${token(kind, r)}⟧.`,
      `"⟦${token(kind, r)}⟧"`,
      `{"t":"a\\n⟦${token(kind, r)}⟧\\n"}`,
      `?k=⟦${token(kind, r)}⟧&b`,
      `%3D⟦${token(kind, r)}⟧`,
      `\x1b[1;31m⟦${token(kind, r)}⟧\x1b[0m`,
      `token: ⟦${token(kind, r)}⟧`,
      `-u ${'x'.repeat(20)}:⟦${token(kind, r)}⟧`,
    ],
  ),
  `https://hooks.${'slack'}.com/services/⟦${token('slack-webhook', r)}⟧`,
  `{\\"url\\":\\"https:\\/\\/hooks.${'slack'}.com\\/services\\/⟦${token('slack-webhook', r).replaceAll('/', '\\/')}⟧\\"}`,
];

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: shell and templates are the cases
const NOT_SECRETS = [
  '',
  'PASSWORD=',
  'password=""',
  "['password=', 'TOKEN=', 'api_key: ']",
  'TOKEN=$TOKEN',
  'TOKEN=${TOKEN:-none} npm publish',
  'TOKEN=$(cat /run/token)',
  'TOKEN=`cat token`',
  'API_KEY=<your-api-key>',
  'API_KEY=your_api_key_here',
  'password: {{ vault_password }}',
  'password: ${{ secrets.DB_PASSWORD }}',
  'SET TOKEN=%TOKEN%',
  'const token = process.env.TOKEN;',
  'token = os.environ["TOKEN"]',
  "token: os.getenv('TOKEN')",
  'password: null',
  'secret: none',
  '"token": true',
  'password=undefined',
  'password: ********',
  'secret=xxxxxxxxxxxx',
  'password=...',
  'password: [REDACTED:password:01234567]',
  'postgres://app:[REDACTED:url-password:01234567]@db/app',
  'Authorization: Bearer [REDACTED:jwt:01234567]',
  'password: string;',
  'password: z.string().min(8),',
  'token?: Token | undefined;',
  'token = getToken(request)',
  'const token = await getToken();',
  'tokens: 1234',
  '"input_tokens": 1234, "token": 17',
  'max_tokens=4096',
  'this.password = password;',
  'login(user=user, password=password)',
  'login(password=self.password)',
  'token: tokens[i],',
  'if (password === other.password) return;',
  'password == "x"',
  'const isSecret = (secret) => secret.length > 3',
  'type Secret = { token: AccessToken; password: Buffer }',
  'enum Token { A = 1 }',
  'case "password": return value',
  '<input name="password" type="password" placeholder="Password">',
  "label: { password: 'Enter your password' }",
  'Error: invalid password: must be at least 8 characters',
  'token: expired',
  'password: required',
  '  --token string    the access token',
  '  --password        ask for the password',
  'secretName: my-app-tls',
  'kubectl create secret generic db --from-file=password.txt',
  'The token is a word; the secret of a good password: length.',
  'PWD=/home/dev OLDPWD=/tmp',
  'SSH_PRIVATE_KEY=/home/dev/.ssh/id_ed25519',
  'GOOGLE_APPLICATION_CREDENTIALS=/run/secrets/gcp.json',
  'credentials: ~/.aws/credentials',
  'primary_key=id foreign_key=user_id sort_key: created_at',
  'cache_key: npm-linux-abc123def456',
  'public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI',
  'System.Core, PublicKeyToken=b77a5c561934e089',
  'https://example.com/a:b@c/d',
  'https://registry.example.org:443/@scope/pkg',
  'http://localhost:8080/@fs/x and mailto:a@b.example',
  'git@github.com:owner/repo.git',
  'https://user@example.com/x',
  'https://user:$PASSWORD@example.com',
  'https://user:****@example.com',
  'Authorization: Bearer $TOKEN',
  'Authorization: Bearer <token>',
  'Authorization: Basic auth is required',
  'Authorization: Bearer authentication',
  "-H 'Authorization: Bearer ${token}'",
  `commit ${r.text('0123456789abcdef', 40)}`,
  '123e4567-e89b-12d3-a456-426614174000',
  `sha512-${r.bytes(64).toString('base64')}`,
  `data:image/png;base64,${r.bytes(600).toString('base64')}`,
  `ssh-rsa ${r.bytes(279).toString('base64')} a@b`,
  'task-force-with-a-very-long-kebab-name-and-more',
  `disk-${r.text('abcdefghijklmnopqrstuvwxyz0123456789', 40)}`,
  'npm_config_registry npm_package_json npm_lifecycle_event',
  'AKIA is the prefix of AWS keys, ghp_ that of GitHub, sk-ant- that of Anthropic',
  'eyJ alone, eyJhbGciOiJIUzI1NiJ9 alone',
  '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUabcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH\n-----END CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----\nMIIBszCCAVmgAwIBAgIUabcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH\n-----END PUBLIC KEY-----',
  "const begin = '-----BEGIN PRIVATE KEY-----';\nconst end = '-----END PRIVATE KEY-----';\nconst other = 1;",
  "text.replace('-----BEGIN PRIVATE KEY-----', '').replace('-----END PRIVATE KEY-----', '')",
  `grep: -----BEGIN RSA PRIVATE KEY-----\nfound in 3 files\n${r.text('0123456789abcdef', 40)} a.txt`,
  '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
  'STENCIL_PASS_DEPTH_PASS: 0x0B96;',
  '"jsonwebtoken": "^9.0.2",',
  "credentials: 'include',",
  'lastSignificantToken = "?NonExpressionParenEnd";',
  'const UNEXPECTED_TOKEN = /^Unexpected token/;',
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above

describe('a secret', () => {
  it.each(SECRETS.map((line) => [line]))('%s', (line) => {
    expect(unlabelled(mask(plain(line)))).toBe(masked(line));
  });
});

describe('not a secret', () => {
  it.each(NOT_SECRETS.map((line) => [line]))('%s', (line) => {
    expect(mask(line)).toBe(line);
  });

  it('is nothing in a masked text: masking twice changes nothing', () => {
    for (const line of SECRETS) {
      const once = mask(plain(line));
      expect(mask(once)).toBe(once);
    }
  });
});

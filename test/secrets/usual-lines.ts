import { ALNUM, HEX, type Random } from './synthetic.ts';

/** A line, or a few, of the kind that fills logs. None holds a secret; many look as if they did. */
export function usualLine(r: Random): string {
  return r.pick(r() < 0.8 ? PLAIN : TEMPTING)(r);
}

const hex = (r: Random, length: number) => r.text(HEX, length);
const uuid = (r: Random) => [8, 4, 4, 4, 12].map((n) => hex(r, n)).join('-');
const time = (r: Random) => new Date(1.7e12 + r.int(1e9) * 10).toISOString();
const WORDS =
  'task keyboard monkey keynote passing password-reset tokenizer secretary disk risk mask signing request worker build cache queue index stream'.split(
    ' ',
  );

const PLAIN: ((r: Random) => string)[] = [
  (r) =>
    `${time(r)} INFO  [http] GET /api/v1/users/${r.int(1e5)}?page=${r.int(9)} 200 ${r.int(300)}ms request_id=${uuid(r)}`,
  (r) =>
    `${time(r)} DEBUG [worker-${r.int(8)}] processed ${r.int(900)} items, ${r.int(90)} skipped`,
  (r) =>
    `    at Object.<anonymous> (/repo/src/${r.pick(WORDS)}/${r.pick(WORDS)}.ts:${r.int(400)}:${r.int(80)})`,
  (r) =>
    `npm http fetch GET 200 https://registry.example.org/${r.pick(WORDS)} ${r.int(90)}ms (cache hit)`,
  (r) =>
    ` \x1b[32m✓\x1b[39m src/${r.pick(WORDS)}.test.ts \x1b[2m(${r.int(40)} tests)\x1b[22m\x1b[90m ${r.int(90)}ms\x1b[39m`,
  (r) =>
    `   Compiling ${r.pick(WORDS)} v${r.int(9)}.${r.int(30)}.${r.int(9)} (/work/crates/${r.pick(WORDS)})`,
  (r) =>
    `remote: Counting objects: ${r.int(100)}% (${r.int(999)}/999)\rremote: Counting objects: 100% (999/999), done.`,
  (r) =>
    `{"level":"info","ts":${r.int(2 ** 31)},"msg":"${r.pick(WORDS)} finished","durationMs":${r.int(999)},"trace":"${hex(r, 32)}"}`,
  (r) =>
    `drwxr-xr-x  ${r.int(9)} root root  4096 May ${r.int(30)} 12:${10 + r.int(49)} ${r.pick(WORDS)}`,
  (r) => `Größe: ${r.int(99)} kB · naïve café — ${r.pick(WORDS)} → 完了`,
];

const TEMPTING: ((r: Random) => string)[] = [
  (r) => `commit ${hex(r, 40)} (HEAD -> feature/${r.pick(WORDS)}-${r.pick(WORDS)})`,
  (r) =>
    `{"usage":{"input_tokens":${r.int(9999)},"output_tokens":${r.int(999)}},"max_tokens":4096,"token":${r.int(99)}}`,
  (r) => `tokens: ${r.int(5000)}, cost: $0.${r.int(99)}`,
  () => 'export function login(user: string, password: string, token?: Token): Promise<Session> {',
  () => '  const token = getToken(request); if (token === undefined) throw new Error("no token");',
  () => '  this.password = password; this.apiKey = options.apiKey ?? process.env.API_KEY;',
  () => '  api_key = os.environ["API_KEY"]  # password: see the vault',
  () => 'curl -H "Authorization: Bearer $TOKEN" https://api.example.com/v1/items',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's
  () => 'DB_PASSWORD=${DB_PASSWORD} API_KEY=<your-api-key> TOKEN={{ vault_token }} SECRET=$SECRET',
  () => 'password=******** secret: "" token: null credentials: none',
  () => 'connecting to postgres://localhost:5432/app and redis://cache:6379/0',
  () => 'GET https://registry.example.org:443/@scope%2fpkg and git@github.com:owner/repo.git',
  (r) => `      "integrity": "sha512-${r.bytes(64).toString('base64')}",`,
  (r) => `<img src="data:image/png;base64,${r.bytes(300 + r.int(900)).toString('base64')}">`,
  (r) => `sha256:${hex(r, 64)} ${uuid(r)} ${hex(r, 12)}`,
  (r) => `ssh-ed25519 ${r.bytes(51).toString('base64')} dev@example`,
  (r) => `etag: W/"${r.text(ALNUM, 27)}" x-request-id: ${uuid(r)}`,
  (r) =>
    [
      '-----BEGIN CERTIFICATE-----',
      ...r
        .bytes(400)
        .toString('base64')
        .match(/.{1,64}/g)!,
      '-----END CERTIFICATE-----',
    ].join('\n'),
  () =>
    "const pem = text.replace('-----BEGIN PRIVATE KEY-----', '').replace('-----END PRIVATE KEY-----', '');",
  () => 'Error: invalid password: user not found (token expired, secret: missing)',
  () => '  --token string      access token (env: TOKEN)   --password   ask for the password',
  () => 'PWD=/home/dev/work OLDPWD=/home/dev SSH_AUTH_SOCK=/tmp/ssh-XX/agent.1',
  (r) => `disk-usage-${r.text(ALNUM, 40)} task-${r.text(ALNUM, 34)} risk_test_${r.text(ALNUM, 30)}`,
];

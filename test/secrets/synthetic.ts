/**
 * Secrets that never opened anything. Every one is put together at run time from parts and seeded
 * random letters, so that no string in this repository looks real to a scanner (or to a person).
 */
export interface Random {
  (): number;
  int(below: number): number;
  pick<T>(from: readonly T[]): T;
  text(alphabet: string, length: number): string;
  bytes(length: number): Buffer;
}

/** mulberry32: small, fast and the same on every machine. */
export function seeded(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number) => Math.floor(next() * below);
  return Object.assign(next, {
    int,
    pick: <T>(from: readonly T[]) => from[int(from.length)]!,
    text(alphabet: string, length: number) {
      let text = '';
      while (text.length < length) text += alphabet[int(alphabet.length)];
      return text;
    },
    bytes(length: number) {
      const bytes = Buffer.allocUnsafe(length);
      for (let i = 0; i < length; i++) bytes[i] = int(256);
      return bytes;
    },
  });
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
export const HEX = `${DIGITS}abcdef`;
export const ALNUM = LOWER + UPPER + DIGITS;
const WORD = `${ALNUM}-_`;

const builders = {
  'aws-access-key': (r: Random) => `${r.pick(['AK', 'AS'])}${'IA'}${r.text(UPPER + DIGITS, 16)}`,
  'github-token': (r: Random) => `${'gh'}${r.pick(['p', 'o', 's', 'u'])}_${r.text(ALNUM, 36)}`,
  'github-fine-grained': (r: Random) =>
    `${['github', 'pat', ''].join('_')}${r.text(ALNUM, 22)}_${r.text(ALNUM, 59)}`,
  'gitlab-token': (r: Random) => `${'gl'}${'pat-'}${r.text(WORD, 20)}`,
  'slack-token': (r: Random) =>
    [
      'xox'.concat(r.pick(['b', 'p'])),
      r.text(DIGITS, 12),
      r.text(DIGITS, 12),
      r.text(ALNUM, 24),
    ].join('-'),
  'stripe-key': (r: Random) => ['sk', r.pick(['live', 'test']), r.text(ALNUM, 24)].join('_'),
  'google-api-key': (r: Random) => `${'AI'}${'za'}${r.text(WORD, 35)}`,
  jwt: (r: Random) =>
    [
      base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT' })),
      base64url(JSON.stringify({ sub: r.text(DIGITS, 10), iat: r.int(2 ** 31) })),
      r.text(WORD, 43),
    ].join('.'),
  'npm-token': (r: Random) => `${'npm'}_${r.text(ALNUM, 36)}`,
  'openai-key': (r: Random) => ['sk', 'proj', r.text(ALNUM, 48)].join('-'),
  'anthropic-key': (r: Random) => ['sk', 'ant', 'api03', r.text(WORD, 80)].join('-'),
  'sendgrid-key': (r: Random) => ['SG', r.text(WORD, 22), r.text(WORD, 43)].join('.'),
  'twilio-key': (r: Random) => `${'S'}${'K'}${r.text(HEX, 32)}`,
  'digitalocean-token': (r: Random) => `${['dop', 'v1', ''].join('_')}${r.text(HEX, 64)}`,
  'huggingface-token': (r: Random) => `${'h'}${'f_'}${r.text(ALNUM, 34)}`,
  'pypi-token': (r: Random) => `${'pypi'}-${'AgEI'}${r.text(WORD, 80)}`,
  'age-key': (r: Random) =>
    `${['AGE', 'SECRET', 'KEY', '1'].join('-')}${r.text(UPPER + DIGITS, 58)}`,
  'stripe-webhook-secret': (r: Random) => `${'wh'}${'sec_'}${r.text(ALNUM, 32)}`,
  'google-oauth-secret': (r: Random) => `${'GOC'}${'SPX-'}${r.text(WORD, 28)}`,
  'google-oauth-token': (r: Random) => `${'ya'}${'29.'}${r.text(WORD, 60)}`,
  'vault-token': (r: Random) => `${'hv'}${'s.'}${r.text(ALNUM, 90)}`,
  'shopify-token': (r: Random) => `${'shp'}${'at_'}${r.text(HEX, 32)}`,
  /** Only what stands behind the host is the secret. */
  'slack-webhook': (r: Random) =>
    `T${r.text(UPPER + DIGITS, 8)}/B${r.text(UPPER + DIGITS, 10)}/${r.text(ALNUM, 24)}`,
  'azure-key': (r: Random) => r.bytes(64).toString('base64'),
};

export type TokenKind = keyof typeof builders;
export const TOKEN_KINDS = Object.keys(builders) as TokenKind[];

export function token(kind: TokenKind, random: Random): string {
  return builders[kind](random);
}

/** A password as a manager would make it: never all letters, no sign that ends a bare value. */
export function password(random: Random): string {
  return `${random.text(ALNUM, 6)}${random.pick(['!', '.', '*', '^', '~'])}${random.text(ALNUM, 10)}${random.int(10)}`;
}

export function privateKey(
  random: Random,
  {
    label = 'RSA ',
    bytes = 1190,
    eol = '\n',
  }: { label?: string; bytes?: number; eol?: string } = {},
): string {
  const dashes = '-'.repeat(5);
  const body = random
    .bytes(bytes)
    .toString('base64')
    .match(/.{1,64}/g)!;
  const name = `${label}${'PRIVATE'} KEY`;
  return [`${dashes}BEGIN ${name}${dashes}`, ...body, `${dashes}END ${name}${dashes}`].join(eol);
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

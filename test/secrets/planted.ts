import { password, privateKey, type Random, seeded, TOKEN_KINDS, token } from './synthetic.ts';
import { usualLine } from './usual-lines.ts';

export interface PlantedSecret {
  kind: string;
  /** Exactly what stands in the log and may not stand in the masked one. */
  value: string;
  /** Byte offset of the value in the log. */
  at: number;
}

export const PLANTED = 295;

/**
 * A log of `bytes` bytes with 295 secrets between usual and tempting lines, the same for the same
 * seed. `ownEnvironment` is the environment of the run: its secret values are among those planted,
 * plain and in other forms, and no pattern would find them.
 */
export function plantedLog(options: { bytes: number; seed?: number }): {
  log: Buffer;
  secrets: PlantedSecret[];
  ownEnvironment: Record<string, string>;
} {
  const random = seeded(options.seed ?? 1);
  const ownEnvironment = environment(random);
  const plants = plantings(ownEnvironment);
  const log = Buffer.allocUnsafe(options.bytes + 256 * 1024);
  const secrets: PlantedSecret[] = [];
  let length = 0;
  while (length < options.bytes || secrets.length < PLANTED) {
    if (secrets.length < PLANTED && length >= (options.bytes / PLANTED) * secrets.length) {
      const [kind, plant] = plants[secrets.length % plants.length]!;
      const { before = '', value, after = '' } = plant(random);
      secrets.push({ kind, value, at: length + Buffer.byteLength(before) });
      length += log.write(`${before}${value}${after}\n`, length);
    } else length += log.write(`${usualLine(random)}\n`, length);
  }
  return { log: log.subarray(0, length), secrets, ownEnvironment };
}

/**
 * The secrets of which a piece of 15 bytes or more is in `output`: not only a whole secret, also
 * half of one is a leak. PEM lines count each, their BEGIN and END do not.
 */
export function leakedIn(output: Buffer, secrets: readonly PlantedSecret[]): PlantedSecret[] {
  const owners = new Map<string, string>();
  const starts = new Uint8Array(1 << 22);
  for (const secret of secrets) {
    for (const line of secret.value.split(/\r?\n|\\n/)) {
      if (line.includes('-----')) continue;
      const bytes = Buffer.from(line);
      for (let i = 0; i + PIECE <= bytes.length; i++) {
        owners.set(bytes.toString('latin1', i, i + PIECE), secret.value);
        starts[hashAt(bytes, i)] = 1;
      }
    }
  }
  const leaked = new Set<string>();
  for (let i = 0; i + PIECE <= output.length; i += STEP) {
    if (starts[hashAt(output, i)] === 0) continue;
    const owner = owners.get(output.toString('latin1', i, i + PIECE));
    if (owner !== undefined) leaked.add(owner);
  }
  return secrets.filter(({ value }) => leaked.has(value));
}

const PIECE = 12;
/** All pieces of a secret are known, so the output need not be read at every byte. */
const STEP = 4;

function hashAt(bytes: Buffer, at: number): number {
  const word =
    bytes[at]! | (bytes[at + 3]! << 8) | (bytes[at + 7]! << 16) | (bytes[at + 11]! << 24);
  return Math.imul(word, 0x9e3779b1) >>> 10;
}

interface Plant {
  before?: string;
  value: string;
  after?: string;
}

function environment(random: Random): Record<string, string> {
  return {
    HOME: '/home/dev',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    NODE_ENV: 'production',
    POSTGRES_PASSWORD: 'postgres',
    SSH_KEY_PATH: '/home/dev/.ssh/id_ed25519',
    PAYMENT_TOKEN: `${random.text('abcdefghijklmnop', 14)}/${random.text('qrstuvwxyz', 8)}+x`,
    STORE_PASSWORD: `Tür "${random.text('abcdefgh', 9)}" & ${random.text('stuvwxyz', 6)}`,
    DATABASE_URL: `postgres://app:${random.text('abcdefghijk', 18)}@db.internal:5432/app`,
  };
}

/** What can be planted, in turn; `value` is what must not be left, `before` and `after` may stay. */
function plantings(own: Record<string, string>): [string, (r: Random) => Plant][] {
  const tokens = TOKEN_KINDS.filter((kind) => kind !== 'slack-webhook' && kind !== 'azure-key').map(
    (kind): [string, (r: Random) => Plant] => [
      kind,
      (r) => ({ ...r.pick(AROUND), value: token(kind, r) }),
    ],
  );
  const { PAYMENT_TOKEN = '', STORE_PASSWORD = '', DATABASE_URL = '' } = own;
  const forms: [string, Plant][] = [
    ['own-plain', { before: 'sent ', value: PAYMENT_TOKEN, after: ' to the shop' }],
    ['own-plain', { before: '  x', value: STORE_PASSWORD, after: 'x' }],
    ['own-base64', { before: 'b64 ', value: Buffer.from(PAYMENT_TOKEN).toString('base64') }],
    ['own-base64url', { value: Buffer.from(STORE_PASSWORD).toString('base64url'), after: '.' }],
    ['own-url', { before: 'GET /pay?t=', value: encodeURIComponent(PAYMENT_TOKEN), after: '&n=1' }],
    [
      'own-form',
      { before: 'p=', value: new URLSearchParams({ p: STORE_PASSWORD }).toString().slice(2) },
    ],
    [
      'own-json',
      { before: '{"said":"', value: JSON.stringify(STORE_PASSWORD).slice(1, -1), after: '"}' },
    ],
    ['own-url-password', { before: 'auth failed for ', value: new URL(DATABASE_URL).password }],
  ];
  return [
    ...tokens,
    ...SHAPES,
    ...forms.map(([kind, plant]): [string, () => Plant] => [kind, () => plant]),
  ];
}

const AROUND: Omit<Plant, 'value'>[] = [
  { before: '2024-05-01T10:00:00Z ERROR upstream said: ', after: ' is not valid' },
  { before: '{"role":"tool","text":"ok\\n', after: '\\nbye"}' },
  { before: '\x1b[32m', after: '\x1b[0m' },
  { before: "curl -u '", after: ":' https://api.example.com" },
  { before: 'naïve → ', after: ',' },
  {},
];

const SHAPES: [string, (r: Random) => Plant][] = [
  [
    'slack-webhook',
    (r) => ({
      before: `POST https://hooks.${'slack'}.com/services/`,
      value: token('slack-webhook', r),
    }),
  ],
  [
    'azure-key',
    (r) => ({ before: 'AccountName=a;AccountKey=', value: token('azure-key', r), after: ';' }),
  ],
  [
    'url-password',
    (r) => ({ before: 'using postgres://app:', value: password(r), after: '@db:5432/app' }),
  ],
  ['env', (r) => ({ before: 'export DB_PASSWORD=', value: password(r) })],
  [
    'env-long',
    (r) => ({ before: 'AWS_SECRET_ACCESS_KEY=', value: r.bytes(30).toString('base64') }),
  ],
  ['json', (r) => ({ before: '{"user":"a","password":"', value: password(r), after: '","n":1}' })],
  [
    'json-in-json',
    (r) => ({ before: '{"out":"{\\"apiKey\\":\\"', value: password(r), after: '\\"}"}' }),
  ],
  ['yaml', (r) => ({ before: '  client_secret: ', value: password(r) })],
  [
    'query',
    (r) => ({
      before: 'GET /cb?access_token=',
      value: r.text('abcdef0123456789', 32),
      after: '&x=1 200',
    }),
  ],
  [
    'bearer',
    (r) => ({ before: '> Authorization: Bearer ', value: r.bytes(24).toString('base64url') }),
  ],
  [
    'basic',
    (r) => ({
      before: '"authorization": "Basic ',
      value: r.bytes(18).toString('base64'),
      after: '",',
    }),
  ],
  ['pem', (r) => ({ before: 'cat key.pem\n', value: privateKey(r), after: '\nok' })],
  ['pem-openssh', (r) => ({ value: privateKey(r, { label: 'OPENSSH ', bytes: 351 }) })],
  ['pem-crlf', (r) => ({ value: privateKey(r, { label: '', eol: '\r\n' }), after: '\r' })],
  ['pem-yaml', (r) => ({ before: 'key: |\n    ', value: privateKey(r, { eol: '\n    ' }) })],
  [
    'pem-json',
    (r) => ({
      before: '{"private_key":"',
      value: privateKey(r, { label: '', eol: '\\n' }),
      after: '\\n"}',
    }),
  ],
  ['pem-log', (r) => ({ before: 'app_1  | ', value: privateKey(r, { eol: '\napp_1  | ' }) })],
  [
    'pem-cut',
    (r) => ({
      before: 'tail:\n',
      value: privateKey(r).split('\n').slice(0, 12).join('\n'),
      after: '\n\n[cut here]',
    }),
  ],
];

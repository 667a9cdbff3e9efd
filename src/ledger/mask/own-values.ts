import { MIN_OWN } from './own-forms.ts';
import { isPath } from './path-value.ts';
import { isSecretName } from './secret-name.ts';

/** A secret of this run itself: a value found behind an environment name, in .env, in netrc. */
export interface OwnValue {
  name: string;
  value: string;
}

/**
 * The secrets among the variables: values behind a secret's name, and the passwords inside URLs,
 * connection strings and JSON whatever the name. These are masked wherever they show up, so what
 * is no secret must not get in: names that say public, path or id, and words that are in every log.
 */
export function ownValuesFromEnvironment(env: Record<string, string | undefined>): OwnValue[] {
  const found = new Map<string, OwnValue>();
  for (const [name, text] of Object.entries(env)) {
    if (text === undefined || text.length < MIN_OWN) continue;
    for (const value of secretsIn(name, text.trim())) {
      if (isOwnable(value) && !found.has(value)) found.set(value, { name, value });
    }
  }
  return [...found.values()];
}

/** Of values that somebody calls secret, those that can be looked for everywhere. */
export function ownValuesGiven(values: readonly OwnValue[]): OwnValue[] {
  return values.filter(({ value }) => isOwnable(value));
}

/** Values of one to many lines, quoted or bare, with or without `export`. */
export function ownValuesFromDotenv(text: string): OwnValue[] {
  const env: Record<string, string> = {};
  for (const [, name = '', quoted, bare = ''] of text.matchAll(DOTENV)) {
    const value = quoted === undefined ? bare.replace(/\s#.*$/, '').trim() : quoted.slice(1, -1);
    env[name] = quoted?.startsWith('"') ? value.replace(/\\(["$\\])/g, '$1') : value;
  }
  return ownValuesFromEnvironment(env);
}

/** `machine h login l password p`, over lines or not; only passwords are secrets. */
export function ownValuesFromNetrc(text: string): OwnValue[] {
  const found: OwnValue[] = [];
  const words = [...text.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(
    ([, quoted, word]) => quoted?.replace(/\\(.)/g, '$1') ?? word ?? '',
  );
  let machine = 'default';
  for (let i = 0; i + 1 < words.length; i++) {
    if (words[i] === 'machine') machine = words[++i]!;
    else if (words[i] === 'default') machine = 'default';
    else if (words[i] === 'login' || words[i] === 'account') i++;
    else if (words[i] === 'password') {
      const value = words[++i]!;
      if (isOwnable(value)) found.push({ name: `netrc-${machine}`, value });
    }
  }
  return found;
}

const DOTENV =
  /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*[=:][ \t]*(?:("(?:\\.|[^"\\])*"|'[^']*'|`[^`]*`)|(.*))/gm;

/** Plain looks first: at every start of the command this reads the whole environment. */
function secretsIn(name: string, text: string): string[] {
  const inside: string[] = [];
  if (text.includes('://')) {
    for (const [, found = ''] of text.matchAll(USERINFO)) inside.push(...userinfoSecrets(found));
  }
  if (text.includes(';')) {
    for (const [, password = ''] of text.matchAll(CONNECTION_PART)) inside.push(password);
  }
  const isJson = text.startsWith('{');
  if (isJson) inside.push(...jsonSecrets(text));
  // Of an address, or `key=value;…`, only the secret parts are the secret.
  const isWhole = (isJson || inside.length === 0) && isSecretName(name) && !ADDRESS.test(text);
  return isWhole ? [text, ...inside] : inside;
}

/** The userinfo whole (`postgres:pw` is short but rare), the password as written and as meant. */
function userinfoSecrets(found: string): string[] {
  const colon = found.indexOf(':');
  // A user alone is a name, unless it is the token itself (`https://<token>@github.com`).
  if (colon < 0) return found.length >= 16 && /\d/.test(found) ? [found] : [];
  const password = found.slice(colon + 1);
  // A password too common to be masked alone does not become a secret with a user before it.
  if (password === '' || EVERYDAY.has(password.toLowerCase())) return [];
  return [found, password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Service-account files in a variable: the leaves behind a secret's name. */
function jsonSecrets(text: string): string[] {
  const found: string[] = [];
  try {
    JSON.parse(text, (key, value) => {
      if (typeof value === 'string' && isSecretName(key)) found.push(value);
      return value;
    });
  } catch {
    // Not JSON after all: the value as a whole still counts.
  }
  return found;
}

const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;
const USERINFO = /[a-z]:\/\/([^\s/?#"'<>]{1,1024})@/gi;
const CONNECTION_PART = /(?:^|[;,])\s*(?:password|pwd|accountkey|sharedaccesskey)\s*=\s*([^;]+)/gi;

/**
 * Masking "postgres" or "password" everywhere would destroy the evidence and tell the reader what
 * the word was; a path or a number is wanted in a log.
 */
function isOwnable(value: string): boolean {
  return (
    Buffer.byteLength(value) >= MIN_OWN &&
    !EVERYDAY.has(value.toLowerCase()) &&
    !isPath(value) &&
    !STAND_IN.test(value)
  );
}

/** A row of one sign, or a reference to another variable. */
const STAND_IN =
  /^(?:(.)\1*|\$\w+|[$#%]?\{[^}"]*\}|\$\([^)]*\)|<[^>]*>|%\w+%|(?:your|YOUR|Your)[-_].*)$/;

/** Only words of 8 letters or more need to stand here. */
const EVERYDAY = new Set(
  `administrator anonymous authenticated basic-auth changeit changeme change-me credential
  credentials database debugging development disabled enabled-all external filesystem github-actions
  internal keychain keyring-file libsecret localhost manager-core mypassword osxkeychain passphrase
  password password1 passw0rd plaintext postgres postgresql privatekey production publickey
  qwertyuiop required secretkey ssh-agent superuser test-key testtest test-token testpassword
  undefined username wincred 127.0.0.1 12345678 123456789 1234567890`.split(/\s+/),
);

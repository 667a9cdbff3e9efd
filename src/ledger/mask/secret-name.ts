/**
 * Whether a variable or field of this name holds a secret: `NPM_TOKEN`, `db.password`, `apiKey`.
 * Word sets and no regex, because a large one takes longer to compile than all of an environment
 * to read, at every start of the command.
 */
export function isSecretName(name: string): boolean {
  if (!MAYBE.test(name)) return false;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .split(/[^A-Z0-9]+/);
  const last = words.at(-1) ?? '';
  if (OTHER.has(last) || words.includes('FINGERPRINT')) return false;
  // The shell's own; any other PWD is a password.
  if ((last === 'PWD' && words.length === 1) || last === 'OLDPWD') return false;
  if (last === 'KEY' || last === 'KEYS') return !OPEN_KEYS.has(words.at(-2) ?? '');
  return (
    LAST.has(last) ||
    ENDS.some((end) => last.endsWith(end)) ||
    words.some((word) => ANYWHERE.some((part) => word.includes(part)))
  );
}

const MAYBE = /key|tok|sec|pas|pwd|cre|aut/i;
const LAST = new Set(['PASS', 'AUTH']);
const ENDS = ['TOKEN', 'PASSPHRASE', 'PWD', 'APIKEY', 'ACCESSKEY', 'PRIVATEKEY', 'AUTHKEY'];
const ANYWHERE = ['SECRET', 'PASSWORD', 'PASSWD', 'CREDENTIAL'];

/** Names that speak about a secret: where it is, how long, whose. */
const OTHER = new Set(
  `PATH FILE FILES DIR DIRECTORY ID IDS NAME NAMES URL URI ENDPOINT HOST PORT TYPE PROVIDER HELPER
  STORE ALGORITHM LENGTH SIZE TTL EXPIRY EXPIRES VERSION REGION SOCK ENABLED REQUIRED`.split(/\s+/),
);

/** Keys that are public, or open a table. */
const OPEN_KEYS = new Set(
  `PUBLIC PUB PUBLISHABLE ANON SITE SORT PRIMARY PARTITION FOREIGN CACHE HOST HOT GPG`.split(' '),
);

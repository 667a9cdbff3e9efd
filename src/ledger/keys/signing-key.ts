import {
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { concat, fromBase64, toBase64, toHex } from '../../core/bytes.ts';
import { originOf } from '../checkpoint.ts';
import { ledgerError } from '../errors.ts';
import { nodePrimitives } from '../node-primitives.ts';
import { formatVerifierKey, type VerifierKey, verifierKey } from '../note.ts';

/**
 * The key that signs one ledger's roots on one machine, and what is derived from it.
 *
 * It lies in the user's configuration directory, not with the ledger: a copy of the ledger alone
 * cannot be signed anew. A program running as the same user can read it; docs/THREATS.md says so.
 */
export interface SigningKey {
  verifier: VerifierKey;
  sign(message: Uint8Array): Uint8Array;
  /** 32 bytes for one purpose, by HKDF-SHA256 (RFC 5869), so that no other key file is needed. */
  derive(
    purpose: 'mask' | 'content' | 'environment' | 'workspace' | 'snapshot' | 'attachment',
  ): Uint8Array;
}

export function keyPath(configDir: string, ledgerId: string): string {
  return join(configDir, 'keys', `${ledgerId}.key`);
}

/** Makes the key of a new ledger: mode 0600, durable, never over an existing one. */
export function createSigningKey(configDir: string, ledgerId: string): SigningKey {
  const path = keyPath(configDir, ledgerId);
  const seed = randomBytes(32);
  const key = fromSeed(seed, ledgerId);
  const text = `PRIVATE+KEY+${key.verifier.name}+${toHex(key.verifier.id)}+${toBase64(concat([new Uint8Array([1]), seed]))}\n`;
  const draft = `${path}.${process.pid}.${toHex(randomBytes(4))}`;
  try {
    mkdirSync(join(configDir, 'keys'), { recursive: true, mode: 0o700 });
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    // A link fails where the name is taken, which a rename would not: two first uses, one key.
    linkSync(draft, path);
  } catch (cause) {
    throw ledgerError(
      'ledger.key-unwritable',
      'The signing key could not be kept',
      `${(cause as Error).message}`,
      `make ${configDir} writable, or set XDG_CONFIG_HOME to a directory of yours`,
      cause,
    );
  } finally {
    removeQuietly(draft);
  }
  return key;
}

/** Of what stands in the way (a file where a directory should be) the caller has told already. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It was never made.
  }
}

/** The key of an existing ledger; `ledger.key-missing` where this machine has none. */
export function loadSigningKey(configDir: string, ledgerId: string): SigningKey {
  const path = keyPath(configDir, ledgerId);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw ledgerError(
      'ledger.key-missing',
      'The key that signs this ledger is not on this machine',
      `${(cause as Error).message}`,
      `put ${path} back from a backup; or move the ledger aside and run proof init (the old one stays verifiable)`,
      cause,
    );
  }
  const typed = fromBase64(text.trim().split('+').slice(4).join('+'));
  if (!text.startsWith('PRIVATE+KEY+') || typed?.length !== 33 || typed[0] !== 1) {
    throw ledgerError(
      'ledger.key-missing',
      'The key that signs this ledger cannot be read',
      `${path} does not hold a signed-note private key`,
      `put ${path} back from a backup`,
    );
  }
  return fromSeed(typed.subarray(1), ledgerId);
}

export function verifierKeyText(key: SigningKey): string {
  return formatVerifierKey(key.verifier);
}

function fromSeed(seed: Uint8Array, ledgerId: string): SigningKey {
  // RFC 8410 §7: the DER prefix of an Ed25519 private key, then the seed.
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const secret: KeyObject = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    verifier: verifierKey(nodePrimitives, originOf(ledgerId), new Uint8Array(publicKey)),
    sign: (message) => sign(null, message, secret),
    derive: (purpose) =>
      new Uint8Array(hkdfSync('sha256', seed, ledgerId, `prooflayer.dev/${purpose}/v1`, 32)),
  };
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Bytes of the cache as they lie on disk: AES-256-GCM (NIST SP 800-38D) under a key derived from
 * the ledger's signing key, which lies in the user's own configuration. So what a file held, secrets
 * and all, can be put back here and read nowhere else; and what somebody edited does not open.
 */
export function sealed(key: Uint8Array, pieces: readonly Uint8Array[]): Uint8Array[] {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = pieces.map((piece) => cipher.update(piece));
  return [nonce, ...body, cipher.final(), cipher.getAuthTag()];
}

/** Throws where the bytes are not what was sealed under this key. */
export function unsealed(key: Uint8Array, bytes: Uint8Array): Buffer {
  const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), {
    authTagLength: TAG,
  });
  cipher.setAuthTag(bytes.subarray(bytes.length - TAG));
  const plain = cipher.update(bytes.subarray(NONCE, bytes.length - TAG));
  cipher.final();
  return plain;
}

const NONCE = 12;
const TAG = 16;

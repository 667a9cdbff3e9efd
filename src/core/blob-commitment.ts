import { concat, utf8 } from './bytes.ts';
import type { Primitives } from './primitives.ts';

/**
 * A blob's name: SHA-256("prooflayer.dev/blob/v1" || 0x00 || salt || bytes), salt of 32 bytes.
 *
 * The salt makes the name useless for guessing: once bytes and salt are deleted, nobody can find
 * out by trying what stood there, and yet whoever still has both can show that it was this.
 */
export const BLOB_DOMAIN = concat([utf8('prooflayer.dev/blob/v1'), new Uint8Array([0])]);
export const BLOB_SALT_BYTES = 32;

/** Starts the hash of a blob; feed the bytes, then take the digest. */
export function startCommitment(primitives: Primitives, salt: Uint8Array) {
  const hash = primitives.sha256Stream();
  hash.update(BLOB_DOMAIN);
  hash.update(salt);
  return hash;
}

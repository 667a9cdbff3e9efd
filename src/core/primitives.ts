/**
 * The cryptography a verifier needs, handed in: from node:crypto in the command, from another
 * library in a browser page. So the verifier itself has no I/O and no dependency.
 */
export interface Primitives {
  /** Writes the SHA-256 of `bytes` (32 bytes) into `out` at `at`: no allocation, for trees of millions. */
  sha256Into(bytes: Uint8Array, out: Uint8Array, at: number): void;
  /** SHA-256 over a stream of pieces, for blobs of any size. */
  sha256Stream(): { update(bytes: Uint8Array): void; digest(): Uint8Array };
  /** True if `signature` (64 bytes) is the Ed25519 signature (RFC 8032) of `message` by `publicKey` (32 bytes). */
  ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

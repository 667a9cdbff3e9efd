/** Bytes kept of each stream of a command; of longer ones head and tail, with a gap between. */
export const RECORDED_BYTES = 256 * 1024 * 1024;

/** Pixels of a picture's width and height; of a larger page the rest is left out, and that is said. */
export const TALLEST_PICTURE = 10_000;

/** Bytes a ledger may take on disk before it says so; `PROOF_DISK_BUDGET` sets another, or none. */
export const DISK_BUDGET = 5_000_000_000;

/**
 * What goes by itself once a ledger has been over its budget for so long, oldest first, until it is
 * not any more.
 */
export const OVER_BUDGET = {
  graceMs: 24 * 3_600_000,
  rule: { closedForSeconds: 7 * 86_400, atLeastBytes: 100_000 },
};

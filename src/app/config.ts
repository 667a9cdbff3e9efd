/** Bytes kept of each stream of a command; of longer ones head and tail, with a gap between. */
export const RECORDED_BYTES = 256 * 1024 * 1024;

/** Bytes kept of each stream of a command; of longer ones head and tail, with a gap between. */
export const RECORDED_BYTES = 256 * 1024 * 1024;

/** Pixels of a picture's width and height; of a larger page the rest is left out, and that is said. */
export const TALLEST_PICTURE = 10_000;

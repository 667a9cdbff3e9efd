import * as z from 'zod/mini';
import { once } from '../once.ts';
import { integer, masked } from './header.ts';

/** Bytes of an entry that became a blob; what the blob lacks is said here. */
export const keptContents = once(() =>
  z.object({
    /** The blob's name in `blobs`; where nothing came, no blob has it. */
    blob: z.string(),
    /** Bytes that came, before masking. */
    bytes: integer(),
    /** Left out of the blob: after its byte `at`, `bytes` are missing (null: nobody knows). */
    gaps: z.array(z.object({ at: integer(), bytes: z.nullable(integer()), why: z.string() })),
    /** Struck out of these bytes. Bytes that are no text are then not what they were. */
    masked: masked(),
  }),
);
export type KeptContents = z.infer<ReturnType<typeof keptContents>>;

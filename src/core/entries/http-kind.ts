import * as z from 'zod/mini';
import { once } from '../once.ts';
import { digest, instant, integer, masked } from './header.ts';
import { keptContents } from './kept-contents.ts';

/** Names as sent. A value that would open something is null: it is never stored, not even masked. */
const headers = once(() => z.array(z.object({ name: z.string(), value: z.nullable(z.string()) })));

/** One HTTP request and what came of it. The bodies are the blobs `sent` and `body`. */
export const http = once(() =>
  z.object({
    method: z.string(),
    url: z.string(),
    /** Of the last request, after redirects. */
    finalUrl: z.string(),
    redirects: z.array(z.object({ status: integer(), url: z.string() })),
    request: z.object({ headers: headers(), content: z.nullable(keptContents()) }),
    /** Null where none came: then `failure` says why. */
    answer: z.nullable(
      z.object({
        status: integer(),
        reason: z.string(),
        httpVersion: z.string(),
        headers: headers(),
        type: z.string(),
        /** Content encodings that were undone: the blob has the contents, not what was sent. */
        encodings: z.array(z.string()),
        /** One that nobody here can undo: the blob has what was sent. */
        encodedStill: z.optional(z.string()),
        /** Bytes of the body as they were sent. */
        wireBytes: integer(),
        content: keptContents(),
      }),
    ),
    /** Why there is no answer, or not all of it. */
    failure: z.nullable(
      z.object({
        what: z.enum([
          'name',
          'connection',
          'timeout',
          'tls',
          'certificate',
          'empty',
          'protocol',
          'broken-off',
          'redirects',
        ]),
        why: z.string(),
      }),
    ),
    /** Of the last request, each part alone; null where there was no such part. `total` is of all. */
    timing: z.object({
      dnsMicros: z.nullable(integer()),
      connectMicros: z.nullable(integer()),
      tlsMicros: z.nullable(integer()),
      /** From the request until the first byte of the answer. */
      firstByteMicros: z.nullable(integer()),
      totalMicros: integer(),
    }),
    address: z.nullable(z.object({ ip: z.string(), port: integer() })),
    tls: z.nullable(
      z.object({
        protocol: z.string(),
        cipher: z.string(),
        /** Whether the certificate holds for this name; `why` it does not. */
        trusted: z.boolean(),
        why: z.optional(z.string()),
        certificate: z.nullable(
          z.object({
            subject: z.string(),
            issuer: z.string(),
            names: z.array(z.string()),
            validFrom: z.string(),
            validTo: z.string(),
            sha256: digest(),
          }),
        ),
      }),
    ),
    /** Certificates did not have to hold. */
    insecure: z.optional(z.literal(true)),
    /** What the caller expected, and whether it came. */
    expected: z.optional(z.object({ status: z.string(), met: z.boolean() })),
    started: instant(),
    ended: instant(),
    maskRules: z.string(),
    masked: masked(),
  }),
);

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { entrySeq } from '../../features/tasks/names.ts';
import { diskError } from '../../ledger/errors.ts';
import { asciicast } from '../../views/asciicast.ts';
import { defineOp } from '../define-op.ts';
import { entryJson, goneJson, toEntryJson } from '../entry-json.ts';
import { entryText } from '../entry-text.ts';
import { notesOn } from '../notes-on.ts';
import { holesIn, OUTPUTS, outputOf, readTiming, streamBytes } from '../output-of.ts';

export default defineOp({
  name: 'show',
  summary: 'one entry in full: a command with its output, a screenshot, a gap',
  effect: 'read',
  input: z.object({
    entry: z.string().check(z.describe('the entry, as E41')),
    output: z
      .optional(z.enum(OUTPUTS))
      .check(z.describe('write only these bytes to standard output, as they are recorded')),
    cast: z
      .optional(z.string())
      .check(z.describe('write an asciicast v3 recording to this file, for asciinema players')),
    raw: z
      ._default(z.boolean(), false)
      .check(z.describe('the stored bytes of the entry, as they are hashed')),
  }),
  output: () =>
    z.extend(entryJson(), {
      output: z
        .array(
          z.object({
            name: z.string(),
            text: z
              .string()
              .check(z.describe('UTF-8; what is no UTF-8 is replaced, --output gives the bytes')),
            truncated: z.boolean().check(z.describe('longer than what is shown here')),
          }),
        )
        .check(z.describe('what a command wrote, a stream each; of other evidence what is text')),
      plain: z
        .nullable(z.string())
        .check(z.describe('the same as a person would have seen it, without control codes')),
      holes: z
        .array(z.extend(goneJson(), { blob: z.string() }))
        .check(z.describe('its blobs whose bytes were taken out, and why')),
      notes: z.array(
        z.object({
          name: z.string(),
          kind: z.enum(['note', 'decision']),
          text: z.string(),
          actor: z.string(),
        }),
      ),
      raw: z.nullable(z.string()),
      intact: z
        .boolean()
        .check(z.describe('false if its bytes do not hash to its leaf: proof verify says more')),
    }),
  examples: [
    { type: 'proof show E41', does: 'what was run, and what came of it' },
    { type: 'proof show E41 --json', does: 'all of it, for a script' },
    { type: 'proof show E41 --output stdout > out.bin', does: 'the recorded bytes' },
    { type: 'proof show E42 --output picture > page.png', does: 'a screenshot' },
    { type: 'proof show E41 --cast demo.cast', does: 'then: asciinema play demo.cast' },
  ],
  cli: {
    positionals: ['entry'],
    exact: ({ raw }) => raw,
    print: (shown, paint, { cast }) =>
      cast === undefined ? (shown.raw ?? entryText(shown, paint)) : '',
  },
  async run(context, { entry: name, output: wanted, cast, raw }) {
    const reader = context.reader();
    const seq = entrySeq(reader, name);
    const { entry, json } = reader.entry(seq);
    if (wanted !== undefined) await context.writeBytes(streamBytes(reader, seq, entry, wanted));
    if (cast !== undefined) {
      const recording = asciicast(entry, readTiming(reader, entry), (stream) =>
        streamBytes(reader, seq, entry, stream),
      );
      try {
        writeFileSync(resolve(context.cwd, cast), recording);
      } catch (cause) {
        throw diskError(cause, cast);
      }
      context.say(`written to ${cast}`);
    }
    return {
      ...toEntryJson(reader, seq, entry),
      ...outputOf(reader, entry),
      holes: holesIn(reader, entry),
      notes: notesOn(reader, seq),
      raw: raw ? json : null,
      intact: reader.isIntact(seq),
    };
  },
});

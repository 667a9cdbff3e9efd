import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { ProofError } from '../../core/errors.ts';
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
      .check(
        z.describe('write a recording for asciinema players to this file; - is standard output'),
      ),
    castVersion: z
      ._default(z.enum(['2', '3']), '2')
      .check(z.describe('of asciicast: 2 plays everywhere, 3 has the exit code as well')),
    force: z
      ._default(z.boolean(), false)
      .check(z.describe('with --cast: write over a file that is there')),
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
  async run(context, { entry: name, output: wanted, cast, castVersion, force, raw }) {
    const reader = context.reader();
    const seq = entrySeq(reader, name);
    const { entry, json } = reader.entry(seq);
    if (wanted !== undefined) await context.writeBytes(streamBytes(reader, seq, entry, wanted));
    if (cast !== undefined) {
      const recording = asciicast(
        entry,
        readTiming(reader, entry),
        (stream) => streamBytes(reader, seq, entry, stream),
        castVersion === '2' ? 2 : 3,
      );
      if (cast === '-') await context.writeBytes([Buffer.from(recording)]);
      else {
        writeCast(resolve(context.cwd, cast), cast, recording, force);
        context.say(`written to ${cast}`);
      }
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

function writeCast(path: string, named: string, recording: string, force: boolean): void {
  try {
    // Exclusively: a look before would not know what comes between the two.
    writeFileSync(path, recording, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw diskError(cause, named);
    throw new ProofError({
      code: 'show.file-exists',
      message: `${named} is there already, and nothing was written`,
      why: 'what is in it would be lost',
      remedy: 'name another file, or add --force',
      cause,
    });
  }
}

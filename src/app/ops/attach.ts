import * as z from 'zod/mini';
import { EXIT, ProofError } from '../../core/errors.ts';
import { humanBytes, humanDuration, plural } from '../../core/human-units.ts';
import { entryName } from '../../core/names.ts';
import { type Attached, attachFiles } from '../../features/evidence/attach.ts';
import { followFiles } from '../../features/evidence/follow.ts';
import { attachedText } from '../attached-text.ts';
import { RECORDED_BYTES } from '../config.ts';
import type { Context } from '../context.ts';
import { defineOp } from '../define-op.ts';
import { parseDuration } from '../duration.ts';
import { taskOf } from '../entry-json.ts';
import { contentsJson, contentsOf, placeFields, placeOf } from '../evidence-fields.ts';

export default defineOp({
  name: 'attach',
  summary: 'keep files, standard input or a growing log as evidence',
  details:
    'What a file is, is told by its contents. Secrets are struck out on the way in; if that happens in a file that is no text, the kept copy is no longer the same file, and the entry says so. With --follow it keeps what is appended from now on, through rotations, until --for is over or Ctrl-C is pressed.',
  effect: 'append',
  input: z.object({
    files: z
      .array(z.string())
      .check(z.minLength(1))
      .check(z.describe('the files; - is standard input')),
    name: z.optional(z.string()).check(z.describe('what to call it, instead of the file’s name')),
    type: z.optional(z.string()).check(z.describe('its media type, instead of the one found')),
    ...placeFields,
    follow: z
      ._default(z.boolean(), false)
      .check(z.describe('keep what is appended from now on, with its times')),
    for: z.optional(z.string()).check(z.describe('with --follow: end after this long: 30s, 5m')),
    lines: z
      .optional(z.int().check(z.minimum(1)))
      .check(z.describe('with --follow: begin with so many of the last lines')),
    fromStart: z
      ._default(z.boolean(), false)
      .check(z.describe('with --follow: begin with all that is there')),
  }),
  output: () =>
    z.object({
      attached: z.array(
        z.object({
          entry: z.string(),
          task: z.nullable(z.string()).check(z.describe('null if it stands outside tasks')),
          on: z.nullable(z.string()),
          name: z.string(),
          type: z.string(),
          ...contentsJson().shape,
          lines: z.nullable(z.int()).check(z.describe('null for what is no text')),
          hash: z
            .string()
            .check(z.describe('keyed hash of the bytes: equal where they were equal')),
          changedWhileRead: z.boolean(),
          exact: z
            .boolean()
            .check(z.describe('false where the kept bytes are not those of the file')),
          followedMicros: z.nullable(z.int()),
        }),
      ),
    }),
  examples: [
    { type: 'proof attach build.log', does: 'a file' },
    { type: 'proof attach page.png trace.zip --on E41', does: 'several, about E41' },
    { type: 'proof attach - --name plan.txt < plan.txt', does: 'standard input' },
    { type: 'proof attach app.log --follow --for 30s', does: 'what is appended in 30 seconds' },
  ],
  cli: {
    positionals: ['files'],
    short: { task: 't', follow: 'f', lines: 'n' },
    print: ({ attached }, paint) => attached.map((one) => attachedText(one, paint)).join('\n'),
  },
  async run(context, input) {
    const { files, name, type, follow } = input;
    if (!follow) refuseWithoutFollow(input);
    const ledger = await context.ledger();
    const place = placeOf(context, ledger, input);
    const common = { ...place, files, name, type, cwd: context.cwd, bound: RECORDED_BYTES };
    const machine = await context.evidence();
    const attached = follow
      ? await followFiles(machine, ledger, { ...common, ...following(context, input) })
      : await attachFiles(machine, ledger, {
          ...common,
          input: () => context.inputBytes(),
          progress: (done, of, what) =>
            context.progress(
              `${what}: ${humanBytes(done)}${of === null || of === 0 ? '' : ` of ${humanBytes(of)}`}`,
            ),
        });
    const json = (one: Attached) => ({
      task: taskOf(ledger, one.seq),
      on: place.on === null ? null : entryName(place.on),
      ...attachedJson(one),
    });
    return { attached: attached.map(json) };
  },
});

function attachedJson({ seq, body }: Attached) {
  const { content } = body;
  const whole = content.gaps.length === 0 && content.masked === undefined;
  return {
    entry: entryName(seq),
    name: body.name,
    type: body.type,
    ...contentsOf(content),
    lines: body.lines ?? null,
    hash: body.hash,
    changedWhileRead: body.changedWhileRead === true,
    exact: whole && body.encoding === undefined,
    followedMicros: body.followed?.durationMicros ?? null,
  };
}

interface FollowInput {
  files: string[];
  for?: string | undefined;
  lines?: number | undefined;
  fromStart: boolean;
}

function following(context: Context, { files, for: time, lines, fromStart }: FollowInput) {
  if (lines !== undefined && fromStart) {
    throw usage(
      '--lines and --from-start exclude each other',
      'both say where to begin',
      '--lines 100',
    );
  }
  const millis = time === undefined ? null : parseDuration(time, '--for');
  let over = false;
  const ended = new AbortController();
  const stopped = context.stopped();
  stopped.addEventListener('abort', () => ended.abort());
  if (millis !== null)
    setTimeout(() => {
      over = !ended.signal.aborted;
      ended.abort();
    }, millis).unref();
  const what = files.length === 1 ? files[0] : plural(files.length, 'file');
  return {
    signal: ended.signal,
    timeIsOver: () => over,
    begin: fromStart ? ('start' as const) : lines === undefined ? ('now' as const) : { lines },
    progress: (bytes: number, count: number, micros: number) =>
      context.progress(
        `following ${what}: ${plural(count, 'line')}, ${humanBytes(bytes)}, ${humanDuration(micros)}; Ctrl-C ends it and keeps them`,
      ),
  };
}

function refuseWithoutFollow({ for: time, lines, fromStart }: FollowInput): void {
  const flag =
    time !== undefined
      ? '--for'
      : lines !== undefined
        ? '--lines'
        : fromStart
          ? '--from-start'
          : null;
  if (flag === null) return;
  throw usage(
    `${flag} needs --follow`,
    'without it a file is kept whole, as it is',
    `--follow ${flag}`,
  );
}

function usage(message: string, why: string, flags: string): ProofError {
  const remedy = `proof attach app.log ${flags} …`;
  return new ProofError({ code: 'usage.bad-value', message, why, remedy, exit: EXIT.usage });
}

import * as z from 'zod/mini';
import { EXIT, ProofError } from '../../core/errors.ts';
import { entryName } from '../../core/names.ts';
import { parseSearch } from '../../views/search-query.ts';
import { defineOp } from '../define-op.ts';
import { searchText } from '../search-answer.ts';
import { SearchIndex } from '../search-index.ts';
import { matchesOf, matchJson } from '../search-results.ts';

export default defineOp({
  name: 'search',
  summary: 'find words in commands, output, notes, decisions, plans, file names',
  details:
    'All words must be in an entry or in what it wrote; entries that have them in one line come first. Capitals and accents make no difference, and a word finds those that begin with it (fail finds failed). "In double quotes" words stand together just as they are. Punctuation may be typed as it is: src/a.ts, E7, a=b. Of outputs longer than 1 MB the first and the last 512 kB are searched. What was redacted is not found.',
  effect: 'read',
  input: z.object({
    text: z
      .array(z.string())
      .check(z.minLength(1))
      .check(z.describe('what to look for; after -- if it begins with a dash')),
    task: z.optional(z.string()).check(z.describe('only in this task, as T3')),
    kind: z
      .optional(z.string())
      .check(z.describe('only entries of this kind: command, note, decision, change …')),
    limit: z
      ._default(z.int().check(z.minimum(1)).check(z.maximum(1_000)), 20)
      .check(z.describe('so many entries at most')),
  }),
  output: () =>
    z.object({
      query: z.string(),
      total: z.int().check(z.describe('entries that have all words')),
      matches: z.array(matchJson()).check(z.describe('best first')),
      partly: z
        .array(z.object({ entry: z.string(), blob: z.string(), bytes: z.int() }))
        .check(z.describe('outputs of these matches that are searched at both ends only')),
      partlyInAll: z.int().check(z.describe('outputs of the whole ledger of which that is so')),
    }),
  examples: [
    { type: 'proof search "cannot read properties"', does: 'in everything recorded' },
    { type: 'proof search login cookie --task T3', does: 'both words, in one task' },
    { type: 'proof search src/auth/session.ts --kind change', does: 'when that file changed' },
    { type: 'proof search -- --no-verify', does: 'a word that begins with a dash' },
  ],
  cli: {
    positionals: ['text'],
    short: { task: 't', kind: 'k', limit: 'n' },
    exit: ({ total }) => (total === 0 ? EXIT.failed : EXIT.done),
    print: searchText,
  },
  async run(context, { text, task: named, kind = null, limit }) {
    const typed = text.join(' ');
    const query = parseSearch(typed);
    if (query === null) {
      throw new ProofError({
        code: 'search.no-words',
        message: 'There is nothing in that to look for',
        why: 'a search needs a letter or a digit',
        remedy: 'proof search login cookie',
        exit: EXIT.usage,
      });
    }
    const reader = context.reader();
    const task = named === undefined ? null : context.task(named);
    const index = new SearchIndex(reader);
    try {
      index.catchUp((seq) => context.progress(`reading entry ${seq}`));
      // More than are shown, because the line that matched has a say in what comes first.
      const { hits, total } = index.search(query.match, { task, kind }, Math.max(limit * 2, 40));
      const matches = matchesOf(reader, query, hits).slice(0, limit);
      const partly = index
        .partly(matches.map(({ seq }) => seq))
        .map(({ seq, name, size }) => ({ entry: entryName(seq), blob: name, bytes: size }));
      const partlyInAll = index.partlyInAll();
      return { query: typed, total: Math.max(total, matches.length), matches, partly, partlyInAll };
    } finally {
      index.close();
    }
  },
});

/**
 * Adds cases of commands to test/boundaries/corpus, split in two halves by a hash of the command.
 *
 *   node scripts/split-corpus.ts FILE     one case a line: {"verdict", "command", "reason", "group"}
 *
 * The hash decides, so nobody chooses what is held out, and a case added later falls where it must.
 * The file that is read stays out of the repository: it would show the half that is held out to
 * whoever tunes the decider. A command that is there already is replaced.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Case {
  readonly verdict: 'allow' | 'ask' | 'deny';
  readonly command: string;
  readonly reason: string;
  readonly group: string;
}

const FOLDER = new URL('../test/boundaries/corpus/', import.meta.url);

/** Which half a command belongs to: the lowest bit of the first byte of its SHA-256. */
function isHeldOut(command: string): boolean {
  return ((createHash('sha256').update(command, 'utf8').digest()[0] ?? 0) & 1) === 1;
}

function casesIn(path: string): Case[] {
  const cases: Case[] = [];
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (line === '') continue;
    const { verdict, command, reason, group } = JSON.parse(line) as Case;
    if (!['allow', 'ask', 'deny'].includes(verdict) || !command || !reason || !group) {
      throw new Error(`${path}:${index + 1}: verdict, command, reason and group are needed`);
    }
    cases.push({ verdict, command, reason, group });
  }
  return cases;
}

const added = process.argv[2];
if (added === undefined) throw new Error('which file?');
const incoming = casesIn(added);
for (const [name, heldOut] of [
  ['open.jsonl', false],
  ['held-out.jsonl', true],
] as const) {
  const path = fileURLToPath(new URL(name, FOLDER));
  const byCommand = new Map<string, Case>();
  for (const one of existsSync(path) ? casesIn(path) : []) byCommand.set(one.command, one);
  for (const one of incoming)
    if (isHeldOut(one.command) === heldOut) byCommand.set(one.command, one);
  const lines = [...byCommand.values()].map((one) => `${JSON.stringify(one)}\n`);
  writeFileSync(path, lines.join(''));
  const count = (verdict: string) =>
    [...byCommand.values()].filter((one) => one.verdict === verdict).length;
  console.log(
    `${name}: ${byCommand.size} cases (${count('allow')} allow, ${count('ask')} ask, ${count('deny')} deny)`,
  );
}

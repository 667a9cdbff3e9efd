import { existsSync } from 'node:fs';
import { createContext } from '../../app/context.ts';
import type { Op } from '../../app/define-op.ts';
import { fieldsOf } from '../../app/op-fields.ts';
import { loadAllOperations } from '../../app/operations.ts';
import { readTasks } from '../../app/task-json.ts';
import { GLOBAL_FLAGS, usageError } from './command-line.ts';

/**
 * A completion script for one shell. It asks `proof completions complete`, so it never goes stale
 * and knows this ledger's tasks and entries.
 */
export function completionScript(shell: string | undefined): string {
  const script = SCRIPTS[shell as keyof typeof SCRIPTS];
  if (script !== undefined) return script;
  throw usageError(
    shell === undefined ? 'usage.missing-argument' : 'usage.bad-value',
    shell === undefined ? 'For which shell?' : `There are no completions for "${shell}"`,
    'there are scripts for bash, zsh and fish',
    'proof completions bash >> ~/.bashrc',
  );
}

const SCRIPTS = {
  bash: `_proof() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(proof completions complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _proof proof`,
  zsh: `#compdef proof
_proof() {
  local -a found
  local line
  for line in "\${(@f)$(proof completions complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#found} )); then _describe 'proof' found; else _files; fi
}
compdef _proof proof`,
  fish: `complete -c proof -f -a '(proof completions complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
complete -c proof -n 'contains -- -- (commandline -opc)' -F`,
} as const;

/** Candidates for the last of `words`, each with a tab and what it is. */
export async function complete(words: readonly string[], cwd: string): Promise<string[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  if (before.includes('--')) return [];
  const ops = await loadAllOperations();
  const plain = before.filter((word) => !word.startsWith('-'));
  if (plain[0] === 'completions')
    return Object.keys(SCRIPTS).filter((name) => name.startsWith(current));
  if (plain[0] === 'help') plain.shift();
  const op =
    ops.find(({ name }) => name === plain.slice(0, 2).join(' ')) ??
    ops.find(({ name }) => name === plain[0]);
  const candidates =
    op === undefined ? commandWords(ops, plain) : argumentWords(op, before, current, cwd);
  return candidates.filter((candidate) => candidate.startsWith(current));
}

function commandWords(ops: readonly Op[], plain: readonly string[]): string[] {
  const noun = plain[0];
  if (noun !== undefined) {
    return ops
      .filter(({ name }) => name.startsWith(`${noun} `))
      .map(({ name, summary }) => `${name.slice(noun.length + 1)}\t${summary}`);
  }
  const single = ops
    .filter(({ name }) => !name.includes(' '))
    .map(({ name, summary }) => `${name}\t${summary}`);
  const nouns = [
    ...new Set(
      ops.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0] as string),
    ),
  ];
  return [
    ...single,
    ...nouns.map((name) => `${name}\t${name} …`),
    'help\thelp for a command',
    'completions\tfor bash, zsh or fish',
  ];
}

function argumentWords(op: Op, before: readonly string[], current: string, cwd: string): string[] {
  const fields = fieldsOf(op);
  const previous = fields.find(
    ({ flag, short }) =>
      flag === before.at(-1) || (short !== null && `-${short}` === before.at(-1)),
  );
  if (previous?.kind === 'choice')
    return previous.choices.map((choice) => `${choice}\t${previous.name}`);
  if (previous !== undefined && previous.kind !== 'switch') return names(previous.name, cwd);
  if (current.startsWith('-')) {
    const own = fields.map(({ flag, description }) => `${flag}\t${description}`);
    return [...own, ...GLOBAL_FLAGS.map(([flag, , does]) => `${flag}\t${does}`)];
  }
  const positionals = (op.cli?.positionals ?? []) as readonly string[];
  return positionals.flatMap((name) => names(name, cwd));
}

/** Names of this ledger: tasks with their goals, the latest entries. */
function names(field: string, cwd: string): string[] {
  if (!['task', 'entry', 'entries', 'on'].includes(field)) return [];
  if (!existsSync(cwd)) return [];
  const quiet = {
    progress() {},
    spoken: () => '',
    say() {},
    warn() {},
    endLike() {},
    ask: async () => null,
    async *inputLines() {},
    remark: () => {},
    readInput: async () => '',
    inputBytes: async function* () {},
    stopped: () => new AbortController().signal,
    writeBytes: async () => {},
    pause: async () => false,
  };
  const context = createContext({ cwd, env: process.env, terminal: quiet });
  try {
    if (field === 'task')
      return readTasks(context).map(({ name, goal }) => `${name}\t${goal.replace(/\s+/g, ' ')}`);
    const size = context.reader().size();
    return Array.from({ length: Math.min(size, 30) }, (_, i) => `E${size - 1 - i}\tentry`);
  } catch {
    return [];
  } finally {
    context.close();
  }
}

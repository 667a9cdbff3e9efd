import type { Op, Stream } from '../../app/define-op.ts';
import { isOperation, loadOperation, OPERATIONS } from '../../app/operations.ts';
import { COMMIT, VERSION } from '../../app/version.ts';
import { EXIT, ProofError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { type GlobalFlags, noFlags, takeGlobal, usageError } from './command-line.ts';
import { errorJson, errorText } from './error-text.ts';
import { inputFromWords, refusedInput } from './input-from-words.ts';
import { pageText } from './pager.ts';
import { type CliTerminal, cliTerminal } from './terminal.ts';

/** The command line: words in, one operation run, its answer printed, an exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const flags = noFlags();
  try {
    await dispatch(argv, flags);
  } catch (error) {
    // A word that cannot be understood may stand before --json.
    const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
    fail(error, { ...flags, json: flags.json || own.includes('--json') });
  }
}

async function dispatch(argv: readonly string[], flags: GlobalFlags): Promise<void> {
  let at = 0;
  while (at < argv.length && (argv[at] as string).startsWith('-')) {
    const used = takeGlobal(argv, at, flags);
    if (used === 0)
      throw usageError(
        'usage.unknown-flag',
        `there is no flag ${argv[at]}`,
        'before the command stand only the flags that every command takes',
        'proof help',
      );
    at += used;
  }
  const words = argv.slice(at);
  if (flags.version) return cliTerminal(flags, process.env).print(versionText(flags));
  if (words[0] === 'help')
    return help(
      words.slice(1).filter((word) => !word.startsWith('-')),
      flags,
    );
  if (words[0] === 'completions') {
    if (flags.help || /^(-h|--help)$/.test(words[1] ?? '')) return help(words.slice(0, 1), flags);
    return completions(words.slice(1), flags);
  }
  if (words[0] === 'reference') return reference(flags);
  if (words.length === 0) return flags.help ? help([], flags) : firstScreen(flags);
  const { name, rest } = commandOf(words);
  if (name === null) return help(words.slice(0, 1), flags);
  const op = await loadOperation(name);
  try {
    await runNamed(op, name, rest, flags);
  } catch (error) {
    // Where another command's exit code is passed on, ours must not look like one of its.
    fail(error, flags, op.cli?.rest === undefined ? undefined : EXIT.notRun);
  }
}

async function runNamed(
  op: Op,
  name: string,
  words: readonly string[],
  flags: GlobalFlags,
): Promise<void> {
  const input = inputFromWords(op, words, flags);
  if (flags.help) return help(name.split(' '), flags);
  if (flags.version) return cliTerminal(flags, process.env).print(versionText(flags));
  await runOp(op, input, flags);
}

/** The operation that the words name: `task start`, else `run`; null for a bare noun, which is help. */
function commandOf(words: readonly string[]): {
  name: keyof typeof OPERATIONS | null;
  rest: readonly string[];
} {
  const two = words.slice(0, 2).join(' ');
  if (isOperation(two)) return { name: two, rest: words.slice(2) };
  const one = words[0] as string;
  if (isOperation(one)) return { name: one, rest: words.slice(1) };
  const names = Object.keys(OPERATIONS);
  const noun = names.some((name) => name.startsWith(`${one} `));
  if (noun && (words.length === 1 || (words[1] as string).startsWith('-')))
    return { name: null, rest: [] };
  const tried = noun ? two : one;
  const close = nearest(
    tried,
    noun ? names : [...new Set(names.map((name) => name.split(' ')[0] as string)), 'help'],
  );
  throw usageError(
    'usage.unknown-command',
    `there is no command "${tried}"`,
    close === null ? 'no command has a similar name' : `did you mean "${close}"?`,
    close === null ? 'proof help' : `proof ${close} --help`,
  );
}

async function runOp(op: Op, words: unknown, flags: GlobalFlags): Promise<void> {
  const terminal = cliTerminal(flags, process.env);
  const { createContext } = await import('../../app/context.ts');
  const context = createContext({
    cwd: startDirectory(flags, op.cli?.rest !== undefined),
    env: process.env,
    ledgerDir: flags.ledger,
    terminal,
  });
  const parsed = op.input.safeParse(words);
  if (!parsed.success) throw refusedInput(op, parsed.error.issues[0]);
  let code: number = EXIT.done;
  try {
    const output = await op.run(context, parsed.data);
    if (isStream(output)) {
      for await (const item of output) print(op, item, parsed.data, terminal, flags);
    } else {
      print(op, output, parsed.data, terminal, flags);
      code = op.cli?.exit?.(output) ?? EXIT.done;
    }
  } finally {
    context.close();
  }
  await terminal.end(code);
}

function print(
  op: Op,
  output: unknown,
  input: Record<string, unknown>,
  terminal: CliTerminal,
  flags: GlobalFlags,
): void {
  if (terminal.answered) return;
  // A command that passes another's output through keeps standard output free for it.
  if (op.cli?.rest !== undefined) {
    if (flags.json) process.stderr.write(`${JSON.stringify(output)}\n`);
    return;
  }
  if (flags.json) {
    terminal.print(JSON.stringify(output));
    return;
  }
  const text = op.cli?.print?.(output, terminal.out, input) ?? JSON.stringify(output, null, 2);
  if (op.cli?.pager === true && terminal.out.columns !== null && pageText(text, process.env))
    return;
  terminal.print(text, op.cli?.exact?.(input) === true);
}

/** Bare `proof`: where the task stands, or how to begin. */
async function firstScreen(flags: GlobalFlags): Promise<void> {
  try {
    await runOp(await loadOperation('status'), {}, flags);
  } catch (error) {
    if (!(error instanceof ProofError) || error.code !== 'ledger.not-found' || flags.json)
      throw error;
    // Where one stood that is gone, a welcome would be the wrong word.
    if (error.cause instanceof ProofError) throw error;
    const { welcome } = await import('./help.ts');
    cliTerminal(flags, process.env).print(welcome(cliTerminal(flags, process.env).out));
  }
}

async function help(words: readonly string[], flags: GlobalFlags): Promise<void> {
  const { helpText } = await import('./help.ts');
  const terminal = cliTerminal(flags, process.env);
  terminal.print(await helpText(words, terminal.out));
}

async function completions(words: readonly string[], flags: GlobalFlags): Promise<void> {
  const { completionScript, complete } = await import('./completions.ts');
  const terminal = cliTerminal(flags, process.env);
  if (words[0] === 'complete')
    terminal.print((await complete(words.slice(1), startDirectory(flags))).join('\n'));
  else terminal.print(completionScript(words[0]));
}

async function reference(flags: GlobalFlags): Promise<void> {
  const { referencePage } = await import('./reference.ts');
  cliTerminal(flags, process.env).print(await referencePage());
}

function versionText(flags: GlobalFlags): string {
  const facts = {
    version: VERSION,
    commit: COMMIT,
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  };
  if (flags.json) return JSON.stringify(facts);
  const commit = COMMIT === null ? '' : ` (${COMMIT})`;
  return `proof ${VERSION}${commit}, Node ${facts.node}, ${facts.platform}`;
}

/** `orItsName`: where the directory was deleted under us, what it was called will do. */
function startDirectory(flags: GlobalFlags, orItsName = false): string {
  try {
    if (flags.directory !== undefined) process.chdir(flags.directory);
    return process.cwd();
  } catch (cause) {
    if (orItsName && flags.directory === undefined) return process.env.PWD ?? '/';
    throw usageError(
      'usage.bad-value',
      'That directory cannot be entered',
      (cause as Error).message,
      'proof -C DIR …, with a directory that exists',
    );
  }
}

function isStream(output: unknown): output is Stream<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}

function fail(error: unknown, flags: GlobalFlags, exit?: number): never {
  const terminal = cliTerminal(flags, process.env);
  const known = error instanceof ProofError ? error : unexpected(error);
  process.stderr.write(
    `${flags.json ? errorJson(known, exit ?? known.exit) : errorText(known, terminal.err)}\n`,
  );
  if (flags.debug)
    process.stderr.write(`${(error as Error).stack}\n${String((error as Error).cause ?? '')}\n`);
  process.exit(exit ?? known.exit);
}

function unexpected(error: unknown): ProofError {
  return new ProofError({
    code: 'internal.unexpected',
    message: 'Prooflayer failed in a way it does not know',
    why: (error as Error).message ?? String(error),
    remedy: 'run it again with --debug and report what it prints; proof doctor checks the ledger',
    cause: error,
  });
}

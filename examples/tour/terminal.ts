import { spawn as spawnInPipes } from 'node:child_process';
import { spawn as spawnInTerminal } from '@lydell/node-pty';

export interface Outcome {
  /** Exit code, 128 + number for a signal. */
  exit: number;
  /** What stood on the screen, with its colours. */
  text: string;
}

export interface Program {
  file: string;
  words: readonly string[];
  cwd: string;
  env: Record<string, string>;
}

/**
 * Runs a program in a terminal of 80 columns, so that it prints what a person would see, also
 * where the tour itself has no terminal.
 */
export async function runInTerminal(program: Program): Promise<Outcome> {
  const { file, words, cwd, env } = program;
  let terminal: ReturnType<typeof spawnInTerminal>;
  try {
    terminal = spawnInTerminal(file, [...words], { cwd, env, cols: 80, rows: 24 });
  } catch {
    return runInPipes(program); // no pseudo-terminals here: a locked-down container
  }
  let text = '';
  terminal.onData((data) => {
    text += data;
  });
  return new Promise((resolve) => {
    terminal.onExit(({ exitCode, signal }) =>
      resolve({ exit: signal ? 128 + signal : exitCode, text: onScreen(text) }),
    );
  });
}

/** The lines as they stood in the end: a spinner or a progress line that was cleared is gone. */
function onScreen(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/[^\n]*(\r|\u001b\[1?G)\u001b\[0?K/g, '');
}

/** Plainer (tab-separated, no widths) but the same facts. */
function runInPipes({ file, words, cwd, env }: Program): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawnInPipes(file, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (data: string) => {
        text += data;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ exit: code ?? 128, text }));
  });
}

import { createInterface } from 'node:readline';

/** A question on standard error, a line of answer from the terminal; its end is an empty answer. */
export function askAtTerminal(question: string): Promise<string> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    lines.on('SIGINT', () => {
      process.stderr.write('\n');
      process.exit(INTERRUPTED);
    });
    lines.on('close', () => resolve(''));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

const INTERRUPTED = 130;

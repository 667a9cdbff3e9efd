import { commandText } from '../core/command-text.ts';
import type { EntryOf } from '../core/entries/kinds.ts';

/** A command as somebody would type it: as it was typed in a recorded shell, else its words quoted. */
export function commandLine({ argv, argc, shell }: EntryOf<'command'>['body']): string {
  if (shell === undefined) {
    return argv === null ? `a command of ${argc} words` : commandText(argv);
  }
  if (shell.text === 'withheld') return '(text withheld: it began with a space)';
  if (shell.text === 'unknown') return `(${shell.name} did not tell the text)`;
  const text = argv === null ? (shell.begins ?? '') : (argv[2] ?? '');
  return shell.cut === true || argv === null ? `${text} …` : text;
}

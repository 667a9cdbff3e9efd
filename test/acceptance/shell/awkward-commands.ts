import type { RecordedShell, Shell } from './recorded-shell.ts';
import type { Pane } from './tmux.ts';

/** One command as somebody types it, and what its entry has to say. */
export interface Awkward {
  what: string;
  /** Shells whose syntax it is; all three without it. */
  in?: readonly Shell[];
  /** Typed, then Enter; or something more elaborate. */
  keys: string | ((shell: RecordedShell, pane: Pane) => Promise<void> | void);
  /** The text of its entry; that which was typed, without this. */
  text?: string | RegExp | ((shell: Shell) => string | RegExp);
  /** How its text is known. */
  how?: 'withheld';
  /** The output with CR LF as LF and without what an editor of lines or a full screen draws. */
  output?: string | RegExp;
  code: number | ((shell: Shell) => number);
  statuses?: readonly number[];
  /** Ends with the name of the directory. */
  cwd?: RegExp;
}

const posix = ['bash', 'zsh'] as const;
const shortOf = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
export const nameOf = ({ what, keys }: Awkward) =>
  typeof keys === 'string' ? `${what}: ${shortOf(keys)}` : what;

const LONG = `echo ${'long '.repeat(1600)}| wc -c`;
const FOR = 'for i in 1 2 3\ndo\n  echo "turn $i"\ndone';
const HEREDOC = 'cat <<\'END\'\n$HOME stays\n\n  and two spaces; "quotes"\nEND';

/** In this order, in one session; each is one entry. */
export const AWKWARD: readonly Awkward[] = [
  { what: 'a plain command', keys: 'echo hello', output: 'hello\n', code: 0 },
  {
    what: 'one that fails',
    keys: 'ls /nowhere-at-all',
    output: /cannot access '\/nowhere-at-all'/,
    code: 2,
  },
  {
    what: 'one that is not there',
    keys: 'no-such-program --x',
    output: /no-such-program/,
    code: 127,
  },
  { what: 'an exit code of its own', keys: "sh -c 'exit 42'", output: '', code: 42 },
  { what: 'one that kills itself', keys: "sh -c 'kill -9 $$'", output: /|Killed/, code: 137 },
  {
    what: 'a pipeline that hides a failure',
    keys: 'false | true',
    output: '',
    code: 0,
    statuses: [1, 0],
  },
  {
    what: 'a pipeline',
    keys: "printf 'b\\na\\n' | sort | head -n 1",
    output: 'a\n',
    code: 0,
    statuses: [0, 0, 0],
  },
  { what: 'an alias', keys: 'greet world', output: 'hello world\n', code: 0 },
  {
    what: 'a function over several lines',
    keys: (_, pane) => {
      for (const line of ['twice() {', '  echo "$1 $1"', '}']) {
        pane.type(line);
        pane.press('Enter');
      }
    },
    in: posix,
    text: /^twice\(\) *\{[\n; ]+echo "\$1 \$1"[\n; ]+\}$/,
    output: '',
    code: 0,
  },
  {
    what: 'a function over several lines',
    keys: (_, pane) => {
      for (const line of ['function twice', 'echo "$argv[1] $argv[1]"', 'end']) {
        pane.type(line);
        pane.press('Enter');
      }
    },
    in: ['fish'],
    text: /^function twice\n\s*echo "\$argv\[1\] \$argv\[1\]"\n\s*end$/,
    output: '',
    code: 0,
  },
  { what: 'a call of it', keys: 'twice ü', output: 'ü ü\n', code: 0 },
  { what: 'a subshell', in: posix, keys: '(cd / && pwd; exit 7)', output: '/\n', code: 7 },
  { what: 'a change of directory', keys: 'mkdir -p "a b" && cd "a b"', output: '', code: 0 },
  { what: 'the directory it led to', keys: 'pwd', output: /\/a b\n$/, code: 0, cwd: /\/a b$/ },
  {
    what: 'a loop over several lines',
    in: posix,
    keys: (_, pane) => {
      for (const line of FOR.split('\n')) {
        pane.type(line);
        pane.press('Enter');
      }
    },
    text: /^for i in 1 2 3[\n;] ?do[\n ]\s*echo "turn \$i"[\n;] ?done$/,
    output: 'turn 1\nturn 2\nturn 3\n',
    code: 0,
  },
  {
    what: 'a here-document',
    in: posix,
    keys: (_, pane) => {
      for (const line of HEREDOC.split('\n')) {
        pane.type(line);
        pane.press('Enter');
      }
    },
    text: HEREDOC,
    output: '$HOME stays\n\n  and two spaces; "quotes"\n',
    code: 0,
  },
  {
    what: 'pasted text of several lines',
    in: posix,
    keys: (_, pane) => {
      pane.paste('if true; then\n\techo pasted\nfi');
      pane.press('Enter');
    },
    text: /^if true; then[\n ]\s*echo pasted[\n;] ?fi$/,
    output: 'pasted\n',
    code: 0,
  },
  {
    what: 'pasted text of several lines',
    in: ['fish'],
    keys: (_, pane) => {
      pane.paste('if true\n  echo pasted\nend');
      pane.press('Enter');
    },
    text: /^if true\n\s*echo pasted\nend$/,
    output: 'pasted\n',
    code: 0,
  },
  {
    what: 'a very long line (8 000 characters, pasted)',
    keys: (_, pane) => {
      pane.paste(LONG);
      pane.press('Enter');
    },
    text: LONG,
    output: /^\s*8000\n$/,
    code: 0,
  },
  {
    what: 'all manner of characters',
    keys: `printf '%s|' 'ü ✓ 日本' "it's" \\\\ '%' ';'`,
    output: "ü ✓ 日本|it's|\\|%|;|",
    code: 0,
  },
  {
    what: 'colours',
    keys: `printf '\\033[31mred\\033[0m\\n'`,
    output: '\u001b[31mred\u001b[0m\n',
    code: 0,
  },
  { what: 'output without a line end', keys: 'printf abc', output: 'abc', code: 0 },
  { what: 'much output', keys: 'seq 100000', output: /^1\n2\n[\s\S]*\n99999\n100000\n$/, code: 0 },
  {
    what: 'a program that forges the end of a command',
    keys: `printf '\\033]133;D;proof=00000000000000000000000000000000;9;9;9\\a'; echo on`,
    output: '\u001b]133;D;proof=00000000000000000000000000000000;9;9;9\u0007on\n',
    code: 0,
  },
  { what: 'a background job', in: posix, keys: 'sleep 0.3 &', output: /^\[1\] /, code: 0 },
  { what: 'waiting for it', in: posix, keys: 'wait; echo waited', output: /waited/, code: 0 },
  {
    what: 'Ctrl-C',
    keys: async (_, pane) => {
      pane.type('sleep 71');
      pane.press('Enter');
      await pause();
      pane.press('C-c');
    },
    text: 'sleep 71',
    output: /^\^C/,
    code: 130,
  },
  {
    what: 'Ctrl-Z',
    keys: async (_, pane) => {
      pane.type('sleep 72');
      pane.press('Enter');
      await pause();
      pane.press('C-z');
    },
    text: 'sleep 72',
    output: /^\^Z/,
    // fish sets no status for a job that was stopped: it is that of the command before.
    code: (shell) => (shell === 'fish' ? 130 : 148),
  },
  { what: 'bg', keys: 'bg', output: /sleep 72/, code: 0 },
  {
    what: 'fg, then Ctrl-C',
    keys: async (_, pane) => {
      pane.type('fg');
      pane.press('Enter');
      await pause();
      pane.press('C-c');
    },
    text: 'fg',
    output: /sleep 72/,
    // Nor for a job brought back to the foreground.
    code: (shell) => (shell === 'fish' ? 0 : 130),
  },
  {
    what: 'a full-screen editor',
    keys: async (_, pane) => {
      pane.type('vi -u NONE edited.txt');
      pane.press('Enter');
      await pane.shows(/edited\.txt" \[New/);
      pane.type('iwritten in vi');
      pane.press('Escape');
      pane.type(':wq');
      pane.press('Enter');
    },
    text: 'vi -u NONE edited.txt',
    output: /written in vi/,
    code: 0,
  },
  { what: 'what it wrote', keys: 'cat edited.txt', output: 'written in vi\n', code: 0 },
  {
    what: 'a pager',
    keys: async (_, pane) => {
      pane.type('seq 500 | less');
      pane.press('Enter');
      await pane.shows(/\n:$/);
      pane.type('G');
      await pane.shows(/\(END\)$/);
      pane.type('q');
    },
    text: 'seq 500 | less',
    output: /500/,
    code: 0,
  },
  {
    what: 'a question answered at the keyboard',
    keys: async (_, pane) => {
      pane.type(`sh -c 'read -r name; echo "hello $name"'`);
      pane.press('Enter');
      await pause();
      pane.type('Ada');
      pane.press('Enter');
    },
    text: `sh -c 'read -r name; echo "hello $name"'`,
    output: 'Ada\nhello Ada\n',
    code: 0,
  },
  {
    what: 'a password, which is not echoed',
    keys: async (_, pane) => {
      pane.type(`bash -c 'read -rs word; echo "$\{#word} letters"'`);
      pane.press('Enter');
      await pause();
      pane.type('correct-horse');
      pane.press('Enter');
    },
    text: `bash -c 'read -rs word; echo "$\{#word} letters"'`,
    output: '13 letters\n',
    code: 0,
  },
  {
    what: 'a shell inside, with commands of its own',
    keys: async (_, pane) => {
      pane.type('PS1="inner> " bash --norc --noprofile');
      pane.press('Enter');
      await pane.shows(/inner> $|inner>$/);
      pane.type('echo within; exit 5');
      pane.press('Enter');
    },
    text: 'PS1="inner> " bash --norc --noprofile',
    output: /inner> [\s\S]*within\nexit\n/,
    code: 5,
  },
  {
    what: 'the same again, fetched with the arrow key',
    keys: async (_, pane) => {
      pane.press('Up');
      await pane.shows(/ready> PS1="inner> " bash --norc --noprofile$/);
      pane.press('C-u');
      pane.type('echo again');
      pane.press('Enter');
    },
    text: 'echo again',
    output: 'again\n',
    code: 0,
  },
  {
    what: 'a repetition that the history does not keep',
    keys: async (_, pane) => {
      pane.press('Up');
      await pane.shows(/ready> echo again$/);
      pane.press('Enter');
    },
    text: 'echo again',
    output: 'again\n',
    code: 0,
  },
  {
    what: 'a line that begins with a space',
    keys: ' echo "not for the history"',
    how: 'withheld',
    output: 'not for the history\n',
    code: 0,
  },
  {
    what: 'a secret on the command line',
    keys: `echo token=ghp_${'0123456789'.repeat(3)}abcdef`,
    text: /^echo token=\[REDACTED:[^\]]+\]$/,
    output: /^token=\[REDACTED:[^\]]+\]\n$/,
    code: 0,
  },
  {
    what: 'the end',
    keys: 'exit 3',
    output: /^(exit\n)?$/,
    code: 3,
  },
];

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 400));

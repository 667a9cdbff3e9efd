import { fill, type HookPlace, MOST_TEXT, script, shellWord } from './hook-place.ts';

/**
 * The start-up files of a recorded zsh, in a directory that stands in for ZDOTDIR: each puts the
 * user's own ZDOTDIR back, reads the user's own file, and the last one adds our hooks.
 *
 * Functions are defined before the user's file is read, so that no alias of theirs gets into them.
 */
export function zshFiles(
  { nonce, reply, dir }: HookPlace,
  zdotdir: string | undefined,
): { '.zshenv': string; '.zshrc': string } {
  const values = {
    '@NONCE@': nonce,
    '@REPLY@': shellWord(reply),
    '@DIR@': shellWord(dir),
    '@MOST@': String(MOST_TEXT),
    '@RESTORE@': zdotdir === undefined ? '' : `export ZDOTDIR=${shellWord(zdotdir)}`,
  };
  return { '.zshenv': fill(ENV, values), '.zshrc': fill(RC, values) };
}

const ENV = script`
unset ZDOTDIR
@RESTORE@
[[ -r \${ZDOTDIR:-$HOME}/.zshenv ]] && builtin source \${ZDOTDIR:-$HOME}/.zshenv
# Where the user's other files are: a .zshenv often says so.
typeset -g __proof_zdotdir=\${ZDOTDIR-} __proof_zdotdir_is="\${(t)ZDOTDIR}"
ZDOTDIR=@DIR@
`;

const RC = script`
unset ZDOTDIR
if [[ -n $__proof_zdotdir_is ]]; then
  ZDOTDIR=$__proof_zdotdir
  [[ $__proof_zdotdir_is == *export* ]] && export ZDOTDIR
fi
unset __proof_zdotdir __proof_zdotdir_is
# The system's zshrc may have put it beside the start-up files.
[[ \${HISTFILE-} == @DIR@/* ]] && HISTFILE=\${ZDOTDIR:-$HOME}/\${HISTFILE##*/}

typeset -g __proof_nonce=@NONCE@ __proof_reply=@REPLY@ __proof_answer= __proof_cut= __proof_note=
typeset -gi __proof_number=0
export PROOF_SHELL=$$

__proof_mark() {
  builtin printf '\e]133;%s;proof=%s;%s\a' "$1" "$__proof_nonce" "$2" >/dev/tty
}

# Text in pieces, each one write, so that no background job's output can get inside a mark.
__proof_text() {
  emulate -L zsh +x
  local LC_ALL=C
  setopt no_multibyte
  local quoted=\${(qqqq)2}
  local -i at
  for ((at = 0; at < $#quoted && at < @MOST@; at += 900)); do
    __proof_mark "$1" "\${quoted:$at:900}"
  done
  __proof_cut=
  (($#quoted <= @MOST@)) || __proof_cut=c
}

# Awaits the answer to what was said last; others may be left over from a wait that was cut short.
__proof_await() {
  emulate -L zsh +x
  local said rest
  __proof_answer=
  [[ -p $__proof_reply ]] || return 0
  while IFS=' ' builtin read -r -t "$2" said rest <>"$__proof_reply"; do
    if [[ $said == "$1" ]]; then
      __proof_answer=$rest
      return 0
    fi
  done
  # Nobody is there: never wait again.
  __proof_reply=
}

# Just before a command: what it is and where.
__proof_preexec() {
  local __proof_flags=
  [[ -o hist_ignore_space && $1 == ' '* ]] && __proof_flags=s
  {
    emulate -L zsh +x
    local text=$1
    # Without a history only the third argument is there.
    [[ -n $text ]] || text=$3
    [[ $__proof_flags == s ]] && text=
    __proof_text T "$text"
    __proof_flags+=$__proof_cut
    __proof_text W "$PWD"
    __proof_mark C "$__proof_number;new;$__proof_flags"
    __proof_await "C$__proof_number" 40
  } 2>/dev/null
}

# Before a prompt: how the command ended, if there was one. The answer says what the next one is.
__proof_precmd() {
  local __proof_was="$?;$pipestatus"
  {
    emulate -L zsh +x
    __proof_mark D "$__proof_number;$__proof_was;$__proof_note"
    __proof_await "D$__proof_number" 5
    [[ -n $__proof_answer ]] && export PROOF_RUN=$__proof_answer
    ((__proof_number += 1))
  } 2>/dev/null
  return 0
}

# Once their file is read: our hooks go around those that are there, the end of a command first.
__proof_hook() {
  emulate -L zsh +x
  if ! whence note >/dev/null; then
    __proof_note=n
    note() {
      emulate -L zsh +x
      if [[ -z $* ]]; then
        builtin printf 'usage: note what to remember about the last command\n' >&2
        return 2
      fi
      { __proof_text T "\${(j: :)@}"; __proof_mark N ''; } 2>/dev/null
    }
  fi
  typeset -ga precmd_functions preexec_functions
  precmd_functions=(__proof_precmd \${precmd_functions:#__proof_precmd})
  preexec_functions=(\${preexec_functions:#__proof_preexec} __proof_preexec)
}

[[ -r \${ZDOTDIR:-$HOME}/.zshrc ]] && builtin source \${ZDOTDIR:-$HOME}/.zshrc
__proof_hook
`;

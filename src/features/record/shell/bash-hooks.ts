import { fill, type HookPlace, MOST_TEXT, script, shellWord } from './hook-place.ts';

/**
 * The rcfile of a recorded bash (4.4 or later): the user's own `~/.bashrc`, then our hooks.
 *
 * PS0 is expanded after a line was read and before it is executed, PROMPT_COMMAND before a prompt.
 * No DEBUG trap: that is the user's. What they have in PROMPT_COMMAND runs inside ours, with `$?` as
 * it was, and nothing after it; what they put into PS0, PS1 or PROMPT_COMMAND later is found and
 * kept at the next prompt.
 *
 * Functions are defined before their rc file is read, so that no alias of theirs gets into them.
 * PS1 and PS0 only name variables: many export PS1, and a shell inside this one has them not.
 */
export function bashRc({ nonce, reply }: HookPlace): string {
  const values = {
    '@NONCE@': nonce,
    '@REPLY@': shellWord(reply),
    '@MOST@': String(MOST_TEXT),
  };
  return fill(RC, values);
}

const RC = script`
__proof_nonce=@NONCE@
__proof_reply=@REPLY@
__proof_begins=$'\e]133;B;proof=@NONCE@;\a'
__proof_number=0
export PROOF_SHELL=$$
__proof_last=
__proof_cut=
__proof_ended=
__proof_user_prompt=()
__proof_both='__proof_prompt; __proof_rest'
# Expanded by the shell itself, before each command: it counts them, says what is about to run, and
# brings our last prompt command back where PROMPT_COMMAND was set as a whole. What that prints
# stands in a mark.
__proof_ps0='\e]133;P;proof=\${__proof_nonce};$((__proof_number += 1))'
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)) &&
  __proof_ps0+='\${PROMPT_COMMAND[9133]:=__proof_rest}'
__proof_ps0='\${__proof_nonce:+'$__proof_ps0'\a$(__proof_start)}'

__proof_mark() {
  builtin printf '\e]133;%s;proof=%s;%s\a' "$1" "$__proof_nonce" "$2" >/dev/tty
}

# Text in pieces, each one write, so that no background job's output can get inside a mark.
__proof_text() {
  builtin local LC_ALL=C quoted at
  builtin printf -v quoted %q "$2"
  for ((at = 0; at < \${#quoted} && at < @MOST@; at += 900)); do
    __proof_mark "$1" "\${quoted:at:900}"
  done
  ((\${#quoted} <= @MOST@)) || __proof_cut=c
}

# Awaits the answer to what was said last; others may be left over from a wait that was cut short.
__proof_await() {
  builtin local said rest
  __proof_answer=
  [[ -p $__proof_reply ]] || builtin return 0
  while IFS=' ' builtin read -r -t "$2" said rest <>"$__proof_reply"; do
    if [[ $said == "$1" ]]; then
      __proof_answer=$rest
      builtin return 0
    fi
  done
  # Nobody is there: never wait again.
  __proof_reply=
}

__proof_history() {
  HISTTIMEFORMAT= builtin history "$1"
}

# In a subshell of PS0, just before a command: what it is and where.
__proof_start() {
  builtin local before=$?
  { set +xeu; } 2>/dev/null
  {
    builtin local now flags= state=new from to
    [[ :$HISTCONTROL: == *:ignorespace:* || :$HISTCONTROL: == *:ignoreboth:* ]] && flags+=s
    [[ :$HISTCONTROL: == *:ignoredups:* || :$HISTCONTROL: == *:ignoreboth:* ]] && flags+=d
    # It takes the earlier one out, so nothing is new about the latest.
    [[ :$HISTCONTROL: == *:erasedups:* ]] && flags+=d
    [[ $HISTIGNORE ]] && flags+=i
    [[ -o history && $HISTSIZE != 0 ]] || flags+=o
    now=$(__proof_history 1)
    [[ $now == "$__proof_last" ]] && state=same
    # Without cmdhist every line of a command is an entry of its own.
    if [[ $state == new ]] && ! builtin shopt -q cmdhist; then
      [[ $__proof_last =~ ^\ *([0-9]+) ]] && from=\${BASH_REMATCH[1]}
      [[ $now =~ ^\ *([0-9]+) ]] && to=\${BASH_REMATCH[1]}
      ((to - from > 1)) && now=$(__proof_history $((to - from))) && flags+=m
    fi
    __proof_text T "$now"
    flags+=$__proof_cut
    __proof_text W "$PWD"
    __proof_mark C "$__proof_number;$state;$flags;$before"
    __proof_await "C$__proof_number" 40
  } 2>/dev/null
}

# After a command, or where there was none: how it ended. The answer says what the next one is.
__proof_end() {
  builtin local - IFS=' '
  set +xeu
  __proof_mark D "$__proof_number;\${__proof_was[0]};\${__proof_was[*]:1};$__proof_note"
  __proof_await "D$__proof_number" 5
  [[ $__proof_answer ]] && builtin export PROOF_RUN="$__proof_answer"
  __proof_ended=1
}

# Before every prompt, first of all. In one string with something before it, the status is not that
# of the command any more; then the other one, for which bash puts it back, speaks.
__proof_prompt() {
  __proof_was=("$?" "\${PIPESTATUS[@]}")
  { [[ \${PROMPT_COMMAND[0]} != __proof_prompt* ]] || __proof_end; } 2>/dev/null
  builtin return 0
}

# Before every prompt, last of all, around what is the user's: to a DEBUG trap of theirs nothing
# comes after it. It is there when their rc file, read again, has put another string in our place.
__proof_rest() {
  __proof_is=("$?" "\${PIPESTATUS[@]}")
  { [[ $__proof_ended ]] || { __proof_was=("\${__proof_is[@]}"); __proof_end; }; } 2>/dev/null
  __proof_ended=
  builtin local __proof_each
  builtin local -a __proof_now
  { __proof_adopt; } 2>/dev/null
  for __proof_each in \${__proof_now[@]+"\${__proof_now[@]}"}; do
    __proof_as_it_was
    builtin eval "$__proof_each"
  done
  { __proof_adopt; __proof_keep; } 2>/dev/null
  builtin return 0
}

# The status that the user's own prompt commands look at.
__proof_as_it_was() {
  [[ -o errexit ]] || builtin return "\${__proof_was[0]}"
}

# Takes over what the user has put into PROMPT_COMMAND. Put in the place of ours, it replaces what
# ours called; put beside ours, it comes after that.
__proof_adopt() {
  builtin local - each own=
  set +xeu
  for each in "\${PROMPT_COMMAND[@]}"; do [[ $each == *__proof_prompt* ]] && own=1; done
  [[ $own ]] || __proof_user_prompt=()
  __proof_now=("\${__proof_user_prompt[@]}")
  for each in "\${PROMPT_COMMAND[@]}"; do
    [[ $each == __proof_prompt || $each == __proof_rest || $each == "$__proof_both" || ! $each ]] &&
      builtin continue
    each=\${each//__proof_prompt/:}
    __proof_user_prompt+=("\${each//__proof_rest/:}")
  done
  builtin unset PROMPT_COMMAND
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
    PROMPT_COMMAND[0]=__proof_prompt
    PROMPT_COMMAND[9133]=__proof_rest
  else
    PROMPT_COMMAND=$__proof_both
  fi
}

# Puts our parts back where they are missing.
__proof_keep() {
  builtin local -
  set +xeu
  [[ $PS0 == *__proof_start* ]] || PS0+=$__proof_ps0
  [[ $PS1 == *__proof_begins* ]] || PS1+='\[\${__proof_begins-}\]'
  __proof_last=$(__proof_history 1)
}

[[ -r ~/.bashrc ]] && builtin source ~/.bashrc

__proof_note=
if ! builtin type note &>/dev/null; then
  __proof_note=n
  note() {
    builtin local IFS=' '
    if [[ ! $* ]]; then
      builtin printf 'usage: note what to remember about the last command\n' >&2
      builtin return 2
    fi
    { __proof_text T "$*"; __proof_mark N; } 2>/dev/null
  }
fi
PROMPT_COMMAND=(\${PROMPT_COMMAND[@]+"\${PROMPT_COMMAND[@]}"} __proof_prompt)
{ __proof_adopt; __proof_keep; } 2>/dev/null
`;

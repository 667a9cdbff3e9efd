import { fill, type HookPlace, MOST_TEXT, script, shellWord } from './hook-place.ts';

/**
 * The rcfile of a recorded bash (4.4 or later): the user's own `~/.bashrc`, then our hooks.
 *
 * PS0 is expanded after a line was read and before it is executed, PROMPT_COMMAND before a prompt.
 * No DEBUG trap: that is the user's. What they have in PROMPT_COMMAND runs inside ours, which is
 * one command to their DEBUG trap, with `$?` as it was; what they put into PS0, PS1 or
 * PROMPT_COMMAND later is found and kept at the next prompt.
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

# In a subshell of PS0, just before a command: what it is and where. Its argument is the DEBUG trap,
# which inside a function cannot be seen.
__proof_start() {
  { set +xeu; } 2>/dev/null
  {
    builtin local now flags= state=new from to
    [[ :$HISTCONTROL: == *:ignorespace:* || :$HISTCONTROL: == *:ignoreboth:* ]] && flags+=s
    [[ :$HISTCONTROL: == *:ignoredups:* || :$HISTCONTROL: == *:ignoreboth:* ]] && flags+=d
    [[ $HISTIGNORE ]] && flags+=i
    [[ -o history && $HISTSIZE != 0 ]] || flags+=o
    [[ $1 ]] && flags+=g
    [[ \${PROMPT_COMMAND[*]} == *__proof_* ]] || flags+=l
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
    __proof_mark C "$__proof_number;$state;$flags"
    __proof_await "C$__proof_number" 40
  } 2>/dev/null
}

# After a command, or where there was none: how it ended. The answer says what the next one is.
__proof_end() {
  builtin local - IFS=' '
  set +xeu
  builtin local status=\${__proof_was[0]} each at= again
  for each in "\${PROMPT_COMMAND[@]}"; do [[ $each == __proof_* ]] && at=1; done
  # Something ran before us in one string: then the status is not that of the command.
  [[ $at ]] || status=
  __proof_mark D "$__proof_number;$status;\${__proof_was[*]:1};$__proof_note"
  __proof_await "D$__proof_number" 5
  IFS=' ' builtin read -r again each <<<"$__proof_answer"
  if [[ $each ]]; then
    __proof_debug=$again
    builtin export PROOF_RUN="$each"
  fi
  ((__proof_number += 1))
}

# Before every prompt.
__proof_prompt() {
  __proof_was=("$?" "\${PIPESTATUS[@]}")
  { __proof_end; } 2>/dev/null
  __proof_ended=1
  builtin local __proof_each
  for __proof_each in \${__proof_user_prompt[@]+"\${__proof_user_prompt[@]}"}; do
    __proof_as_it_was
    builtin eval "$__proof_each"
  done
  { __proof_keep; } 2>/dev/null
  builtin return 0
}

# The status that the user's own prompt commands look at.
__proof_as_it_was() {
  [[ -o errexit ]] || builtin return "\${__proof_was[0]}"
}

# The user's rc file, read again, may have put another prompt command in the place of ours.
__proof_again() {
  __proof_was=("$?" "\${PIPESTATUS[@]}")
  { [[ $__proof_ended ]] || __proof_end; } 2>/dev/null
  __proof_ended=
  { __proof_keep; } 2>/dev/null
  builtin return 0
}

# Puts our parts back where they are missing, around what is the user's.
__proof_keep() {
  builtin local - each own=
  set +xeu
  for each in "\${PROMPT_COMMAND[@]}"; do [[ $each == *__proof_prompt* ]] && own=1; done
  # Another one in its place takes the place of what ours called; one that goes on with ours adds.
  [[ $own ]] || __proof_user_prompt=()
  for each in "\${PROMPT_COMMAND[@]}"; do
    [[ $each == __proof_prompt || $each == __proof_again || ! $each ]] && builtin continue
    __proof_user_prompt+=("\${each//__proof_prompt/:}")
  done
  builtin unset PROMPT_COMMAND
  PROMPT_COMMAND=__proof_prompt
  # One more step before the prompt would look like a command to a DEBUG trap of the user's.
  if [[ ! $__proof_debug ]] && ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
    PROMPT_COMMAND[9133]=__proof_again
  else
    __proof_ended=
  fi
  [[ $PS0 == *__proof_start* ]] || PS0+='\${__proof_nonce:+$(__proof_start "$(builtin trap -p DEBUG)")}'
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
__proof_debug=$(builtin trap -p DEBUG)
# This one sets its DEBUG trap at the first prompt.
builtin declare -F __bp_install >/dev/null && __proof_debug=later
{ __proof_keep; } 2>/dev/null
`;

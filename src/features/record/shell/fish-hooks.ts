import { fill, type HookPlace, MOST_TEXT, script } from './hook-place.ts';

/**
 * What a recorded fish reads after the user's own configuration. Its events say all that is needed;
 * there is no `read` with a time limit, so it is we who must never leave it waiting.
 */
export function fishHooks({ nonce, reply }: HookPlace): string {
  const values = { '@NONCE@': nonce, '@REPLY@': fishWord(reply), '@MOST@': String(MOST_TEXT) };
  return fill(HOOKS, values);
}

function fishWord(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

const HOOKS = script`
set -g __proof_nonce @NONCE@
set -g __proof_reply @REPLY@
set -g __proof_number 0
set -g __proof_note ''
set -g __proof_answer ''
set -g __proof_cut ''
set -gx PROOF_SHELL $fish_pid

function __proof_mark
    builtin printf '\e]133;%s;proof=%s;%s\a' $argv[1] $__proof_nonce "$argv[2]" >/dev/tty
end

# Text in pieces, each one write, so that no background job's output can get inside a mark.
function __proof_text
    set -l quoted (builtin string escape --style=url -- $argv[2])
    set -l length (builtin string length -- "$quoted")
    set -l at 1
    while test $at -le $length -a $at -le @MOST@
        __proof_mark $argv[1] (builtin string sub -s $at -l 900 -- $quoted)
        set at (math $at + 900)
    end
    set -g __proof_cut ''
    test $length -gt @MOST@; and set -g __proof_cut c
end

# Awaits the answer to what was said last; others may be left over from a wait that was cut short.
function __proof_await
    set -g __proof_answer ''
    while test -p "$__proof_reply"
        builtin read -l said rest <$__proof_reply; or break
        if test "$said" = $argv[1]
            set -g __proof_answer $rest
            return 0
        end
    end
    return 0
end

function __proof_preexec --on-event fish_preexec
    begin
        set -l text "$argv[1]"
        set -l flags ''
        if builtin string match -q ' *' -- "$text"
            # fish keeps no such line in its history.
            set text ''
            set flags s
        end
        __proof_text T "$text"
        set flags $flags$__proof_cut
        __proof_text W $PWD
        __proof_mark C "$__proof_number;new;$flags"
        __proof_await C$__proof_number
    end 2>/dev/null
end

function __proof_end
    __proof_mark D "$__proof_number;$argv[1];$argv[2];$__proof_note"
    __proof_await D$__proof_number
    test -n "$__proof_answer"; and set -gx PROOF_RUN $__proof_answer
    set -g __proof_number (math $__proof_number + 1)
end

function __proof_postexec --on-event fish_postexec
    set -l was $status "$pipestatus"
    __proof_end $was[1] "$was[2]" 2>/dev/null
end

if not type -q note
    set -g __proof_note n
    function note --description 'annotate the last command'
        if test -z "$argv"
            echo 'usage: note what to remember about the last command' >&2
            return 2
        end
        begin
            __proof_text T "$argv"
            __proof_mark N
        end 2>/dev/null
    end
end
__proof_end 0 '' 2>/dev/null
`;

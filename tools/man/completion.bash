# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
# Completion of PROGRAM in bash. Its options are those of the manual page: tools/man/to-completion puts a line for
# each where TABLE stands, "COMMAND NAME VALUES...", and the program's name where PROGRAM does. The command . is none,
# and * any; the name <operand> is for what is no option. VALUES are words, or one of those below.

_PROGRAM_values() {
    local current=$1 kind=$2 suffix=${3:-}
    case $kind in
    '<file>')
        compopt -o filenames 2>/dev/null # outside a completion there is nothing to be told
        compgen -d -- "$current"
        compgen -f -X "!*$suffix" -- "$current"
        ;;
    '<release>') compgen -W "$(proviso releases 2>/dev/null | sed -n 's/^release //p')" -- "$current" ;;
    '<oem>')
        compgen -W "$(proviso releases 2>/dev/null | sed -n 's/^oem //p')" -- "$current"
        _PROGRAM_values "$current" '<file>' .oem
        ;;
    '<any>') ;;
    *) compgen -W "${*:2}" -- "$current" ;;
    esac
}

_PROGRAM() {
    local current=${COMP_WORDS[COMP_CWORD]} command=. at=1 word owner name values option='' operand=''
    local -A values_of=()
    local -a table

    mapfile -t table <<'END'
TABLE
END
    # "--seed=1" comes as three words.
    [[ $current != = ]] || current=
    for word in "${table[@]}"; do
        if ((COMP_CWORD > 1)) && [[ ${word%% *} == "${COMP_WORDS[1]}" ]]; then command=${COMP_WORDS[1]} at=2; fi
    done
    for word in "${table[@]}"; do
        read -r owner name values <<<"$word"
        if [[ $owner == "$command" || ($owner == '*' && $command != .) ]]; then values_of[$name]=$values; fi
    done

    for word in "${COMP_WORDS[@]:at:COMP_CWORD - at}"; do
        if [[ $word == = ]]; then continue; fi
        if [[ $option ]]; then
            option=
        elif [[ $word == -* ]]; then
            [[ ! ${values_of[$word]:-} ]] || option=$word
        else
            operand=$word
        fi
    done

    if [[ $option ]]; then
        name=$option
    elif [[ $current == -* ]]; then
        name=
    else
        name=${operand:-<operand>}
    fi
    COMPREPLY=()
    if [[ $name && ${values_of[$name]:-} ]]; then
        # shellcheck disable=SC2086 # they are words
        mapfile -t COMPREPLY < <(_PROGRAM_values "$current" ${values_of[$name]} | sort -u)
    elif [[ ! $option ]]; then
        for word in "${!values_of[@]}"; do
            if [[ $word == '<operand>' || ($word != -* && $operand) ]]; then continue; fi
            if [[ $word == "$current"* ]]; then COMPREPLY+=("$word"); fi
        done
    fi
}

complete -F _PROGRAM PROGRAM

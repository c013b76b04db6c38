# Shared by the scripts in tools/: source it. It moves to the root of the repository.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck disable=SC2034 # for those who source it
root=$PWD
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
export ANSIBLE_HOME=$root/.cache/ansible # leave no traces in the user's
mkdir -p .cache/logs .cache/results

# The environments that tools/setup makes. 2.16 is the last core that can manage Python 2.7.
# shellcheck disable=SC2034
cores=(2.16 2.19)
# The newest one needs a Python that not every machine has: only sanity runs it, where that is.
# shellcheck disable=SC2034
newest_core=2.21

die() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# is_among WORD WORD...: the first one is one of the others, or there are no others.
is_among() {
    local word=$1
    shift
    (($# == 0)) || [[ " $* " == *" $word "* ]]
}

# report NAME RESULT SECONDS: the one line on the screen that a step leaves.
report() {
    printf '  %-34s %-26s %4d s\n' "$@"
}

# step NAME COMMAND...: run it, say one line, and show its output only if it fails.
step() {
    local name=$1 begin=$SECONDS log
    shift
    log=.cache/logs/${name//[^[:alnum:].-]/-}.log
    if "$@" >"$log" 2>&1 </dev/null; then
        report "$name" ok $((SECONDS - begin))
    else
        report "$name" FAILED $((SECONDS - begin))
        cat "$log"
        return 1
    fi
}

# bounded SECONDS COMMAND...: run it, and interrupt it after so long (exit code 124). On a host that
# hangs, a run would otherwise wait until CI ends all of them, and nobody would know which one it
# was.
bounded() {
    local seconds=$1
    shift
    # In the foreground: it stays in the process group that `end_beside` ends.
    timeout --foreground --signal=INT --kill-after=30 "$seconds" "$@"
}

# tally LOG: "PASSED FAILED SKIPPED", summed over the closing lines of all pytest runs in a log,
# such as "=== 3 passed, 1 failed in 0.12s ===".
tally() {
    awk '/^=+ .*[0-9]+ (passed|failed|skipped|xfailed|xpassed|errors?).* in [0-9.]+ ?s.*=+$/ {
            for (i = 2; i <= NF; i++) {
                if ($i ~ /^passed/) passed += $(i - 1)
                if ($i ~ /^(failed|error)/) failed += $(i - 1)
                if ($i ~ /^skipped/) skipped += $(i - 1)
            }
        }
        END { print passed + 0, failed + 0, skipped + 0 }' "$1"
}

# counted NAME STATUS LOG SECONDS: report a pytest run and note its numbers for `make test`.
# A run that failed without a failed test, or that ran no test, counts as one failure.
counted() {
    local name=$1 status=$2 log=$3 seconds=$4 passed failed skipped text
    read -r passed failed skipped < <(tally "$log")
    if ((status != 0 && failed == 0)) || ((passed + failed == 0)); then
        failed=1
    fi
    echo "$passed $failed" >".cache/results/${name//[^[:alnum:].-]/-}.txt"
    text="$passed passed"
    ((skipped == 0)) || text+=", $skipped skipped"
    ((failed == 0)) || text+=", $failed FAILED"
    report "$name" "$text" "$seconds"
    ((failed == 0))
}

# beside COMMAND...: run it in the background, as soon as fewer than `abreast` such commands run.
# Its output is kept and printed whole, in the order of the calls: some of it here, the rest by
# `all_ended`, which waits for all and fails if one failed. Each is a separate process group, which
# is interrupted, and killed if necessary, when this script is.
abreast=2
beside_folder='' beside_pids=() beside_shown=0 beside_failed=0

beside() {
    if [[ -z $beside_folder ]]; then
        beside_folder=$(mktemp -d)
        trap 'end_beside' EXIT
        trap 'end_beside; trap - INT; kill -INT $$' INT
        trap 'exit 143' TERM
        trap 'exit 129' HUP
    fi
    while (($(jobs -pr | wc -l) >= abreast)); do
        wait -n || true # its file says how it ended
        show_ended
    done
    set -m
    beside_job "$beside_folder/${#beside_pids[@]}" "$@" </dev/null &
    set +m
    beside_pids+=($!)
}

# beside_job FILES COMMAND...: leave its output and, once it is whole, its exit code.
beside_job() {
    local files=$1 status=0
    shift
    trap - EXIT INT TERM HUP
    "$@" >"$files.out" 2>&1 || status=$?
    echo "$status" >"$files.status"
}

# show_ended: the output of the next ones in turn, as far as these have ended.
show_ended() {
    local files pid
    while ((beside_shown < ${#beside_pids[@]})); do
        files=$beside_folder/$beside_shown pid=${beside_pids[beside_shown]}
        ! jobs -pr | grep -qx "$pid" || return 0
        cat "$files.out"
        # A killed one has left none.
        [[ $(cat "$files.status" 2>/dev/null) == 0 ]] || beside_failed=1
        beside_shown=$((beside_shown + 1))
    done
}

all_ended() {
    wait
    show_ended
    ((beside_failed == 0))
}

# end_beside: pytest cleans up at an interrupt, and has ten seconds for that.
end_beside() {
    local pid seconds
    for pid in $(jobs -pr); do
        kill -INT -- "-$pid" 2>/dev/null || true
    done
    for seconds in {1..100}; do
        [[ -n $(jobs -pr) ]] || break
        sleep 0.1
    done
    for pid in $(jobs -pr); do
        kill -KILL -- "-$pid" 2>/dev/null || true
    done
    wait 2>/dev/null
    rm -rf "$beside_folder"
}

# on_hosts SUITE 'LAYOUT,... [SHARE]'... -- [PYTEST ARGUMENT...]: the tests in tests/SUITE, in parts
# of so many layouts, `abreast` of them beside each other. SHARE: as 1/2, the first of two shares of
# their tests. Each part has its own run, and so its own network.
on_hosts() {
    local suite=$1 parts=()
    shift
    while [[ $1 != -- ]]; do
        parts+=("$1")
        shift
    done
    shift
    rm -f ".cache/results/$suite-"*
    for part in "${parts[@]}"; do
        beside run_on_hosts "$suite" "$part" "$@"
    done
    all_ended
}

# run_on_hosts SUITE 'LAYOUT,... [SHARE]' [PYTEST ARGUMENT...]
run_on_hosts() {
    local suite=$1 layouts share words name log begin=$SECONDS status=0 run=WEBOPS_${1^^}_RUN
    read -r layouts share <<<"$2"
    words=${2//[,\/ ]/-}
    shift 2
    name=$suite-$words
    log=.cache/logs/$name.log
    bounded 2400 env "$run=${!run:-$suite}-$words" \
        .venv/core-2.16/bin/python -B -m pytest "tests/$suite" \
        --color=no -p no:cacheprovider --layouts "$layouts" --share "${share:-1/1}" "$@" \
        >"$log" 2>&1 </dev/null || status=$?
    # Of tests that were chosen, a part may have none.
    ((status != 5)) || (($# == 0)) || return 0
    counted "$suite ${layouts//,/, }${share:+ $share}" "$status" "$log" $((SECONDS - begin)) || {
        tail -n "${LOG_LINES:-150}" "$log"
        return 1
    }
}

# project_files: every file of the project, NUL-separated, without what the checkout grew,
# the link in collections/, or files that are deleted but not yet committed.
project_files() {
    if git rev-parse --git-dir >/dev/null 2>&1; then
        comm -z -23 \
            <(git ls-files -zco --exclude-standard -- . ':!collections' | sort -zu) \
            <(git ls-files -zd | sort -zu)
    else
        find . \( -path ./.git -o -path ./.cache -o -path ./.venv -o -path ./.ansible \
            -o -path ./collections -o -name __pycache__ \) -prune \
            -o \( -type f -o -type l \) -printf '%P\0' | sort -z
    fi
}

# python_version PYTHON: "3.11", or a failure if the interpreter is a broken shim.
python_version() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null </dev/null
}

# python_at_hand VERSION: its path as tools/pythons finds it, nothing if there is none.
python_at_hand() {
    tools/pythons 2>/dev/null | awk -v version="$1" '$1 == version { print $2 }'
}

# apt_install PACKAGE...: on Debian and its kin, as root; says so.
apt_install() {
    if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
        die "please install: $*"
    fi
    step "apt-get update" apt-get update -q
    step "apt-get install $*" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qy --no-install-recommends "$@"
}

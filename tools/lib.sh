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

die() {
    echo "$(basename "$0"): $*" >&2
    exit 1
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

# project_files: every file of the project, NUL-separated, without what the checkout grew,
# the link in collections/, or files that are deleted but not yet committed.
project_files() {
    if git rev-parse --git-dir >/dev/null 2>&1; then
        comm -z -23 \
            <(git ls-files -zco --exclude-standard -- . ':!collections' | sort -zu) \
            <(git ls-files -zd | sort -zu)
    else
        find . \( -path ./.git -o -path ./.cache -o -path ./.venv -o -path ./.ansible -o -path ./collections \
            -o -name __pycache__ \) -prune -o \( -type f -o -type l \) -printf '%P\0' | sort -z
    fi
}

# python_version PYTHON: "3.11", or a failure where the interpreter is a broken shim.
python_version() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null </dev/null
}

# apt_install PACKAGE...: on Debian and its kin, as root; says so.
apt_install() {
    if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
        die "please install: $*"
    fi
    step "apt-get update" apt-get update -q
    step "apt-get install $*" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"
}

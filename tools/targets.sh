# For the scripts that run tests on the Pythons of targets: source it after lib.sh.
# shellcheck shell=bash

# Python 2 has no packages without __init__.py, and a target has only the module_utils of ansible.
# So targets import through a tree of small packages that point into the checkout and into core
# 2.16, the newest whose module_utils run on Python 2.7.
# shellcheck disable=SC2154 # lib.sh has set it
shim=$root/.cache/targets/import

package() {
    mkdir -p "$shim/$1"
    if [[ -n ${2:-} ]]; then
        echo "__path__ = ['$2']" >"$shim/$1/__init__.py"
    else
        : >"$shim/$1/__init__.py"
    fi
}

make_shim() {
    local ansible apache=ansible_collections/webops/apache
    ansible=$(.venv/core-2.16/bin/python -c 'import ansible; print(ansible.__path__[0])')
    rm -rf "$shim"
    package ansible
    package ansible/module_utils "$ansible/module_utils"
    package ansible_collections
    package ansible_collections/webops
    package $apache
    package $apache/plugins
    package $apache/plugins/modules "$root/plugins/modules"
    package $apache/plugins/module_utils "$root/plugins/module_utils"
    package $apache/tests "$root/tests"
}

# run_tests KIND NAME PYTHON IMPORT_PATH TESTS...: by pytest; KIND is the first word of its line.
run_tests() {
    local name="$1 $2" python=$3 path=$4 log begin=$SECONDS status=0
    local own=${name// /-}
    shift 4
    log=.cache/logs/$own.log
    PYTHONPATH=$path HYPOTHESIS_STORAGE_DIRECTORY=$root/.cache/hypothesis/$own \
        bounded 1800 "$python" -m pytest --color=no -o cache_dir="$root/.cache/pytest/$own" \
        -o pythonpath="$path" "$@" >"$log" 2>&1 </dev/null || status=$?
    counted "$name" "$status" "$log" $((SECONDS - begin)) || {
        cat "$log"
        return 1
    }
}

# on_target KIND VERSION PYTHON TESTS...: target code, if an environment can be made for it.
on_target() {
    local kind=$1 version=$2 python
    if python=$(tools/target-env "$version" "$3"); then
        run_tests "$kind" "python$version" "$python" "$shim" "${@:4}"
    else
        echo "  LEFT OUT: Python $version: no environment can be made for it, see above"
    fi
}

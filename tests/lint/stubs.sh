#!/usr/bin/env bash
# Fail where a .pyi says other things of a record than the .py beside it: other fields, another
# order, other defaults. FORM stands in no .pyi, since nothing that has types asks for it.
# Usage: tests/lint/stubs.sh BIN, in a folder with collections and mypy.ini; BIN has stubtest.
set -euo pipefail

package=ansible_collections/webops/apache/plugins/module_utils
modules=()
for stub in "collections/$package"/*.pyi; do
    modules+=("${package//\//.}.$(basename "$stub" .pyi)")
done
PYTHONPATH=collections "$1/stubtest" --concise --ignore-missing-stub --mypy-config-file mypy.ini \
    "${modules[@]}"

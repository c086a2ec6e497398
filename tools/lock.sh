#!/bin/sh
# Bring the locks in line with both pyproject.toml: every version with its hashes, for all platforms, and
# no address. What is locked stays at its version; `sh tools/lock.sh --upgrade` takes the newest.
set -eu
if ! command -v uv >/dev/null; then
    echo "This needs uv: pipx install uv" >&2
    exit 1
fi
upgrade=${1:-}
lock() {
    target=$1
    shift
    echo "== $target"
    # shellcheck disable=SC2086 # no word where nothing was asked
    uv pip compile "$@" $upgrade --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet \
        --no-emit-package quetsach --no-emit-package quetsach-portal \
        --output-file "$target"
}
# What holds most is locked first, and all others take its versions: each set is a part of dev.
lock requirements/spark.txt pyproject.toml --extra dev --extra spark
within="--constraints requirements/spark.txt"
lock requirements/dev.txt pyproject.toml --extra dev $within
lock requirements/run.txt pyproject.toml --extra run $within
lock requirements/portal.txt pyproject.toml --extra portal $within
lock requirements/core.txt pyproject.toml $within
lock requirements/all.txt pyproject.toml --extra all $within
lock requirements/bench.txt pyproject.toml --extra portal --extra bench $within
grep -o 'zensical[^"]*' pyproject.toml | lock requirements/site.txt - $within
echo 'pip-audit>=2.10' | lock requirements/audit.txt -
printf '%s\n' 'abi3audit>=0.0.20' 'auditwheel>=6' 'maturin>=1.9,<2' 'pip>=25' 'twine>=6' 'ziglang>=0.13' |
    lock requirements/release.txt - $within

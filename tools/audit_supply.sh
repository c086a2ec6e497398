#!/bin/sh
# Ask the public lists of weaknesses about every locked package and crate: PyPI's own (PYSEC, from
# OSV) by pip-audit, RustSec's by cargo-audit. Ends with 1 where one is known. No registry holds a
# copy of either list that is up to date, so this needs the network and stands outside of all checks.
set -eu
cd "$(dirname "$0")/.."
failed=0
if [ ! -x out/audit/bin/pip-audit ]; then
    python3 -m venv out/audit
    out/audit/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes --no-deps -r requirements/audit.txt
fi
echo "== Python packages (pip-audit)"
out/audit/bin/pip-audit --disable-pip --require-hashes --progress-spinner off \
    -r "${1:-requirements/all.txt}" || failed=1
echo "== Crates (cargo-audit)"
if cargo audit --version >/dev/null 2>&1; then
    cargo audit --file kernel/Cargo.lock || failed=1
else
    echo "   Not asked: no cargo-audit here. To bring it: cargo install --locked cargo-audit"
fi
exit $failed

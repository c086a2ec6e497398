#!/bin/sh
# Format, lint and tests of the Rust kernel; a part of the toolchain that is not there is named.
set -eu
cd "$(dirname "$0")/../kernel"
PYO3_PYTHON=$(cd .. && pwd)/.venv/bin/python
export PYO3_PYTHON
if cargo fmt --version >/dev/null 2>&1; then
    cargo fmt --all --check
else
    echo "   No rustfmt here: the format of the kernel is not checked." >&2
fi
if cargo clippy --version >/dev/null 2>&1; then
    cargo clippy --quiet --locked --all-targets -- -D warnings
else
    echo "   No clippy here: the kernel is not linted." >&2
fi
cargo test --quiet --locked

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
# What is built for the tests is linted while it is built: once instead of twice. It stands in a
# folder of its own, without what debuggers read, which takes as long to write as all the rest.
export CARGO_TARGET_DIR="$PWD/target/checked" CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
if clippy=$(command -v clippy-driver); then
    export RUSTC_WORKSPACE_WRAPPER="$clippy" RUSTFLAGS="-D warnings"
else
    echo "   No clippy here: the kernel is not linted." >&2
fi
cargo test --quiet --locked

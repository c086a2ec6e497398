#!/bin/sh
# Look through damaged texts with every path of the kernel, which must agree; with the sanitizer for
# addresses where there is a nightly Rust, else with all checks of the debug build.
set -eu
cd "$(dirname "$0")/../kernel"
FUZZ_SECONDS=${FUZZ_SECONDS:-60}
export FUZZ_SECONDS
target=$(rustc -vV | sed -n 's/^host: //p')
if cargo +nightly --version >/dev/null 2>&1; then
    RUSTFLAGS="-Zsanitizer=address -Cdebug-assertions=on" CARGO_TARGET_DIR=target/sanitized \
        cargo +nightly test --quiet --release --locked --target "$target" -p quetsach-sieve -p quetsach-split -- --nocapture
else
    echo "   No nightly Rust here: without the sanitizer." >&2
    cargo test --quiet --locked -p quetsach-sieve -p quetsach-split -- --nocapture
fi

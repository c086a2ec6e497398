#!/bin/sh
# Succeed where cargo is there and its rustc is as new as kernel/Cargo.toml asks for.
cd "$(dirname "$0")/.." || exit 1
cargo --version >/dev/null 2>&1 || exit 1
needed=$(sed -n 's/^rust-version = "1\.\([0-9]*\).*/\1/p' kernel/Cargo.toml | head -n 1)
there=$(rustc --version 2>/dev/null | sed -n 's/^rustc 1\.\([0-9]*\).*/\1/p')
[ -n "$there" ] && [ "$there" -ge "${needed:-0}" ]

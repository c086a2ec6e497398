#!/bin/sh
# Build the wheels of quetsach, its portal and its kernel twice, from two copies of the last commit in folders
# of other length, with other umask, language, time zone and, as far as faketime is there, time. The
# bytes must be the same; where they are not, the files of the wheel that differ are named.
set -eu
cd "$(dirname "$0")/.."
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
build() {
    folder=$1
    mkdir -p "$folder"
    git archive HEAD | tar -x -C "$folder"
    find "$folder" -exec touch -h -d "$2" {} +
    shift 2
    ( cd "$folder"
      env "$@" "$here/.venv/bin/python" -m pip wheel --quiet --disable-pip-version-check --no-deps \
          --no-build-isolation --wheel-dir wheels . ./portal
      [ "${KERNEL-}" = no ] || ! command -v cargo >/dev/null || env "$@" \
          RUSTFLAGS="--remap-path-prefix=$folder=/quetsach --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo" \
          CARGO_TARGET_DIR="$folder/target" \
          "$here/.venv/bin/maturin" build --quiet --release --locked --offline \
          --interpreter "$here/.venv/bin/python" -m kernel/python/Cargo.toml --out wheels )
}
umask 022
build "$work/a" 2001-02-03T04:05:06 LC_ALL=C TZ=UTC PYTHONHASHSEED=1
umask 077
build "$work/another/and/longer" 2025-01-01T00:00:00 LC_ALL=C.UTF-8 TZ=Asia/Ho_Chi_Minh PYTHONHASHSEED=2
"$here/.venv/bin/python" -m tools.compare_wheels "$work/a/wheels" "$work/another/and/longer/wheels"

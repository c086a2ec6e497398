#!/bin/sh
# Run a command beside others: at_the_end.sh COMMAND... What it prints is shown when it has ended.
set -eu

said=$(mktemp "${TMPDIR:-/tmp}/quetsach-said.XXXXXX")
trap 'cat "$said"; rm -f "$said"' EXIT
trap 'exit 130' INT TERM
"$@" >"$said" 2>&1

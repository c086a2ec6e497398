#!/bin/sh
# Install quetsach without extras into a fresh environment, say what it weighs, and run the commands
# of the core there: demo, sweep, trace, export, verdict, card. `sh tools/try_core.sh FOLDER`.
set -eu
cd "$(dirname "$0")/.."
folder=$1
rm -rf "$folder"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
.venv/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation \
    --wheel-dir "$folder/wheels" .
"$(sh tools/choose_python.sh)" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --no-deps -r requirements/core.txt
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --no-index --no-deps "$folder"/wheels/quetsach-*.whl
packages=$(echo "$folder"/venv/lib/python3*/site-packages)
whole=$(du -sm "$folder/venv" | cut -f 1)
pips=$(du -smc "$packages"/pip "$packages"/pip-* "$packages"/setuptools* \
    "$packages"/pkg_resources 2>/dev/null | tail -n 1 | cut -f 1)
echo "== $whole MB: an environment with quetsach without extras; $((whole - pips)) MB without its pip"
[ $((whole - pips)) -le 250 ] || { echo "This is more than 250 MB."; exit 1; }
du -sm "$folder"/venv/lib/python3*/site-packages/* | sort -rn | head -n 5 | sed 's|/.*/|   |'

cd "$folder"
# 1 says that something was found, 3 that not all could be read: the demo means both.
run() {
    echo "   quetsach $*"
    code=0
    venv/bin/quetsach "$@" > said 2>&1 || code=$?
    case $code in
        0 | 1 | 3) ;;
        *) cat said; exit 1 ;;
    esac
}
run demo --out demo --size small
run sweep demo/evidence -i demo/indicators --inventory demo/machines.csv --plan demo/units.csv \
    --sources demo/sources.toml --allow demo/allow/resolver.txt -o findings
run trace demo/notices/canh-bao.csv -e demo/evidence --inventory demo/machines.csv \
    --plan demo/units.csv --sources demo/sources.toml --quiet -o traces
run verdict findings
run ledger findings
for form in ndjson csv ecs parquet misp stix-sighting; do
    run export findings --to "$form" -o "findings.$form"
done
run card findings --html
run indicators check demo/indicators
run indicators convert demo/indicators --to unbound -o unbound
run letter read demo/letter/cong-van.txt
run doctor
run formats
run selftest
for refused in "report findings --form phu-luc-2022 --unit X" "serve" "card findings"; do
    # shellcheck disable=SC2086 # words
    venv/bin/quetsach $refused > said 2>&1 && { echo "$refused works without its extra?"; exit 1; }
    grep -q "E61[45]" said || { cat said; exit 1; }
done
echo "   Each command of the core works; the others name their extra."

#!/bin/sh
# Bring what only the system's package manager has: system_packages.sh [fonts] [java] [chromium] [ocr]
# As root on Debian or Ubuntu it is installed. Elsewhere the command is shown, and set-up goes on:
# without fonts the PDF uses another face, without OCR scanned pages are named and not read, and
# without Java or Chromium their tests are skipped.

has_fonts() {
    for folder in /usr/share/fonts /usr/local/share/fonts /Library/Fonts "${HOME:-/}/Library/Fonts" \
        "${HOME:-/}/.local/share/fonts"; do
        # The first edition, in Debian 12's fonts-liberation, lacks Vietnamese letters.
        found=$(find "$folder" -name 'LiberationSerif-Regular.*' -path '*liberation2*' -o \
            -name 'Times_New_Roman.ttf' 2>/dev/null | head -n 1)
        [ -n "$found" ] && return 0
    done
    return 1
}

has_java() { sh "$(dirname "$0")/has_java.sh"; }

has_chromium() { command -v chromium >/dev/null 2>&1; }

has_ocr() {
    for language in $(tesseract --list-langs 2>/dev/null); do
        [ "$language" = vie ] && return 0
    done
    return 1
}

missing=
for need in "$@"; do
    "has_$need" && continue
    case $need in
        fonts) missing="$missing fonts-liberation2" ;;
        java) missing="$missing default-jre-headless" ;;
        chromium) missing="$missing chromium" ;;
        ocr) missing="$missing tesseract-ocr tesseract-ocr-vie" ;;
    esac
done
[ -z "$missing" ] && exit 0

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "== Installing system packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # one word a package
    apt-get update -qq >/dev/null 2>&1 &&
        apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 && exit 0
    echo "   That did not work. Going on without; to see why: apt-get install$missing" >&2
elif command -v apt-get >/dev/null 2>&1; then
    echo "== Going on without:$missing. To have them: sudo apt-get install$missing" >&2
else
    echo "== Going on without (named as in Debian):$missing. Install them if you can." >&2
fi

#!/bin/sh
# Bring what only the system's package manager has: system_packages.sh NEED..., each need one of
# fonts, khmer, ocr, java, chromium, blockers, signers, postgres, nginx, directory,
# compiler.
# As root on Debian or Ubuntu it is installed. Elsewhere the command is shown, and set-up goes on:
# without fonts the PDF uses another face, without khmer there is none in Khmer, without OCR scanned
# pages are named and not read, and without the others their tests are skipped.

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

# Noto Sans Khmer (SIL Open Font License 1.1) for what a campaign hands out in Khmer.
has_khmer() {
    found=$(find /usr/share/fonts /usr/local/share/fonts "${HOME:-/}/.local/share/fonts" \
        -name 'NotoSansKhmer*' 2>/dev/null | head -n 1)
    [ -n "$found" ]
}

has_java() { sh "$(dirname "$0")/has_java.sh"; }

# What loads the files for devices in their tests. On a Debian with an init system the packages
# unbound and squid start their services when they are installed: stop them where that is unwanted.
has_blockers() {
    for program in unbound unbound-checkconf named-checkzone dnsmasq nft squid ipset; do
        # Debian keeps some of them where only root looks.
        PATH="$PATH:/usr/sbin:/sbin" command -v "$program" >/dev/null 2>&1 || return 1
    done
}

# What judges our signatures and QR codes in their tests.
has_signers() {
    for program in xmlsec1 openssl zbarimg pdftoppm; do
        command -v "$program" >/dev/null 2>&1 || return 1
    done
}

# The portal's tests run on it too; it is started for them and ends with them.
has_postgres() {
    for program in /usr/lib/postgresql/*/bin/initdb /opt/homebrew/opt/postgresql*/bin/initdb; do
        [ -x "$program" ] && return 0
    done
    command -v initdb >/dev/null 2>&1
}

# The shipped configuration is tried with it.
has_nginx() { PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v nginx >/dev/null 2>&1; }

# People sign in at it in the portal's tests; it is started for them and ends with them. On a Debian
# with an init system the package starts a directory of its own: stop it where that is unwanted.
has_directory() {
    for program in slapd slapadd; do
        PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$program" >/dev/null 2>&1 || return 1
    done
}

# The shim of the fault simulator is compiled with it.
has_compiler() { command -v cc >/dev/null 2>&1; }

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
        khmer) missing="$missing fonts-noto-core" ;;
        java) missing="$missing default-jre-headless" ;;
        chromium) missing="$missing chromium" ;;
        ocr) missing="$missing tesseract-ocr tesseract-ocr-vie" ;;
        signers) missing="$missing xmlsec1 openssl zbar-tools poppler-utils" ;;
        nginx) missing="$missing nginx-light" ;;
        directory) missing="$missing slapd" ;;
        compiler) missing="$missing gcc libc6-dev" ;;
        postgres) missing="$missing postgresql" ;;
        blockers)
            missing="$missing unbound bind9-utils dnsmasq-base nftables squid ipset"
            ;;
    esac
done
[ -z "$missing" ] && exit 0

# Vietnamese where SPEAKS is vi, as in `make run`; else English.
say() {
    if [ "${SPEAKS-}" = vi ]; then echo "$2"; else echo "$1"; fi
}

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    say "== Installing system packages:$missing" "== Cài các gói của hệ điều hành:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # one word a package
    apt-get update -qq >/dev/null 2>&1 &&
        apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 && exit 0
    say "   That did not work. Going on without; to see why: apt-get install$missing" \
        "   Không cài được, vẫn tiếp tục; để xem lý do: apt-get install$missing" >&2
elif command -v apt-get >/dev/null 2>&1; then
    say "== Going on without:$missing. To have them: sudo apt-get install$missing" \
        "== Tiếp tục khi chưa có:$missing. Để cài: sudo apt-get install$missing" >&2
else
    say "== Going on without (named as in Debian):$missing. Install them if you can." \
        "== Tiếp tục khi chưa có (tên gói như trong Debian):$missing. Hãy cài nếu được." >&2
fi

#!/bin/sh
# What try_offline.sh runs inside the clean Debian: try_inside.sh [NAME.deb]
set -eu
begin=$(date +%s)
step() { echo "   $(($(date +%s) - begin)) s: $*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
useradd --create-home office
as_office() { setpriv --reuid office --regid office --clear-groups env HOME=/home/office "$@"; }
serve() { # USER HOME PROGRAM: until its first page is there; leaves its process in $serving
    ( exec setpriv --reuid "$1" --regid "$1" --clear-groups env QUETSACH_HOME="$2" \
        "$3" serve --port 8000 >/tmp/serve 2>&1 ) &
    serving=$!
    python3 -I /media/first_page.py http://127.0.0.1:8000/account/login/ || { cat /tmp/serve; fail "no page"; }
}

echo "== No network, no pip, no compiler"
python3 -c 'import socket; socket.create_connection(("192.0.2.1", 80), 3)' 2>/dev/null && fail "a network is there"
if command -v pip3 gcc curl; then fail "this Debian is not clean"; fi

echo "== A user without rights unpacks and installs"
as_office sh -c 'cd && tar -xf /media/usb/quetsach-offline-*.tar'
folder=$(echo /home/office/quetsach-offline-*)
step "unpacked"
as_office sh "$folder/install.sh" </dev/null >/tmp/said 2>&1 && fail "installed, and nobody said by whom it must be signed"
number=$(as_office sh "$folder/install.sh" --check | grep -oE '[0-9a-f]{16}' | head -n 1)
as_office sh "$folder/install.sh" --key-number "$number" >/tmp/said 2>&1 || { cat /tmp/said; fail "install.sh"; }
cat /tmp/said
step "installed, $(du -sm /home/office/quetsach | cut -f1) MiB"
quetsach=/home/office/quetsach/bin/quetsach
as_office "$quetsach" --lang vi --help | grep -q "Tìm các máy" || fail "--lang vi is not Vietnamese"
as_office "$quetsach" --lang en --help | grep -q "Find the machines" || fail "--lang en is not English"
as_office "$quetsach" doctor || true
step "speaks"

echo "== A first sweep"
as_office sh -c "cd && $quetsach demo --out thu --seed 2022 --size small >/dev/null && {
    $quetsach sweep thu/evidence -i thu/indicators -o ket-qua --quiet || test \$? -eq 1 -o \$? -eq 3; }
    test -s ket-qua/report.html" || fail "sweep"
step "swept"

echo "== The portal"
as_office env QUETSACH_HOME=/home/office/home "$quetsach" manage migrate --verbosity 0
step "the database is made"
serve office /home/office/home "$quetsach"
step "the first page is there"
kill "$serving" && wait "$serving" || true

echo "== A changed byte, a file too many, another key: refused, with nothing changed"
wheel=$(ls "$folder"/wheels/quetsach-*.whl)
printf x | dd of="$wheel" bs=1 seek=1000 conv=notrunc 2>/dev/null
refused() {
    as_office sh "$folder/install.sh" --to /home/office/again "$@" >/tmp/said 2>&1 && fail "was taken: $*"
    [ ! -e /home/office/again ] || fail "something was installed"
    sed 's/^/   /' /tmp/said | tail -n 2
}
refused --key-number "$number"
as_office sh -c 'cd && tar -xf /media/usb/quetsach-offline-*.tar'
touch "$folder/wheels/more-1-py3-none-any.whl"
refused --key-number "$number"
rm "$folder/wheels/more-1-py3-none-any.whl"
refused --key-number 0000000000000000
as_office sh "$folder/install.sh" --uninstall >/dev/null
[ ! -e /home/office/quetsach ] && [ -s /home/office/home/portal.sqlite3 ] || fail "uninstall"
step "refused, and removed; the data stay"

[ -n "${1-}" ] || exit 0
echo "== The package of Debian"
dpkg --unpack "/media/usb/$1" >/tmp/said 2>&1 || { cat /tmp/said; fail "dpkg"; }
dpkg --configure -a || fail "configure"
dpkg -s quetsach | grep -q "^Status: install ok installed" || fail "status"
quetsach --version
quetsach --lang vi --help | grep -q "Tìm các máy" || fail "--lang vi is not Vietnamese"
[ "$(stat -c %a:%U:%G /etc/quetsach/portal.toml)" = 640:root:quetsach ] || fail "rights of portal.toml"
[ "$(stat -c %a:%U /var/lib/quetsach)" = 750:quetsach ] || fail "rights of the home"
as_quetsach() { setpriv --reuid quetsach --regid quetsach --clear-groups env QUETSACH_HOME=/var/lib/quetsach "$@"; }
as_quetsach quetsach manage migrate --verbosity 0
serve quetsach /var/lib/quetsach quetsach
kill "$serving" && wait "$serving" || true
step "installed; the first page is there"
dpkg --verify quetsach || fail "dpkg --verify"
dpkg --remove quetsach >/dev/null
[ ! -e /usr/lib/quetsach ] || { find /usr/lib/quetsach | head; fail "files are left"; }
dpkg --purge quetsach
[ ! -e /etc/quetsach ] || { find /etc/quetsach; fail "settings are left"; }
[ -s /var/lib/quetsach/portal.sqlite3 ] || fail "the data are gone"
step "removed and purged; the data stay"

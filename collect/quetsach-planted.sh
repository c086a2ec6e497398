#!/bin/sh
# quetsach-planted.sh: asks for the harmless name that is planted for today, and knocks at an
# address where nobody is (192.0.2.x). What the office's logs show of it says whether they would
# show a machine that talks to a bad address. It installs nothing and sends no data anywhere.
#
# Hoi ten mien vo hai cua ngay hom nay va go vao mot dia chi khong co ai, de biet nhat ky mang
# co ghi lai hay khong. Khong cai gi, khong gui du lieu di dau.
#
# Use:   sh quetsach-planted.sh            now, once
#        sh quetsach-planted.sh later      after up to 15 minutes, for a schedule
#        sh quetsach-planted.sh cron       print the lines for `crontab -e`
# Needs planted-names.txt beside it, and writes planted-note.txt there: quetsach-collect takes it
# along. The note tells a PC that was off from a sensor that is blind.

LC_ALL=C
export LC_ALL
umask 077
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
names=$here/planted-names.txt
note=$here/planted-note.txt

has() { command -v "$1" >/dev/null 2>&1; }

case ${1:-now} in
cron)
    printf '30 8 * * 1-5 sh "%s/quetsach-planted.sh" later\n' "$here"
    printf '30 10 * * 1-5 sh "%s/quetsach-planted.sh" later\n' "$here"
    exit 0
    ;;
later) sleep "$(awk 'BEGIN { srand(); print int(rand() * 900) }')" ;;
now) ;;
*)
    echo "usage: sh quetsach-planted.sh [later|cron]" >&2
    exit 2
    ;;
esac

day=$(date +%Y-%m-%d)
line=$(tr -d '\r' <"$names" 2>/dev/null | awk -v day="$day" '$1 == day { print $2, $3; exit }')
name=${line% *} address=${line#* }
# Nothing of the file is taken but a name and an address of this form.
name=$(printf '%s' "$name" | grep -E '^[0-9a-f]{16}\.planted\.quetsach\.example$')
address=$(printf '%s' "$address" | grep -E '^192\.0\.2\.[0-9]{1,3}$')
if [ -z "$name" ] || [ -z "$address" ]; then
    echo "Khong co ten cho ngay hom nay: hay lay tep planted-names.txt moi." >&2
    echo "No name for today ($day) in $names: get a new file." >&2
    exit 2
fi

asked=no
# The system's own resolver, as every program of this PC uses it. The last dot keeps search domains away.
if has getent; then
    getent hosts "$name." >/dev/null 2>&1
    asked=asked
elif has ping; then
    ping -c 1 "$name." >/dev/null 2>&1
    asked=asked
fi
knocked=no
if has curl; then
    curl -s -m 5 -o /dev/null "http://$address/" >/dev/null 2>&1
    knocked=knocked
elif has ping; then
    ping -c 1 -W 2 "$address" >/dev/null 2>&1
    knocked=knocked
fi

[ -f "$note" ] || echo '# quetsach-planted 1' >"$note" || exit 2
now=$(date +%Y-%m-%dT%H:%M:%S%z | sed 's/\([0-9][0-9]\)$/:\1/')
printf '%s %s %s %s\n' "$now" "$name" "$asked" "$knocked" >>"$note"
[ "$asked" = asked ]

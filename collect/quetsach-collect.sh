#!/bin/sh
# quetsach-collect.sh: takes from this Linux machine what shows a contact with a bad address,
# and packs it into one file beside this script. It installs nothing and sends nothing.
#
# Takes:  connections with their programs, DNS cache where one is kept, neighbours (ARP), addresses
#         and MACs, resolvers, hosts file, proxy settings, names of timers and cron files, system and
#         date of last update.
# Leaves: documents, browsing history, files of users, passwords, mail, command lines.
# Use:    sh quetsach-collect.sh [folder for the result]          (more is seen as root)
#
# Lay gi: ket noi mang, bo nho ten mien (neu may co giu), ARP, dia chi va MAC, DNS, tep hosts, proxy, ten tac vu, ban cap nhat.
# KHONG lay: tai lieu, lich su duyet web, tep ca nhan, mat khau, thu dien tu.

LC_ALL=C
export LC_ALL
umask 077
VERSION=1
PATH=$PATH:/usr/sbin:/sbin
beside=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
here=${1:-$beside}

has() { command -v "$1" >/dev/null 2>&1; }

# +07:00 from +0700: not every `date` knows %:z.
now() { date +%Y-%m-%dT%H:%M:%S%z | sed 's/\([0-9][0-9]\)$/:\1/'; }

# A JSON text: backslash and quote escaped, control characters dropped.
json() { printf '%s' "$1" | tr -d '\000-\037' | sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$/"/'; }

started=$(now)
host=$( (hostname || uname -n) 2>/dev/null | tr -cd 'A-Za-z0-9._-')
host=${host:-unknown}
stamp=$(date +%Y%m%d-%H%M%S)
name=quetsach-$host-$stamp
work=$(mktemp -d "${TMPDIR:-/tmp}/quetsach.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
out=$work/$name
mkdir "$out" || exit 2
failed=$work/failed
: >"$failed"

# The addresses, one a line: address, MAC, interface. The first is the one of the default route.
addresses() {
    if has ip; then
        ip -o link 2>/dev/null | awk '{
            sub(/:$/, "", $2); sub(/@.*/, "", $2)
            for (i = 3; i < NF; i++) if ($i == "link/ether") print "M", $2, $(i + 1) }' >"$work/macs"
        ip -o addr 2>/dev/null | awk '$3 == "inet" || $3 == "inet6" {
            split($4, a, "/"); print "A", $2, a[1] }' >"$work/held"
        first=$(ip -o route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p')
        awk -v first="$first" '$1 == "M" { mac[$2] = $3 }
            $1 == "A" && ($2 in mac) { row = $3 "\t" toupper(mac[$2]) "\t" $2
                if ($3 == first) top = row; else rest = rest row "\n" }
            END { if (top != "") print top; printf "%s", rest }' "$work/macs" "$work/held"
    elif [ -d /sys/class/net ] && has ifconfig; then
        for one in /sys/class/net/*; do
            mac=$(tr 'a-f' 'A-F' <"$one/address" 2>/dev/null)
            ifconfig "${one##*/}" 2>/dev/null | sed -n 's/.*inet6\{0,1\} \(addr:\)\{0,1\} *\([0-9a-f.:]*\).*/\2/p' |
                while read -r address; do printf '%s\t%s\t%s\n' "$address" "$mac" "${one##*/}"; done
        done
    fi
}

addresses >"$work/addresses"
first=$(head -n 1 "$work/addresses")
address=$(printf '%s' "$first" | cut -f 1)
mac=$(printf '%s' "$first" | cut -f 2 | tr ':' '-')

# The first line tells the reader which machine this is, and when it was taken.
headed() { # holds, more words
    printf '# quetsach-collect %s holds=%s%s host=%s mac=%s address=%s taken=%s\n' \
        "$VERSION" "$1" "$2" "$host" "${mac:--}" "${address:--}" "$(now)"
}

# Takes one file: its name, what it holds, and the command that prints it.
take() {
    file=$1 holds=$2
    shift 2
    { headed "$holds" "$more"; "$@"; } >"$out/$file" 2>"$work/errors" </dev/null
    # An empty table is an answer, but no machine is without an address or an open port.
    if [ "$(grep -vc '^#' "$out/$file")" -eq 0 ]; then
        why=$(head -n 1 "$work/errors" | cut -c 1-200)
        case $holds in netstat | address) why=${why:-nothing was printed} ;; esac
        [ -z "$why" ] || printf '%s\t%s\n' "$file" "$why" >>"$failed"
    fi
}

connections() {
    if has ss; then ss -tunap || ss -tuna
    elif has netstat; then netstat -tunap || netstat -tuna
    else echo 'neither ss nor netstat is here' >&2; fi
}
neighbours() {
    printf '# %s\n' "$(now)"
    if has ip; then ip neigh show; else cat /proc/net/arp; fi
}
# A Linux machine has a DNS cache only where a resolver of its own keeps one. Each row: what was asked
# for, the record, its type, its state, its seconds left, its data. `cache` says which it was, or:
# none: no cache is kept. hidden: one is kept that no program can read. root: only root may read it.
# shared: this machine answers others as well, so that its cache does not tell of it alone.
cache=none
: >"$work/names"
running() { # prints its number
    comm=$(grep -lsx "$1" "${QUETSACH_PROC:-/proc}"/[0-9]*/comm | head -n 1)
    [ -n "$comm" ] && comm=${comm%/comm} && echo "${comm##*/}"
}
answers_others() {
    if has ss; then ss -tuln | awk '$5 ~ /:53$/ { print $5 }'
    elif has netstat; then netstat -tuln | awk '$4 ~ /:53$/ { print $4 }'
    else echo unknown:53; fi | grep -v -e '^127\.' -e '^\[::1\]' -e '^::1:' | grep -q .
}
denied() { grep -qi -e 'denied' -e 'permission' -e 'interactive' -e 'not permitted' "$work/why"; }
names_of_resolved() {
    if resolvectl --no-pager show-cache >"$work/dump" 2>"$work/why" </dev/null; then
        cache=resolved
        # Names of the local network (mDNS, LLMNR) are those of its neighbours.
        awk -v OFS='\t' '/^Scope / { other = !/protocol=dns( |$)/; next }
            !other && $2 == "IN" { name = $1; sub(/\.$/, "", name)
                data = ($4 == "--") ? $5 : $4; sub(/\.$/, "", data)
                if (data == "NXDOMAIN") print name, "", "", "NotExist", "", ""
                else if (data == "NODATA") print name, "", $3, "NoRecords", "", ""
                else if ($3 ~ /^(A|AAAA|CNAME|PTR)$/) print name, name, $3, "Success", "", data }' \
            "$work/dump" >>"$work/names"
    elif denied; then cache=root
    else cache=hidden; fi
}
names_of_unbound() {
    if unbound-control dump_cache >"$work/dump" 2>"$work/why" </dev/null; then
        cache=unbound
        # What unbound asks to find the servers of a name, nobody on this machine asked for.
        awk -v OFS='\t' 'NR == FNR { if ($3 == "IN" && $4 == "NS") server[$5] = 1; next }
            $1 == "msg" && $3 == "IN" && $5 % 16 == 3 && !($2 in server) { name = $2
                sub(/\.$/, "", name); print name, "", $4, "NotExist", "", "" }
            $3 == "IN" && $2 ~ /^[0-9]+$/ && $4 ~ /^(A|AAAA|CNAME|PTR)$/ && !($1 in server) {
                name = $1; data = $5; sub(/\.$/, "", name); sub(/\.$/, "", data)
                print name, name, $4, "Success", $2, data }' "$work/dump" "$work/dump" >>"$work/names"
    elif denied; then cache=root
    else cache=hidden; fi
}
# dnsmasq writes its cache into the log when it is asked to, if it logs queries. It cuts names after
# 30 signs and data after 40: what may have been cut is left out.
names_of_dnsmasq() {
    cache=hidden
    has journalctl || return 0
    kill -USR1 "$1" 2>"$work/why" || { cache=root; return 0; }
    sleep 1
    # Of that program alone: anybody may write into the log under its name.
    journalctl -t dnsmasq _PID="$1" -o cat --no-pager --since=-1min >"$work/dump" 2>/dev/null </dev/null
    grep -q '^Host  *Address  *Flags  *Expires' "$work/dump" || return 0
    cache=dnsmasq
    awk -v OFS='\t' '/^Host  *Address/ { split("", row); n = 0; next }
        $3 ~ /^[46C]F$/ && $4 ~ /^(V|Mon|Tue|Wed|Thu|Fri|Sat|Sun)$/ && length($1) < 30 &&
            length($2) < 40 { type = $3 ~ /^4/ ? "A" : $3 ~ /^6/ ? "AAAA" : "CNAME"
            row[++n] = $1 OFS $1 OFS type OFS "Success" OFS "" OFS $2 }
        END { for (i = 1; i <= n; i++) print row[i] }' "$work/dump" >>"$work/names"
}
find_names() {
    masq=$(running dnsmasq)
    # Linux keeps 15 signs of a program's name.
    if ! running systemd-resolve && ! running unbound && [ -z "$masq" ]; then
        # nscd gives the names that it keeps to no program.
        running nscd >/dev/null && cache=hidden
        return 0
    fi >/dev/null
    if answers_others; then cache=shared; return 0; fi
    if running systemd-resolve >/dev/null; then names_of_resolved; fi
    if [ ! -s "$work/names" ] && running unbound >/dev/null; then names_of_unbound; fi
    if [ ! -s "$work/names" ] && [ -n "$masq" ]; then names_of_dnsmasq "$masq"; fi
}
names() {
    if [ -s "$work/names" ]; then
        printf 'Entry\tRecordName\tRecordType\tStatus\tTimeToLive\tData\n'
        cat "$work/names"
    elif [ "$cache" = root ]; then
        echo 'only root may read the DNS cache: sudo sh quetsach-collect.sh' >&2
    fi
}
hosts_file() { cat "${QUETSACH_HOSTS:-/etc/hosts}"; }
# Names and addresses of servers only: a proxy setting may carry a password before its @.
proxy() {
    echo 'source setting'
    env | grep -i '_proxy=' | sed 's#//[^/@]*@#//***@#; s/^/environment /'
    for one in /etc/environment /etc/apt/apt.conf /etc/apt/apt.conf.d/* /etc/yum.conf /etc/dnf/dnf.conf; do
        [ -r "$one" ] && grep -i 'proxy' "$one" | grep -vi 'passw' | sed "s#//[^/@]*@#//***@#; s#^#$one #"
    done
    return 0
}
timers() {
    echo 'kind name'
    for one in /etc/cron.d/* /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/*; do
        [ -f "$one" ] && printf 'cron %s\n' "$one"
    done
    # The files of users are counted and not named: their names are those of persons.
    for one in /var/spool/cron/* /var/spool/cron/crontabs/*; do
        [ -f "$one" ] && printf 'cron %s/(one user)\n' "${one%/*}"
    done
    has systemctl && systemctl list-unit-files --type=timer --no-legend --no-pager 2>/dev/null |
        awk '{ print "timer", $1, $2 }'
    has systemctl && systemctl list-unit-files --type=service --state=enabled --no-legend --no-pager 2>/dev/null |
        awk '{ print "service", $1 }'
    return 0
}
system() {
    uname -srm
    sed -n 's/^PRETTY_NAME=/name /p; s/^VERSION_ID=/version /p' /etc/os-release
    for one in /var/lib/dpkg/status /var/lib/rpm/rpmdb.sqlite /var/lib/rpm/Packages /var/lib/pacman/local /lib/apk/db/installed; do
        [ -e "$one" ] && printf 'packages changed %s\n' "$(date -r "$one" +%Y-%m-%dT%H:%M:%S%z)"
    done
    for one in clamd freshclam; do
        has "$one" && echo "antivirus program here: $one"
    done
    has ufw && ufw status 2>/dev/null | head -n 1
    return 0
}

more=
take connections.txt netstat connections
find_names
more=" cache=$cache"
take dnscache.tsv dnscache names
more=
take address.txt address cat "$work/addresses"
take neighbours.txt neighbours neighbours
take hosts.txt hosts hosts_file
take resolvers.txt resolvers cat /etc/resolv.conf
take proxy.txt proxy proxy
take timers.txt timers timers
take system.txt system system
# What quetsach-planted asked from this machine, where it is used.
[ -f "$beside/planted-note.txt" ] && take planted-note.txt planted cat "$beside/planted-note.txt"

digest() {
    if has sha256sum; then sha256sum <"$1" | cut -d ' ' -f 1
    elif has shasum; then shasum -a 256 <"$1" | cut -d ' ' -f 1
    elif has openssl; then openssl dgst -sha256 -r <"$1" | cut -d ' ' -f 1; fi
}

manifest() {
    admin=false
    [ "$(id -u)" -eq 0 ] && admin=true
    printf '{\n "tool": "quetsach-collect",\n "schema": 1,\n "version": %s,\n "script": "sh",\n' "$VERSION"
    printf ' "host": %s,\n "started": "%s",\n "ended": "%s",\n "admin": %s,\n "files": [' \
        "$(json "$host")" "$started" "$(now)" "$admin"
    between=''
    for one in "$out"/*.t[xs][tv]; do
        printf '%s\n  {"name": %s, "bytes": %s, "sha256": "%s"}' "$between" \
            "$(json "${one##*/}")" "$(wc -c <"$one" | tr -d ' ')" "$(digest "$one")"
        between=,
    done
    printf '\n ],\n "failed": ['
    between=''
    while IFS='	' read -r file why; do
        printf '%s\n  {"name": %s, "why": %s}' "$between" "$(json "$file")" "$(json "$why")"
        between=,
    done <"$failed"
    printf '\n ],\n "left_out": ["documents", "browsing history", "files of users", "passwords"]\n}\n'
}
manifest >"$work/manifest.json" && mv "$work/manifest.json" "$out/manifest.json"

# ZIP where it can be had, else tar.gz, which the engine reads as well.
pack() {
    if has zip && (cd "$out" && zip -q -X "$work/$name.zip" ./*); then result=$name.zip
    elif has python3 && (cd "$out" && python3 -m zipfile -c "$work/$name.zip" ./*); then result=$name.zip
    elif (cd "$work" && tar -cf - "$name" | gzip -c >"$work/$name.tar.gz"); then result=$name.tar.gz
    else return 1; fi
}
pack && cp "$work/$result" "$here/$result" || {
    echo "Could not write the result to $here. Khong ghi duoc ket qua vao $here." >&2
    exit 2
}

echo "Đã lấy (taken):"
for one in "$out"/*.t[xs][tv]; do printf '  %s\n' "${one##*/}"; done
if [ -s "$failed" ]; then
    echo "Không lấy được (could not be taken):"
    sed 's/^/  /' "$failed"
fi
echo "KHÔNG lấy tài liệu, lịch sử duyệt web, tệp cá nhân, mật khẩu; không gửi đi đâu."
echo "(No documents, browsing history, files of users or passwords; nothing was sent.)"
echo "Kết quả (result): $here/$result"

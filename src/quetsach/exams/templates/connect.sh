#!/bin/sh
# Exam @EXAM@ of quetsach, machine @NUMBER@ (@MACHINE@): harmless, marked connections at set moments.
# Run it on this machine, without administrator's rights, and leave it running until it ends:
#     nohup sh @FILE@ &
# It writes one small receipt for each connection into the folder "receipts" beside it (or $1);
# bring these files back. What is missed because the machine was off is simply not asked.
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/receipts}
mkdir -p "$out" || exit 2
exam='@EXAM@' domain='@DOMAIN@' server='@SERVER@' port='@PORT@'
late=600

have() { command -v "$1" >/dev/null 2>&1; }

clean() { printf '%s' "$1" | tr -cd 'A-Za-z0-9._-' | cut -c1-200; }

# Lines in, a JSON array of strings out.
array() {
    awk 'BEGIN { printf "[" }
        { gsub(/[^0-9A-Za-z.:-]/, ""); if ($0 != "" && n < 50) printf "%s\"%s\"", n++ ? "," : "", $0 }
        END { printf "]" }'
}

macs() {
    for file in /sys/class/net/*/address; do
        [ -r "$file" ] && cat "$file"
    done
    if have ip; then
        ip link 2>/dev/null | sed -n 's/.*link\/ether \([0-9a-fA-F:]*\).*/\1/p'
    elif have ifconfig; then
        ifconfig -a 2>/dev/null | sed -n 's/.*\(ether\|HWaddr\) *\([0-9a-fA-F:]*\).*/\2/p'
        ifconfig -a 2>/dev/null | awk '$1 == "ether" { print $2 }'
    fi
}

addresses() {
    if have ip; then
        ip -o addr 2>/dev/null | awk '$3 ~ /^inet6?$/ { sub(/\/.*/, "", $4); print $4 }'
    elif have ifconfig; then
        ifconfig -a 2>/dev/null |
            awk '$1 ~ /^inet6?$/ { sub(/addr:/, "", $2); sub(/[\/%].*/, "", $2); print $2 }'
    elif have hostname; then
        hostname -I 2>/dev/null | tr ' ' '\n'
    fi
}

# ask NAME: a question to the resolver of this machine. The last dot keeps search domains away.
ask() {
    if have getent; then
        getent hosts "$1." >/dev/null 2>&1
    elif have nslookup; then
        nslookup "$1." >/dev/null 2>&1
    elif have host; then
        host "$1." >/dev/null 2>&1
    elif have ping; then
        ping -c 1 "$1" >/dev/null 2>&1
    else
        return 1
    fi
    asked=true
}

# reach NAME MARK PORT: one request to the exam's server, from PORT where that can be had.
reach() {
    [ -n "$server" ] || return 0
    if have curl; then
        case $server in *:*) at="[$server]" ;; *) at=$server ;; esac
        set -- "$@" -s -o /dev/null --max-time 20 --resolve "$1:$port:$at" \
            -w '%{http_code} %{local_port}' "http://$1:$port/$2"
        name=$1 mark=$2 wanted=$3
        shift 3
        answer=$(curl --local-port "$wanted" "$@")
        case $? in 45) answer=$(curl "$@") ;; esac
        used=$(printf '%s' "${answer#* }" | tr -cd '0-9')
        case $answer in 000*) ;; *) connected=true ;; esac
    elif have nc; then
        printf 'GET /%s HTTP/1.0\r\nHost: %s\r\n\r\n' "$2" "$1" |
            nc -w 10 -p "$3" "$server" "$port" >/dev/null 2>&1 && connected=true used=$3
    elif have wget; then
        case $server in *:*) at="[$server]" ;; *) at=$server ;; esac
        wget -q -T 20 -t 1 -O /dev/null --header "Host: $1" "http://$at:$port/$2" >/dev/null 2>&1 &&
            connected=true
    fi
}

# go MOMENT MARK PORT
go() {
    receipt=$out/receipt-$2.json
    [ -e "$receipt" ] && return 0
    while now=$(date +%s) && [ "$now" -lt "$1" ]; do
        left=$(($1 - now))
        [ "$left" -gt 60 ] && left=60
        sleep "$left"
    done
    # The machine was off or slept then: no connection, no receipt, no question.
    [ "$now" -gt $(($1 + late)) ] && return 0
    asked=false connected=false used=0
    ask "$2.$domain"
    reach "$2.$domain" "$2" "$3"
    printf '{"format":"quetsach-exam-receipt/1","exam":"%s","mark":"%s","at":%s,"utc_offset":"%s",' \
        "$exam" "$2" "$now" "$(date +%z | tr -cd '0-9+-')" >"$receipt.part"
    printf '"host":"%s","macs":%s,"addresses":%s,"port":%s,"asked":%s,"connected":%s}\n' \
        "$(clean "$(uname -n)")" "$(macs | sort -u | array)" "$(addresses | sort -u | array)" \
        "${used:-0}" "$asked" "$connected" >>"$receipt.part"
    mv "$receipt.part" "$receipt"
}

@OCCASIONS@

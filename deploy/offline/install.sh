#!/bin/sh
# Install quetsach from this folder without a network: sh install.sh [--to FOLDER] [--key FILE]
# Needs Python (3.11 or newer) and nothing else; no root, no pip, no compiler. Vietnamese, or
# English where LANG says so. Exit codes: 0 installed, 2 refused or failed, with nothing changed.
set -u
umask 022
here=$(cd "$(dirname "$0")" && pwd) || exit 2

language=vi
case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in en*) language=en ;; esac
say() { # Vietnamese, English
    if [ $language = en ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi
}
refuse() {
    say "$@" >&2
    exit 2
}

usage() {
    say "Cài quetsach từ thư mục này, không cần mạng:
  sh install.sh [--to THƯ_MỤC] [--key TỆP] [--key-number SỐ] [--python CHƯƠNG_TRÌNH] [--check]

  --to THƯ_MỤC        nơi cài; mặc định /opt/quetsach với root, còn lại \$HOME/quetsach
  --key TỆP           khóa công khai (.pub.pem) phải đã ký bản này
  --key-number SỐ     số của khóa đó, khi không có tệp
                      Không nêu cả hai thì phải gõ số này, trừ khi cài đè lên bản trước.
  --python TÊN        Python cần dùng; mặc định bản đầu tiên phù hợp
  --check             chỉ kiểm tra chữ ký và các tệp, không cài
Gỡ bỏ: sh install.sh --uninstall [--to THƯ_MỤC]. Dữ liệu của cổng được giữ lại." \
        "Install quetsach from this folder, without a network:
  sh install.sh [--to FOLDER] [--key FILE] [--key-number NUMBER] [--python PROGRAM] [--check]

  --to FOLDER         where to; else /opt/quetsach for root and \$HOME/quetsach for others
  --key FILE          the public key (.pub.pem) that must have signed this release
  --key-number NUMBER its number, where there is no file
                      Without both the number is asked for, unless a version is installed.
  --python PROGRAM    the Python to use; else the first that fits
  --check             only check signature and files, install nothing
To remove: sh install.sh --uninstall [--to FOLDER]. The portal's data stay."
}

target= key= number= python= act=install
while [ $# -gt 0 ]; do
    case $1 in
        --to | --key | --key-number | --python)
            [ -n "${2:-}" ] || refuse "$1: thiếu giá trị; xem: sh install.sh --help" \
                "$1: a value is missing; see: sh install.sh --help"
            case $1 in
                --to) target=$2 ;;
                --key) key=$2 ;;
                --key-number) number=$2 ;;
                --python) python=$2 ;;
            esac
            shift ;;
        --check) act=check ;;
        --uninstall) act=uninstall ;;
        -h | --help) usage; exit 0 ;;
        *) refuse "$1: không có lựa chọn này; xem: sh install.sh --help" \
            "$1: there is no such option; see: sh install.sh --help" ;;
    esac
    shift
done
if [ -z "$target" ]; then
    if [ "$(id -u)" = 0 ]; then target=/opt/quetsach; else target=$HOME/quetsach; fi
fi
case $target in /*) ;; *) target=$PWD/$target ;; esac
mark=$target/.quetsach-release
# What stands in the folder of an installation and is not ours would be lost with it.
refuse_strangers() {
    strangers=$(ls -A "$target" | grep -vxE \
        'bin|include|lib|lib64|share|pyvenv\.cfg|\.gitignore|\.quetsach-(release|key)' | head -n 5)
    [ -z "$strangers" ] || refuse \
        "$target: có tệp không thuộc quetsach; hãy chuyển đi nơi khác trước: $strangers" \
        "$target: holds files that are not of quetsach; move them elsewhere first: $strangers"
}

if [ $act = uninstall ]; then
    [ -f "$mark" ] || refuse "$target: quetsach không được cài ở đây; không xóa gì" \
        "$target: quetsach is not installed here; nothing was removed"
    refuse_strangers
    rm -rf "$target"
    say "Đã gỡ quetsach khỏi $target. Dữ liệu (QUETSACH_HOME) được giữ nguyên." \
        "quetsach was removed from $target. Data (QUETSACH_HOME) stay as they are."
    exit 0
fi

# What a user's or another project's Python and pip are told must not reach this one.
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONDONTWRITEBYTECODE 2>/dev/null
PIP_CONFIG_FILE=/dev/null
export PIP_CONFIG_FILE

versions=$(cat "$here/PYTHONS" 2>/dev/null) || refuse "$here/PYTHONS: thiếu tệp này; hãy giải nén lại" \
    "$here/PYTHONS: this file is missing; unpack the release again"
fits() {
    case " $versions " in
        *" $("$1" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) "*) return 0 ;;
    esac
    return 1
}
say "1/4 Tìm Python ($versions)" "1/4 Looking for Python ($versions)"
if [ -n "$python" ]; then
    fits "$python" || refuse "$python: không phải Python $versions" "$python: is not Python $versions"
else
    for name in python3 python3.13 python3.12 python3.11; do
        if fits "$name"; then python=$name; break; fi
    done
fi
[ -n "$python" ] || refuse "Máy này chưa có Python $versions. Trên Debian, Ubuntu: apt install python3. Hoặc nêu rõ: --python /đường/dẫn/python3" \
    "This machine has no Python $versions. On Debian, Ubuntu: apt install python3. Or name it: --python /path/to/python3"

say "2/4 Kiểm tra chữ ký và từng tệp" "2/4 Checking the signature and each file"
set -- "$here" --lang $language
# An upgrade comes from whom the version before came, unless a key is named.
before_key=$(head -c 64 "$target/.quetsach-key" 2>/dev/null)
if [ -z "$key$number" ] && [ -n "$before_key" ]; then
    number=$before_key
    say "    Bản đang cài ký bằng khóa $number; khóa khác phải được nêu bằng --key hoặc --key-number" \
        "    The installed version was signed by key $number; name another by --key or --key-number"
fi
# A release by anybody carries a valid signature: only its key says whose it is.
if [ -z "$key$number" ] && [ $act = install ]; then
    [ -t 0 ] || refuse \
        "Không cài gì: hãy nêu khóa của nơi phát hành, nhận qua đường khác: --key TỆP.pub.pem hoặc --key-number SỐ (có trong công văn)." \
        "Nothing was installed: name the publisher's key, which you got by another way: --key FILE.pub.pem or --key-number NUMBER (as the official letter has it)."
    say "    Gõ số của khóa phát hành (16 chữ số và chữ a-f) theo công văn hoặc tờ hướng dẫn đã in:" \
        "    Type the number of the publisher's key (16 digits and letters a-f) from the official letter or printed sheet:"
    read -r number
    number=$(printf '%s' "$number" | tr -d ' -' | tr A-F a-f)
    printf '%s' "$number" | grep -qxE '[0-9a-f]{16}' || refuse \
        "Không cài gì: đó không phải số của một khóa." "Nothing was installed: that is no number of a key."
fi
[ -z "$key" ] || set -- "$@" --key "$key"
[ -z "$number" ] || set -- "$@" --key-number "$number"
said=$("$python" -I -B "$here/check_release.py" "$@") || refuse \
    "Không cài gì: bản phát hành không đúng như đã ký." \
    "Nothing was installed: the release is not what was signed."
printf '%s\n' "$said"
signer=$(printf '%s\n' "$said" | grep -oE '[0-9a-f]{16}' | head -n 1)
[ $act = install ] || exit 0

machine=$("$python" -I -c 'import platform, sys
print(sys.platform, platform.machine(), platform.libc_ver()[0] or "-")')
[ "$machine" = "$(cat "$here/MACHINE")" ] || refuse \
    "Các gói ở đây dành cho máy: $(cat "$here/MACHINE"); máy này là: $machine. Hãy tải bản dành cho máy này." \
    "The packages here are for: $(cat "$here/MACHINE"); this machine is: $machine. Get the release for it."
if [ -e "$target" ] && [ ! -f "$mark" ]; then
    [ -d "$target" ] && [ -z "$(ls -A "$target")" ] || refuse \
        "$target: đã có và không phải quetsach; hãy chọn nơi khác bằng --to" \
        "$target: is there and is not quetsach; name another place with --to"
fi
[ ! -f "$mark" ] || refuse_strangers
mkdir -p "$(dirname "$target")" 2>/dev/null && [ -w "$(dirname "$target")" ] || refuse \
    "$target: không được phép ghi ở đây; hãy chọn nơi khác bằng --to" \
    "$target: may not be written here; name another place with --to"
need=$(cat "$here/KILOBYTES")
free=$(df -Pk "$(dirname "$target")" | awk 'NR == 2 { print $4 }')
[ "$free" -ge "$need" ] || refuse \
    "$target: cần $((need / 1024)) MiB, chỉ còn $((free / 1024)) MiB; hãy dọn ổ đĩa hoặc chọn nơi khác bằng --to" \
    "$target: needs $((need / 1024)) MiB, only $((free / 1024)) MiB are free; make room or name another place with --to"

say "3/4 Cài vào $target (một, hai phút)" "3/4 Installing into $target (a minute or two)"
# The scripts of an environment hold its path, so it is made in place; the old one waits beside it.
before=
if [ -e "$target" ]; then
    before=$target.before-$$
    mv "$target" "$before" || exit 2
fi
undo() {
    rm -rf "$target"
    [ -z "$before" ] || mv "$before" "$target"
    refuse "Không cài được; mọi thứ trở lại như cũ." "That did not work; everything is as it was before."
}
trap undo HUP INT TERM
"$python" -I -m venv --without-pip "$target" &&
    "$target/bin/python" -I "$(echo "$here"/wheels/pip-*.whl)/pip" --isolated install --quiet --no-index \
        --no-deps --no-cache-dir --disable-pip-version-check --no-warn-script-location \
        --require-hashes --only-binary :all: --find-links "$here/wheels" -r "$here/requirements.txt" &&
    mkdir -p "$target/share" && cp -R "$here/share/." "$target/share/" &&
    printf '%s\n' "$signer" >"$target/.quetsach-key" &&
    cp "$here/VERSION" "$mark" || undo

say "4/4 Chạy thử" "4/4 Trying it"
"$target/bin/quetsach" --lang $language --version || undo
trap - HUP INT TERM
[ -z "$before" ] || rm -rf "$before"
say "
Đã cài xong. Các bước tiếp theo:
  $target/bin/quetsach doctor                 máy này còn thiếu gì
  $target/bin/quetsach demo --out thu         dữ liệu mẫu, rồi:
  $target/bin/quetsach sweep thu/evidence -i thu/indicators -o ket-qua
Cổng (trang web):
  export QUETSACH_HOME=\$HOME/quetsach-du-lieu
  $target/bin/quetsach manage migrate && $target/bin/quetsach serve
Hướng dẫn (trang man) và gợi ý lệnh: $target/share
Gỡ bỏ: sh $here/install.sh --uninstall --to $target" "
Installed. Next:
  $target/bin/quetsach doctor                 what this machine still lacks
  $target/bin/quetsach demo --out demo        made-up logs, then:
  $target/bin/quetsach sweep demo/evidence -i demo/indicators -o findings
The portal:
  export QUETSACH_HOME=\$HOME/quetsach-data
  $target/bin/quetsach manage migrate && $target/bin/quetsach serve
Man pages and shell completion: $target/share
To remove: sh $here/install.sh --uninstall --to $target"

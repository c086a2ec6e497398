#!/bin/sh
# From the offline tar to the first page of the portal, on a clean Debian without a network:
#   [SUITE=trixie] try_offline.sh TAR [DEB]
# Root, debootstrap and a network are needed once, for the clean Debian itself (out/try-root-SUITE;
# python3 is all that is added to it). The rest runs in namespaces of its own: no network but loopback, no
# files of this machine, a user without rights. Prints the seconds that each step took.
set -eu
cd "$(dirname "$0")/../.."
tar=$(realpath "$1")
deb=${2:+$(realpath "$2")}
release=${SUITE:-bookworm}
clean=$PWD/out/try-root-$release
[ "$(id -u)" = 0 ] || { echo "This needs root, for chroot and unshare." >&2; exit 1; }
if [ ! -x "$clean/usr/bin/python3" ]; then
    echo "== A clean Debian ($release)"
    debootstrap --variant=minbase --include=python3,adduser "$release" "$clean" >"$clean.log" 2>&1 ||
        { tail -n 5 "$clean.log" >&2; exit 1; }
fi
root=$PWD/out/try-copy
rm -rf "$root"
cp -a "$clean" "$root"
mkdir -p "$root/media/usb"
cp "$tar" ${deb:+"$deb"} "$root/media/usb/"
cp tools/release/first_page.py "$root/media/first_page.py"
cp tools/release/try_inside.sh "$root/media/try_inside.sh"
# mount, pid, network and names of its own; all of it ends with this command.
unshare --net --mount --pid --ipc --uts --fork --kill-child sh -eu -c '
    root=$1
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/dev/shm" 2>/dev/null || { mkdir -p "$root/dev/shm" && mount -t tmpfs tmpfs "$root/dev/shm"; }
    for device in null zero full random urandom tty; do
        [ -c "$root/dev/$device" ] || { touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; }
    done
    ip link set lo up 2>/dev/null || python3 -c "
import fcntl, socket, struct
s = socket.socket()
fcntl.ioctl(s, 0x8914, struct.pack(\"16sh14x\", b\"lo\", 0x1 | 0x40))"
    exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        setsid --wait sh /media/try_inside.sh "$2"
' - "$root" "${deb:+$(basename "$deb")}"
rm -rf "$root"

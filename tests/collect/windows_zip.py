"""Collections in the true form of Windows 7 and 11, in English and Vietnamese, made for tests.

The bytes are what `Write-Zip` of quetsach-collect.ps1 writes: files stored, no extra fields.
"""

import hashlib
import json
import struct
import unicodedata
import zlib

TAKEN = "2026-09-01T08:15:22+07:00"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def first_line(holds: str, host: str = "PC-VT-07") -> str:
    """Return the line that says which machine it is and when."""
    return (
        f"# quetsach-collect 1 holds={holds} host={host} mac=00-17-A4-B2-C3-D4"
        f" address=10.20.3.41 taken={TAKEN}\r\n"
    )


def cp1258(text: str) -> bytes:
    """Return `text` as Vietnamese Windows writes it: tones behind their letter."""
    split = []
    for sign in text:
        parts = unicodedata.normalize("NFD", sign)
        tones = "".join(one for one in parts if one in TONES)
        letter = unicodedata.normalize("NFC", "".join(one for one in parts if one not in TONES))
        split.append(letter + tones)
    return "".join(split).encode("cp1258")


def netstat(words: tuple[str, str, str, str, str, str]) -> str:
    """Return what `netstat -ano` prints, with the words of one language."""
    title, proto, local, far, state, pid = words
    rows = (
        ("TCP", "0.0.0.0:135", "0.0.0.0:0", "LISTENING", "904"),
        ("TCP", "10.20.3.41:51544", "203.0.113.77:443", "ESTABLISHED", "4312"),
        ("TCP", "[::]:445", "[::]:0", "LISTENING", "4"),
        ("UDP", "0.0.0.0:5353", "*:*", "", "1804"),
    )
    head = f"\r\n{title}\r\n\r\n  {proto:<7}{local:<23}{far:<23}{state:<16}{pid}\r\n"
    return head + "".join(
        f"  {one[0]:<7}{one[1]:<23}{one[2]:<23}{one[3]:<16}{one[4]}\r\n" for one in rows
    )


ENGLISH = ("Active Connections", "Proto", "Local Address", "Foreign Address", "State", "PID")
VIETNAMESE = (
    *("Kết nối đang hoạt động", "Giao thức", "Địa chỉ cục bộ", "Địa chỉ ngoài", "Trạng thái"),
    "PID",
)


def displaydns(labels: tuple[str, str, str, str]) -> str:
    """Return what `ipconfig /displaydns` prints, with the words of one language."""
    title, name, answer, nothing = labels
    dashes = "    " + "-" * 40
    return "\r\n".join(
        (
            *("", title, "", "    bad.example", dashes, f"    {name} : bad.example"),
            *(f"    {answer} : 203.0.113.77", "", "", "    gone.example", dashes),
            *(f"    {nothing}", "", ""),
        )
    )


DNS_ENGLISH = (
    *("Windows IP Configuration", "Record Name . . . . .", "A (Host) Record . . ."),
    "Name does not exist.",
)
DNS_VIETNAMESE = (
    *("Cấu hình IP của Windows", "Tên bản ghi . . . . .", "Bản ghi A (Máy chủ) . "),
    "Tên không tồn tại.",
)
COMMON = {
    "address.txt": first_line("address") + "10.20.3.41\t00-17-A4-B2-C3-D4\tIntel PRO\r\n",
    "hosts.txt": first_line("hosts")
    + "127.0.0.1 localhost\r\n0.0.0.0 blocked.example\r\n203.0.113.77 bank.example\r\n",
    "activation.txt": first_line("activation") + "task\tAutoKMS\r\n",
}
TCP_ROW = "10.20.3.41\t51544\t203.0.113.77\t443\tEstablished\t4312\tchrome\t" + TAKEN
TCP = (
    "LocalAddress\tLocalPort\tRemoteAddress\tRemotePort\tState\tOwningProcess\tProcessName"
    f"\tCreationTime\r\n{TCP_ROW}\r\n"
)
CACHE = (
    "Entry\tRecordName\tRecordType\tStatus\tSection\tTimeToLive\tDataLength\tData\r\n"
    "bad.example\tbad.example\t1\t0\t1\t312\t4\t203.0.113.77\r\n"
    "gone.example\t\t1\t9003\t\t\t\t\r\n"
)


def windows_11() -> dict[str, bytes]:
    """Return the files of a Windows that has the newer commands."""
    texts = COMMON | {
        "connections.tsv": first_line("tcp") + TCP,
        "dnscache.tsv": first_line("dnscache") + CACHE,
    }
    return {name: text.encode() for name, text in texts.items()}


def windows_7(language: str, encoding: str) -> dict[str, bytes]:
    """Return the files of a Windows without them; `encoding` is that of its console."""
    words, labels = (ENGLISH, DNS_ENGLISH) if language == "en" else (VIETNAMESE, DNS_VIETNAMESE)
    texts = COMMON | {
        "connections.txt": first_line("netstat") + netstat(words),
        "dnscache.txt": first_line("dnscache") + displaydns(labels),
    }
    if encoding == "cp1258":
        return {name: cp1258(text) for name, text in texts.items()}
    return {name: text.encode(encoding, "replace") for name, text in texts.items()}


def packed(files: dict[str, bytes]) -> bytes:
    """Return the zip of `files` and their manifest."""
    listed = [
        {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    ]
    told = {"tool": "quetsach-collect", "schema": 1, "version": 1, "host": "PC-VT-07"}
    manifest = json.dumps({**told, "files": listed, "failed": []}, indent=1).encode()
    body, directory = b"", b""
    for name, content in {**files, "manifest.json": manifest}.items():
        crc, size, place = zlib.crc32(content), len(content), len(body)
        # 2026-09-01 08:15:22
        when = struct.pack("<HH", 8 * 2048 + 15 * 32 + 11, 46 * 512 + 9 * 32 + 1)
        told_of = when + struct.pack("<LLLHH", crc, size, size, len(name), 0)
        body += struct.pack("<LHHH", 67324752, 20, 0, 0) + told_of + name.encode() + content
        directory += struct.pack("<LHHHH", 33639248, 20, 20, 0, 0) + told_of
        directory += struct.pack("<HHHLL", 0, 0, 0, 0, place) + name.encode()
    count = len(files) + 1
    end = struct.pack("<LHHHHLLH", 101010256, 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end

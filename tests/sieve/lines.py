"""Made lines for the tests of the sieve: true forms, hard tokens, and damage done to them."""

# ruff: noqa: E501 - a log line is long, and is easier to read in one piece

import random

from quetsach.sieve.contract import LineClock, SieveKeys

KEYS = SieveKeys(
    names=frozenset(
        [
            b"bad.example",
            b"deep.er.worse.example",
            b"evil.com.vn",
            b"a.a",
            b"xn--ti-liu-3ya0v.example",
            b"a-very-long-label-that-fills-more-than-sixteen-bytes-and-then-some-of-it.example",
            b"under_score.example",
            b"a..b",
            b"UPPER.example",
        ]
    ),
    addresses=frozenset([0xC0000201, 0xCB007109, 0x01020304, 0xFFFFFFFF, 0]),
    networks=frozenset([(0xC6336400, 24), (0xCB007180, 25), (0xC6336440, 26)]),
    inside=((0x0A000000, 8), (0xC0A80000, 16)),
)
RARE_KEYS = SieveKeys(
    names=frozenset([b"bad.example"]),
    addresses=frozenset([0xC0000201]),
    networks6=frozenset([(0x20010DB8_00FF << 80, 48), (0x20010DB8_00FF_0001 << 64, 64)]),
    addresses6=frozenset(
        [0x20010DB8 << 96 | 1, 1, 0, 0xFFFF_C000_0201, 0x00010002_00030004_00050006_00070008]
    ),
    hashes=frozenset([b"0123456789abcdef" * 2, b"0123456789" * 4, b"0123456789abcdef" * 4]),
)
WIDE_KEYS = SieveKeys(
    names=frozenset([b"single", b"x.9", b"7", b"1.1", b"b.single"]),
    networks=frozenset([(0x80000000, 1)]),
    inside=((0, 0),),
    any_unicode_name=True,
)

CLOCKS: tuple[LineClock | None, ...] = (
    None,
    LineClock(epoch=True),
    LineClock(b'"timestamp":"', length=13),
    LineClock(b"eventtime=", epoch=True),
    LineClock(length=10),
    LineClock(length=3),
    LineClock(b"2022-", length=19),
    LineClock(),
    LineClock(epoch=True, client=b" "),
    LineClock(length=3, client=b"="),
    LineClock(b"eventtime=", epoch=True, client=b"src="),
    LineClock(length=10, client=b"client "),
)

CODED_TOKENS = [
    "(3)bad(7)example(0)",
    "(12)bad(7)example(0)",
    "(123)bad.example",
    "bad%2eexample",
    "bad%2Eexample%2f",
    "bad\\.example",
    "bad\\x2eexample",
    "bad\\u002eexample",
    "bad%2",
    "bad%0aexample",
    "192%2e0%2e2%2e1",
    "%3A%2F%2Fbad.example",
    "2001%3adb8%3A%3a1",
    "src=10.1.2.3",
    "client 192.168.1.1",
    "bad\\\\.example",
]
WIRE_TOKENS = [
    "03626164076578616d706c6500",
    "0x03424144076578616D706C6500",
    "0X0000000000036261640b6578616d706c65",
    "000103777777c00803626164076578616d706c6500c0",
    "AAABAAABAAAAAAAAA2JhZAdleGFtcGxlAAABAAE=",
    "dns=AAABAAABAAAAAAAAA3d3dwNiYWQHZXhhbXBsZQAAAQAB",
    "AAABAAABAAAAAAAAA2JhZAdleGFtcGxlAAABAAE",
    "AAABAAABAAAAAAAAA2JhZAdleGFtcGxlAAABAA",
    "AAABAAABAAAAAAAAA2JhZAdleGFtcGxlAAABA",
    "AAABAAABAAAAAAAAA2JhZAdleGFtcGxlA",
    "x\\nAAABAAABAAAAAAAAA2JhZAdleGFtcGxlAAABAAE=",
    "AAABAAABAAAA\\/\\/AAA2JhZAdleGFtcGxlAAABAAE\\\\/",
    "\\x03bad\\x07example\\x00",
    "\\x0alabels-of10\\x07example\\x00",
    "%03bad%07example%00",
    "AQBBAQFCAQFDAQFEAQFFAQ",
    "C:\\Users\\AppData\\Local\\Programs\\Some-Long-Name\\AAAAAAAAAAAAAAAAAAAAAAAAA",
    "A2JhZAdleGFtcGxlAMACwALAAA==",
    "wADAAMAAwADAAMAAwADAAMAAwADAAAFhwAA",
    "AzIwMwEwAzExMwE5AA==AzIwMwEwAzExMwE5AA",
]
RARE_TOKENS = [
    "2001:db8::1",
    "2001:DB8::1",
    "[2001:db8::1]:443",
    "2001:db8::1:443",
    "2001:db8::1.443",
    "2001:db8::1.",
    "2001:db8::1:",
    "2001:db8:::",
    "2001:db8:ff::",
    "2001:db8:ff:1::7%eth0",
    "ip:2001:db8::1",
    "iface:2001:db8::1",
    "x2001:db8::1",
    "2001:db8::1z",
    "2001:db8::1:z",
    "2001:0db8:0000:0000:0000:0000:0000:0001",
    "2001:0db8:0000:0000:0000:0000:0000:00001",
    "1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8:9:10",
    "1:2:3:4:5:6:7::",
    "1:2:3:4:5:6:7::8",
    "::1",
    "::",
    ":::",
    "::::",
    "::1:",
    "::ffff:192.0.2.1",
    "::ffff:192.0.2.1:443",
    "::ffff:c000:201",
    "::192.0.2.1",
    "2001:db8:ff::192.0.2.1",
    "2001:db8:ff::192.0.02.1",
    "08:15:22",
    "00:11:22:33:44:55",
    "é::1",
    "::1é",
    "0123456789abcdef0123456789abcdef",
    "0123456789ABCDEF0123456789abcdef",
    "x0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789abcdefg",
    "-0123456789abcdef0123456789abcdef_",
    "é0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789abcde",
    "0123456789abcdef0123456789abcdef-0123456789abcdef0123456789abcdef",
    "0123456789012345678901234567890123456789",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
]

TOKENS = [
    *CODED_TOKENS,
    *WIRE_TOKENS,
    "bad.example",
    "BAD.Example",
    "www.bad.example",
    "notbad.example",
    "bad.example.net",
    ".bad.example",
    "bad.example.",
    "..bad.example...",
    "a..bad.example",
    "bad..example",
    "www.deep.er.worse.example",
    "er.worse.example",
    "www.evil.com.vn",
    "com.vn",
    "good.com.vn",
    "a.a",
    "a.a.a.a.a",
    "a",
    "a.",
    ".a",
    "xn--ti-liu-3ya0v.example",
    "tàiliệu.example",
    "a-very-long-label-that-fills-more-than-sixteen-bytes-and-then-some-of-it.example",
    "x.A-VERY-long-label-that-fills-more-than-sixteen-bytes-and-then-some-of-it.example",
    "b-very-long-label-that-fills-more-than-sixteen-bytes-and-then-some-of-it.example",
    "under_score.example",
    "a..b",
    "x.a..b",
    "UPPER.example",
    "upper.example",
    "single",
    "x.single",
    ".single",
    "x..single",
    "b.single",
    "x.9",
    "x.x.9",
    "7",
    "x.7",
    "1.7",
    "7.7",
    "1.1",
    "1.1.1",
    "192.0.2.1",
    "192.0.2.10",
    "192.0.2.1.443",
    "192.0.2.1.",
    ".192.0.2.1",
    "192.0.2.1.443.1",
    "192.000.002.001",
    "192.0.2.0001",
    "0192.0.2.1",
    "256.0.2.1",
    "192.0.2.256",
    "192.0.2",
    "192..0.2.1",
    "192.0.2.1..443",
    "1.2.3.4",
    "1.2.3.4.5.6",
    "1.1.2.3.4",
    "v1.2.3.4",
    "1.2.3.4v",
    "1.2.3.4-5",
    "5-1.2.3.4",
    "1.2.3.4-1.2.3.4",
    "1.2.3.4_",
    "é1.2.3.4",
    "1.2.3.4é",
    "255.255.255.255",
    "0.0.0.0",
    "198.51.100.77",
    "198.51.101.77",
    "203.0.113.200",
    "203.0.113.9:443",
    "10.20.3.41",
    "192.168.1.7",
    "10.0.0.300",
    "1662955200.123456",
    "1662955200",
    "1662958801000",
    "1662958801000000",
    "1662962405000000000",
    "16629624050000000000",
    "0.004",
    "...",
    ".",
    "-",
    "300.000000",
    "é",
    "é.é",
    "..é",
    "é..",
    "3.com",
    "x.3com",
    "host.3",
    "1-2.3-4",
]

SHAPES = (
    "{epoch}.123456\tCx1\t{inside}\t53124\t10.20.1.53\t53\tudp\t1\t0.004\t{one}\t1\tA\t0\tF\t{two},{three}\tF",
    '{{"timestamp":"2022-09-12T0{hour}:15:22.123456+0700","src_ip":"{inside}","dest_ip":"{one}",'
    '"http":{{"hostname":"{two}","url":"http:\\/\\/{three}\\/x.php?q=1"}}}}',
    'date=2022-09-12 time=0{hour}:15:22 eventtime={epoch}000000000 srcip={inside} dstip={one} hostname="{two}"',
    "2022-09-12 0{hour}:15:22 {one} CLIENT {inside}#53124 ({two}): query: {three}. IN A",
    "Sep 12 0{hour}:15:22 fw kernel: IP {inside}.53124 > {one}.443: Flags [S] {two}({three})",
    "{one}",
    "",
)


def line(rng: random.Random) -> bytes:
    """Return a line in one of the true forms, with hard tokens in it."""
    tokens = [rng.choice(TOKENS if rng.random() < 0.8 else RARE_TOKENS) for _ in range(3)]
    text = rng.choice(SHAPES).format(
        epoch=1_662_955_200 + rng.randint(0, 14_000),
        hour=rng.randint(6, 9),
        inside=rng.choice(["10.20.3.41", "10.20.3.42", "192.168.1.7", "-", "203.0.113.7"]),
        one=tokens[0],
        two=tokens[1],
        three=tokens[2],
    )
    return text.encode()


def block(rng: random.Random, count: int) -> bytes:
    """Return `count` lines, some ended by CR LF, the last perhaps not ended."""
    ends = [b"\n"] * 5 + [b"\r\n"]
    text = b"".join(line(rng) + rng.choice(ends) for _ in range(count))
    return text[:-1] if rng.random() < 0.3 else text


def damaged(rng: random.Random, text: bytes) -> bytes:
    """Return `text` with bytes flipped, cut out, put in, blanked, or pieces moved and repeated."""
    hurt = bytearray(text)
    for _ in range(rng.randint(1, 8)):
        if not hurt:
            break
        place = rng.randrange(len(hurt))
        length = rng.choice([1, 1, 2, 5, 20, 64, 70])
        match rng.randrange(6):
            case 0:
                hurt[place] ^= 1 << rng.randrange(8)
            case 1:
                del hurt[place : place + length]
            case 2:
                hurt[place:place] = (
                    rng.choice([b".", b"\n", b"\0", b"\r", b"a.", b"1.", b"\xff"]) * length
                )
            case 3:
                hurt[place : place + length] = bytes(length)
            case 4:
                hurt[place:place] = hurt[place // 2 : place // 2 + length]
            case _:
                hurt[place : place + 1] = rng.choice(b".-_\n aZ09\xc3").to_bytes(1)
    return bytes(hurt)

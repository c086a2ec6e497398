"""Values at the edge: what a field of a damaged input is replaced with."""

NUMBERS = (
    *(b"0", b"-1", b"1", b"00", b"-0", b"65535", b"65536", b"255", b"256", b"4294967295"),
    *(b"4294967296", b"2147483648", b"9223372036854775807", b"9223372036854775808"),
    *(b"18446744073709551616", b"1e999", b"-1e-999", b"1.5", b"NaN", b"inf", b"0x1F", b"1_0"),
    *("٣".encode(), "²".encode(), "１".encode(), b"9" * 400, b"9" * 5000, b"253402300800", b""),
    *(b"-62135596801", b"-9999999999999999", b"99999999999999999", b"1e18", b"1788225322.9999999"),
)

TIMES = (
    *(b"9999-12-31T23:59:59.999999+14:00", b"9999-12-31 23:59:59", b"0001-01-01T00:00:00-14:00"),
    *(b"0000-00-00 00:00:00", b"2026-02-30 08:15:22", b"2026-09-01T24:00:00Z", b"12:60:60"),
    *(b"2026-09-01T08:15:60Z", b"1969-12-31T23:59:59Z", b"31/Feb/2026:08:15:22 +0700"),
    *(b"Feb 29 08:15:22", b"Sep 31 25:61:61", b"01/Sep/10000:08:15:22 +9999", b"2026-13-01"),
    *(b"2026-09-01T08:15:22+99:99", b"2026-09-01T08:15:22.1234567890123Z", b"20260901081522Z"),
    *("2026年9月1日".encode(), "٢٠٢٦-٠٩-٠١".encode(), b"Thu Jan  1 00:00:00 1"),
)

ADDRESSES = (
    *(
        b"999.1.1.1",
        b"192.0.2.7/33",
        b"192.0.2.7:65536",
        b"192.0.2",
        b"0.0.0.0",
        b"255.255.255.255",
    ),
    *(b"::", b"::ffff:192.0.2.7", b"2001:db8::7%eth0", b"[2001:db8::7]:443", b"[2001:db8::7"),
    *(b"fe80::1%25", b"1::2::3", b"2001:db8::/129", b"192.0.2.007", "１９２.0.2.7".encode()),
    *(b"192.0.2.7-192.0.2.1", b"0x7f.1", b"2001:db8:0:0:0:0:0:0:7", b"192[.]0[.]2[.]7", b"-"),
)

NAMES = (
    *(b"xn--a.example", b"xn--\xc3\xa9.example", b"xn--zzzzzzzzzzzz99999.example", b".", b".."),
    *(b"a" * 64 + b".example", b"a." * 130 + b"example", b"*.bad.example", b"bad.example."),
    *(
        "xấu。example".encode(),
        "ﬀ.example".encode(),
        "ß.example".encode(),
        b"_srv._tcp.bad.example",
    ),
    *(
        b"http://[::1/",
        b"http://bad.example:99999/",
        b"//bad.example",
        b"http://@/",
        b"hxxp://bad[.]example",
    ),
    *(
        "\u202ebad.example".encode(),
        "bad\u200d.example".encode(),
        b"%00.example",
        b"http://bad.example/%zz%f",
    ),
)

SIGNS = (
    *(b"\0", b"\n", b"\r", b"\r\n", b"\t", b" ", b'"', b"'", b"\\", b"|", b",", b";", b"=", b":"),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b"(",
        b")",
        b"<",
        b">",
        b"&",
        b"%",
        b"#",
        b"-",
        b"/",
        b"*",
        b"\x1b[31m",
    ),
    *(
        "\ufeff".encode(),
        "\u2028".encode(),
        "\x85".encode(),
        "\u202e".encode(),
        "\U0010ffff".encode(),
    ),
    *(b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe1\xbb", b"\x80", b"\\u0000"),
    *(
        b"\\ud800",
        b"%s%n",
        b"&#0;",
        b"&#xD800;",
        b"<![CDATA[",
        b"-->",
        b"]]>",
        b"''",
        b'""',
        b"\\x",
    ),
    *("ế".encode(), "e\u0302\u0301".encode(), "İ".encode(), "ſ".encode(), "ǆ".encode()),
)

DEEP = (b"[" * 3000, b'{"a":' * 3000, b"(" * 3000, b"<a>" * 3000, b"\\" * 3000, b'"' * 301)

VALUES = (
    None,
    True,
    False,
    0,
    -1,
    1,
    1.5,
    1e300,
    2**31,
    2**53,
    2**63,
    -(2**63),
    10**30,
    "",
    "0",
    "a" * 70_000,
)
"""Values of other types, for a document of JSON."""

TEXTS = (NUMBERS, NUMBERS, TIMES, ADDRESSES, NAMES, SIGNS)

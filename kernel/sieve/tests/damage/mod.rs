//! Damaged texts for the tests of the sieve and of the reader of splits.

use std::env;
use std::str::FromStr;

/// Return what the environment says under `name`, if that can be read.
pub fn set<T: FromStr>(name: &str) -> Option<T> {
    env::var(name).ok()?.parse().ok()
}

/// Numbers that look like chance; the same for the same seed.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % count.max(1)
    }

    pub fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

const PIECES: [&[u8]; 38] = [
    b"1662955200.512000\tCx7aB2\t10.1.2.3\t51234\t10.0.0.53\t53\tudp\twww.bad.example\t",
    b"{\"timestamp\":\"2026-09-12T03:04:05.1+0700\",\"src_ip\":\"10.9.8.7\",\"url\":\"\\/a%2eb\"}\n",
    b"1662955200 TCP_MISS/200 GET http://cdn.example.net/a/bcdefghijklmnopqrstuvwxyz012345/6 ",
    b"AAABAAABAAAAAAAAA2JhZAdleGFtcGxlAAABAAE",
    b"0x00000000000003626164076578616d706c6500",
    b"(3)bad(7)example(0)",
    b"bad%2Eexample",
    b"bad\\u002eexample",
    b"evil.com.vn.",
    b"192.0.2.1",
    b"192.0.2.1.443",
    b"198.51.100.255",
    b"999.1.1.1",
    b"1.2.3.4.5.6.7.8",
    b"2001:db8::1",
    b"::ffff:192.0.2.1",
    b"0123456789abcdef0123456789abcdef",
    b"\xc3\xa9.example",
    b".",
    b"..",
    b"\n",
    b" ",
    b"-",
    b":",
    b"\\",
    b"%",
    b"\0",
    b"A",
    b"7",
    b"_",
    b"1662958800 10.9.8.7 ",
    b"\n#fields\ta",
    b"\r\n",
    b"\r",
    b"\xe2\x80\xa8",
    b"\xc2\x85",
    b"\xe2",
    b" x ",
];

/// Return a text of so many pieces, one of `counts`, and damaged.
pub fn text(chance: &mut Chance, counts: &[usize]) -> Vec<u8> {
    let mut text = Vec::new();
    for _ in 0..chance.of(counts) {
        let piece = chance.of(&PIECES);
        let times = if chance.below(40) == 0 { 200 } else { 1 };
        text.extend(piece.repeat(times));
    }
    for _ in 0..chance.of(&[0, 1, 20]) {
        let place = chance.below(text.len());
        text[place] ^= 1 << chance.below(8);
    }
    text.truncate(chance.below(text.len() + 1));
    text
}

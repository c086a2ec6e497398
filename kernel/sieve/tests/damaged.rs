//! Damaged texts: every path finds the same in them, and none reads beyond them.
//!
//! `make fuzz-kernel` runs this longer, and with the sanitizer for addresses where there is one.

mod damage;

use std::time::{Duration, Instant};

use damage::{Chance, set, text};
use quetsach_sieve::{Clock, Keys, PackedTokens, Path, Scan, Sieve};

fn sieves(names: &[u8], addresses: &[u32], inside: &[(u32, u8)], rare: bool) -> Vec<Sieve> {
    let hashes = b"0123456789abcdef".repeat(2);
    let keys = Keys {
        names,
        addresses,
        networks: &[(0xc633_6400, 24)],
        any_unicode_name: rare,
        addresses6: if rare { &[0x2001_0db8 << 96 | 1] } else { &[] },
        hashes: if rare { &hashes } else { b"" },
        prints: if rare {
            b"0123456789abcdef0123456789abcdef"
        } else {
            b""
        },
        ..Keys::default()
    };
    let paths = Path::all().into_iter();
    paths
        .map(|path| Sieve::new(&keys, inside).with_path(path))
        .collect()
}

/// Return what `sieve` finds in `text`, having held its keys line by line against that, and the
/// tokens that the text holds.
fn told(sieve: &Sieve, text: &[u8], clock: &Clock) -> (Scan, PackedTokens) {
    let mut tokens = sieve.token_set(true, 1 << 20);
    let scan = sieve.scan_and_keep(text, Some(clock), Some(b"bad"), Some(&mut tokens));
    assert_eq!(scan, sieve.scan(text, Some(clock), Some(b"bad")));
    let mut start = 0;
    let lines = text.split_inclusive(|&byte| byte == b'\n').map(|line| {
        let (begin, length) = (start, line.strip_suffix(b"\n").unwrap_or(line).len());
        start += line.len();
        (begin, begin + length)
    });
    let lines: Vec<(usize, usize)> = lines.collect();
    let keys = sieve.keys_of(text, &lines);
    let with_keys = lines.iter().zip(keys.each());
    let with_keys = with_keys.filter(|(_, keys)| !keys.is_empty());
    let with_keys: Vec<(usize, usize)> = with_keys.map(|(&line, _)| line).collect();
    assert_eq!(with_keys, scan.candidates, "{text:?}");
    (scan, tokens.take())
}

#[test]
fn each_path_finds_the_same() {
    let time = set("FUZZ_SECONDS").map_or(Duration::from_millis(300), Duration::from_secs);
    let mut seed = set("FUZZ_SEED").unwrap_or(1);
    let inside = [(0x0a00_0000, 8)];
    let all = [
        sieves(
            b"bad.example\nevil.com.vn",
            &[0xc000_0201, 0x0102_0304],
            &inside,
            true,
        ),
        sieves(b"bad.example", &[0xc000_0201], &inside, false),
        sieves(b"example\na.1", &[], &[], false),
        sieves(b"", &[0xc000_0201], &[], false),
        sieves(b"", &[], &inside, false),
    ];
    let clocks = [
        Clock::epoch(b""),
        Clock::copied(b"\"timestamp\":\"", 13),
        Clock::epoch(b"").with_client(b" GET "),
    ];
    let began = Instant::now();
    let mut count = 0;
    while began.elapsed() < time {
        let mut chance = Chance(seed);
        // A block of its own size: what reads beyond it is seen by the sanitizer.
        let text = text(&mut chance, &[3, 30, 300]).into_boxed_slice();
        let sieves = &all[chance.below(all.len())];
        let clock = &clocks[chance.below(clocks.len())];
        let expected = told(&sieves[0], &text, clock);
        // What is heard does not hang on the keys.
        let with_inside = told(&all[0][0], &text, clock).1;
        let without_keys = told(&all[4][0], &text, clock).1;
        assert_eq!(without_keys, with_inside, "FUZZ_SEED={seed}");
        for sieve in &sieves[1..] {
            let found = told(sieve, &text, clock);
            assert_eq!(
                found,
                expected,
                "FUZZ_SEED={seed} on {}",
                sieve.path().name()
            );
        }
        seed += 1;
        count += 1;
    }
    println!("{count} texts");
}

//! Damaged texts: a split gives the same however its text is fed, and its digest is that of the text.
//!
//! `make fuzz-kernel` runs this longer, and with the sanitizer for addresses where there is one.

#[path = "../../sieve/tests/damage/mod.rs"]
mod damage;

use std::sync::Arc;
use std::time::{Duration, Instant};

use damage::{Chance, set, text};
use memchr::memmem::Finder;
use quetsach_digest::TextDigest;
use quetsach_sieve::{Clock, Keys, Sieve};
use quetsach_split::{Bounds, Choice, LineEnds, Reader, Signs, Stop};

/// All that a split gave, as text, without the borders of its parts.
fn given(sieve: &Arc<Sieve>, text: &[u8], ends: LineEnds, how: (usize, Bounds)) -> String {
    let choice = Choice {
        head_lines: 3,
        sample_bytes: 64,
    };
    let length = text.len() as u64;
    let mut reader = Reader::new(sieve.clone(), (0, length, true), ends, choice, how.1);
    reader.turn_to(Signs {
        clock: Some(Clock::epoch(b"")),
        header: Some(Finder::new(b"#fields").into_owned()),
        marker: Some(b"x".to_vec()),
    });
    reader.give_keys();
    reader.keep_tokens(true, 1 << 20);
    let (mut lines, mut values, mut told) = (0, Vec::new(), String::new());
    let mut keys_told = String::new();
    let mut take = |reader: &mut Reader| {
        while let Some(part) = reader.next_part() {
            lines += part.lines;
            for line in &part.chosen {
                let place = part.offset + line.start as u64;
                let text = &part.text[line.start..line.end];
                told += &format!("{place} {} {} {text:?}\n", line.is_candidate, line.is_head);
            }
            values.extend_from_slice(&part.values);
            let keys: Vec<&[u64]> = part.keys.each().collect();
            assert_eq!(keys.len(), part.values.len());
            for line in keys {
                keys_told += &format!("{line:?}\n");
            }
            if part.stop != Stop::BlockEnd {
                told += &format!("{:?}\n", part.stop);
            }
        }
    };
    for piece in text.chunks(how.0) {
        reader.feed(piece).expect("memory");
        take(&mut reader);
    }
    reader.finish();
    take(&mut reader);
    assert!(reader.is_done());
    told += &format!("{values:?}\n");
    let digest = (reader.digest().pieces(), reader.digest().whole());
    let figures = (reader.figures().lines_begun(), reader.odd_ends());
    format!(
        "{told}{keys_told}{lines} {figures:?} {digest:?} {:?} {:?}",
        reader.take_hours(),
        reader.take_tokens(false)
    )
}

#[test]
fn a_split_gives_the_same_however_it_is_fed() {
    let keys = Keys {
        names: b"bad.example",
        addresses: &[0xc000_0201],
        networks: &[(0xc000_0200, 24)],
        ..Keys::default()
    };
    let sieve = Arc::new(Sieve::new(&keys, &[(0x0a00_0000, 8)]));
    let (began, longest) = (
        Instant::now(),
        Duration::from_secs(set("FUZZ_SECONDS").unwrap_or(0)),
    );
    let (mut chance, mut texts) = (Chance(16), 0);
    while texts < 60 || began.elapsed() < longest {
        texts += 1;
        let text = text(&mut chance, &[3, 10, 30]);
        let all = [
            LineEnds::Newline,
            LineEnds::Json,
            LineEnds::Return,
            LineEnds::Separator,
        ];
        let ends = all[chance.below(4)];
        let bounds = |block_bytes| Bounds {
            block_bytes,
            longest_line: 200,
        };
        let expected = given(&sieve, &text, ends, (usize::MAX, bounds(1 << 20)));
        for _ in 0..4 {
            let how = (1 + chance.below(90), bounds(1 + chance.below(300)));
            let found = given(&sieve, &text, ends, how);
            assert_eq!(found, expected, "{how:?} {ends:?} {text:?}");
        }
        if ends == LineEnds::Newline {
            let mut digest = TextDigest::new(0);
            digest.add(&text, &[]);
            assert!(expected.contains(&format!("{:?}", digest.whole())));
        }
    }
}

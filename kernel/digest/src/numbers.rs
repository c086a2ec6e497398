//! The numbers of many sightings at once: each from the mark of its line and what it met.

use crate::digest;

/// Texts one behind the other: the text at `place` is `bytes[ends[place]..ends[place + 1]]`.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'a> {
    /// One more than there are texts: where each begins, and where the last one ends.
    pub ends: &'a [i32],
    /// The texts themselves.
    pub bytes: &'a [u8],
}

impl<'a> Texts<'a> {
    fn at(&self, place: usize) -> Option<&'a [u8]> {
        let start = usize::try_from(*self.ends.get(place)?).ok()?;
        let end = usize::try_from(*self.ends.get(place + 1)?).ok()?;
        self.bytes.get(start..end)
    }

    fn count(&self) -> usize {
        self.ends.len().saturating_sub(1)
    }
}

/// Return the numbers of sightings in a text with the chain `links`, eight bytes each.
///
/// `marks` are those of their lines, `keys` what they met. None where a mark is none, or where
/// there are not as many keys as marks.
#[must_use]
pub fn sighting_numbers(links: &[[u8; 32]], marks: Texts<'_>, keys: Texts<'_>) -> Option<Vec<u8>> {
    if marks.count() != keys.count() {
        return None;
    }
    let mut numbers = Vec::with_capacity(marks.count() * 8);
    let mut message = Vec::with_capacity(256);
    for place in 0..marks.count() {
        message.clear();
        put_place(&mut message, links, marks.at(place)?)?;
        message.extend_from_slice(keys.at(place)?);
        numbers.extend_from_slice(&digest(&message)[..8]);
    }
    Some(numbers)
}

/// Add what stands before the key: 64 bytes of a line, 72 of a record of several lines.
fn put_place(message: &mut Vec<u8>, links: &[[u8; 32]], mark: &[u8]) -> Option<()> {
    let Some(colon) = memchr::memchr(b':', mark) else {
        message.extend_from_slice(&[0; 32]);
        message.extend_from_slice(links.last()?);
        message.extend_from_slice(&whole_number(mark)?.to_le_bytes());
        return Some(());
    };
    let piece = usize::try_from(whole_number(&mark[..colon])?).ok()?;
    message.extend_from_slice(links.get(piece)?);
    let value = &mark[colon + 1..];
    if value.len() != 64 {
        return None;
    }
    for pair in value.chunks_exact(2) {
        message.push(nibble(pair[0])? << 4 | nibble(pair[1])?);
    }
    Some(())
}

fn whole_number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Texts, sighting_numbers};
    use crate::digest;

    const LINKS: [[u8; 32]; 3] = [[0; 32], [7; 32], [9; 32]];

    fn numbers(marks: &[&str], keys: &[&str]) -> Option<Vec<u8>> {
        let ends = |texts: &[&str]| {
            let mut ends = vec![0];
            for text in texts {
                ends.push(ends.last().unwrap() + i32::try_from(text.len()).unwrap());
            }
            ends
        };
        let (marked, keyed) = (marks.concat(), keys.concat());
        let (mark_ends, key_ends) = (ends(marks), ends(keys));
        let marks = Texts {
            ends: &mark_ends,
            bytes: marked.as_bytes(),
        };
        let keys = Texts {
            ends: &key_ends,
            bytes: keyed.as_bytes(),
        };
        sighting_numbers(&LINKS, marks, keys)
    }

    #[test]
    fn a_number_is_made_of_the_chain_the_piece_and_the_key() {
        let line = format!("1:{}", "ab".repeat(32));
        let told = numbers(&[&line, "513"], &["a.example", ""]).unwrap();
        let first = [&[7; 32][..], &[0xab; 32], b"a.example"].concat();
        let second = [&[0; 32][..], &[9; 32], &513u64.to_le_bytes()].concat();
        assert_eq!(told[..8], digest(&first)[..8]);
        assert_eq!(told[8..], digest(&second)[..8]);
    }

    #[test]
    fn what_is_no_mark_has_no_number() {
        let short = format!("0:{}", "ab".repeat(31));
        let odd = format!("0:{}", "xy".repeat(32));
        let beyond = format!("3:{}", "ab".repeat(32));
        for mark in [
            "",
            "x",
            "-1",
            ":",
            &short,
            &odd,
            &beyond,
            "99999999999999999999999",
        ] {
            assert_eq!(numbers(&[mark], &["a"]), None, "{mark}");
        }
        assert_eq!(numbers(&["1"], &[]), None);
        assert_eq!(numbers(&[], &[]), Some(vec![]));
    }
}

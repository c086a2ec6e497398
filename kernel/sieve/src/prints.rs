//! Fingerprints of TLS: digests with a colon between each two bytes, and JA4.

use std::collections::HashMap;

use memchr::{memchr, memrchr};

use crate::names::listed;

/// How many characters a digest of 16, 20 or 32 bytes has with its colons.
const COLONED: [usize; 3] = [47, 59, 95];
/// Three runs of 10, 12 and 12 characters.
const JA4: usize = 36;

/// The fingerprints that are looked for; few lists hold any.
#[derive(Debug)]
pub struct PrintSet {
    /// With the place of each among them in order.
    prints: HashMap<Vec<u8>, u32>,
}

impl PrintSet {
    /// Take the fingerprints, one a line.
    pub fn new(prints: &[u8]) -> Self {
        let prints = listed(prints).into_iter().zip(0..);
        Self {
            prints: prints
                .map(|(print, number)| (print.to_vec(), number))
                .collect(),
        }
    }

    /// Add the lines of `block` that hold one of them to the rising `candidates`.
    pub fn add_lines(&self, block: &[u8], candidates: &mut Vec<(usize, usize)>) {
        if self.prints.is_empty() {
            return;
        }
        let before = candidates.len();
        let mut seen = 0;
        // Each is bordered by what is no letter, digit or `_`; a digest by no colon either.
        for (start, word) in words(block) {
            if start >= seen && self.numbers_of(word).next().is_some() {
                let first = memrchr(b'\n', &block[..start]).map_or(0, |newline| newline + 1);
                let end = memchr(b'\n', &block[start..]).map_or(block.len(), |place| start + place);
                candidates.push((first, end));
                seen = end;
            }
        }
        if candidates.len() > before {
            candidates.sort_unstable();
            candidates.dedup();
        }
    }

    /// Call `met` with the number of each fingerprint that `line` holds.
    pub fn each_in(&self, line: &[u8], mut met: impl FnMut(u32)) {
        if !self.prints.is_empty() {
            for (_, word) in words(line) {
                self.numbers_of(word).for_each(&mut met);
            }
        }
    }

    /// Return the numbers of the fingerprints that a run of letters, digits, `_` and `:` is or holds.
    fn numbers_of(&self, word: &[u8]) -> impl Iterator<Item = u32> {
        let digest = if COLONED.contains(&word.len()) {
            without_colons(word)
        } else {
            None
        };
        let parts = if digest.is_none() && word.len() >= JA4 {
            word
        } else {
            b""
        };
        let parts = parts
            .split(|&byte| byte == b':')
            .filter(|part| is_ja4(part));
        let texts = parts.map(<[u8]>::to_ascii_lowercase).chain(digest);
        texts.filter_map(|text| self.prints.get(&text).copied())
    }
}

/// The longest runs of letters, digits, `_` and `:`, with their places.
fn words(block: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':');
    let mut place = 0;
    std::iter::from_fn(move || {
        place += block[place..].iter().position(is_part)?;
        let rest = &block[place..];
        let size = rest.iter().position(|byte| !is_part(byte));
        let word = (place, &rest[..size.unwrap_or(rest.len())]);
        place += word.1.len();
        Some(word)
    })
}

fn without_colons(word: &[u8]) -> Option<Vec<u8>> {
    let is_pair = |pair: &[u8]| pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit);
    let are_pairs = word.split(|&byte| byte == b':').all(is_pair);
    let digits = word.iter().filter(|&&byte| byte != b':');
    are_pairs.then(|| digits.map(u8::to_ascii_lowercase).collect())
}

fn is_ja4(part: &[u8]) -> bool {
    part.len() == JA4
        && part[10] == b'_'
        && part[23] == b'_'
        && part[..10].iter().all(u8::is_ascii_alphanumeric)
        && part[11..23].iter().all(u8::is_ascii_hexdigit)
        && part[24..].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::PrintSet;

    const JA4: &[u8] = b"t13d1516h2_8daaf6152771_e5627efa2ab1";

    fn found(block: &[u8]) -> Vec<(usize, usize)> {
        let prints = [JA4, b"\n00112233445566778899aabbccddeeff"].concat();
        let mut candidates = vec![(0, 2)];
        PrintSet::new(&prints).add_lines(block, &mut candidates);
        candidates
    }

    #[test]
    fn lines_with_a_fingerprint_are_added() {
        let block = [b"ab\nx ", &JA4.to_ascii_uppercase()[..], b":7\nxyz\n"].concat();
        assert_eq!(found(&block), [(0, 2), (3, 43)]);
        let block = b"00:11:22:33:44:55:66:77:88:99:AA:bb:cc:dd:ee:ff\n";
        assert_eq!(found(block), [(0, 2), (0, 47)]);
    }

    #[test]
    fn what_goes_on_is_none() {
        let glued = [b"_", JA4].concat();
        assert_eq!(found(&glued), [(0, 2)]);
        assert_eq!(
            found(b"00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00"),
            [(0, 2)]
        );
    }
}

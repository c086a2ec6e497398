//! The sieve: from a block of raw lines to the few that may hold an indicator.
//!
//! What counts as a token, a candidate and an hour is laid down in
//! `src/quetsach/sieve/contract.py`; the plain sieve in `twin.py` is the judge of this one.

mod addresses;
mod bytes;
mod columns;
mod encoded;
mod finder;
mod hours;
mod image;
mod keys;
mod line_keys;
mod names;
mod prints;
mod rare;
mod said;
mod simd;
mod tokens;
mod walk;
mod wire;

use std::io;
use std::sync::OnceLock;

use addresses::OwnRanges;
use image::{Image, Section};
use line_keys::Prefixes;
use memchr::{memchr, memmem, memrchr};
use prints::PrintSet;

pub use hours::{Clock, Tally};
pub use keys::Keys;
pub use line_keys::LineKeys;
pub use simd::Path;
pub use tokens::{PackedTokens, TokenSet};

/// What was found in one block; offsets count from its start, line ends leave out the newline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Count of lines.
    pub lines: usize,
    /// Start and end of each candidate line.
    pub candidates: Vec<(usize, usize)>,
    /// Start and end of each line with the marker.
    pub marked: Vec<(usize, usize)>,
    /// The lines of each hour, sorted by key.
    pub hours: Vec<Tally>,
}

/// The keys, compiled; any number of threads may scan with it at once.
#[derive(Debug)]
pub struct Sieve {
    image: Image,
    inside: OwnRanges,
    prints: PrintSet,
    prefixes: OnceLock<Prefixes>,
    path: Path,
}

impl Sieve {
    /// Compile `keys` for the fastest path that this processor has.
    ///
    /// `inside` are the organisation's own networks, whose addresses are tallied as alive.
    #[must_use]
    pub fn new(keys: &Keys, inside: &[(u32, u8)]) -> Self {
        Self::of(keys::compile(keys), inside)
    }

    /// Return the sieve of the keys that `dump` wrote to the file at `path`, which is mapped.
    ///
    /// The keys are shared by all that open the file. It must not be changed in place meanwhile;
    /// `dump` writes a new one.
    ///
    /// # Errors
    ///
    /// What the system says, and `InvalidData` for a file that is damaged, cut, or of another
    /// version or kind of machine.
    pub fn open(path: &std::path::Path, inside: &[(u32, u8)]) -> io::Result<Self> {
        Ok(Self::of(Image::open(path)?, inside))
    }

    fn of(image: Image, inside: &[(u32, u8)]) -> Self {
        Self {
            prints: PrintSet::new(image.section(Section::Prints)),
            prefixes: OnceLock::new(),
            image,
            inside: OwnRanges::new(inside),
            path: Path::fastest(),
        }
    }

    /// Write the compiled keys to a file at `path`, which is replaced at once.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn dump(&self, path: &std::path::Path) -> io::Result<()> {
        self.image.dump(path)
    }

    /// Keep to the given path; tests compare the paths.
    #[must_use]
    pub fn with_path(mut self, path: Path) -> Self {
        self.path = path;
        self
    }

    /// Return the path that the keys were compiled for.
    #[must_use]
    pub fn path(&self) -> Path {
        self.path
    }

    /// Return the tally of `block`, which ends at a line's end or at the end of the evidence.
    #[must_use]
    pub fn scan(&self, block: &[u8], clock: Option<&Clock>, marker: Option<&[u8]>) -> Scan {
        self.scan_and_keep(block, clock, marker, None)
    }

    /// Return the tally of `block`, as `scan` does, and add what else it says to `tokens`.
    #[must_use]
    pub fn scan_and_keep(
        &self,
        block: &[u8],
        clock: Option<&Clock>,
        marker: Option<&[u8]>,
        tokens: Option<&mut TokenSet>,
    ) -> Scan {
        let listener = tokens.map(|tokens| tokens as &mut dyn said::Listener);
        let mut scan = simd::walk(self, block, clock, listener);
        self.prints.add_lines(block, &mut scan.candidates);
        scan.marked = marker.map_or_else(Vec::new, |marker| marked(block, marker));
        scan
    }

    /// Return an empty set for up to `most` outside tokens; `hashes` says whether those are kept.
    #[must_use]
    pub fn token_set(&self, hashes: bool, most: usize) -> TokenSet {
        TokenSet::new(self.inside.clone(), hashes, most)
    }

    /// Return the keys that each of `lines` of `block` holds, such as its candidates.
    #[must_use]
    pub fn keys_of(&self, block: &[u8], lines: &[(usize, usize)]) -> LineKeys {
        line_keys::keys_of(self, block, lines)
    }
}

/// Return the lines of `block` that contain `marker`.
fn marked(block: &[u8], marker: &[u8]) -> Vec<(usize, usize)> {
    if marker.is_empty() || marker.contains(&b'\n') {
        return Vec::new();
    }
    lines_at(block, memmem::find_iter(block, marker))
}

/// Return the lines that hold the rising `places`, each once.
fn lines_at(block: &[u8], places: impl Iterator<Item = usize>) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let mut seen = 0;
    for place in places {
        if place < seen {
            continue;
        }
        let start = memrchr(b'\n', &block[seen..place]).map_or(seen, |newline| seen + newline + 1);
        let end = memchr(b'\n', &block[place..]).map_or(block.len(), |newline| place + newline);
        lines.push((start, end));
        seen = end + 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Clock, Keys, Path, Scan, Sieve};

    fn sieve() -> Sieve {
        let keys = Keys {
            names: b"bad.example\nevil.com.vn",
            addresses: &[0xc000_0201],
            networks: &[(0xc633_6400, 24)],
            any_unicode_name: true,
            addresses6: &[0x2001_0db8 << 96 | 1],
            networks6: &[(0x2001_0db8_00ff << 80, 48)],
            hashes: &b"0123456789abcdef".repeat(2),
            prints: b"",
        };
        Sieve::new(&keys, &[(0x0a00_0000, 8)])
    }

    fn scan(path: Path, block: &[u8]) -> Scan {
        sieve()
            .with_path(path)
            .scan(block, Some(&Clock::epoch(b"")), Some(b"mark"))
    }

    #[test]
    fn lines_with_a_key_are_candidates_and_all_are_counted() {
        let block = b"3600 10.1.1.1 www.BAD.example.\n7200 notbad.example mark\nq 192.0.2.1:53";
        let found = scan(Path::fastest(), block);
        assert_eq!(found.lines, 3);
        assert_eq!(found.candidates, [(0, 30), (56, 70)]);
        assert_eq!(found.marked, [(31, 55)]);
        let keys: Vec<&[u8]> = found.hours.iter().map(|tally| &tally.key[..]).collect();
        assert_eq!(keys, [&b""[..], b"1", b"2"]);
        assert_eq!(found.hours[1].alive, [0x0a01_0101]);
    }

    /// Pieces that lie on the borders of what a token is, joined by a counter's choice.
    #[test]
    fn the_paths_find_the_same_in_any_mixture() {
        let pieces: [&[u8]; 20] = [
            b"bad.example",
            b"www.evil.com.vn",
            b"192.0.2.1",
            b"198.51.100.7",
            b"10.0.0.1",
            b".",
            b"..",
            b" ",
            b"\n",
            b"-",
            b"_",
            b"7",
            b"\xc3\xa9",
            b"2001:db8::1",
            b":",
            b"0123456789abcdef",
            b"a",
            b"mark",
            b"\0",
            b"1662955200.5 ",
        ];
        let mut state: u64 = 1;
        for length in 0..3000 {
            let mut block = Vec::new();
            for _ in 0..length % 150 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                block.extend_from_slice(pieces[(state >> 33) as usize % pieces.len()]);
            }
            for path in Path::all() {
                assert_eq!(scan(path, &block), scan(Path::PORTABLE, &block));
            }
        }
    }

    #[test]
    fn each_byte_is_classified_alike_at_each_place() {
        for byte in 0..=255 {
            for place in [0, 15, 16, 31, 32, 63, 64] {
                let mut block = b"bad.example ".repeat(12);
                block[place] = byte;
                for path in Path::all() {
                    assert_eq!(scan(path, &block), scan(Path::PORTABLE, &block));
                }
            }
        }
    }
}

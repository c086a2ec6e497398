//! Digests of the text of a log: BLAKE3 over pieces of 64 MiB, each a whole subtree.
//!
//! One pass gives the value of each piece, from which the digest of the whole file and its chain
//! are made, and the value of a piece up to any line's end, from which a sighting has its number.
//! The twin in `src/quetsach/evidence/blake3_twin.py` gives the same values.

mod numbers;

pub use numbers::{Texts, sighting_numbers};

use blake3::Hasher;
use blake3::hazmat::{
    ChainingValue, HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root,
};

/// Bytes of one piece: 65,536 chunks of BLAKE3.
pub const PIECE: u64 = 64 << 20;

/// The digest of a text, or of the part of it that begins with a piece.
#[derive(Debug)]
pub struct TextDigest {
    hasher: Hasher,
    /// Where the piece in hand begins, and how many of its bytes were added.
    offset: u64,
    length: u64,
    pieces: Vec<ChainingValue>,
}

impl TextDigest {
    /// Begin at `offset`, a multiple of [`PIECE`] in the text.
    ///
    /// # Panics
    ///
    /// If no piece begins at `offset`.
    #[must_use]
    pub fn new(offset: u64) -> Self {
        assert!(offset.is_multiple_of(PIECE), "no piece begins there");
        Self {
            hasher: hasher_at(offset),
            offset,
            length: 0,
            pieces: Vec::new(),
        }
    }

    /// Add `bytes`; return the value of the piece in hand at each of `ends`, places in `bytes`.
    ///
    /// `ends` rise. A place on the border of two pieces belongs to the one before it.
    pub fn add(&mut self, bytes: &[u8], ends: &[usize]) -> Vec<ChainingValue> {
        let mut values = Vec::with_capacity(ends.len());
        let mut done = 0;
        for &end in ends {
            let end = end.clamp(done, bytes.len());
            self.update(&bytes[done..end]);
            values.push(self.value());
            done = end;
        }
        self.update(&bytes[done..]);
        values
    }

    fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.length == PIECE {
                self.pieces.push(self.hasher.finalize_non_root());
                self.offset += PIECE;
                self.length = 0;
                self.hasher = hasher_at(self.offset);
            }
            let room = usize::try_from(PIECE - self.length).expect("a piece fits into memory");
            let (now, rest) = bytes.split_at(room.min(bytes.len()));
            self.hasher.update(now);
            self.length += now.len() as u64;
            bytes = rest;
        }
    }

    /// Return the value of the piece in hand so far; that of an empty one is all zero.
    fn value(&self) -> ChainingValue {
        if self.length == 0 {
            return [0; 32];
        }
        self.hasher.finalize_non_root()
    }

    /// Return the value of each piece so far.
    #[must_use]
    pub fn pieces(&self) -> Vec<ChainingValue> {
        let mut pieces = self.pieces.clone();
        if self.length > 0 {
            pieces.push(self.hasher.finalize_non_root());
        }
        pieces
    }

    /// Return the digest of all that was added where it is a text of one piece at most.
    ///
    /// Such a text is no subtree of a larger one: its digest is not made of its piece's value.
    #[must_use]
    pub fn whole(&self) -> Option<[u8; 32]> {
        let is_whole = self.offset == 0 && self.pieces.is_empty();
        is_whole.then(|| *self.hasher.finalize().as_bytes())
    }
}

fn hasher_at(offset: u64) -> Hasher {
    let mut hasher = Hasher::new();
    hasher.set_input_offset(offset);
    hasher
}

/// Return the digest of the file whose pieces, two or more and all but the last full, have these
/// values.
#[must_use]
pub fn joined(pieces: &[ChainingValue]) -> Option<[u8; 32]> {
    if pieces.len() < 2 {
        return None;
    }
    let (left, right) = pieces.split_at(left_count(pieces.len()));
    let root = merge_subtrees_root(&subtree(left), &subtree(right), Mode::Hash);
    Some(*root.as_bytes())
}

fn subtree(pieces: &[ChainingValue]) -> ChainingValue {
    if let [only] = pieces {
        return *only;
    }
    let (left, right) = pieces.split_at(left_count(pieces.len()));
    merge_subtrees_non_root(&subtree(left), &subtree(right), Mode::Hash)
}

/// Return the largest power of two below `count`.
fn left_count(count: usize) -> usize {
    count.div_ceil(2).next_power_of_two()
}

/// Return the BLAKE3 digest of `message`.
#[must_use]
pub fn digest(message: &[u8]) -> [u8; 32] {
    *blake3::hash(message).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::{PIECE, TextDigest, joined};

    fn text(length: usize) -> Vec<u8> {
        (0..length)
            .map(|place| (place * 7 + place / 251) as u8)
            .collect()
    }

    #[test]
    fn a_file_of_many_pieces_has_its_plain_digest() {
        let bytes = text(PIECE as usize * 3 + 5000);
        let mut digest = TextDigest::new(0);
        for part in bytes.chunks(1_000_003) {
            digest.add(part, &[]);
        }
        let pieces = digest.pieces();
        assert_eq!(pieces.len(), 4);
        assert_eq!(joined(&pieces), Some(*blake3::hash(&bytes).as_bytes()));
        let mut third = TextDigest::new(2 * PIECE);
        third.add(&bytes[2 * PIECE as usize..], &[]);
        assert_eq!(third.pieces(), pieces[2..]);
        assert_eq!(third.whole(), None);
    }

    #[test]
    fn a_place_has_one_value_however_the_text_comes() {
        let bytes = text(5000);
        let all = TextDigest::new(0).add(&bytes, &[0, 1, 1024, 3000, 5000]);
        assert_eq!(all[0], [0; 32]);
        let mut parts = TextDigest::new(0);
        parts.add(&bytes[..1000], &[]);
        assert_eq!(parts.add(&bytes[1000..], &[24, 2000]), all[2..4]);
        assert_eq!(parts.whole(), Some(*blake3::hash(&bytes).as_bytes()));
        assert_eq!(parts.pieces(), [all[4]]);
    }

    #[test]
    fn an_empty_text_has_a_digest_and_no_piece() {
        let digest = TextDigest::new(0);
        assert_eq!(digest.whole(), Some(*blake3::hash(b"").as_bytes()));
        assert!(digest.pieces().is_empty());
    }
}

//! Line ends other than a newline: made newlines of, or counted; see `evidence/line_ends.py`.

use memchr::{memchr_iter, memchr2_iter, memchr3_iter};

/// What ends the lines of a file; in JSON every other sign is part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnds {
    /// A newline.
    Newline,
    /// A newline, and nothing else is counted.
    Json,
    /// A carriage return.
    Return,
    /// NEL, LS or PS.
    Separator,
}

impl LineEnds {
    /// Make newlines of the line ends of `text`; return how much of it is not to change any more.
    ///
    /// Every offset is kept: a separator of three bytes becomes two returns and a newline.
    pub fn rewrite(self, text: &mut [u8], is_all: bool) -> usize {
        match self {
            Self::Newline | Self::Json => text.len(),
            Self::Return => {
                for byte in text.iter_mut().filter(|byte| **byte == b'\r') {
                    *byte = b'\n';
                }
                text.len()
            }
            Self::Separator => {
                let ready = text.len() - if is_all { 0 } else { begun(text) };
                separate(&mut text[..ready]);
                ready
            }
        }
    }
}

fn separate(text: &mut [u8]) {
    let places: Vec<usize> = memchr2_iter(0xe2, 0xc2, text).collect();
    for place in places {
        let size = separator(&text[place..]);
        if size > 0 {
            text[place..place + size].fill(b'\r');
            text[place + size - 1] = b'\n';
        }
    }
}

/// Return the length of the separator that `text` begins with, or 0.
fn separator(text: &[u8]) -> usize {
    match text {
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
        [0xc2, 0x85, ..] => 2,
        _ => 0,
    }
}

/// Return how many bytes at the end of `text` may begin a separator.
fn begun(text: &[u8]) -> usize {
    match text {
        [.., 0xe2, 0x80] => 2,
        [.., 0xe2 | 0xc2] => 1,
        _ => 0,
    }
}

/// Return how many newlines `text` holds.
pub fn newlines(text: &[u8]) -> u64 {
    memchr_iter(b'\n', text).count() as u64
}

/// Counts the signs within lines that elsewhere end a line, the same at every piece size.
#[derive(Debug, Default)]
pub struct OddEnds {
    count: u64,
    /// What may begin a sign, and what came behind the text that was added.
    held: Vec<u8>,
    followed: Vec<u8>,
}

/// A sign has at most so many bytes, less one.
const AHEAD: usize = 2;

impl OddEnds {
    /// Count the signs of the next text.
    pub fn add(&mut self, text: &[u8]) {
        if text.len() <= AHEAD {
            let mut joined = std::mem::take(&mut self.held);
            joined.extend_from_slice(text);
            self.hold(&joined);
            return;
        }
        if !self.held.is_empty() {
            let before = self.held.len();
            self.held.extend_from_slice(&text[..AHEAD]);
            self.count += signs(&self.held, before);
        }
        self.hold(text);
    }

    fn hold(&mut self, text: &[u8]) {
        let kept = if text.ends_with(b"\r") {
            1
        } else {
            begun(text)
        };
        let cut = text.len() - kept;
        self.count += signs(text, cut);
        self.held = text[cut..].to_vec();
    }

    /// Say what comes behind all that was added.
    pub fn follow(&mut self, text: &[u8]) {
        let wanted = AHEAD - self.followed.len();
        self.followed
            .extend_from_slice(&text[..text.len().min(wanted)]);
    }

    /// Return how many signs begin in the text that was added.
    pub fn count(&self) -> u64 {
        let text = [&self.held[..], &self.followed[..]].concat();
        self.count + signs(&text, text.len().min(1))
    }
}

/// Return how many signs begin in the first `size` bytes of `text`.
///
/// A run of returns before a newline is part of that line's end, as where text was written twice.
fn signs(text: &[u8], size: usize) -> u64 {
    let is_sign = |&place: &usize| match &text[place..] {
        [b'\r', b'\r' | b'\n', ..] => false,
        [b'\r', ..] => true,
        other => separator(other) > 0,
    };
    memchr3_iter(b'\r', 0xe2, 0xc2, &text[..size])
        .filter(is_sign)
        .count() as u64
}

#[cfg(test)]
mod tests {
    use super::{LineEnds, OddEnds, signs};

    const TEXT: &[u8] = b"a\rb\r\nc\xe2\x80\xa8d\r\r\ne\xc2\x85\xe2\x80f\xe2\x80\xa9\r\rg\r";

    #[test]
    fn the_count_is_the_same_at_every_piece_size() {
        for size in 1..TEXT.len() {
            let mut ends = OddEnds::default();
            TEXT.chunks(size).for_each(|piece| ends.add(piece));
            assert_eq!(ends.count(), 6, "{size}");
        }
        assert_eq!(signs(TEXT, TEXT.len()), 6);
    }

    #[test]
    fn what_follows_decides_about_the_last_sign() {
        for (behind, count) in [(&b"\n"[..], 0), (b"\r\n", 0), (b"x", 1), (b"", 1)] {
            let mut ends = OddEnds::default();
            ends.add(b"a\r");
            behind.chunks(1).for_each(|byte| ends.follow(byte));
            assert_eq!(ends.count(), count);
        }
    }

    #[test]
    fn rewriting_keeps_every_offset() {
        let mut text = b"a\xe2\x80\xa8b\xc2\x85c\xe2\x80".to_vec();
        assert_eq!(LineEnds::Separator.rewrite(&mut text, false), 8);
        assert_eq!(text, b"a\r\r\nb\r\nc\xe2\x80");
        assert_eq!(LineEnds::Separator.rewrite(&mut text, true), 10);
    }
}

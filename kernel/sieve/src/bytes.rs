//! What each byte is to the sieve, and the masks of 64 bytes: bit `i` tells of byte `i`.

/// A byte of a label: letter, digit, `-`, `_`, or 0x80 and above.
const LABEL: u8 = 1;
/// A byte that spoils an IPv4 address beside it: letter, `_`, or 0x80 and above.
const LETTER: u8 = 2;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let letter = matches!(byte as u8, b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..);
        let label = letter || matches!(byte as u8, b'0'..=b'9' | b'-');
        classes[byte] = if letter {
            LABEL | LETTER
        } else if label {
            LABEL
        } else {
            0
        };
        byte += 1;
    }
    classes
};

/// Whether `byte` is part of a label.
#[inline(always)]
pub fn is_label(byte: u8) -> bool {
    CLASSES[byte as usize] & LABEL != 0
}

/// Whether `byte` is part of a run: a label byte or a dot.
#[inline(always)]
pub fn is_run(byte: u8) -> bool {
    byte == b'.' || is_label(byte)
}

/// Whether `byte` beside digits and dots means that they are no address.
#[inline(always)]
pub fn is_letter(byte: u8) -> bool {
    CLASSES[byte as usize] & LETTER != 0
}

/// Whether `byte` is part of an IPv4 token.
#[inline(always)]
pub fn is_number(byte: u8) -> bool {
    byte == b'.' || byte.is_ascii_digit()
}

/// What 64 bytes are; a set bit means that the byte is of the kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Masks {
    pub label: u64,
    pub dot: u64,
    pub digit: u64,
    pub newline: u64,
    pub high: u64,
    pub colon: u64,
}

/// Fill `masks` from `block`, 64 bytes each, byte by byte.
pub fn classify(block: &[u8], masks: &mut [Masks]) {
    for (bytes, masks) in block.chunks(64).zip(masks) {
        *masks = Masks::default();
        for (place, &byte) in bytes.iter().enumerate() {
            masks.label |= u64::from(is_label(byte)) << place;
            masks.dot |= u64::from(byte == b'.') << place;
            masks.digit |= u64::from(byte.is_ascii_digit()) << place;
            masks.newline |= u64::from(byte == b'\n') << place;
            masks.colon |= u64::from(byte == b':') << place;
            masks.high |= u64::from(byte >= 0x80) << place;
        }
    }
}

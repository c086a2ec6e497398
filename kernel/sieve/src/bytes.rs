//! What each byte is to the sieve, and the masks of 64 bytes: bit `i` tells of byte `i`.

/// A byte of a label: letter, digit, `-`, `_`, or 0x80 and above.
pub const LABEL: u8 = 1;
/// A byte that spoils an IPv4 address beside it: letter, `_`, or 0x80 and above.
const LETTER: u8 = 2;
/// A byte of a token of base64 or hex, or a backslash, which may stand within.
pub const CODE: u8 = 4;
/// A byte that a code may begin with; see `encoded.rs`.
pub const ESCAPE: u8 = 8;
pub const DIGIT: u8 = 16;
pub const DOT: u8 = 32;
pub const NEWLINE: u8 = 64;
pub const COLON: u8 = 128;

/// What each byte is.
pub const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => LABEL | LETTER | CODE,
            0x80.. => LABEL | LETTER,
            b'0'..=b'9' => LABEL | DIGIT | CODE,
            b'-' => LABEL | CODE,
            b'+' | b'/' => CODE,
            b'\\' => CODE | ESCAPE,
            b'(' | b'%' => ESCAPE,
            b'.' => DOT,
            b'\n' => NEWLINE,
            b':' => COLON,
            _ => 0,
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

/// Whether `byte` is part of a token of base64 or hex, or a backslash.
#[inline(always)]
pub fn is_code(byte: u8) -> bool {
    CLASSES[byte as usize] & CODE != 0
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
    pub code: u64,
    pub escape: u64,
}

/// Return the masks of 64 bytes, on any processor: eight bytes at a time.
pub fn classify(bytes: &[u8; 64]) -> Masks {
    let mut masks = Masks::default();
    for (place, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
        let classes = u64::from_le_bytes(eight.map(|byte| CLASSES[byte as usize]));
        let of = |class: u8| bits_of(classes >> class.trailing_zeros()) << (place * 8);
        masks.label |= of(LABEL);
        masks.dot |= of(DOT);
        masks.digit |= of(DIGIT);
        masks.newline |= of(NEWLINE);
        masks.colon |= of(COLON);
        masks.code |= of(CODE);
        masks.escape |= of(ESCAPE);
        masks.high |= bits_of(u64::from_le_bytes(*eight) >> 7) << (place * 8);
    }
    masks
}

/// Return the lowest bit of each of eight bytes.
fn bits_of(bytes: u64) -> u64 {
    // Bit 8i goes to bit 56 + i.
    (bytes & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

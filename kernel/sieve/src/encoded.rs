//! Lines whose names and addresses are written in codes: `(3)bad(7)example(0)`, `%2e`, `\x2e`.
//!
//! What a code is, is laid down in `contract.py`; such a line is decoded and looked at again.

use crate::bytes::{CLASSES, ESCAPE, NEWLINE};

/// Return the byte that the code at the start of `rest` stands for, and the code's length.
pub fn code(rest: &[u8]) -> Option<(u8, usize)> {
    match rest {
        [b'(', d, b')', ..] if d.is_ascii_digit() => Some((b'.', 3)),
        [b'(', d, e, b')', ..] if d.is_ascii_digit() && e.is_ascii_digit() => Some((b'.', 4)),
        [b'%', a, b, ..] => Some((hex(*a, *b)?, 3)),
        [b'\\', b'.', ..] => Some((b'.', 2)),
        [b'\\', b'\\', b'.', ..] => Some((b'.', 3)),
        [b'\\', b'x', a, b, ..] => Some((hex(*a, *b)?, 4)),
        [b'\\', b'u', b'0', b'0', a, b, ..] => Some((hex(*a, *b)?, 6)),
        _ => None,
    }
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

/// Write what `line` says to `decoded`; a code may have made a newline.
pub fn decode(line: &[u8], decoded: &mut Vec<u8>) {
    decoded.clear();
    let mut place = 0;
    while place < line.len() {
        let (byte, length) = code(&line[place..]).unwrap_or((line[place], 1));
        decoded.push(byte);
        place += length;
    }
}

/// Whether `byte` parts any two tokens: it is of none and begins no code.
#[inline(always)]
pub fn parts(byte: u8) -> bool {
    CLASSES[byte as usize] & !NEWLINE == 0
}

/// Write what `rest` says to `decoded` up to a byte that parts tokens; return where that is.
///
/// A newline that a code stands for is written as a blank, so that a line stays a line.
pub fn decode_token(rest: &[u8], decoded: &mut Vec<u8>) -> usize {
    let mut place = 0;
    while place < rest.len() {
        let byte = rest[place];
        let meaning = if CLASSES[byte as usize] & ESCAPE == 0 {
            None
        } else {
            code(&rest[place..])
        };
        if let Some((byte, length)) = meaning {
            decoded.push(if byte == b'\n' { b' ' } else { byte });
            place += length;
        } else if parts(byte) {
            break;
        } else {
            decoded.push(byte);
            place += 1;
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::{code, decode, decode_token};

    fn decoded(line: &[u8]) -> Vec<u8> {
        let mut decoded = Vec::new();
        decode(line, &mut decoded);
        decoded
    }

    #[test]
    fn a_token_is_over_where_no_token_goes_on() {
        let mut text = Vec::new();
        assert_eq!(decode_token(b"(3)bad(7)example(0) (1)", &mut text), 19);
        assert_eq!(text, b".bad.example.");
        text.clear();
        assert_eq!(decode_token(b"%0a%3a:%\n%41", &mut text), 8);
        assert_eq!(text, b" ::%");
    }

    #[test]
    fn each_code_is_undone_and_a_cut_one_is_none() {
        assert_eq!(decoded(b"A (3)bad(7)example(0)"), b"A .bad.example.");
        assert_eq!(decoded(b"%ASA-6 http%3A%2F%2Fa%2eb"), b"%ASA-6 http://a.b");
        assert_eq!(decoded(b"\\x61\\.\\u002e"), b"a..");
        assert_eq!(decoded(b"a%0Ab (X11; 100%)"), b"a\nb (X11; 100%)");
        assert!(code(b"\\").is_none());
        assert!(code(b"(12").is_none());
    }
}

//! Lines whose names and addresses are written in codes: `(3)bad(7)example(0)`, `%2e`, `\x2e`.
//!
//! What a code is, is laid down in `contract.py`; such a line is decoded and looked at again.

use memchr::{memchr, memchr3_iter, memrchr};

/// Return the byte that the code at the start of `rest` stands for, and the code's length.
fn code(rest: &[u8]) -> Option<(u8, usize)> {
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

/// Call `look` with each line of `block` that holds a code: where it lies, and what it says, in
/// which a code may have made a newline.
pub fn each_decoded(block: &[u8], mut look: impl FnMut(usize, usize, &mut Vec<u8>)) {
    let mut seen = 0;
    let mut decoded = Vec::new();
    for place in memchr3_iter(b'(', b'%', b'\\', block) {
        if place < seen || code(&block[place..]).is_none() {
            continue;
        }
        let start = memrchr(b'\n', &block[seen..place]).map_or(seen, |newline| seen + newline + 1);
        let end = memchr(b'\n', &block[place..]).map_or(block.len(), |newline| place + newline);
        decode(&block[start..end], &mut decoded);
        look(start, end, &mut decoded);
        seen = end + 1;
    }
}

fn decode(line: &[u8], decoded: &mut Vec<u8>) {
    decoded.clear();
    let mut place = 0;
    while place < line.len() {
        let (byte, length) = code(&line[place..]).unwrap_or((line[place], 1));
        decoded.push(byte);
        place += length;
    }
}

#[cfg(test)]
mod tests {
    use super::each_decoded;

    fn decoded(block: &[u8]) -> Vec<(usize, usize, Vec<u8>)> {
        let mut lines = Vec::new();
        each_decoded(block, |start, end, line| {
            lines.push((start, end, line.to_vec()))
        });
        lines
    }

    #[test]
    fn each_code_is_undone_and_other_lines_are_left_alone() {
        let block =
            b"plain (X11; 100%)\nA (3)bad(7)example(0)\n%ASA-6 http%3A%2F%2Fa%2eb\n\\x61\\.\\u002e";
        let lines = decoded(block);
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0].2, b"A .bad.example.");
        assert_eq!(lines[1].2, b"%ASA-6 http://a.b");
        assert_eq!(lines[2].2, b"a..");
        assert_eq!(&block[lines[0].0..lines[0].1], b"A (3)bad(7)example(0)");
    }

    #[test]
    fn a_code_may_make_a_newline_and_a_cut_one_is_none() {
        assert_eq!(decoded(b"a%0Ab")[0].2, b"a\nb");
        assert!(decoded(b"\\").is_empty());
        assert!(decoded(b"(12").is_empty());
    }
}

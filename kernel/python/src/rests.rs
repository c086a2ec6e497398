//! What is left of lines when the hosts whose indicators are known are taken out of them.
//!
//! The rules are those of `taken_out` in `scanning/line_rests.py`, which says why.

use memchr::memmem;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// How a host stands in a line, and what takes its place.
type Token = (Vec<u8>, Vec<u8>);

/// Return the block with the hosts of each line taken out of it.
///
/// `which` gives for each line, by its newline, which of `sets` applies: four bytes, least first.
/// Of a set one host is taken out after the other.
#[pyfunction]
pub fn lines_without<'py>(
    py: Python<'py>,
    block: &[u8],
    which: &[u8],
    sets: Vec<Vec<Token>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let left = py.detach(|| without(block, which, &sets));
    match left {
        Some(left) => Ok(PyBytes::new(py, &left)),
        None => Err(PyValueError::new_err("each line needs one of the sets")),
    }
}

fn without(block: &[u8], which: &[u8], sets: &[Vec<Token>]) -> Option<Vec<u8>> {
    let mut left = Vec::with_capacity(block.len());
    let (mut line, mut next) = (Vec::new(), Vec::new());
    let mut numbers = which.chunks_exact(4);
    for text in block.split_inclusive(|byte| *byte == b'\n') {
        let number = u32::from_le_bytes(numbers.next()?.try_into().ok()?);
        let tokens = sets.get(usize::try_from(number).ok()?)?;
        let (text, end) = match text.strip_suffix(b"\n") {
            Some(text) => (text, &b"\n"[..]),
            None => (text, &b""[..]),
        };
        line.clear();
        line.extend_from_slice(text);
        for (token, rest) in tokens {
            if !token.is_empty() {
                next.clear();
                take_out(&line, token, rest, &mut next);
                std::mem::swap(&mut line, &mut next);
            }
        }
        left.extend_from_slice(&line);
        left.extend_from_slice(end);
    }
    numbers.next().is_none().then_some(left)
}

/// Write `line` to `left` with `rest` for `token` wherever it stands alone.
fn take_out(line: &[u8], token: &[u8], rest: &[u8], left: &mut Vec<u8>) {
    let mut places = memmem::find_iter(line, token).peekable();
    let mut done = 0;
    while let Some(place) = places.next() {
        let before = &line[done..place];
        let behind = place + token.len();
        let next = places.peek().copied();
        let after = &line[behind..next.unwrap_or(line.len())];
        let begins = match before.last() {
            Some(byte) => parts_before(*byte),
            None => done == 0,
        };
        let ends = match after.first() {
            Some(b':') if !token.contains(&b':') => is_a_port(after),
            Some(byte) => parts_behind(*byte),
            None => next.is_none(),
        };
        left.extend_from_slice(before);
        left.extend_from_slice(if begins && ends { rest } else { token });
        done = behind;
    }
    left.extend_from_slice(&line[done..]);
}

fn goes_on(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || byte >= 0x80
}

fn parts_before(byte: u8) -> bool {
    !goes_on(byte) && !matches!(byte, b'%' | b'\\' | b':' | b')')
}

fn parts_behind(byte: u8) -> bool {
    !goes_on(byte) && !matches!(byte, b'%' | b'\\' | b':' | b'(')
}

/// Return whether a port follows at once, and parts the host from what comes behind it.
fn is_a_port(after: &[u8]) -> bool {
    let digits = after[1..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let parted = |byte: &u8| !goes_on(*byte) && !matches!(byte, b'%' | b'\\' | b':' | b'(');
    (1..=5).contains(&digits) && after.get(1 + digits).is_none_or(parted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(line: &[u8], token: &[u8], rest: &[u8]) -> Vec<u8> {
        without(line, &[0; 4], &[vec![(token.to_vec(), rest.to_vec())]]).unwrap_or_default()
    }

    #[test]
    fn takes_out_what_stands_alone() {
        assert_eq!(
            left(b"a bad.test b", b"bad.test", b"bad test"),
            b"a bad test b"
        );
        assert_eq!(
            left(b"bad.test:443", b"bad.test", b"bad test"),
            b"bad test:443"
        );
        assert_eq!(
            left(b"bad.test:443x", b"bad.test", b"bad test"),
            b"bad.test:443x"
        );
        assert_eq!(left(b"x.bad.test", b"bad.test", b"bad test"), b"x.bad.test");
        assert_eq!(
            left(b"bad.test%2e", b"bad.test", b"bad test"),
            b"bad.test%2e"
        );
        assert_eq!(
            left(b"bad.testbad.test", b"bad.test", b"bad test"),
            b"bad.testbad.test"
        );
    }

    #[test]
    fn wants_a_set_for_each_line() {
        assert_eq!(without(b"a\nb\n", &[0; 4], &[vec![]]), None);
        assert_eq!(without(b"a\n", &[0; 8], &[vec![]]), None);
        assert_eq!(without(b"a\n", &[1, 0, 0, 0], &[vec![]]), None);
        assert_eq!(without(b"", b"", &[]), Some(Vec::new()));
    }
}

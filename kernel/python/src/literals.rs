//! Which of many short texts the head of a file holds.

use memchr::memmem;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

/// Return for each of `literals` whether `text` holds it.
#[pyfunction]
pub fn literals_held(text: &[u8], literals: Vec<PyBackedBytes>) -> Vec<bool> {
    let pairs = Pairs::of(text);
    let may = literals
        .iter()
        .map(|literal| (literal, pairs.may_hold(literal)));
    may.map(|(literal, may)| may && memmem::find(text, literal).is_some())
        .collect()
}

/// The pairs of neighbouring bytes of a text: most literals have one that it has not.
struct Pairs(Vec<u64>);

impl Pairs {
    fn of(text: &[u8]) -> Self {
        let mut met = vec![0; 1 << 10];
        for pair in text.windows(2) {
            let place = Self::place(pair);
            met[place >> 6] |= 1 << (place & 63);
        }
        Self(met)
    }

    fn place(pair: &[u8]) -> usize {
        usize::from(pair[0]) << 8 | usize::from(pair[1])
    }

    fn may_hold(&self, literal: &[u8]) -> bool {
        literal.windows(2).all(|pair| {
            let place = Self::place(pair);
            self.0[place >> 6] >> (place & 63) & 1 == 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Pairs;

    #[test]
    fn what_a_text_holds_it_may_hold() {
        let pairs = Pairs::of(b"FW-DROP IN=br0");
        for literal in [&b"FW-DROP IN=br0"[..], b"IN=", b"F", b""] {
            assert!(pairs.may_hold(literal));
        }
        assert!(!pairs.may_hold(b"OUT="));
        assert!(!Pairs::of(b"").may_hold(b"ab"));
    }
}

//! Lines that are alike but for values which a parser hands on as they are.
//!
//! Such values are cut out, and lines whose rest is the same are of one kind: what a parser makes
//! of one of them it makes of all. What may be cut, and why that is sure, is said in
//! `formats/shared/alike_lines.py`; a value of any other form stays in the rest.

use std::collections::HashMap;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

#[cfg(test)]
mod tests;
mod values;

use values::{
    Number, address_kind, is_clock, is_mark, is_name, is_path, iso_time, list_of_numbers,
};

/// Begins the sign that stands in a rest for a value: then come its class and its slot.
const CUT: u8 = 1;
const NO_SLOT: u8 = b'-';
const FIRST_SLOT: u8 = b'0';
const MOST_SLOTS: usize = 12;
const LONGEST_KEY: usize = 24;
const LONGEST_VALUE: usize = 512;
const NO_KIND: u32 = u32::MAX;

type Texts<'py> = (Bound<'py, PyBytes>, Bound<'py, PyBytes>);
type Alike<'py> = (
    Bound<'py, PyBytes>,
    Vec<(usize, Bound<'py, PyBytes>)>,
    Vec<Bound<'py, PyBytes>>,
    Vec<Texts<'py>>,
);

/// Return the kinds of the lines of `block`, which all end with a newline, and what was cut out.
///
/// `keys` are names with the class of their values. Returned are for each line the number of its
/// kind, four bytes, the least first, all ones for none; for each kind its first line and its
/// rest; for each slot of numbers eight bytes a line; for each slot of texts the four bytes where
/// each begins, and all of them one after the other.
#[pyfunction]
pub fn alike_lines<'py>(py: Python<'py>, block: &[u8], keys: Vec<(Vec<u8>, u8)>) -> Alike<'py> {
    let found = py.detach(|| Kinds::of(block, &Classes::new(keys)));
    let kinds = packed(py, &found.kinds, |kind| kind.to_le_bytes());
    let rests = found.rests.iter();
    let rests = rests.map(|(line, rest)| (*line, PyBytes::new(py, rest)));
    let numbers = found.numbers.iter();
    let numbers = numbers.map(|slot| packed(py, slot, |number| number.to_le_bytes()));
    let texts = found.texts.iter();
    let texts = texts.map(|slot| {
        let begins = packed(py, &slot.ends, |end| end.to_le_bytes());
        (begins, PyBytes::new(py, &slot.bytes))
    });
    (kinds, rests.collect(), numbers.collect(), texts.collect())
}

fn packed<'py, T: Copy, const N: usize>(
    py: Python<'py>,
    numbers: &[T],
    bytes: impl Fn(T) -> [u8; N],
) -> Bound<'py, PyBytes> {
    let all: Vec<u8> = numbers.iter().flat_map(|number| bytes(*number)).collect();
    PyBytes::new(py, &all)
}

/// The classes of keys, by the length of the key.
struct Classes(Vec<Vec<(Vec<u8>, u8)>>);

impl Classes {
    fn new(keys: Vec<(Vec<u8>, u8)>) -> Self {
        let mut by_length = vec![Vec::new(); LONGEST_KEY + 1];
        for (key, class) in keys {
            if let Some(same) = by_length.get_mut(key.len()) {
                same.push((key, class));
            }
        }
        Self(by_length)
    }

    fn of(&self, key: &[u8]) -> u8 {
        let same = self.0.get(key.len()).map_or(&[][..], Vec::as_slice);
        same.iter()
            .find(|(known, _)| known == key)
            .map_or(0, |(_, class)| *class)
    }
}

/// The texts of one slot, one for each line so far; the first end is 0.
#[derive(Default)]
struct Column {
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

/// The kinds of lines and their values, as they are returned.
#[derive(Default)]
struct Kinds {
    kinds: Vec<u32>,
    rests: Vec<(usize, Vec<u8>)>,
    numbers: Vec<Vec<i64>>,
    texts: Vec<Column>,
}

impl Kinds {
    fn of(block: &[u8], classes: &Classes) -> Self {
        let mut found = Self::default();
        let mut known: HashMap<Vec<u8>, u32> = HashMap::new();
        let mut line = Line::default();
        for (number, text) in block.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let text = text.strip_suffix(b"\n").unwrap_or(text);
            let kind = if line.cut(text, classes) {
                let next = u32::try_from(found.rests.len()).unwrap_or(NO_KIND);
                match known.get(line.rest.as_slice()) {
                    Some(kind) => *kind,
                    None => {
                        known.insert(line.rest.clone(), next);
                        found.rests.push((number, line.rest.clone()));
                        next
                    }
                }
            } else {
                NO_KIND
            };
            found.kinds.push(kind);
            found.keep(&line, number);
        }
        found
    }

    /// Add the values of the line `number`; slots that it does not have are empty.
    fn keep(&mut self, line: &Line, number: usize) {
        while self.numbers.len() < line.numbers.len() {
            self.numbers.push(vec![0; number]);
        }
        while self.texts.len() < line.texts.len() {
            let ends = vec![0; number + 1];
            self.texts.push(Column {
                ends,
                bytes: Vec::new(),
            });
        }
        for (place, slot) in self.numbers.iter_mut().enumerate() {
            slot.push(line.numbers.get(place).map_or(0, |(_, value)| *value));
        }
        for (place, slot) in self.texts.iter_mut().enumerate() {
            if let Some(text) = line.texts.get(place) {
                slot.bytes.extend_from_slice(text);
            }
            // A block is far below 4 GiB.
            slot.ends
                .push(u32::try_from(slot.bytes.len()).unwrap_or(u32::MAX));
        }
    }
}

/// What is left of one line, and the values of its slots.
#[derive(Default)]
struct Line {
    rest: Vec<u8>,
    numbers: Vec<(u8, i64)>,
    texts: Vec<Vec<u8>>,
}

impl Line {
    /// Cut the values out of `text`; false where no sign can stand in it.
    fn cut(&mut self, text: &[u8], classes: &Classes) -> bool {
        self.rest.clear();
        self.numbers.clear();
        self.texts.clear();
        if text.contains(&CUT) {
            return false;
        }
        let (mut done, mut place) = (0, 0);
        // The class of the parts of a list that is open.
        let mut of_list = None;
        while place < text.len() {
            let byte = text[place];
            place += 1;
            let class = match byte {
                b':' if place > 1 && text[place - 2] == b'"' => {
                    let before = &text[..place - 2];
                    classes.of(last_word(before, |byte| byte != b'"'))
                }
                b'=' => {
                    let before = &text[..place - 1];
                    classes.of(last_word(before, |byte| {
                        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
                    }))
                }
                b',' | b'[' => match of_list {
                    Some(class) => class,
                    None => continue,
                },
                b'{' | b']' => {
                    of_list = None;
                    continue;
                }
                _ => continue,
            };
            if text.get(place) == Some(&b' ') && byte != b'=' {
                place += 1;
            }
            if text.get(place) == Some(&b'[') {
                if class == b'l' {
                    if let Some(length) = list_of_numbers(&text[place..]) {
                        self.rest.extend_from_slice(&text[done..place]);
                        self.rest.extend_from_slice(&[CUT, b'l', NO_SLOT]);
                        place += length;
                        done = place;
                    }
                } else {
                    of_list = Some(class);
                }
                continue;
            }
            let quoted = text.get(place) == Some(&b'"');
            let begin = place + usize::from(quoted);
            let Some(length) = value_length(&text[begin..], quoted) else {
                continue;
            };
            if let Some(cut) = self.sign_of(&text[begin..begin + length], class) {
                self.rest.extend_from_slice(&text[done..begin]);
                self.rest.extend_from_slice(&[CUT, cut.class, cut.slot]);
                done = begin + cut.length;
                place = begin + length;
            } else if !quoted {
                place = begin;
            }
        }
        self.rest.extend_from_slice(&text[done..]);
        true
    }

    /// Return how the value is cut, None where it stays.
    fn sign_of(&mut self, value: &[u8], class: u8) -> Option<Cut> {
        let length = value.len();
        if let Some(kind) = address_kind(value) {
            return self.text(value, kind);
        }
        if let Some((us, length)) = iso_time(value) {
            let slot = self.number(b't', us, true)?;
            return Some(Cut {
                class: b't',
                slot,
                length,
            });
        }
        let by = |class, slot| {
            Some(Cut {
                class,
                slot,
                length,
            })
        };
        match class {
            b'n' if is_name(value) => self.text(value, b'n'),
            b'u' if is_path(value) => self.text(value, b'u'),
            b'w' if is_mark(value) => by(b'w', NO_SLOT),
            b'd' if is_clock(value) => by(b'd', NO_SLOT),
            b'x' | b'z' | b'p' | b'c' | b's' | b'e' => {
                let number = Number::of(value)?;
                let (class, kept) = number.class(class)?;
                let slot = match kept {
                    Some(kept) => self.number(class, kept, class == b'p')?,
                    None => NO_SLOT,
                };
                by(class, slot)
            }
            _ => None,
        }
    }

    /// Return the slot of a number; one that was cut before has the same slot where `is_same`.
    fn number(&mut self, class: u8, value: i64, is_same: bool) -> Option<u8> {
        let mut before = self.numbers.iter();
        let before = before.position(|one| is_same && *one == (class, value));
        let place = before.unwrap_or(self.numbers.len());
        let slot = slot_at(place)?;
        if place == self.numbers.len() {
            self.numbers.push((class, value));
        }
        Some(slot)
    }

    fn text(&mut self, value: &[u8], class: u8) -> Option<Cut> {
        let before = self.texts.iter().position(|one| one == value);
        let place = before.unwrap_or(self.texts.len());
        let slot = slot_at(place)?;
        if place == self.texts.len() {
            self.texts.push(value.to_vec());
        }
        Some(Cut {
            class,
            slot,
            length: value.len(),
        })
    }
}

struct Cut {
    class: u8,
    slot: u8,
    length: usize,
}

fn slot_at(place: usize) -> Option<u8> {
    (place < MOST_SLOTS).then(|| FIRST_SLOT + u8::try_from(place).unwrap_or(0))
}

/// Return the bytes at the end of `text` that are all `meant`, as far as a key may go.
fn last_word(text: &[u8], meant: impl Fn(u8) -> bool) -> &[u8] {
    let reach = &text[text.len().saturating_sub(LONGEST_KEY + 1)..];
    let begin = reach.iter().rposition(|byte| !meant(*byte));
    &reach[begin.map_or(0, |place| place + 1)..]
}

/// Return how long a value is; None where its end cannot be seen.
fn value_length(text: &[u8], quoted: bool) -> Option<usize> {
    let reach = &text[..text.len().min(LONGEST_VALUE)];
    if quoted {
        let end = reach.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        return (text[end] == b'"').then_some(end);
    }
    let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r');
    match reach.iter().position(ends) {
        Some(end) => Some(end),
        None => (reach.len() == text.len()).then_some(text.len()),
    }
}

//! Lines that are alike but for values which a parser hands on as they are.
//!
//! Such values are cut out, and lines whose rest is the same are of one kind: what a parser makes
//! of one of them it makes of all. What may be cut, and why that is sure, is said in
//! `formats/shared/alike_lines.py`; a value of any other form stays in the rest.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Begins the sign that stands in a rest for a value: then come its class and its slot.
const CUT: u8 = 1;
const NO_SLOT: u8 = b'-';
const FIRST_SLOT: u8 = b'0';
const MOST_SLOTS: usize = 12;
const LONGEST_KEY: usize = 24;
const LONGEST_VALUE: usize = 512;
const NO_KIND: u32 = u32::MAX;
const EARLIEST_US: i64 = 631_152_000_000_000;
const LATEST_US: i64 = 4_102_444_800_000_000;

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

/// Return whether an IPv4 address is one of the inside or another, None for what is no host's.
fn address_kind(value: &[u8]) -> Option<u8> {
    if !(7..=15).contains(&value.len()) || !value[0].is_ascii_digit() {
        return None;
    }
    let [one, two, ..] = std::str::from_utf8(value)
        .ok()?
        .parse::<Ipv4Addr>()
        .ok()?
        .octets();
    match (one, two) {
        (0 | 127 | 224.., _) | (169, 254) => None,
        (10, _) | (172, 16..=31) | (192, 168) | (100, 64..=127) => Some(b'i'),
        _ => Some(b'a'),
    }
}

fn is_name(value: &[u8]) -> bool {
    let ends = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase());
    let inside = |byte: &u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'.')
    };
    value.len() <= 253
        && value.contains(&b'.')
        && value.iter().all(inside)
        && value
            .first()
            .is_some_and(|byte| *byte != b'-' && *byte != b'.')
        && ends(value.last())
}

fn is_path(value: &[u8]) -> bool {
    value.first() == Some(&b'/')
        && value.get(1) != Some(&b'/')
        && value.iter().all(u8::is_ascii_graphic)
}

fn is_mark(value: &[u8]) -> bool {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || b":+/=_-.".contains(byte);
    (2..=80).contains(&value.len()) && value.iter().all(inside)
}

fn is_clock(value: &[u8]) -> bool {
    let [a, b, b':', c, d, b':', e, f] = value else {
        return false;
    };
    two(&[*a, *b]) < Some(24)
        && two(&[*c, *d]) < Some(60)
        && two(&[*e, *f]) < Some(60)
        && [a, b, c, d, e, f].iter().all(|byte| byte.is_ascii_digit())
}

/// A number as JSON writes it, without a sign or an exponent.
struct Number<'a> {
    whole: &'a [u8],
    part: &'a [u8],
}

impl<'a> Number<'a> {
    fn of(value: &'a [u8]) -> Option<Self> {
        let digits = value
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let whole = &value[..digits];
        let part = match value[digits..] {
            [] => &[][..],
            [b'.', ref part @ ..] if !part.is_empty() => part,
            _ => return None,
        };
        let is_plain = !whole.is_empty() && (whole[0] != b'0' || whole.len() == 1);
        let is_part = part.len() <= 18 && part.iter().all(u8::is_ascii_digit);
        (is_plain && is_part && whole.len() <= 19).then_some(Self { whole, part })
    }

    fn value(digits: &[u8]) -> Option<i64> {
        std::str::from_utf8(digits).ok()?.parse().ok()
    }

    /// Return the number in millionths, which is what it writes.
    fn millionths(&self) -> Option<i64> {
        let mut part = [b'0'; 6];
        part.get_mut(..self.part.len())?.copy_from_slice(self.part);
        Self::value(self.whole)?
            .checked_mul(1_000_000)?
            .checked_add(Self::value(&part)?)
    }

    /// Return as what it is cut for a key of `class`, and the value that is kept.
    fn class(&self, class: u8) -> Option<(u8, Option<i64>)> {
        let (is_whole, digits) = (self.part.is_empty(), self.whole.len());
        let is_more = is_whole && self.whole[0] != b'0';
        match class {
            b'x' if is_whole && digits <= 18 => Some((b'x', None)),
            b'x' if !is_whole && digits <= 15 => Some((b'y', None)),
            b'z' if is_more && digits <= 18 => Some((b'z', None)),
            b'c' if is_more && digits <= 15 => Some((b'c', Some(Self::value(self.whole)?))),
            b'p' if is_whole && digits <= 5 => {
                let port = Self::value(self.whole)?;
                (1024..=65_535)
                    .contains(&port)
                    .then_some((b'p', Some(port)))
            }
            b's' if digits <= 8 && (is_more || !is_whole) => {
                let length = self.millionths()?.checked_mul(1000)?;
                Some((if is_whole { b's' } else { b'r' }, Some(length)))
            }
            b'e' => {
                let (class, us) = match (digits, is_whole) {
                    (10, false) => (b'f', self.millionths()?),
                    (10, true) => (b'e', self.millionths()?),
                    (13, true) => (b'g', Self::value(self.whole)?.checked_mul(1000)?),
                    (16, true) => (b'h', Self::value(self.whole)?),
                    (19, true) => (b'k', Self::value(&self.whole[..16])?),
                    _ => return None,
                };
                (EARLIEST_US..LATEST_US)
                    .contains(&us)
                    .then_some((class, Some(us)))
            }
            _ => None,
        }
    }
}

/// Return how long a list of numbers is, with its brackets.
fn list_of_numbers(text: &[u8]) -> Option<usize> {
    let end = text[..text.len().min(LONGEST_VALUE)]
        .iter()
        .position(|byte| *byte == b']')?;
    let mut parts = text[1..end].split(|byte| *byte == b',');
    parts
        .all(|part| Number::of(part).is_some())
        .then_some(end + 1)
}

/// Return the time in us that 2026-09-01T08:15:22.123456+0700 writes, and where its zone begins.
fn iso_time(value: &[u8]) -> Option<(i64, usize)> {
    if !(21..=32).contains(&value.len()) || value[4] != b'-' || value[10] != b'T' {
        return None;
    }
    if value[7] != b'-' || value[13] != b':' || value[16] != b':' || value[19] != b'.' {
        return None;
    }
    let year = two(&value[..2])? * 100 + two(&value[2..4])?;
    let (month, day) = (two(&value[5..7])?, two(&value[8..10])?);
    let (hour, minute, second) = (
        two(&value[11..13])?,
        two(&value[14..16])?,
        two(&value[17..19])?,
    );
    let digits = value[20..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let length = 20 + digits;
    if !(1..=6).contains(&digits) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut part = [b'0'; 6];
    part[..digits].copy_from_slice(&value[20..length]);
    let seconds = days_since_1970(year, month, day)? * 86_400 + hour * 3600 + minute * 60 + second;
    let us = (seconds - offset_of(&value[length..])?) * 1_000_000 + Number::value(&part)?;
    (EARLIEST_US..LATEST_US)
        .contains(&us)
        .then_some((us, length))
}

/// Return the seconds east of Greenwich that Z, +0700 or +07:00 write.
fn offset_of(zone: &[u8]) -> Option<i64> {
    let (sign, hours, minutes) = match zone {
        b"Z" => return Some(0),
        [sign, a, b, b':', c, d] | [sign, a, b, c, d] => (sign, two(&[*a, *b])?, two(&[*c, *d])?),
        _ => return None,
    };
    let length = hours * 3600 + minutes * 60;
    match sign {
        _ if hours > 13 || minutes > 59 => None,
        b'+' => Some(length),
        b'-' => Some(-length),
        _ => None,
    }
}

fn two(digits: &[u8]) -> Option<i64> {
    let [tens, ones] = digits else { return None };
    let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
    is_number.then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

/// Return the days from 1970-01-01 to a day of 1990 to 2100; None where there is no such day.
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && year != 2100;
    let of_february = if is_leap { 29 } else { 28 };
    let lengths = [31, of_february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months = usize::try_from(month - 1).ok()?;
    let length = *lengths.get(months)?;
    if !(1..=length).contains(&day) || !(1990..=2100).contains(&year) {
        return None;
    }
    // 2100 is the last of them, so that every fourth year before it is a leap year.
    let years = (year - 1970) * 365 + (year - 1969) / 4;
    Some(years + lengths[..months].iter().sum::<i64>() + day - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(block: &[u8], keys: &[(&[u8], u8)]) -> Kinds {
        let keys = keys.iter().map(|(key, class)| (key.to_vec(), *class));
        Kinds::of(block, &Classes::new(keys.collect()))
    }

    fn rest(line: &[u8], keys: &[(&[u8], u8)]) -> Vec<u8> {
        let mut found = kinds(&[line, b"\n"].concat(), keys);
        found.rests.pop().map(|(_, rest)| rest).unwrap_or_default()
    }

    #[test]
    fn lines_that_differ_in_values_are_of_one_kind() {
        let block = b"{\"a\":\"10.0.0.1\",\"p\":5353}\n{\"a\":\"10.9.8.7\",\"p\":1024}\nx\n\x01\n";
        let found = kinds(block, &[(b"p", b'p')]);
        assert_eq!(found.kinds, [0, 0, 1, NO_KIND]);
        assert_eq!(found.rests[0].1, b"{\"a\":\"\x01i0\",\"p\":\x01p0}");
        assert_eq!(found.numbers, [[5353, 1024, 0, 0]]);
        assert_eq!(found.texts[0].ends, [0, 8, 16, 16, 16]);
        assert_eq!(found.texts[0].bytes, b"10.0.0.110.9.8.7");
    }

    #[test]
    fn what_is_equal_has_one_slot() {
        let line = b"src=192.0.2.1 dst=\"192.0.2.1\" other=192.0.2.2,sp=4000 dp=4000 n=7 m=7";
        let keys: &[(&[u8], u8)] = &[(b"sp", b'p'), (b"dp", b'p'), (b"n", b'c'), (b"m", b'c')];
        let wanted =
            b"src=\x01a0 dst=\"\x01a0\" other=\x01a1,sp=\x01p0 dp=\x01p0 n=\x01c1 m=\x01c2";
        assert_eq!(rest(line, keys), wanted);
    }

    #[test]
    fn what_is_of_another_form_stays() {
        let keys: &[(&[u8], u8)] = &[
            (b"p", b'p'),
            (b"x", b'x'),
            (b"c", b'c'),
            (b"e", b'e'),
            (b"n", b'n'),
            (b"l", b'l'),
            (b"s", b's'),
            (b"d", b'd'),
            (b"z", b'z'),
            (b"u", b'u'),
            (b"w", b'w'),
        ];
        for line in [
            &b"a=0.0.0.0"[..],
            b"a=127.0.0.1",
            b"a=224.0.0.1",
            b"a=1.2.3",
            b"a=01.2.3.4",
            b"a=1.2.3.4x",
            b"a=\"1.2.3.4",
            b"a=\"1.2.3.4\\\"\"",
            b"p=53",
            b"p=65536",
            b"p=05353",
            b"x=-1",
            b"x=1.",
            b"x=01",
            b"x=1e5",
            b"c=0",
            b"c=1234567890123456",
            b"e=123",
            b"e=0000000001",
            b"e=9999999999",
            b"n=Bad.Example",
            b"n=example",
            b"n=.example",
            b"n=exam.1",
            b"u=//a",
            b"u=a/b",
            b"u=\"/a b\"",
            b"s=0",
            b"d=24:00:00",
            b"d=1:00:00",
            b"z=0",
            b"w=x",
            b"\"l\":[1,,2]",
            b"\"l\":[01]",
            b"\"l\":[1",
            b"t=2026-13-01T00:00:00.1Z",
            b"t=2026-02-29T00:00:00.1Z",
            b"t=2026-02-28T24:00:00.1Z",
            b"t=2026-02-28T00:00:00.1",
            b"t=2026-02-28T00:00:00.1+1500",
            b"t=2026-02-28T00:00:00Z",
        ] {
            assert_eq!(rest(line, keys), line, "{}", String::from_utf8_lossy(line));
        }
    }

    #[test]
    fn each_class_is_cut_and_kept() {
        let keys: &[(&[u8], u8)] = &[
            (b"n", b'n'),
            (b"x", b'x'),
            (b"l", b'l'),
            (b"s", b's'),
            (b"e", b'e'),
            (b"w", b'w'),
            (b"d", b'd'),
        ];
        let line = b"\"n\":[\"a.example\", \"10.0.0.1\"],\"x\":4.5,\"l\":[1.5,2],\"s\":0.25,\"e\":1662700000.5";
        let wanted =
            b"\"n\":[\"\x01n0\", \"\x01i1\"],\"x\":\x01y-,\"l\":\x01l-,\"s\":\x01r0,\"e\":\x01f1";
        assert_eq!(rest(line, keys), wanted);
        assert_eq!(
            kinds(line, keys).numbers,
            [[250_000_000], [1_662_700_000_500_000]]
        );
        assert_eq!(
            rest(b"d=01:02:03 w=Cab1 x=7", keys),
            b"d=\x01d- w=\x01w- x=\x01x-"
        );
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        let us = |text: &[u8]| iso_time(text).map(|(us, _)| us);
        assert_eq!(us(b"1990-01-01T00:00:00.0Z"), Some(EARLIEST_US));
        assert_eq!(us(b"2099-12-31T23:59:59.999999Z"), Some(LATEST_US - 1));
        assert_eq!(
            us(b"2024-02-29T12:00:00.5+07:00"),
            Some(1_709_182_800_500_000)
        );
        assert_eq!(
            us(b"2022-09-09T12:06:40.711593+0700"),
            Some(1_662_700_000_711_593)
        );
    }

    #[test]
    fn slots_run_out_and_damage_is_nothing() {
        let several: Vec<u8> = (1..=20)
            .flat_map(|one| format!("a=10.0.0.{one} ").into_bytes())
            .collect();
        let found = kinds(&[&several[..], b"\n"].concat(), &[]);
        assert_eq!((found.texts.len(), found.numbers.len()), (MOST_SLOTS, 0));
        for damage in [
            &b""[..],
            b"\n",
            b"=",
            b"\":",
            b"\":[",
            b"=[",
            b"a=\"",
            b"\":\"",
            b"[,[,",
            b"\xff=\xff",
        ] {
            assert_eq!(
                rest(damage, &[]),
                damage.strip_suffix(b"\n").unwrap_or(damage)
            );
        }
    }
}

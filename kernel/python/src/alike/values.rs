//! The forms of values that may be cut out of a line: addresses, names, numbers, times.

use std::net::Ipv4Addr;

use super::LONGEST_VALUE;

pub(super) const EARLIEST_US: i64 = 631_152_000_000_000;
pub(super) const LATEST_US: i64 = 4_102_444_800_000_000;

/// Return whether an IPv4 address is one of the inside or another, None for what is no host's.
pub(super) fn address_kind(value: &[u8]) -> Option<u8> {
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

pub(super) fn is_name(value: &[u8]) -> bool {
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

pub(super) fn is_path(value: &[u8]) -> bool {
    value.first() == Some(&b'/')
        && value.get(1) != Some(&b'/')
        && value.iter().all(u8::is_ascii_graphic)
}

pub(super) fn is_mark(value: &[u8]) -> bool {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || b":+/=_-.".contains(byte);
    (2..=80).contains(&value.len()) && value.iter().all(inside)
}

pub(super) fn is_clock(value: &[u8]) -> bool {
    let [a, b, b':', c, d, b':', e, f] = value else {
        return false;
    };
    two(&[*a, *b]) < Some(24)
        && two(&[*c, *d]) < Some(60)
        && two(&[*e, *f]) < Some(60)
        && [a, b, c, d, e, f].iter().all(|byte| byte.is_ascii_digit())
}

/// A number as JSON writes it, without a sign or an exponent.
pub(super) struct Number<'a> {
    whole: &'a [u8],
    part: &'a [u8],
}

impl<'a> Number<'a> {
    pub(super) fn of(value: &'a [u8]) -> Option<Self> {
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
    pub(super) fn class(&self, class: u8) -> Option<(u8, Option<i64>)> {
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
pub(super) fn list_of_numbers(text: &[u8]) -> Option<usize> {
    let end = text[..text.len().min(LONGEST_VALUE)]
        .iter()
        .position(|byte| *byte == b']')?;
    let mut parts = text[1..end].split(|byte| *byte == b',');
    parts
        .all(|part| Number::of(part).is_some())
        .then_some(end + 1)
}

/// Return the time in us that 2026-09-01T08:15:22.123456+0700 writes, and where its zone begins.
pub(super) fn iso_time(value: &[u8]) -> Option<(i64, usize)> {
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

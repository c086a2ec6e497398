//! The tally per hour: how many lines, where, and who was alive.

use std::collections::HashMap;

use memchr::memmem::Finder;

const HEAD: usize = 512;
const CLIENT_WITHIN: usize = 2048;

/// Where a line carries its hour.
#[derive(Debug)]
pub struct Clock {
    finder: Finder<'static>,
    kind: Kind,
    client: Option<Finder<'static>>,
}

#[derive(Debug)]
enum Kind {
    Epoch,
    Copied(usize),
}

impl Clock {
    /// Seconds since 1970, or a finer count, behind `needle`.
    #[must_use]
    pub fn epoch(needle: &[u8]) -> Self {
        Self::new(needle, Kind::Epoch)
    }

    /// `length` bytes behind `needle` that name the hour.
    #[must_use]
    pub fn copied(needle: &[u8], length: usize) -> Self {
        Self::new(needle, Kind::Copied(length))
    }

    fn new(needle: &[u8], kind: Kind) -> Self {
        Self {
            finder: Finder::new(needle).into_owned(),
            kind,
            client: None,
        }
    }

    /// The client's address is the first behind `needle`; an empty one means the first of the line.
    #[must_use]
    pub fn with_client(mut self, needle: &[u8]) -> Self {
        self.client = (!needle.is_empty()).then(|| Finder::new(needle).into_owned());
        self
    }

    /// Return from where on in `block` an address may be the client's, of the line that starts at
    /// `start` and has been read up to `end`.
    #[inline(always)]
    pub fn client_from(&self, block: &[u8], start: usize, end: usize) -> Option<usize> {
        let Some(finder) = &self.client else {
            return Some(start);
        };
        let end = end.min(start + CLIENT_WITHIN).min(block.len());
        let found = finder.find(&block[start..end])?;
        Some(start + found + finder.needle().len())
    }

    /// Return the key of the hour that `line` carries, as its tally has it.
    #[must_use]
    pub fn key(&self, line: &[u8]) -> Vec<u8> {
        self.hour(line).key()
    }

    #[inline(always)]
    fn hour<'a>(&self, line: &'a [u8]) -> Hour<'a> {
        let Some(start) = self.start(line) else {
            return Hour::Unread;
        };
        let rest = &line[start..];
        match self.kind {
            Kind::Epoch => epoch_hour(rest),
            Kind::Copied(0) => Hour::Unread,
            Kind::Copied(length) => rest.get(..length).map_or(Hour::Unread, Hour::Copied),
        }
    }

    /// Return the place behind the needle.
    #[inline(always)]
    fn start(&self, line: &[u8]) -> Option<usize> {
        let needle = self.finder.needle();
        let Some(&first) = needle.first() else {
            return Some(0);
        };
        let head = &line[..line.len().min(HEAD)];
        // Most needles stand at the start, or behind one brace.
        for place in 0..2 {
            if head.get(place) == Some(&first) && head[place..].starts_with(needle) {
                return Some(place + needle.len());
            }
        }
        self.finder.find(head).map(|place| place + needle.len())
    }
}

/// The hour of one line.
#[derive(Clone, Copy)]
enum Hour<'a> {
    Unread,
    Epoch(u64),
    Copied(&'a [u8]),
}

impl Hour<'_> {
    #[inline(always)]
    fn is(self, other: Hour<'_>) -> bool {
        match (self, other) {
            (Self::Unread, Hour::Unread) => true,
            (Self::Epoch(one), Hour::Epoch(two)) => one == two,
            (Self::Copied(one), Hour::Copied(two)) => is_same(one, two),
            _ => false,
        }
    }

    fn key(self) -> Vec<u8> {
        match self {
            Self::Unread => Vec::new(),
            Self::Epoch(hour) => hour.to_string().into_bytes(),
            Self::Copied(key) => key.to_vec(),
        }
    }
}

/// Compare keys of equal length; most have 8 to 16 bytes, and two halves may overlap.
#[inline(always)]
fn is_same(one: &[u8], two: &[u8]) -> bool {
    let (Some(a), Some(b)) = (one.first_chunk::<8>(), two.first_chunk::<8>()) else {
        return one == two;
    };
    if one.len() > 16 {
        return one == two;
    }
    a == b && one.last_chunk::<8>() == two.last_chunk::<8>()
}

/// Return the hundreds of seconds that `rest` starts with; 36 of them are an hour.
///
/// None unless ten or nineteen digits stand at the start of `rest`, the two usual counts.
#[inline(always)]
fn hundreds(rest: &[u8]) -> Option<u64> {
    let (first, rest) = rest.split_first_chunk::<8>()?;
    let (second, rest) = rest.split_first_chunk::<8>()?;
    let first = u64::from_le_bytes(*first);
    if !second[0].is_ascii_digit() || !second[1].is_ascii_digit() || !are_digits(first) {
        return None;
    }
    if second[2].is_ascii_digit() {
        let third = rest.first_chunk::<4>()?;
        let are_nineteen = are_digits(u64::from_le_bytes(*second))
            && third[..3].iter().all(u8::is_ascii_digit)
            && !third[3].is_ascii_digit();
        if !are_nineteen {
            return None;
        }
    }
    Some(eight_digits(first))
}

/// Whether all eight bytes are digits.
#[inline(always)]
fn are_digits(bytes: u64) -> bool {
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const THREES: u64 = 0x3030_3030_3030_3030;
    bytes & HIGH == THREES && bytes.wrapping_add(0x0606_0606_0606_0606) & HIGH == THREES
}

/// Return the number that eight digits write: pairs, then fours, then all at once.
#[inline(always)]
fn eight_digits(bytes: u64) -> u64 {
    let digits = bytes & 0x0f0f_0f0f_0f0f_0f0f;
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    (fours * 10_000 + (fours >> 32)) & 0xffff_ffff
}

#[inline(always)]
fn epoch_hour(rest: &[u8]) -> Hour<'static> {
    if let Some(hundreds) = hundreds(rest) {
        return Hour::Epoch(hundreds / 36);
    }
    any_epoch_hour(rest)
}

#[inline(never)]
fn any_epoch_hour(rest: &[u8]) -> Hour<'static> {
    let mut count: u64 = 0;
    let mut digits = 0;
    // Twenty are enough to see that there are too many; nineteen nines fit.
    for &byte in rest.iter().take(20) {
        if !byte.is_ascii_digit() {
            break;
        }
        count = count.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
        digits += 1;
    }
    let seconds = match digits {
        1..=12 => count,
        13 => count / 1_000,
        16 => count / 1_000_000,
        19 => count / 1_000_000_000,
        _ => return Hour::Unread,
    };
    Hour::Epoch(seconds / 3600)
}

/// The lines of one hour; see `SplitHour` in contract.py.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The hour as text.
    pub key: Vec<u8>,
    /// Count of lines.
    pub lines: usize,
    /// Offset of the first line.
    pub first: usize,
    /// Offset of the last line.
    pub last: usize,
    /// The inside addresses that stood first in a line, sorted.
    pub alive: Vec<u32>,
}

/// Repeats are dropped whenever this many have come together.
const CROWD: usize = 1 << 16;
const RECENT: usize = 1 << 10;

/// The tallies of one block while it is walked.
pub struct Tallies<'a> {
    clock: Option<&'a Clock>,
    by_key: HashMap<Vec<u8>, usize>,
    tallies: Vec<Tally>,
    crowds: Vec<usize>,
    current: Option<(Hour<'a>, usize)>,
    recent: Box<[(u32, u32); RECENT]>,
}

impl<'a> Tallies<'a> {
    pub fn new(clock: Option<&'a Clock>) -> Self {
        Self {
            clock,
            by_key: HashMap::new(),
            tallies: Vec::new(),
            crowds: Vec::new(),
            current: None,
            recent: Box::new([(0, u32::MAX); RECENT]),
        }
    }

    /// Count the line `block[start..end]`, in which `alive` spoke.
    #[inline(always)]
    pub fn add(&mut self, block: &'a [u8], start: usize, end: usize, alive: Option<u32>) {
        let hour = match self.clock {
            None => Hour::Unread,
            Some(clock) => clock.hour(&block[start..end]),
        };
        let place = match self.current {
            Some((last, place)) if last.is(hour) => place,
            _ => self.turn_to(hour, start),
        };
        let tally = &mut self.tallies[place];
        tally.lines += 1;
        tally.last = start;
        if let Some(address) = alive {
            let seen = (address, place as u32);
            let slot = &mut self.recent[recent_slot(seen)];
            if *slot != seen {
                *slot = seen;
                self.add_alive(place, address);
            }
        }
    }

    #[inline(never)]
    fn turn_to(&mut self, hour: Hour<'a>, start: usize) -> usize {
        let key = hour.key();
        let place = match self.by_key.get(&key) {
            Some(&place) => place,
            None => {
                self.tallies.push(Tally {
                    key: key.clone(),
                    lines: 0,
                    first: start,
                    last: start,
                    alive: Vec::new(),
                });
                self.crowds.push(CROWD);
                self.by_key.insert(key, self.tallies.len() - 1);
                self.tallies.len() - 1
            }
        };
        self.current = Some((hour, place));
        place
    }

    #[inline(never)]
    fn add_alive(&mut self, place: usize, address: u32) {
        let alive = &mut self.tallies[place].alive;
        alive.push(address);
        if alive.len() >= self.crowds[place] {
            sort(alive);
            self.crowds[place] = alive.len() * 2 + CROWD;
        }
    }

    /// Return the tallies, sorted by key.
    pub fn finish(mut self) -> Vec<Tally> {
        for tally in &mut self.tallies {
            sort(&mut tally.alive);
        }
        self.tallies
            .sort_unstable_by(|one, other| one.key.cmp(&other.key));
        self.tallies
    }
}

fn recent_slot(seen: (u32, u32)) -> usize {
    let mixed = (seen.0 ^ seen.1.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0x9e37_79b9);
    (mixed >> 22) as usize
}

fn sort(alive: &mut Vec<u32>) {
    if alive.len() < MANY {
        alive.sort_unstable();
    } else {
        sort_many(alive);
    }
    alive.dedup();
}

/// From so many addresses on, sorting by digits is faster than by comparing.
const MANY: usize = 1 << 10;

/// Sort by eleven bits at a time, the lowest first; bits in which all agree are passed by.
fn sort_many(alive: &mut Vec<u32>) {
    let mut other = vec![0; alive.len()];
    for shift in [0, 11, 22] {
        let digit = |address: u32| (address >> shift) as usize & 0x7ff;
        let mut counts = [0_usize; 0x800];
        for &address in alive.iter() {
            counts[digit(address)] += 1;
        }
        if counts.contains(&alive.len()) {
            continue;
        }
        let mut start = 0;
        for count in &mut counts {
            start += std::mem::replace(count, start);
        }
        for &address in alive.iter() {
            let place = &mut counts[digit(address)];
            other[*place] = address;
            *place += 1;
        }
        std::mem::swap(alive, &mut other);
    }
}

#[cfg(test)]
mod tests {
    use super::sort;

    #[test]
    fn many_addresses_are_sorted_as_few_are() {
        for (count, mask) in [
            (5, 0xff),
            (5000, 0xffff),
            (5000, u32::MAX),
            (70_000, 0x7_ffff),
        ] {
            let made = |number: u32| number.wrapping_mul(0x9e37_79b9) & mask | 0x0a00_0000;
            let mut alive: Vec<u32> = (0..count).map(made).collect();
            let mut expected = alive.clone();
            expected.sort_unstable();
            expected.dedup();
            sort(&mut alive);
            assert_eq!(alive, expected);
        }
    }
}

//! The names looked for: a small filter that rejects nearly every name by its last labels, and an
//! exact table behind it.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use crate::bytes::{is_label, is_run};

/// Labels longer than this, taken together, are not filtered but compared.
const WINDOW: u32 = 63;

/// The names, compiled.
#[derive(Debug)]
pub struct NameSet {
    /// The last three labels of each name, or two if it has no more: two alone let `com.vn` by.
    tails: Filter,
    table: Table,
    /// A name of one label is met below every dot, so that no filter helps.
    has_single_label: bool,
    /// A last label that starts with a digit is looked at only if some name has one.
    pub has_numeric_tail: bool,
    pub is_empty: bool,
}

impl NameSet {
    /// Compile `names`; one with an empty label or in upper case is never met and left out.
    pub fn new(names: &[Vec<u8>]) -> Self {
        let valid = |name: &&Vec<u8>| {
            !name.iter().any(u8::is_ascii_uppercase)
                && !name.split(|&byte| byte == b'.').any(<[u8]>::is_empty)
        };
        let count = names.iter().filter(valid).count();
        let mut set = Self {
            tails: Filter::new(count),
            table: Table::new(count),
            has_single_label: false,
            has_numeric_tail: false,
            is_empty: count == 0,
        };
        for name in names.iter().filter(valid) {
            set.add(name);
        }
        set
    }

    fn add(&mut self, name: &[u8]) {
        if !self.table.add(name) {
            return;
        }
        let mut borders = name
            .iter()
            .enumerate()
            .rev()
            .filter(|&(_, &byte)| byte == b'.')
            .map(|(place, _)| place);
        let last = borders.next();
        let (second, third) = (borders.next(), borders.next());
        self.has_single_label |= last.is_none();
        self.has_numeric_tail |= name[last.map_or(0, |dot| dot + 1)].is_ascii_digit();
        let length = |border: Option<usize>| name.len() - border.map_or(0, |dot| dot + 1);
        let tail = length(if second.is_some() { third } else { second });
        self.tails.add(hash_tail(name, name.len(), tail));
    }

    /// Whether a name of the set ends at `end`, where a dotted run's last label ends.
    ///
    /// `labels` tells which of the 64 bytes before `end` are label bytes; the last is bit 63.
    #[inline(always)]
    pub fn ends_at(&self, block: &[u8], end: usize, labels: u64) -> bool {
        let borders = !labels;
        let last = borders.leading_zeros();
        let borders = borders & (i64::MAX as u64).unbounded_shr(last);
        let second = borders.leading_zeros();
        let borders = borders & (i64::MAX as u64).unbounded_shr(second);
        let third = borders.leading_zeros();
        // Both are asked, as one branch that is seldom taken is cheaper than two.
        let is_likely = self.tails.has(hash_tail(block, end, second as usize))
            | self.tails.has(hash_tail(block, end, third as usize));
        (is_likely | (third >= WINDOW) | self.has_single_label) && self.compare(block, end)
    }

    /// Whether a name of the set ends at `end`, found by comparing each suffix.
    #[inline(never)]
    fn compare(&self, block: &[u8], end: usize) -> bool {
        let mut hash = self.table.seed;
        let mut start = end;
        let mut has_dot = false;
        loop {
            let before = start.checked_sub(1).map_or(0, |place| block[place]);
            if !is_label(before)
                && self.table.has(hash, &block[start..end])
                && (has_dot || is_dotted(block, start))
                && !is_all_numbers(block, start, end)
            {
                return true;
            }
            if !is_run(before) || end - start >= self.table.longest {
                return false;
            }
            has_dot |= before == b'.';
            hash = mix(hash, before);
            start -= 1;
        }
    }
}

/// Whether more than dots stands before `start` in its run.
fn is_dotted(block: &[u8], start: usize) -> bool {
    let before = block[..start].iter().rev().find(|&&byte| byte != b'.');
    before.is_some_and(|&byte| is_label(byte))
}

/// Whether the whole run that ends with `block[start..end]` is of digits and dots only.
fn is_all_numbers(block: &[u8], start: usize, end: usize) -> bool {
    let is_other = |byte: &&u8| !byte.is_ascii_digit() && **byte != b'.';
    if block[start..end].iter().any(|byte| is_other(&byte)) {
        return false;
    }
    let before = block[..start].iter().rev().find(is_other);
    !before.is_some_and(|&byte| is_label(byte))
}

/// The last bytes of a tail that go into its hash; the filter need not be exact.
const HASHED: usize = 16;

/// For each length of a tail, which of the last 16 bytes belong to it.
const KEPT: [[u64; 2]; HASHED + 1] = {
    let mut kept = [[0; 2]; HASHED + 1];
    let mut length = 1;
    while length <= HASHED {
        let bits = u128::MAX << (8 * (HASHED - length));
        kept[length] = [bits as u64, (bits >> 64) as u64];
        length += 1;
    }
    kept
};

const LOWER: u64 = 0x2020_2020_2020_2020;

/// Return the hash of the `length` bytes before `end`, upper case counting as lower.
#[inline(always)]
fn hash_tail(block: &[u8], end: usize, length: usize) -> u64 {
    let mut near_start = [0; HASHED];
    let last: &[u8; HASHED] = match end.checked_sub(HASHED) {
        Some(start) => block[start..end].first_chunk().unwrap_or(&near_start),
        None => {
            near_start[HASHED - end..].copy_from_slice(&block[..end]);
            &near_start
        }
    };
    let last = u128::from_le_bytes(*last);
    let kept = &KEPT[length.min(HASHED)];
    let low = (last as u64 | LOWER) & kept[0];
    let high = ((last >> 64) as u64 | LOWER) & kept[1];
    let length = (length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let wide =
        u128::from(low ^ 0xa076_1d64_78bd_642f) * u128::from(high ^ length ^ 0xe703_7ed1_a0b4_28db);
    wide as u64 ^ (wide >> 64) as u64
}

/// A set of hashes that may say yes to one it does not hold, about once in a hundred.
#[derive(Debug)]
pub struct Filter {
    words: Vec<u64>,
    mask: u64,
}

impl Filter {
    /// Return an empty filter for `count` hashes: 16 bits or more for each.
    pub fn new(count: usize) -> Self {
        let words = (count / 4).next_power_of_two().max(64);
        Self {
            words: vec![0; words],
            mask: words as u64 - 1,
        }
    }

    pub fn add(&mut self, hash: u64) {
        self.words[((hash >> 12) & self.mask) as usize] |= bits(hash);
    }

    #[inline(always)]
    pub fn has(&self, hash: u64) -> bool {
        let bits = bits(hash);
        self.words[((hash >> 12) & self.mask) as usize] & bits == bits
    }
}

#[inline(always)]
fn bits(hash: u64) -> u64 {
    1 << (hash & 63) | 1 << ((hash >> 6) & 63)
}

/// The names themselves, one after the other, and slots that lead to them by hash.
#[derive(Debug)]
struct Table {
    seed: u64,
    text: Vec<u8>,
    ends: Vec<u32>,
    /// Half of the hash, and one more than the number of the name; 0 is free.
    slots: Vec<(u32, u32)>,
    longest: usize,
}

impl Table {
    fn new(count: usize) -> Self {
        Self {
            // A list made to collide for one seed does not for the next.
            seed: RandomState::new().build_hasher().finish(),
            text: Vec::new(),
            ends: vec![0],
            slots: vec![(0, 0); (count * 2).next_power_of_two().max(2)],
            longest: 0,
        }
    }

    /// Add `name`; false if it was there.
    fn add(&mut self, name: &[u8]) -> bool {
        let hash = name
            .iter()
            .rev()
            .fold(self.seed, |hash, &byte| mix(hash, byte));
        if self.has(hash, name) {
            return false;
        }
        self.text.extend_from_slice(name);
        self.ends
            .push(u32::try_from(self.text.len()).expect("names of less than 4 GiB"));
        self.longest = self.longest.max(name.len());
        let free = self.slot(hash, |slot| slot.1 == 0);
        self.slots[free] = (tag(hash), self.ends.len() as u32 - 1);
        true
    }

    fn has(&self, hash: u64, name: &[u8]) -> bool {
        let place = self.slot(hash, |slot| {
            slot.1 == 0 || slot.0 == tag(hash) && self.name(slot.1).eq_ignore_ascii_case(name)
        });
        self.slots[place].1 != 0
    }

    fn slot(&self, hash: u64, is_wanted: impl Fn((u32, u32)) -> bool) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = finish(hash) as usize & mask;
        while !is_wanted(self.slots[place]) {
            place = (place + 1) & mask;
        }
        place
    }

    fn name(&self, number: u32) -> &[u8] {
        let number = number as usize;
        &self.text[self.ends[number - 1] as usize..self.ends[number] as usize]
    }
}

#[inline(always)]
fn mix(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte.to_ascii_lowercase()))
        .wrapping_mul(0x0000_0100_0000_01b3)
        .rotate_left(23)
}

fn finish(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}

fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32
}

//! The names looked for: a small filter that rejects nearly every name by its last labels, and an
//! exact table behind it.

use memchr::memchr_iter;

use crate::bytes::{is_label, is_run};
use crate::image::{Facts, Image, Section};
use crate::keys::{HAS_NAMES, HAS_NUMERIC_TAIL, HAS_SINGLE_LABEL};
use crate::simd;

/// Labels longer than this, taken together, are not filtered but compared.
const WINDOW: u32 = 63;

/// The names, compiled.
#[derive(Clone, Copy, Debug)]
pub struct NameSet<'a> {
    /// The last three labels of each name, or two if it has no more: two alone let `com.vn` by.
    tails: Filter<'a>,
    table: Table<'a>,
    /// A name of one label is met below every dot, so that no filter helps.
    has_single_label: bool,
    /// A last label that starts with a digit is looked at only if some name has one.
    pub has_numeric_tail: bool,
    pub is_empty: bool,
}

/// The hashes of the last two and three labels of a name, and whether these are too long to filter.
#[derive(Clone, Copy, Default)]
pub struct Tails {
    two: u64,
    three: u64,
    is_long: bool,
}

/// Return the names of `lines`, sorted, each once.
pub fn listed(lines: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    let mut start = 0;
    for end in memchr_iter(b'\n', lines).chain([lines.len()]) {
        if end > start {
            names.push(&lines[start..end]);
        }
        start = end + 1;
    }
    if !names.is_sorted() {
        names.sort_unstable();
    }
    names.dedup();
    names
}

/// Whether `name` can be met: one with an empty label or in upper case never is.
pub fn is_valid(name: &[u8]) -> bool {
    let mut before = b'.';
    for &byte in name {
        if byte.is_ascii_uppercase() || byte == b'.' && before == b'.' {
            return false;
        }
        before = byte;
    }
    before != b'.'
}

/// Write the sorted names to their sections.
pub fn build(image: &mut Image, listed: &[&[u8]]) {
    let mut facts = image.facts();
    let (mut place, text) = (0, image.section_mut::<u8>(Section::NameText));
    for name in listed {
        text[place..place + name.len()].copy_from_slice(name);
        place += name.len();
    }
    let ends = image.section_mut::<u32>(Section::NameEnds);
    let mut end = 0;
    for (slot, name) in ends[1..].iter_mut().zip(listed) {
        end += name.len() as u32;
        *slot = end;
    }
    let valid = |(number, name): (usize, &&[u8])| is_valid(name).then_some(number);
    let numbers: Vec<usize> = listed.iter().enumerate().filter_map(valid).collect();
    for &number in &numbers {
        note(&mut facts, listed[number]);
    }
    image.set_facts(facts);
    let words = image.section_mut::<u64>(Section::NameFilter);
    for &number in &numbers {
        add_to(words, hash_of_tail(listed[number]));
    }
    let slots = image.section_mut::<[u32; 2]>(Section::NameSlots);
    let mask = slots.len() - 1;
    // The places of many are known before the first is written, so that none waits for memory.
    for some in numbers.chunks(64) {
        let mut hashes = [0; 64];
        for (hash, &number) in hashes.iter_mut().zip(some) {
            *hash = hash_of(facts.seed, listed[number]);
        }
        for (&hash, &number) in hashes.iter().zip(some) {
            let mut place = finish(hash) as usize & mask;
            while slots[place][1] != 0 {
                place = (place + 1) & mask;
            }
            slots[place] = [tag(hash), number as u32 + 1];
        }
    }
}

fn note(facts: &mut Facts, name: &[u8]) {
    let last = name.iter().rposition(|&byte| byte == b'.');
    facts.flags |= HAS_NAMES;
    if last.is_none() {
        facts.flags |= HAS_SINGLE_LABEL;
    }
    if name[last.map_or(0, |dot| dot + 1)].is_ascii_digit() {
        facts.flags |= HAS_NUMERIC_TAIL;
    }
    facts.longest = facts.longest.max(name.len() as u64);
}

/// Return the hash of the last three labels of `name`, or of two if it has no more.
fn hash_of_tail(name: &[u8]) -> u64 {
    let borders = name.iter().enumerate().rev();
    let mut borders = borders.filter(|&(_, &byte)| byte == b'.').map(|at| at.0);
    let (_last, second, third) = (borders.next(), borders.next(), borders.next());
    let border = if second.is_some() { third } else { second };
    hash_tail(
        name,
        name.len(),
        name.len() - border.map_or(0, |dot| dot + 1),
    )
}

impl<'a> NameSet<'a> {
    pub fn new(image: &'a Image) -> Self {
        let facts = image.facts();
        Self {
            tails: Filter::new(image, Section::NameFilter),
            table: Table {
                seed: facts.seed,
                longest: facts.longest as usize,
                text: image.section(Section::NameText),
                ends: image.section(Section::NameEnds),
                slots: image.section(Section::NameSlots),
            },
            has_single_label: facts.flags & HAS_SINGLE_LABEL != 0,
            has_numeric_tail: facts.flags & HAS_NUMERIC_TAIL != 0,
            is_empty: facts.flags & HAS_NAMES == 0,
        }
    }

    /// Return what to ask of a name that ends at `end`, where a dotted run's last label ends.
    ///
    /// `labels` tells which of the 64 bytes before `end` are label bytes; the last is bit 63.
    #[inline(always)]
    pub fn tails_of(&self, block: &[u8], end: usize, labels: u64) -> Tails {
        let borders = !labels;
        let last = borders.leading_zeros();
        let borders = borders & (i64::MAX as u64).unbounded_shr(last);
        let second = borders.leading_zeros();
        let borders = borders & (i64::MAX as u64).unbounded_shr(second);
        let third = borders.leading_zeros();
        Tails {
            two: hash_tail(block, end, second as usize),
            three: hash_tail(block, end, third as usize),
            is_long: third >= WINDOW,
        }
    }

    /// Ask for the memory that `may_have` reads.
    #[inline(always)]
    pub fn fetch(&self, asked: &Tails) {
        self.tails.fetch(asked.two);
        self.tails.fetch(asked.three);
    }

    /// Whether a name of the set may end so.
    #[inline(always)]
    pub fn may_have(&self, asked: &Tails) -> bool {
        // Both are asked, as one branch that is seldom taken is cheaper than two.
        let is_likely = self.tails.has(asked.two) | self.tails.has(asked.three);
        is_likely | asked.is_long | self.has_single_label
    }

    /// Whether a name of the set ends at `end`, found by comparing each suffix.
    #[inline(never)]
    pub fn ends_at(&self, block: &[u8], end: usize) -> bool {
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

impl NameSet<'_> {
    /// Call `met` with the number of each name of the set that ends `run`, a dotted run that is no
    /// number, without the dots at its ends.
    pub fn each_in(&self, run: &[u8], mut met: impl FnMut(u32)) {
        let mut hash = self.table.seed;
        for start in (run.len().saturating_sub(self.table.longest)..run.len()).rev() {
            hash = mix(hash, run[start]);
            if start == 0 || run[start - 1] == b'.' {
                self.table.find(hash, &run[start..]).map(&mut met);
            }
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
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    words: &'a [u64],
    mask: u64,
}

/// Return how many words a filter of `count` hashes has: 16 bits or more for each hash.
pub fn filter_words(count: usize) -> usize {
    (count / 4).next_power_of_two().max(64)
}

/// Add `hash` to the filter in `words`.
pub fn add_to(words: &mut [u64], hash: u64) {
    let mask = words.len() as u64 - 1;
    words[((hash >> 12) & mask) as usize] |= bits(hash);
}

impl<'a> Filter<'a> {
    pub fn new(image: &'a Image, section: Section) -> Self {
        let words: &[u64] = image.section(section);
        // A section that was not made here may be empty: then nothing is held.
        let words = if words.is_empty() { &[0] } else { words };
        Self {
            words,
            mask: words.len() as u64 - 1,
        }
    }

    /// Ask for the memory that `has` reads.
    #[inline(always)]
    pub fn fetch(&self, hash: u64) {
        simd::fetch(&self.words[((hash >> 12) & self.mask) as usize]);
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
#[derive(Clone, Copy, Debug)]
struct Table<'a> {
    seed: u64,
    text: &'a [u8],
    ends: &'a [u32],
    /// Half of the hash, and one more than the number of the name; 0 is free.
    slots: &'a [[u32; 2]],
    longest: usize,
}

/// Return how many slots a table of `count` names has.
pub fn slots(count: usize) -> usize {
    (count * 2).next_power_of_two().max(2)
}

impl Table<'_> {
    fn has(&self, hash: u64, name: &[u8]) -> bool {
        self.find(hash, name).is_some()
    }

    /// Return the number of `name`.
    fn find(&self, hash: u64, name: &[u8]) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut place = finish(hash) as usize & mask;
        // No more slots than there are, should a file say that none is free.
        for _ in 0..=mask {
            let [half, number] = self.slots[place];
            if number == 0 {
                return None;
            }
            if half == tag(hash) && self.name(number).eq_ignore_ascii_case(name) {
                return Some(number - 1);
            }
            place = (place + 1) & mask;
        }
        None
    }

    /// Return the name whose number is one less.
    fn name(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let ends = self.ends.get(number - 1..=number);
        let range = ends.map_or(0..0, |ends| ends[0] as usize..ends[1] as usize);
        self.text.get(range).unwrap_or_default()
    }
}

fn hash_of(seed: u64, name: &[u8]) -> u64 {
    name.iter().rev().fold(seed, |hash, &byte| mix(hash, byte))
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

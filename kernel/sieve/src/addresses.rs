//! The IPv4 addresses and networks looked for, and how an address is read from a line.

use crate::bytes::{is_letter, is_number};
use crate::image::{Image, Section};
use crate::names::{Filter, add_to};

/// One bit for each /16.
pub const COARSE_WORDS: usize = 1024;
type Coarse = [u64; COARSE_WORDS];

#[inline(always)]
fn coarse_has(coarse: &Coarse, address: u32) -> bool {
    coarse[(address >> 22) as usize] >> ((address >> 16) & 63) & 1 != 0
}

/// Networks as ranges that neither touch nor overlap: first and last address.
#[derive(Clone, Copy, Debug)]
pub struct Ranges<'a> {
    coarse: &'a Coarse,
    ranges: &'a [[u32; 2]],
}

/// Ranges with memory of their own.
#[derive(Debug)]
pub struct OwnRanges {
    coarse: Box<Coarse>,
    ranges: Vec<[u32; 2]>,
}

impl OwnRanges {
    pub fn new(networks: &[(u32, u8)]) -> Self {
        let ranges = joined(networks);
        let mut coarse = Box::new([0; COARSE_WORDS]);
        mark(&mut coarse[..], &ranges);
        Self { coarse, ranges }
    }

    pub fn view(&self) -> Ranges<'_> {
        Ranges {
            coarse: &self.coarse,
            ranges: &self.ranges,
        }
    }
}

/// Return the ranges of `networks`, sorted and joined where they overlap.
pub fn joined(networks: &[(u32, u8)]) -> Vec<[u32; 2]> {
    let mut sorted: Vec<[u32; 2]> = networks.iter().map(range).collect();
    sorted.sort_unstable();
    let mut ranges: Vec<[u32; 2]> = Vec::new();
    for [first, last] in sorted {
        match ranges.last_mut() {
            Some(before) if first <= before[1] => before[1] = before[1].max(last),
            _ => ranges.push([first, last]),
        }
    }
    ranges
}

fn mark(coarse: &mut [u64], ranges: &[[u32; 2]]) {
    for &[first, last] in ranges {
        for place in first >> 16..=last >> 16 {
            coarse[(place >> 6) as usize] |= 1 << (place & 63);
        }
    }
}

impl Ranges<'_> {
    #[inline(always)]
    pub fn has(&self, address: u32) -> bool {
        coarse_has(self.coarse, address) && self.compare(address)
    }

    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    fn compare(&self, address: u32) -> bool {
        let after = self.ranges.partition_point(|range| range[0] <= address);
        after > 0 && address <= self.ranges[after - 1][1]
    }
}

fn range(&(first, length): &(u32, u8)) -> [u32; 2] {
    let hosts = u32::MAX.checked_shr(length.into()).unwrap_or(0);
    [first & !hosts, first | hosts]
}

/// Return a network without host bits: first address, and prefix length.
pub fn first_of(network: &(u32, u8)) -> [u32; 2] {
    [range(network)[0], network.1.into()]
}

/// Addresses and networks in one set.
#[derive(Clone, Copy, Debug)]
pub struct AddressSet<'a> {
    filter: Filter<'a>,
    addresses: &'a [u32],
    networks: Ranges<'a>,
}

/// Write the sorted addresses and the ranges of networks to their sections.
pub fn build(image: &mut Image, addresses: &[u32], ranges: &[[u32; 2]]) {
    let words = image.section_mut(Section::AddressFilter);
    for &address in addresses {
        add_to(words, hash(address));
    }
    image
        .section_mut(Section::Addresses)
        .copy_from_slice(addresses);
    image.section_mut(Section::Ranges).copy_from_slice(ranges);
    mark(image.section_mut(Section::Coarse), ranges);
}

impl<'a> AddressSet<'a> {
    pub fn new(image: &'a Image) -> Self {
        static NONE: Coarse = [0; COARSE_WORDS];
        Self {
            filter: Filter::new(image, Section::AddressFilter),
            addresses: image.section(Section::Addresses),
            networks: Ranges {
                coarse: image
                    .section(Section::Coarse)
                    .first_chunk()
                    .unwrap_or(&NONE),
                ranges: image.section(Section::Ranges),
            },
        }
    }

    /// Whether the set may hold `address`.
    #[inline(always)]
    pub fn may_have(&self, address: u32) -> bool {
        // Both are asked, as one branch that is seldom taken is cheaper than two.
        self.filter.has(hash(address)) | coarse_has(self.networks.coarse, address)
    }

    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.networks.is_empty()
    }

    /// Whether the set holds `address`.
    #[inline(never)]
    pub fn has(&self, address: u32) -> bool {
        self.networks.has(address) || self.addresses.binary_search(&address).is_ok()
    }
}

#[inline(always)]
fn hash(address: u32) -> u64 {
    let hash = u64::from(address).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 32)
}

/// What a run of digits and dots turned out to be.
pub enum Reading {
    /// An address, or none; other places in the same run have yet to be looked at.
    Quick(Option<u32>),
    /// An address, or none, of the whole run, which ends here.
    Whole(Option<u32>, usize),
}

/// Bytes before the fourth number that hold three numbers, three dots, and the byte before them.
const BEFORE: usize = 16;

/// Read the run of digits and dots whose fourth number, after three dots, starts at `fourth`.
///
/// `digits` and `dots` tell of the 64 bytes before `fourth`; the last is bit 63. No branch here
/// depends on how long a number is, as that cannot be foretold.
#[inline(always)]
pub fn read(block: &[u8], fourth: usize, digits: u64, dots: u64) -> Reading {
    let length = (digits | dots).leading_ones() as usize;
    let run_dots = dots & !u64::MAX.unbounded_shr(length as u32);
    let (Some(start), Some(tail)) = (
        fourth.checked_sub(BEFORE),
        block[fourth..].first_chunk::<4>(),
    ) else {
        return read_whole(block, fourth);
    };
    let before: &[u8; BEFORE] = block[start..fourth]
        .first_chunk()
        .expect("a slice of this length");
    let (last, last_length) = leading_number(u32::from_le_bytes(*tail));
    if length >= BEFORE || run_dots.count_ones() != 3 || last_length == 4 {
        return read_whole(block, fourth);
    }
    let behind = tail[last_length];
    if behind == b'.' {
        return read_whole(block, fourth);
    }
    // How far before the third dot the others stand.
    let second_dot = (run_dots << 1).leading_zeros() as usize + 1;
    let first_dot = run_dots.trailing_zeros() as usize;
    let first_dot = 63 - first_dot;
    let first_length = length - first_dot - 1;
    if first_length > 3 || is_letter(behind) || is_letter(before[BEFORE - length - 1]) {
        return Reading::Quick(None);
    }
    let third = number_before(before, 0, second_dot - 1);
    let second = number_before(before, second_dot, first_dot - second_dot - 1);
    let first = number_before(before, first_dot, first_length);
    let address = first << 24 | second << 16 | third << 8 | last;
    Reading::Quick(((first | second | third | last) < 256).then_some(address))
}

/// Return the number of one to three digits that ends `back` bytes before the last dot.
#[inline(always)]
fn number_before(before: &[u8; BEFORE], back: usize, length: usize) -> u32 {
    let end = BEFORE - 1 - back;
    let bytes = before[end - 4..end]
        .first_chunk()
        .expect("a slice of this length");
    number(u32::from_le_bytes(*bytes) & (u32::MAX << (((4 - length as u32) * 8) & 31)))
}

/// Return the number that the digits at the start of four bytes write, and their count.
#[inline(always)]
fn leading_number(bytes: u32) -> (u32, usize) {
    let values = bytes ^ 0x3030_3030;
    let others = (((values & 0x7f7f_7f7f) + 0x7676_7676) | values) & 0x8080_8080;
    let count = others.trailing_zeros() / 8;
    (number(bytes << (((4 - count) * 8) & 31)), count as usize)
}

/// Return the number of up to three digits in the upper three of four bytes.
#[inline(always)]
fn number(digits: u32) -> u32 {
    let digits = digits & 0x0f0f_0f0f;
    (digits >> 24) + (digits >> 16 & 15) * 10 + (digits >> 8 & 15) * 100
}

/// Read the run of digits and dots around `place`, however long it is.
#[inline(never)]
fn read_whole(block: &[u8], place: usize) -> Reading {
    let is_other = |byte: &u8| !is_number(*byte);
    let start = block[..place]
        .iter()
        .rposition(is_other)
        .map_or(0, |other| other + 1);
    let end = block[place..]
        .iter()
        .position(is_other)
        .map_or(block.len(), |other| place + other);
    let is_spoilt = start > 0 && is_letter(block[start - 1])
        || block.get(end).is_some_and(|&byte| is_letter(byte));
    let address = if is_spoilt {
        None
    } else {
        ipv4(&block[start..end])
    };
    Reading::Whole(address, end)
}

/// Return the address that a run of digits and dots writes; five numbers are address and port.
fn ipv4(run: &[u8]) -> Option<u32> {
    let start = run.iter().position(|&byte| byte != b'.')?;
    let end = run.iter().rposition(|&byte| byte != b'.')?;
    let mut address = 0;
    let mut count = 0;
    for part in run[start..=end].split(|&byte| byte == b'.') {
        count += 1;
        if count > 5 {
            return None;
        }
        if count == 5 {
            continue;
        }
        if part.is_empty() || part.len() > 3 {
            return None;
        }
        let number = part
            .iter()
            .fold(0, |number, &digit| number * 10 + u32::from(digit - b'0'));
        if number > 255 {
            return None;
        }
        address = address << 8 | number;
    }
    (count >= 4).then_some(address)
}

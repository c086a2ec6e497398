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
#[derive(Clone, Debug)]
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

    /// Ask for the memory that `may_have` reads.
    #[inline(always)]
    pub fn fetch(&self, address: u32) {
        self.filter.fetch(hash(address));
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

    /// Return the place of `address` among the sorted addresses.
    pub fn place_of(&self, address: u32) -> Option<usize> {
        self.addresses.binary_search(&address).ok()
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
    /// An address if the second is true; no other address begins in the same run.
    Quick(u32, bool),
    /// A run to be read whole.
    Unread,
}

/// What 32 bytes are: bit `i` tells of byte `i`.
pub struct Around {
    pub digits: u32,
    pub dots: u32,
}

/// Bytes that hold three numbers and dots and the byte before them, or four and the byte behind.
pub const WINDOW: usize = 16;

/// Read the run of digits and dots whose fourth number, after three dots, starts at `fourth`.
///
/// `look` tells what the bytes around it are, the fourth number being byte 16; `join` returns the
/// address that four numbers at the start of a text write, given how long each is, and whether
/// each is below 256. No branch here depends on how long a number is, as that cannot be foretold.
#[inline(always)]
pub fn read_with(
    text: &[u8],
    fourth: usize,
    look: impl Fn(&[u8; 2 * WINDOW]) -> Around,
    join: impl Fn(&[u8; WINDOW], [u32; 4]) -> (u32, bool),
) -> Reading {
    let around = fourth.checked_sub(WINDOW);
    let Some(bytes) = around.and_then(|start| text[start..].first_chunk::<{ 2 * WINDOW }>()) else {
        return Reading::Unread;
    };
    let around = look(bytes);
    let length = ((around.digits | around.dots) << WINDOW).leading_ones();
    let start = (WINDOW as u32).wrapping_sub(length) & 15;
    // Each number ends at a byte that is no digit; one more stands behind all.
    let first = !around.digits >> start | 1 << WINDOW;
    let second = first & first.wrapping_sub(1);
    let third = second & second.wrapping_sub(1);
    let fourth = third & third.wrapping_sub(1);
    let ends = [first, second, third, fourth | 1 << WINDOW].map(u32::trailing_zeros);
    // More dots than three, or a run that begins before the bytes at hand.
    if ends[2] + 1 != length || length >= WINDOW as u32 {
        return Reading::Unread;
    }
    let start = start as usize;
    let behind = bytes[start + ends[3] as usize % WINDOW];
    if behind == b'.' {
        return Reading::Unread;
    }
    let lengths = [
        ends[0],
        ends[1].wrapping_sub(ends[0] + 1),
        ends[2].wrapping_sub(ends[1] + 1),
        ends[3].wrapping_sub(ends[2] + 1),
    ];
    // The second and third were seen to have one digit to three.
    let is_short = (lengths[0].wrapping_sub(1) < 3) & (lengths[3].wrapping_sub(1) < 3);
    let text = bytes[start..].first_chunk::<WINDOW>();
    let (address, is_sound) = join(text.unwrap_or(&[0; WINDOW]), lengths);
    let before = bytes[start.wrapping_sub(1) % WINDOW];
    let is_spoilt = is_letter(behind) | is_letter(before);
    Reading::Quick(address, is_short & is_sound & !is_spoilt)
}

/// Read such a run on any processor.
pub fn read(text: &[u8], fourth: usize) -> Reading {
    let look = |bytes: &[u8; 2 * WINDOW]| {
        let mut around = Around { digits: 0, dots: 0 };
        for (place, &byte) in bytes.iter().enumerate() {
            around.digits |= u32::from(byte.is_ascii_digit()) << place;
            around.dots |= u32::from(byte == b'.') << place;
        }
        around
    };
    let join = |bytes: &[u8; WINDOW], lengths: [u32; 4]| {
        let (mut address, mut start, mut is_sound) = (0, 0, true);
        for length in lengths {
            let digits = bytes[start % WINDOW..].iter().take(length.min(3) as usize);
            let value = digits.fold(0, |value, &digit| value * 10 + u32::from(digit & 15));
            is_sound &= value < 256;
            address = address << 8 | value & 255;
            start = start.wrapping_add(length as usize + 1);
        }
        (address, is_sound)
    };
    read_with(text, fourth, look, join)
}

/// Read the run of digits and dots around `place`, however long it is.
///
/// Return its address, and where it ends.
#[inline(never)]
pub fn read_whole(block: &[u8], place: usize) -> (Option<u32>, usize) {
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
    (address, end)
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

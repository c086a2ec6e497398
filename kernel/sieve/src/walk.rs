//! The walk over a block: 64 bytes a step, from masks to the few places worth a look.
//!
//! All places are found for 64 bytes at once by shifting and adding masks, where a bit left of
//! another is a byte after it; only what cannot be said so is looked at byte by byte.

use crate::addresses::{self, Ranges, Reading};
use crate::bytes::{Masks, is_run};
use crate::hours::{Clock, Tallies};
use crate::rare::ReadTo;
use crate::{Look, Scan};

/// Steps whose masks are made in one go.
const STEPS: usize = 64;

/// Return what `sieve` finds in `block`, whose masks `classify` makes.
#[inline(always)]
pub fn walk(
    sieve: &Look,
    block: &[u8],
    clock: Option<&Clock>,
    classify: impl Fn(&[u8], &mut [Masks]),
) -> Scan {
    let mut walk = Walk::new(sieve, block, clock);
    let mut masks = [Masks::default(); STEPS];
    for (number, piece) in block.chunks(STEPS * 64).enumerate() {
        let count = piece.len().div_ceil(64);
        classify(piece, &mut masks[..count]);
        for (place, masks) in masks[..count].iter().enumerate() {
            walk.step((number * STEPS + place) * 64, masks);
        }
    }
    // A token that ends with the block is noticed one byte later.
    walk.step(block.len().next_multiple_of(64), &Masks::default());
    walk.finish()
}

/// Places in one step that are worth a look.
#[derive(Clone, Copy)]
struct Places {
    /// Just behind a dotted run, or behind its first trailing dot.
    names: u64,
    /// The start of a fourth number.
    addresses: u64,
    /// A byte of each run that rare keys have met.
    met: u64,
}

impl Places {
    fn within(self, mask: u64) -> Self {
        Self {
            names: self.names & mask,
            addresses: self.addresses & mask,
            met: self.met & mask,
        }
    }
}

struct Walk<'a> {
    sieve: &'a Look<'a>,
    block: &'a [u8],
    clock: Option<&'a Clock>,
    inside: Ranges<'a>,
    tallies: Tallies<'a>,
    scan: Scan,
    /// Of the line in hand.
    line_start: usize,
    is_candidate: bool,
    has_address: bool,
    alive: Option<u32>,
    /// What the step before left.
    before: Masks,
    in_last_label: bool,
    ends_at_dot: u64,
    second_numbers: u64,
    third_numbers: u64,
    /// Numbers before this place have been read.
    numbers_read: usize,
    rare_read: ReadTo,
    /// All ones if such places are looked at.
    want_names: u64,
    want_addresses: u64,
    numeric_tails: u64,
}

impl<'a> Walk<'a> {
    fn new(sieve: &'a Look<'a>, block: &'a [u8], clock: Option<&'a Clock>) -> Self {
        let inside = sieve.sieve.inside.view();
        let all_if = |is_wanted: bool| if is_wanted { u64::MAX } else { 0 };
        Self {
            sieve,
            block,
            clock,
            inside,
            tallies: Tallies::new(clock),
            scan: Scan::default(),
            line_start: 0,
            is_candidate: false,
            has_address: false,
            alive: None,
            before: Masks::default(),
            in_last_label: false,
            ends_at_dot: 0,
            second_numbers: 0,
            third_numbers: 0,
            numbers_read: 0,
            rare_read: ReadTo::default(),
            want_names: all_if(!sieve.keys.names.is_empty),
            want_addresses: all_if(!sieve.keys.addresses.is_empty() || !inside.is_empty()),
            numeric_tails: all_if(sieve.keys.names.has_numeric_tail),
        }
    }

    #[inline(always)]
    fn step(&mut self, base: usize, now: &Masks) {
        let mut places = Places {
            names: self.name_ends(now) & self.want_names,
            addresses: self.fourth_numbers(now) & self.want_addresses,
            met: 0,
        };
        if !self.sieve.keys.rare.is_empty {
            let masks = [&self.before, now];
            places.met = self
                .sieve
                .keys
                .rare
                .places(self.block, base, masks, &mut self.rare_read);
        }
        let mut newlines = now.newline;
        while newlines != 0 {
            let newline = newlines & newlines.wrapping_neg();
            let line = newline | (newline - 1);
            self.look(base, now, places.within(line));
            places = places.within(!line);
            self.finish_line(base + newline.trailing_zeros() as usize);
            newlines ^= newline;
        }
        self.look(base, now, places);
        self.before = *now;
    }

    /// Return the places behind each dotted run whose last label is no number.
    ///
    /// One is added to the mask of labels at the start of each label behind a dot: the carry runs
    /// to the label's end and falls out just behind it.
    #[inline(always)]
    fn name_ends(&mut self, now: &Masks) -> u64 {
        let behind_dot = shift(now.dot, self.before.dot, 1);
        let starts = behind_dot & now.label & (!now.digit | self.numeric_tails);
        let (sum, carry) = now.label.overflowing_add(starts);
        let (sum, second_carry) = sum.overflowing_add(u64::from(self.in_last_label));
        self.in_last_label = carry | second_carry;
        let ends = sum & !now.label;
        let at_dot = ends & now.dot;
        // Behind a label and its dot the run is over, unless the next label begins at once.
        let behind_end_dot = shift(at_dot, self.ends_at_dot, 1) & !now.label;
        self.ends_at_dot = at_dot;
        ends & !now.dot | behind_end_dot
    }

    /// Return the places where a number starts before which three more stand, one dot between.
    #[inline(always)]
    fn fourth_numbers(&mut self, now: &Masks) -> u64 {
        let digits = |by: u32| shift(now.digit, self.before.digit, by);
        let second = now.digit & shift(now.dot, self.before.dot, 1) & digits(2);
        let third_digit = digits(3);
        let follows = |places: u64, before: u64| {
            second
                & (shift(places, before, 2)
                    | shift(places, before, 3)
                    | shift(places, before, 4) & third_digit)
        };
        let third = follows(second, self.second_numbers);
        let fourth = follows(third, self.third_numbers);
        self.second_numbers = second;
        self.third_numbers = third;
        fourth
    }

    /// Look at the places of one line within a step.
    #[inline(always)]
    fn look(&mut self, base: usize, now: &Masks, places: Places) {
        self.is_candidate |= places.met != 0;
        let mut names = places.names;
        while names != 0 && !self.is_candidate {
            let bit = names.trailing_zeros();
            self.is_candidate = self.look_at_name(base + bit as usize, self.labels(now, bit));
            names &= names - 1;
        }
        let mut addresses = places.addresses;
        while addresses != 0 {
            let bit = addresses.trailing_zeros();
            self.look_at_address(base + bit as usize, now, bit);
            addresses &= addresses - 1;
        }
    }

    #[inline(always)]
    fn labels(&self, now: &Masks, bit: u32) -> u64 {
        last_64(now.label, self.before.label, bit)
    }

    #[inline(always)]
    fn look_at_name(&self, place: usize, labels: u64) -> bool {
        let names = &self.sieve.keys.names;
        if labels >> 63 != 0 {
            return names.may_end_at(self.block, place, labels) && names.ends_at(self.block, place);
        }
        // A dot stands before `place`; if the run goes on behind more dots, it does not end here.
        let rest = &self.block[place..];
        let next = rest.iter().find(|&&byte| byte != b'.');
        let goes_on = rest.first() == Some(&b'.') && next.is_some_and(|&byte| is_run(byte));
        !goes_on
            && names.may_end_at(self.block, place - 1, labels << 1)
            && names.ends_at(self.block, place - 1)
    }

    #[inline(always)]
    fn look_at_address(&mut self, place: usize, now: &Masks, bit: u32) {
        if place < self.numbers_read {
            return;
        }
        let digits = last_64(now.digit, self.before.digit, bit);
        let dots = last_64(now.dot, self.before.dot, bit);
        let address = match addresses::read(self.block, place, digits, dots) {
            Reading::Quick(address) => address,
            Reading::Whole(address, end) => {
                self.numbers_read = end;
                address
            }
        };
        let Some(address) = address else { return };
        let so_far = &self.block[self.line_start..place];
        if !self.has_address && self.clock.is_none_or(|clock| clock.may_be_client(so_far)) {
            self.has_address = true;
            self.alive = self.inside.has(address).then_some(address);
        }
        self.is_candidate |=
            self.sieve.keys.addresses.may_have(address) && self.sieve.keys.addresses.has(address);
    }

    #[inline(always)]
    fn finish_line(&mut self, end: usize) {
        let start = self.line_start;
        self.scan.lines += 1;
        if self.is_candidate {
            self.scan.candidates.push((start, end));
        }
        self.tallies.add(self.block, start, end, self.alive);
        self.line_start = end + 1;
        self.is_candidate = false;
        self.has_address = false;
        self.alive = None;
    }

    fn finish(mut self) -> Scan {
        if self.line_start < self.block.len() {
            self.finish_line(self.block.len());
        }
        self.scan.hours = self.tallies.finish();
        self.scan
    }
}

/// Return `now` moved `by` bytes on, with what moves in from the step before.
#[inline(always)]
pub fn shift(now: u64, before: u64, by: u32) -> u64 {
    now << by | before >> (64 - by)
}

/// Return the mask of the 64 bytes before byte `bit` of this step.
#[inline(always)]
fn last_64(now: u64, before: u64, bit: u32) -> u64 {
    now << (63 - bit) << 1 | before >> bit
}

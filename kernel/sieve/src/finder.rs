//! The places worth a look: 64 bytes a step, from masks to lists of places, then list by list.
//!
//! All places are found for 64 bytes at once by shifting and adding masks, where a bit left of
//! another is a byte after it. They are written to lists without a branch, as whether a step has
//! one cannot be foretold; each list is then gone through in one go, with the memory that its
//! filter waits for asked for many at once.

use memchr::memchr;

use crate::addresses::{Reading, read_whole};
use crate::bytes::{Masks, is_code, is_run};
use crate::columns::{Column, Columns, STEPS, steps_of};
use crate::keys::Compiled;
use crate::names::Tails;
use crate::rare::ReadTo;
use crate::said::{Said, Wants};
use crate::wire::SHORTEST;

/// Bytes in a piece.
pub const PIECE: usize = STEPS * 64;
/// There are fewer names and addresses in a piece: each has two bytes of its own and more.
const MOST: usize = 4096;

/// What a path does in its own way; the rest is compiled for each.
#[derive(Clone, Copy)]
pub struct Tools<C, R> {
    /// Returns the masks of 64 bytes.
    pub classify: C,
    /// Reads a run of digits and dots; see `addresses::read`.
    pub read: R,
}

/// Places within a piece, rising.
struct Places {
    at: Box<[u16; PIECE + 128]>,
    count: usize,
}

impl Places {
    fn new() -> Self {
        Self {
            at: Box::new([0; PIECE + 128]),
            count: 0,
        }
    }

    /// Add the set bits of `mask`, of which there are seldom more than `N`.
    #[inline(always)]
    fn add<const N: usize>(&mut self, mut mask: u64, base: usize) {
        let count = mask.count_ones() as usize;
        if let Some(next) = self.at[self.count..].first_chunk_mut::<N>() {
            for place in next {
                *place = (base as u32 + mask.trailing_zeros()) as u16;
                mask &= mask.wrapping_sub(1);
            }
        }
        let mut next = self.count + N;
        while mask != 0 {
            self.at[next] = (base as u32 + mask.trailing_zeros()) as u16;
            mask &= mask - 1;
            next += 1;
        }
        self.count += count;
    }

    #[inline(always)]
    fn list(&self) -> &[u16] {
        &self.at[..self.count]
    }
}

/// An IPv4 address, and where in the piece its fourth number starts.
#[derive(Clone, Copy, Default)]
pub struct Met {
    pub place: u16,
    pub address: u32,
}

/// Looks through one text piece by piece.
pub struct Finder<'a> {
    pub keys: Compiled<'a>,
    /// Whether addresses are read: there are such keys, or who is alive is asked.
    reads_addresses: bool,
    /// Whether names are, as they stand or go over the wire: there are such keys, or they are listed.
    reads_names: bool,
    pub reads_wire: bool,
    /// What the text says, where that is asked.
    pub said: Said,
    columns: Box<Columns>,
    names: Places,
    numbers: Places,
    newlines: Places,
    met: Box<[Met; MOST]>,
    met_count: usize,
    /// What the filter of names is asked, and which of names or addresses it let by.
    asked: Box<[Tails; MOST]>,
    likely: Box<[u16; MOST]>,
    /// Whether a last label goes on from the step before.
    in_last_label: bool,
    /// Whether a run of digits and dots does.
    in_number: bool,
    /// Numbers before this place have been read.
    numbers_read: usize,
    rare_read: ReadTo,
    /// Steps with many code bytes in a row, and steps with a byte that a code may begin with.
    pub code_steps: u128,
    pub escape_steps: u128,
    /// A place in each line that holds a key, in the text; the lines they are in hold one.
    pub hits: Vec<usize>,
}

impl<'a> Finder<'a> {
    pub fn new(keys: Compiled<'a>, wants_alive: bool, wants: Wants) -> Self {
        Self {
            reads_addresses: wants_alive || wants.addresses || !keys.addresses.is_empty(),
            reads_names: wants.names || !keys.names.is_empty,
            reads_wire: wants.wire || !keys.names.is_empty,
            said: Said {
                wants,
                ..Said::default()
            },
            keys,
            columns: Box::new(Columns::NONE),
            names: Places::new(),
            numbers: Places::new(),
            newlines: Places::new(),
            met: Box::new([Met::default(); MOST]),
            asked: Box::new([Tails::default(); MOST]),
            likely: Box::new([0; MOST]),
            met_count: 0,
            in_last_label: false,
            in_number: false,
            numbers_read: 0,
            rare_read: ReadTo::default(),
            code_steps: 0,
            escape_steps: 0,
            hits: Vec::new(),
        }
    }

    /// Begin with another text.
    pub fn begin(&mut self) {
        self.columns.begin();
        self.in_last_label = false;
        self.in_number = false;
        self.numbers_read = 0;
        self.rare_read = ReadTo::default();
        self.hits.clear();
        self.said.forget();
    }

    /// Return the newlines of the piece, within it.
    #[inline(always)]
    pub fn newlines(&self) -> &[u16] {
        self.newlines.list()
    }

    /// Return the addresses of the piece, in order.
    #[inline(always)]
    pub fn met(&self) -> &[Met] {
        &self.met[..self.met_count]
    }

    /// Look through the piece of `text` that starts at `base`; the hits are added unsorted.
    #[inline(always)]
    pub fn look(
        &mut self,
        text: &[u8],
        base: usize,
        tools: Tools<impl Fn(&[u8; 64]) -> Masks + Copy, impl Fn(&[u8], usize) -> Reading + Copy>,
    ) {
        let piece = &text[base..text.len().min(base + PIECE)];
        let (whole, rest) = piece.as_chunks::<64>();
        for (row, bytes) in whole.iter().enumerate().take(STEPS) {
            self.columns.set(row + 1, (tools.classify)(bytes));
        }
        let mut count = whole.len();
        if base + piece.len() == text.len() {
            // A token that ends with the text is noticed one byte later.
            let mut last = [0; 64];
            last[..rest.len()].copy_from_slice(rest);
            count += 1;
            self.columns.set(count, (tools.classify)(&last));
        }
        self.list(count);
        self.look_at_names(text, base);
        self.look_at_numbers(text, base, tools.read);
        if !self.keys.rare.is_empty || self.said.wants.any() {
            self.look_at_rare(text, base, count);
        }
        if self.said.wants.names {
            self.list_runs(text, base);
        }
        if self.said.wants.addresses {
            let met = self.met[..self.met_count].iter().map(|met| met.address);
            self.said.addresses.extend(met);
        }
        self.columns.turn(count);
    }

    /// List the places of `count` steps.
    #[inline(always)]
    fn list(&mut self, count: usize) {
        let columns = &mut *self.columns;
        self.names.count = 0;
        self.numbers.count = 0;
        self.newlines.count = 0;
        self.code_steps = 0;
        self.escape_steps = steps_of(&columns.escape, count);
        if self.reads_names {
            let numeric_tails = self.keys.names.has_numeric_tail | self.said.wants.names;
            columns.find_names(count, numeric_tails, &mut self.in_last_label);
            if numeric_tails {
                columns.leave_numbers_out(count, &mut self.in_number);
            }
            for row in 0..count {
                self.names.add::<2>(columns.names[row + 1], row * 64);
            }
        }
        if self.reads_wire {
            columns.find_codes(count);
            self.code_steps = steps_of(&columns.codes, count);
        }
        if self.reads_addresses {
            columns.find_numbers(count);
            for row in 0..count {
                self.numbers.add::<3>(columns.numbers[row + 1], row * 64);
            }
        }
        for row in 0..count {
            self.newlines.add::<2>(columns.newline[row + 1], row * 64);
        }
    }

    #[inline(never)]
    fn look_at_rare(&mut self, text: &[u8], base: usize, count: usize) {
        let rare = self.keys.rare;
        let mut steps = if rare.looks_at_all(self.said.wants) {
            (1 << count) - 1
        } else {
            steps_of(&self.columns.colon, count)
        };
        while steps != 0 {
            let row = steps.trailing_zeros() as usize;
            steps &= steps - 1;
            let (before, now) = (self.columns.row(row), self.columns.row(row + 1));
            let first = base + row * 64;
            let mut met = rare.places(
                text,
                first,
                [&before, &now],
                &mut self.rare_read,
                &mut self.said,
            );
            while met != 0 {
                self.hits.push(first + met.trailing_zeros() as usize);
                met &= met - 1;
            }
        }
    }

    #[inline(always)]
    fn look_at_names(&mut self, text: &[u8], base: usize) {
        let names = self.keys.names;
        let label = &self.columns.label;
        // All hashes first: the filter is then asked for many at once.
        for (asked, &place) in self.asked.iter_mut().zip(self.names.list()) {
            let (end, labels) = name_end(label, base, place);
            *asked = names.tails_of(text, end, labels);
            names.fetch(asked);
        }
        let mut likely = 0;
        for (asked, &place) in self.asked.iter().zip(&self.names.at[..self.names.count]) {
            // Written in any case, and kept if it counts.
            self.likely[likely % MOST] = place;
            likely += usize::from(names.may_have(asked));
        }
        for &place in &self.likely[..likely] {
            let (end, _) = name_end(label, base, place);
            let place = base + usize::from(place);
            if !(end < place && goes_on(text, place)) && names.ends_at(text, end) {
                self.hits.push(place);
            }
        }
    }

    /// List the dotted runs that are no numbers.
    #[inline(always)]
    fn list_runs(&mut self, text: &[u8], base: usize) {
        let columns = &*self.columns;
        for &place in self.names.list() {
            let (end, _) = name_end(&columns.label, base, place);
            let place_in_text = base + usize::from(place);
            let before = |column: &Column| {
                let step = usize::from(place) / 64 % (STEPS + 1);
                let bits = last_64(column[step + 1], column[step], u32::from(place) % 64);
                bits << (place_in_text - end)
            };
            let (labels, dots, digits) = (
                before(&columns.label),
                before(&columns.dot),
                before(&columns.digit),
            );
            let length = (labels | dots).leading_ones();
            let is_number = length < 63 && (digits | dots).leading_ones() >= length;
            if is_number || end < place_in_text && goes_on(text, place_in_text) {
                continue;
            }
            let run = if length < 63 {
                // Up to its first label; a dot must stand behind that.
                let bits = labels & !u64::MAX.unbounded_shr(length);
                let length = 64 - bits.trailing_zeros();
                let is_dotted = dots.unbounded_shr(64 - length) != 0;
                is_dotted.then(|| (end - length as usize, end))
            } else {
                long_run(text, end)
            };
            self.said.runs.extend(run);
        }
    }

    #[inline(always)]
    fn look_at_numbers(
        &mut self,
        text: &[u8],
        base: usize,
        read: impl Fn(&[u8], usize) -> Reading,
    ) {
        let addresses = self.keys.addresses;
        let mut met = 0;
        for &place in self.numbers.list() {
            let fourth = base + usize::from(place);
            let (address, is_met) = match read(text, fourth) {
                Reading::Quick(address, is_met) => (address, is_met),
                Reading::Unread => {
                    if fourth < self.numbers_read {
                        continue;
                    }
                    let (address, end) = read_whole(text, fourth);
                    self.numbers_read = end;
                    (address.unwrap_or(0), address.is_some())
                }
            };
            // Written in any case, and kept if it counts.
            self.met[met % MOST] = Met { place, address };
            addresses.fetch(address);
            met += usize::from(is_met);
        }
        self.met_count = met;
        if addresses.is_empty() {
            return;
        }
        let mut likely = 0;
        for (number, met) in self.met[..met].iter().enumerate() {
            self.likely[likely % MOST] = number as u16;
            likely += usize::from(addresses.may_have(met.address));
        }
        for &number in &self.likely[..likely] {
            let met = self.met[usize::from(number)];
            if addresses.has(met.address) {
                self.hits.push(base + usize::from(met.place));
            }
        }
    }

    /// Return the bytes of step `step` that a code may begin with.
    pub fn escapes(&self, step: usize) -> u64 {
        self.columns.escape[step + 1]
    }

    /// Return the first long run of code bytes that goes on into step `step` of the piece at `base`
    /// or begins there, and is not before `from`: start and end in `text`.
    pub fn code_run(
        &self,
        text: &[u8],
        base: usize,
        step: usize,
        from: usize,
    ) -> Option<(usize, usize)> {
        let first = base + step * 64;
        let seen = from.saturating_sub(first);
        // A bit tells that the byte and the 23 before it are code bytes.
        let ends = self.columns.codes[step + 1] & u64::MAX.unbounded_shl(seen as u32);
        if ends == 0 {
            return None;
        }
        let bit = ends.trailing_zeros() as usize;
        let start = first + bit + 1 - SHORTEST;
        let before = text[from.min(start)..start].iter();
        let start = start - before.rev().take_while(|&&byte| is_code(byte)).count();
        Some((start, self.code_end(text, base, step, bit)))
    }

    /// Return where in `text` the run of code bytes ends that holds bit `bit` of step `step`.
    fn code_end(&self, text: &[u8], base: usize, step: usize, bit: usize) -> usize {
        let mut step = step;
        let mut others = !self.columns.code[step + 1] & u64::MAX << bit;
        while others == 0 {
            step += 1;
            if step == STEPS {
                let rest = text.get(base + PIECE..).unwrap_or_default();
                let end = rest.iter().position(|&byte| !is_code(byte));
                return (base + PIECE).min(text.len()) + end.unwrap_or(rest.len());
            }
            others = !self.columns.code[step + 1];
        }
        (base + step * 64 + others.trailing_zeros() as usize).min(text.len())
    }
}

/// Return where in the text the name before `place` ends, and the labels before its end.
#[inline(always)]
fn name_end(label: &Column, base: usize, place: u16) -> (usize, u64) {
    let step = usize::from(place) / 64 % (STEPS + 1);
    let labels = last_64(label[step + 1], label[step], u32::from(place) % 64);
    // Where it is no label's byte, it is the first dot behind the name.
    let dots = !labels >> 63;
    (base + usize::from(place) - dots as usize, labels << dots)
}

/// Return the run that ends with a label at `end`, without the dots before it; None where it has no
/// dot within or is of digits and dots.
#[inline(never)]
fn long_run(text: &[u8], end: usize) -> Option<(usize, usize)> {
    let before = text[..end].iter().rposition(|&byte| !is_run(byte));
    let start = before.map_or(0, |other| other + 1);
    let first = text[start..end].iter().position(|&byte| byte != b'.')?;
    let run = &text[start + first..end];
    let is_name = memchr(b'.', run).is_some()
        && run
            .iter()
            .any(|&byte| byte != b'.' && !byte.is_ascii_digit());
    is_name.then_some((start + first, end))
}

/// Whether the run whose first trailing dots are before `place` goes on behind more dots.
fn goes_on(text: &[u8], place: usize) -> bool {
    let rest = &text[place..];
    let next = rest.iter().find(|&&byte| byte != b'.');
    rest.first() == Some(&b'.') && next.is_some_and(|&byte| is_run(byte))
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

//! The masks of a piece, kind by kind, and what follows from them: eight steps at a time.

use std::array;
use std::hint::black_box;
use std::ops::{BitAnd, BitOr, Not};

use crate::bytes::Masks;

/// Steps in a piece.
pub const STEPS: usize = 64;
/// One more at the text's end, and so many that they are whole eights.
const ROWS: usize = (STEPS + 1).next_multiple_of(8);

/// One mask of the step before the piece, then one of each step, and of one more at the text's end.
pub type Column = [u64; 1 + ROWS];

/// The columns of a piece; those below the first eight are worked out from them.
#[derive(Clone, Debug)]
pub struct Columns {
    pub label: Column,
    pub dot: Column,
    pub digit: Column,
    pub newline: Column,
    pub high: Column,
    pub colon: Column,
    pub code: Column,
    pub escape: Column,
    /// Where a second and a third number begins.
    second: Column,
    third: Column,
    /// Where a last label's end is a dot.
    at_dot: Column,
    /// Where a run that began with digits and dots goes on with another byte, or is over.
    number_ends: Column,
    /// See `find_names`, `find_numbers`, `find_codes`.
    pub names: Column,
    pub numbers: Column,
    pub codes: Column,
}

impl Columns {
    pub const NONE: Self = {
        const NONE: Column = [0; 1 + ROWS];
        Self {
            label: NONE,
            dot: NONE,
            digit: NONE,
            newline: NONE,
            high: NONE,
            colon: NONE,
            code: NONE,
            escape: NONE,
            second: NONE,
            third: NONE,
            at_dot: NONE,
            number_ends: NONE,
            names: NONE,
            numbers: NONE,
            codes: NONE,
        }
    };

    #[inline(always)]
    pub fn set(&mut self, row: usize, masks: Masks) {
        self.label[row] = masks.label;
        self.dot[row] = masks.dot;
        self.digit[row] = masks.digit;
        self.newline[row] = masks.newline;
        self.high[row] = masks.high;
        self.colon[row] = masks.colon;
        self.code[row] = masks.code;
        self.escape[row] = masks.escape;
    }

    pub fn row(&self, row: usize) -> Masks {
        Masks {
            label: self.label[row],
            dot: self.dot[row],
            digit: self.digit[row],
            newline: self.newline[row],
            high: self.high[row],
            colon: self.colon[row],
            code: self.code[row],
            escape: self.escape[row],
        }
    }

    /// Let the last of `count` steps be the one before the next piece.
    #[inline(always)]
    pub fn turn(&mut self, count: usize) {
        self.set(0, self.row(count));
        self.second[0] = self.second[count];
        self.third[0] = self.third[count];
        self.at_dot[0] = self.at_dot[count];
    }

    /// Begin with a text before which there is nothing.
    pub fn begin(&mut self) {
        self.set(0, Masks::default());
        self.second[0] = 0;
        self.third[0] = 0;
        self.at_dot[0] = 0;
    }

    /// Find the places behind each dotted run whose last label is no number: just behind it, or
    /// behind its first trailing dot. `carry` is whether a last label goes on from the step before.
    ///
    /// One is added to the mask of labels at the start of each label behind a dot: the carry runs
    /// to the label's end and falls out just behind it.
    #[inline(always)]
    pub fn find_names(&mut self, count: usize, numeric_tails: bool, carry: &mut bool) {
        let tails = Eight([if numeric_tails { u64::MAX } else { 0 }; 8]);
        for row in eights(count) {
            let starts = Eight::moved(&self.dot, row, 1)
                & Eight::of(&self.label, row)
                & (!Eight::of(&self.digit, row) | tails);
            starts.put(&mut self.names, row);
        }
        for row in 1..=count.min(ROWS) {
            let (sum, first) = self.label[row].overflowing_add(self.names[row]);
            let (sum, second) = sum.overflowing_add(u64::from(*carry));
            *carry = first | second;
            self.names[row] = sum;
        }
        for row in eights(count) {
            let ends = Eight::of(&self.names, row) & !Eight::of(&self.label, row);
            ends.put(&mut self.names, row);
            (ends & Eight::of(&self.dot, row)).put(&mut self.at_dot, row);
        }
        for row in eights(count) {
            // Behind a label and its dot the run is over, unless the next label begins at once.
            let behind_end_dot = Eight::moved(&self.at_dot, row, 1);
            let names = Eight::of(&self.names, row) & !Eight::of(&self.dot, row)
                | behind_end_dot & !Eight::of(&self.label, row);
            names.put(&mut self.names, row);
        }
    }

    /// Leave out of the places behind names those behind runs of digits and dots, but for the few
    /// that end with several dots. `carry` is whether such a run goes on from the step before.
    #[inline(always)]
    pub fn leave_numbers_out(&mut self, count: usize, carry: &mut bool) {
        for row in eights(count) {
            let before = Eight::moved(&self.label, row, 1) | Eight::moved(&self.dot, row, 1);
            let numbers = Eight::of(&self.digit, row) | Eight::of(&self.dot, row);
            (numbers & !before).put(&mut self.number_ends, row);
        }
        for row in 1..=count.min(ROWS) {
            let numbers = self.digit[row] | self.dot[row];
            let (sum, first) = numbers.overflowing_add(self.number_ends[row]);
            let (sum, second) = sum.overflowing_add(u64::from(*carry));
            *carry = first | second;
            self.number_ends[row] = sum & !numbers;
        }
        for row in eights(count) {
            let names = Eight::of(&self.names, row) & !Eight::of(&self.number_ends, row);
            names.put(&mut self.names, row);
        }
    }

    /// Find the places where a number starts before which three more stand, one dot between.
    #[inline(always)]
    pub fn find_numbers(&mut self, count: usize) {
        for row in eights(count) {
            let second = Eight::of(&self.digit, row)
                & Eight::moved(&self.dot, row, 1)
                & Eight::moved(&self.digit, row, 2);
            second.put(&mut self.second, row);
        }
        for row in eights(count) {
            self.next_number(row, &self.second)
                .put(&mut self.third, row);
        }
        for row in eights(count) {
            self.next_number(row, &self.third)
                .put(&mut self.numbers, row);
        }
    }

    /// Return where a number begins, and the one before it in `places`, of one to three digits.
    #[inline(always)]
    fn next_number(&self, row: usize, places: &Column) -> Eight {
        let before = |by: u32| Eight::moved(places, row, by);
        let third_digit = Eight::moved(&self.digit, row, 3);
        Eight::of(&self.second, row) & (before(2) | before(3) | before(4) & third_digit)
    }

    /// Find the ends of 24 code bytes in a row.
    #[inline(always)]
    pub fn find_codes(&mut self, count: usize) {
        for row in eights(count) {
            let mut now = Eight::of(&self.code, row);
            let mut before = Eight::of(&self.code, row - 1);
            // 2, 4, 8, 16 and 24; of the step before only the last 23 bytes count.
            for by in [1, 2, 4, 8, 8] {
                now = now & now.shifted(before, by);
                before = before & before.shifted(Eight([0; 8]), by);
            }
            now.put(&mut self.codes, row);
        }
    }
}

/// Return the first rows of as many eights as hold `count` rows.
#[inline(always)]
pub fn eights(count: usize) -> impl Iterator<Item = usize> {
    // The compiler is kept from doing several eights at once, row by row, which it does slowly.
    let first = |row| black_box(row + 1);
    (0..count.min(ROWS)).step_by(8).map(first)
}

/// Return the steps of `count` whose mask in `column` is not empty.
#[inline(always)]
pub fn steps_of(column: &Column, count: usize) -> u128 {
    let mut steps = 0;
    for row in eights(count) {
        let eight = &column[row..row + 8];
        if eight.iter().fold(0, |any, mask| any | mask) != 0 {
            for (number, &mask) in eight.iter().enumerate() {
                let step = row - 1 + number;
                steps |= u128::from(mask != 0 && step < count) << step;
            }
        }
    }
    steps
}

/// Eight rows of a column; what is done to all of them is done at once where that can be.
#[derive(Clone, Copy)]
struct Eight([u64; 8]);

impl Eight {
    #[inline(always)]
    fn of(column: &Column, row: usize) -> Self {
        Self(
            *column[row..]
                .first_chunk()
                .expect("a row of the first in an eight"),
        )
    }

    #[inline(always)]
    fn put(self, column: &mut Column, row: usize) {
        column[row..row + 8].copy_from_slice(&self.0);
    }

    /// Return the rows of `column` moved `by` bytes on, with what moves in from the row before.
    #[inline(always)]
    fn moved(column: &Column, row: usize, by: u32) -> Self {
        Self::of(column, row).shifted(Self::of(column, row - 1), by)
    }

    #[inline(always)]
    fn shifted(self, before: Self, by: u32) -> Self {
        Self(array::from_fn(|row| {
            self.0[row] << by | before.0[row] >> (64 - by)
        }))
    }
}

impl BitAnd for Eight {
    type Output = Self;

    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self(array::from_fn(|row| self.0[row] & other.0[row]))
    }
}

impl BitOr for Eight {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(array::from_fn(|row| self.0[row] | other.0[row]))
    }
}

impl Not for Eight {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        Self(array::from_fn(|row| !self.0[row]))
    }
}

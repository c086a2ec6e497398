//! Whole lines, cut from a text that grows: the same lines at every piece and block size.

use memchr::memmem::Finder;
use memchr::{memchr, memrchr};

use crate::Stop;

const EXCERPT: usize = 200;

/// How much is cut at once, and which line is too long. Units: bytes.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// So much is gathered before whole lines are cut off.
    pub block_bytes: usize,
    /// A longer line, with its newline, is left out.
    pub longest_line: usize,
}

/// Some whole lines: where they stand in the text and in the evidence, and why there are no more.
#[derive(Debug)]
pub struct Cut {
    pub start: usize,
    pub end: usize,
    pub offset: u64,
    pub stop: Stop,
}

/// Cuts whole lines off the front of a text.
#[derive(Debug)]
pub struct LineCutter {
    bounds: Bounds,
    /// Lines that begin here or later belong to the split behind.
    end: Option<u64>,
    /// What comes before the next newline is left out.
    skips: bool,
    is_over: bool,
    is_done: bool,
    /// Where the text that is left begins, in the text and in the evidence.
    start: usize,
    offset: u64,
    /// The whole lines end here; up to `searched` no newline follows them.
    whole: usize,
    searched: usize,
}

impl LineCutter {
    pub fn new(offset: u64, end: Option<u64>, skips: bool, bounds: Bounds) -> Self {
        Self {
            bounds,
            end,
            skips,
            is_over: false,
            is_done: false,
            start: 0,
            offset,
            whole: 0,
            searched: 0,
        }
    }

    /// Return where the text that is left begins, in the evidence.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Return where the text that is left begins, in the text.
    pub fn start(&self) -> usize {
        self.start
    }

    pub fn block_bytes(&self) -> usize {
        self.bounds.block_bytes
    }

    /// Say that no more text comes.
    pub fn finish(&mut self) {
        self.is_over = true;
    }

    pub fn is_over(&self) -> bool {
        self.is_over
    }

    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Forget what was cut off; return how many bytes at the front of the text that is.
    pub fn forget(&mut self) -> usize {
        let cut = std::mem::take(&mut self.start);
        self.whole -= cut;
        self.searched = self.searched.saturating_sub(cut);
        cut
    }

    /// Return the next whole lines of `text`; None where it holds none, or none are left.
    ///
    /// A line at their beginning that begins with `header` is not asked about where it `was_asked`.
    pub fn next(
        &mut self,
        text: &[u8],
        header: Option<&Finder<'static>>,
        was_asked: bool,
    ) -> Option<Cut> {
        while self.start == self.whole {
            if self.is_done || !self.skip(text) {
                return None;
            }
            if self.end.is_some_and(|end| self.offset >= end) {
                self.is_done = true;
                return None;
            }
            let rest = &text[self.start..];
            if let Some(size) = self.whole_lines(rest) {
                self.whole += size;
            } else if rest.len() > self.bounds.longest_line
                && self.searched == self.start + rest.len()
            {
                let line = (self.offset, excerpt(rest));
                self.pass(rest.len());
                self.whole = self.start;
                self.skips = true;
                return Some(self.cut(0, Stop::TooLong(line.0, line.1)));
            } else {
                self.is_done = self.is_over;
                return None;
            }
        }
        Some(self.next_of_block(&text[self.start..self.whole], header, was_asked))
    }

    /// Leave out what comes before the next newline, if so; return whether that is through.
    fn skip(&mut self, text: &[u8]) -> bool {
        if !self.skips {
            return true;
        }
        let rest = &text[self.start..];
        let newline = memchr(b'\n', rest);
        self.pass(newline.map_or(rest.len(), |newline| newline + 1));
        self.whole = self.start;
        self.skips = newline.is_none();
        self.is_done = self.skips && self.is_over;
        !self.skips
    }

    /// Return how many bytes of `rest` are whole lines of this split, None when none is whole.
    fn whole_lines(&mut self, rest: &[u8]) -> Option<usize> {
        let size = rest.len();
        // The last byte before the end of the split: what holds it is its last line.
        let last = self.end.map(|end| end - 1 - self.offset);
        let reaches_end = last.is_some_and(|last| size as u64 > last);
        if size == 0 || size < self.bounds.block_bytes && !reaches_end && !self.is_over {
            return None;
        }
        let searched = self.searched.saturating_sub(self.start);
        if let Some(last) = last.filter(|_| reaches_end) {
            let from = searched.max(last as usize);
            if let Some(newline) = memchr(b'\n', &rest[from..]) {
                return Some(from + newline + 1);
            }
        }
        if self.is_over {
            return Some(size);
        }
        let newline = memrchr(b'\n', &rest[searched..]);
        self.searched = self.start + size;
        newline.map(|newline| searched + newline + 1)
    }

    /// Return the lines of the block up to one that is too long or begins with the header.
    fn next_of_block(
        &mut self,
        block: &[u8],
        header: Option<&Finder<'static>>,
        was_asked: bool,
    ) -> Cut {
        let long = self.too_long(block);
        let size = long.map_or(block.len(), |(start, _)| start);
        if let Some(place) = header.and_then(|header| line_with(&block[..size], header, was_asked))
        {
            let line = block[place..size].split(|&byte| byte == b'\n').next();
            return self.cut(place, Stop::Header(line.unwrap_or_default().to_vec()));
        }
        let Some((start, end)) = long else {
            return self.cut(size, Stop::BlockEnd);
        };
        let stop = Stop::TooLong(self.offset + start as u64, excerpt(&block[start..end]));
        let cut = self.cut(start, stop);
        self.pass(end - start);
        cut
    }

    /// Return the first line of the block that is too long, with its newline.
    fn too_long(&self, block: &[u8]) -> Option<(usize, usize)> {
        if block.len() <= self.bounds.longest_line {
            return None;
        }
        let mut start = 0;
        while start < block.len() {
            let newline = memchr(b'\n', &block[start..]);
            let end = newline.map_or(block.len(), |newline| start + newline + 1);
            if end - start > self.bounds.longest_line {
                return Some((start, end));
            }
            start = end;
        }
        None
    }

    fn cut(&mut self, size: usize, stop: Stop) -> Cut {
        let (start, offset) = (self.start, self.offset);
        self.pass(size);
        Cut {
            start,
            end: start + size,
            offset,
            stop,
        }
    }

    fn pass(&mut self, size: usize) {
        self.start += size;
        self.offset += size as u64;
    }
}

fn excerpt(line: &[u8]) -> Vec<u8> {
    line[..line.len().min(EXCERPT)].to_vec()
}

/// Return where the first line of `text` is that begins with `header`, but for the very first.
fn line_with(text: &[u8], header: &Finder<'static>, not_first: bool) -> Option<usize> {
    let behind = |place: usize| memchr(b'\n', &text[place..]).map(|newline| place + newline + 1);
    let mut from = if not_first { behind(0)? } else { 0 };
    while from < text.len() {
        let place = from + header.find(&text[from..])?;
        if place == from || text[place - 1] == b'\n' {
            return (place < text.len()).then_some(place);
        }
        from = behind(place)?;
    }
    None
}

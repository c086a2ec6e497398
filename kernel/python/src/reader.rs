//! The reader of one split as a Python class.

use std::io;
use std::path::PathBuf;

use memchr::memmem::Finder;
use pyo3::exceptions::{PyMemoryError, PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PySet, PyTuple};
use quetsach_digest::PIECE;
use quetsach_split::{Bounds, Choice, Chosen, LineEnds, Part, Signs, SplitTally, Stop};

use crate::{Kernel, Tokens, Where, as_tokens, clock_of, packed};

type Line<'py> = (u64, Bound<'py, PyBytes>);

/// Chosen lines, candidates, first lines, the marks of candidates.
pub type Lines<'py> = (
    Bound<'py, PyList>,
    Bound<'py, PySet>,
    Vec<u64>,
    Bound<'py, PyDict>,
);

/// Lines, those chosen, the header's line, a too long one, fullness, the keys of candidates.
type Told<'py> = (
    usize,
    Lines<'py>,
    Option<Bound<'py, PyBytes>>,
    Option<Line<'py>>,
    bool,
    Bound<'py, PyDict>,
);

/// Key, lines, first line, last line, addresses.
pub type Hour<'py> = (
    Bound<'py, PyBytes>,
    u64,
    Line<'py>,
    Line<'py>,
    Bound<'py, PyBytes>,
);

/// Key, lines, first line.
type PartHour<'py> = (Bound<'py, PyBytes>, usize, Bound<'py, PyBytes>);

/// The reader of one split; see `RustReader` in `sieve/kernel.py`.
#[pyclass(module = "quetsach_kernel")]
pub struct Reader {
    // Python's memory is aligned to 16 bytes only, and finders hold values that need 32.
    reader: Box<quetsach_split::Reader>,
}

#[pymethods]
impl Reader {
    #[new]
    #[pyo3(signature = (kernel, *, split, ends, choice, bounds))]
    fn new(
        kernel: &Kernel,
        split: (u64, u64, bool),
        ends: &str,
        choice: (usize, u64),
        bounds: (usize, usize),
    ) -> PyResult<Self> {
        let ends = ends_named(ends)?;
        let choice = Choice {
            head_lines: choice.0,
            sample_bytes: choice.1,
        };
        let bounds = Bounds {
            block_bytes: bounds.0,
            longest_line: bounds.1,
        };
        let sieve = kernel.sieve.clone();
        let reader = quetsach_split::Reader::new(sieve, split, ends, choice, bounds);
        Ok(Self {
            reader: Box::new(reader),
        })
    }

    /// Read the file at `path`, which had `size` bytes.
    fn open(&mut self, path: PathBuf, size: u64) -> PyResult<()> {
        self.reader.open(&path, size).map_err(|error| told(&error))
    }

    /// Take the clock, header and marker of the lines from here on.
    fn turn_to(&mut self, clock: Option<Where>, header: Option<Vec<u8>>, marker: Option<Vec<u8>>) {
        self.reader.turn_to(Signs {
            clock: clock.map(clock_of),
            header: header.map(|header| Finder::new(&header).into_owned()),
            marker,
        });
    }

    /// Give the keys of each candidate from here on, and keep the outside tokens: whether hashes
    /// are kept, and how many.
    fn want(&mut self, keys: bool, tokens: Option<(bool, usize)>) {
        if keys {
            self.reader.give_keys();
        }
        if let Some((hashes, most)) = tokens {
            self.reader.keep_tokens(hashes, most);
        }
    }

    /// Return the tokens since the last call; None where they are not kept. Those of the last part
    /// stay if they are left out.
    #[pyo3(signature = (*, without_part = false))]
    fn take_tokens<'py>(
        &mut self,
        py: Python<'py>,
        without_part: bool,
    ) -> PyResult<Option<Tokens<'py>>> {
        let reader = &mut *self.reader;
        let tokens = py.detach(|| reader.take_tokens(without_part));
        tokens.map(|tokens| as_tokens(py, &tokens)).transpose()
    }

    /// Return the hours of the last part, where tokens are kept: key, lines, the first line.
    fn part_hours<'py>(&self, py: Python<'py>) -> Vec<PartHour<'py>> {
        let told = |(key, lines, line): &(Vec<u8>, usize, Vec<u8>)| {
            (PyBytes::new(py, key), *lines, PyBytes::new(py, line))
        };
        self.reader.part_hours().iter().map(told).collect()
    }

    /// Return the tokens of the last part by groups of such keys; they are taken then.
    fn part_tokens<'py>(
        &mut self,
        py: Python<'py>,
        groups: Vec<Vec<Vec<u8>>>,
    ) -> PyResult<Vec<Tokens<'py>>> {
        let reader = &mut *self.reader;
        let found = py.detach(|| reader.part_tokens(&groups));
        found.iter().map(|tokens| as_tokens(py, tokens)).collect()
    }

    /// Take the next text.
    fn feed(&mut self, py: Python<'_>, text: &[u8]) -> PyResult<()> {
        let reader = &mut *self.reader;
        py.detach(|| reader.feed(text))
            .map_err(|error| told(&error))
    }

    /// Say that no more text comes.
    fn finish(&mut self) {
        self.reader.finish();
    }

    /// Return what the next part gave; None where text is to be fed, or all was given.
    fn next_part<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Told<'py>>> {
        let reader = &mut *self.reader;
        let part = py.detach(|| next_part(reader));
        match part.map_err(|error| told(&error))? {
            None => Ok(None),
            Some(part) => as_told(py, part).map(Some),
        }
    }

    /// Return the tallies since the last call, sorted by key.
    fn take_hours<'py>(&mut self, py: Python<'py>) -> PyResult<Vec<Hour<'py>>> {
        let reader = &mut *self.reader;
        let hours = py.detach(|| reader.take_hours());
        as_hours(py, hours)
    }

    /// Return (own bytes, lines begun, odd line ends, whether the file has shrunk).
    fn figures(&self) -> (u64, u64, u64, bool) {
        let figures = self.reader.figures();
        (
            figures.own_bytes,
            figures.lines_begun(),
            self.reader.odd_ends(),
            figures.has_shrunk,
        )
    }

    /// Return the digest of what was read from a file.
    fn digest<'py>(
        &mut self,
        py: Python<'py>,
    ) -> (Vec<Bound<'py, PyBytes>>, Option<Bound<'py, PyBytes>>) {
        let digest = self.reader.digest();
        let whole = digest.whole().map(|whole| PyBytes::new(py, &whole));
        (crate::as_bytes(py, &digest.pieces()), whole)
    }
}

/// Return the line ends of this name, a value of `LineEnds` in Python.
pub fn ends_named(name: &str) -> PyResult<LineEnds> {
    match name {
        "newline" => Ok(LineEnds::Newline),
        "json" => Ok(LineEnds::Json),
        "carriage-return" => Ok(LineEnds::Return),
        "unicode-separator" => Ok(LineEnds::Separator),
        _ => Err(PyValueError::new_err("no such line ends")),
    }
}

/// Return tallies as Python has them.
pub fn as_hours(py: Python<'_>, hours: Vec<(Vec<u8>, SplitTally)>) -> PyResult<Vec<Hour<'_>>> {
    let line = |(offset, line): (u64, Vec<u8>)| (offset, PyBytes::new(py, &line));
    hours
        .into_iter()
        .map(|(key, tally)| {
            let key = PyBytes::new(py, &key);
            let (first, last) = (line(tally.first), line(tally.last));
            Ok((key, tally.lines, first, last, packed(py, &tally.alive)?))
        })
        .collect()
}

/// Read until a part is whole. One that breaks off gives its last lines by the next call.
fn next_part(reader: &mut quetsach_split::Reader) -> io::Result<Option<Part<'_>>> {
    while !reader.has_part() {
        if reader.is_done() || !reader.reads_a_file() {
            return Ok(None);
        }
        reader.read()?;
    }
    Ok(reader.next_part())
}

fn as_told<'py>(py: Python<'py>, part: Part<'_>) -> PyResult<Told<'py>> {
    let place = |start: usize| part.offset + start as u64;
    let lines = part
        .chosen
        .iter()
        .map(|one| (place(one.start), &part.text[one.start..one.end], *one));
    let keys = PyDict::new(py);
    let candidates = part.chosen.iter().filter(|one| one.is_candidate);
    for (line, numbers) in candidates.zip(part.keys.each()) {
        keys.set_item(place(line.start), PyTuple::new(py, numbers)?)?;
    }
    let lines = as_lines(py, lines, part.values.iter())?;
    let (header, too_long) = match part.stop {
        Stop::BlockEnd => (None, None),
        Stop::Header(line) => (Some(PyBytes::new(py, &line)), None),
        Stop::TooLong(offset, line) => (None, Some((offset, PyBytes::new(py, &line)))),
    };
    Ok((part.lines, lines, header, too_long, part.is_full, keys))
}

/// Return chosen lines as Python has them: where each begins in the evidence, its text, what it was
/// chosen for; and the value at the end of each candidate.
pub fn as_lines<'py, 'a>(
    py: Python<'py>,
    chosen: impl Iterator<Item = (u64, &'a [u8], Chosen)>,
    mut values: impl Iterator<Item = &'a [u8; 32]>,
) -> PyResult<Lines<'py>> {
    let (lines, candidates) = (PyList::empty(py), PySet::empty(py)?);
    let (mut heads, marks) = (Vec::new(), PyDict::new(py));
    for (place, text, line) in chosen {
        lines.append((place, PyBytes::new(py, text)))?;
        if line.is_candidate {
            candidates.add(place)?;
            if let Some(value) = values.next() {
                marks.set_item(place, mark(place + text.len() as u64, value))?;
            }
        }
        if line.is_head {
            heads.push(place);
        }
    }
    Ok((lines, candidates, heads, marks))
}

/// Return how the place in the chain of its text is written of a line that ends at `end`; see
/// `mark` in digests.py.
fn mark(end: u64, value: &[u8; 32]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let piece = end.saturating_sub(1) / PIECE;
    let mut mark = format!("{piece}:");
    for byte in value {
        mark.push(char::from(DIGITS[usize::from(byte >> 4)]));
        mark.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    mark
}

/// Return the error that Python's own `open` and `read` raise.
fn told(error: &io::Error) -> PyErr {
    let text = error.to_string();
    let reason = text
        .split(" (os error")
        .next()
        .unwrap_or_default()
        .to_owned();
    if error.kind() == io::ErrorKind::OutOfMemory {
        return PyMemoryError::new_err(());
    }
    match error.raw_os_error() {
        Some(code) => PyOSError::new_err((code, reason)),
        None => PyOSError::new_err(reason),
    }
}

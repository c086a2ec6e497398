//! The reader of one split as a Python class.

use std::io;
use std::path::PathBuf;

use memchr::memmem::Finder;
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PySet};
use quetsach_digest::PIECE;
use quetsach_split::{Bounds, Choice, LineEnds, Part, Signs, SplitTally, Stop};

use crate::{Kernel, Where, clock_of, packed};

type Line<'py> = (u64, Bound<'py, PyBytes>);

/// Lines, chosen lines, candidates, first lines, the header's line, a too long one, fullness.
type Told<'py> = (
    usize,
    Bound<'py, PyList>,
    Bound<'py, PySet>,
    Vec<u64>,
    Bound<'py, PyDict>,
    Option<Bound<'py, PyBytes>>,
    Option<Line<'py>>,
    bool,
);

/// Key, lines, first line, last line, addresses.
pub type Hour<'py> = (
    Bound<'py, PyBytes>,
    u64,
    Line<'py>,
    Line<'py>,
    Bound<'py, PyBytes>,
);

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

    /// Take the next text.
    fn feed(&mut self, py: Python<'_>, text: &[u8]) {
        let reader = &mut *self.reader;
        py.detach(|| reader.feed(text));
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
    let line = |start: usize, end: usize| PyBytes::new(py, &part.text[start..end]);
    let place = |start: usize| part.offset + start as u64;
    let lines = part
        .chosen
        .iter()
        .map(|one| (place(one.start), line(one.start, one.end)));
    let lines = PyList::new(py, lines)?;
    let candidates = part.chosen.iter().filter(|one| one.is_candidate);
    let candidates = PySet::new(py, candidates.map(|one| place(one.start)))?;
    let marks = PyDict::new(py);
    let let_through = part.chosen.iter().filter(|one| one.is_candidate);
    for (line, value) in let_through.zip(&part.values) {
        marks.set_item(place(line.start), mark(place(line.end), value))?;
    }
    let heads = part.chosen.iter().filter(|one| one.is_head);
    let heads = heads.map(|one| place(one.start)).collect();
    let (header, too_long) = match part.stop {
        Stop::BlockEnd => (None, None),
        Stop::Header(line) => (Some(PyBytes::new(py, &line)), None),
        Stop::TooLong(offset, line) => (None, Some((offset, PyBytes::new(py, &line)))),
    };
    Ok((
        part.lines,
        lines,
        candidates,
        heads,
        marks,
        header,
        too_long,
        part.is_full,
    ))
}

/// Return how the place in the chain of its text is written of a line that ends at `end`; see
/// `mark` in digests.py.
pub fn mark(end: u64, value: &[u8; 32]) -> String {
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
    match error.raw_os_error() {
        Some(code) => PyOSError::new_err((code, reason)),
        None => PyOSError::new_err(reason),
    }
}

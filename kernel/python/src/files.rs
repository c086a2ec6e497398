//! Many small files read by one call, each as a split of its own that asks nothing meanwhile.

use std::path::PathBuf;

use memchr::memmem::Finder;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use quetsach_split::{Bounds, Choice, Chosen, LineEnds, Reader, Signs, SplitTally, Stop};

use crate::reader::{Hour, Lines, as_hours, as_lines, ends_named};
use crate::{Kernel, Where, as_bytes, clock_of};

/// What one file gave; see `FileRead` in `sieve/files.py`.
type Told<'py> = (
    usize,
    Lines<'py>,
    Vec<Bound<'py, PyBytes>>,
    Vec<Hour<'py>>,
    (u64, u64, u64),
    Vec<Bound<'py, PyBytes>>,
    Option<Bound<'py, PyBytes>>,
);

/// A chosen line: where it begins in the file, its bytes, what it was chosen for.
type Line = (u64, Vec<u8>, Chosen);

#[derive(Default)]
struct FileRead {
    lines: usize,
    chosen: Vec<Line>,
    values: Vec<[u8; 32]>,
    headers: Vec<Vec<u8>>,
    hours: Vec<(Vec<u8>, SplitTally)>,
    figures: (u64, u64, u64),
    pieces: Vec<[u8; 32]>,
    whole: Option<[u8; 32]>,
}

/// How each of the files is read.
struct Manner<'a> {
    kernel: &'a Kernel,
    ends: LineEnds,
    choice: Vec<Choice>,
    bounds: Bounds,
    clock: Option<Where>,
    header: Option<Vec<u8>>,
    marker: Option<Vec<u8>>,
}

/// Return what each of `files`, a path and its size, gave; None for one that needs to be read by a
/// reader of its own: it cannot be read, has shrunk, or a line in it is too long.
///
/// The headers met within the files stop nothing: whoever calls sees whether they change anything.
#[pyfunction]
#[pyo3(signature = (kernel, *, files, ends, choice, bounds, clock, header, marker))]
#[expect(
    clippy::too_many_arguments,
    reason = "all by keyword, as the reader of a split has them"
)]
pub fn read_files<'py>(
    py: Python<'py>,
    kernel: &Bound<'py, Kernel>,
    files: Vec<(PathBuf, u64)>,
    ends: &str,
    choice: Vec<(usize, u64)>,
    bounds: (usize, usize),
    clock: Option<Where>,
    header: Option<Vec<u8>>,
    marker: Option<Vec<u8>>,
) -> PyResult<Vec<Option<Told<'py>>>> {
    let choice = choice.into_iter().map(|(head_lines, sample_bytes)| Choice {
        head_lines,
        sample_bytes,
    });
    let manner = Manner {
        kernel: kernel.get(),
        ends: ends_named(ends)?,
        choice: choice.collect(),
        bounds: Bounds {
            block_bytes: bounds.0,
            longest_line: bounds.1,
        },
        clock,
        header,
        marker,
    };
    let read: Vec<Option<FileRead>> = py.detach(|| {
        let each = files.iter().zip(&manner.choice);
        each.map(|((path, size), choice)| manner.read(path, *size, *choice))
            .collect()
    });
    read.into_iter()
        .map(|file| file.map(|file| as_told(py, file)).transpose())
        .collect()
}

impl Manner<'_> {
    fn signs(&self) -> Signs {
        Signs {
            clock: self.clock.clone().map(clock_of),
            header: self
                .header
                .as_ref()
                .map(|one| Finder::new(one).into_owned()),
            marker: self.marker.clone(),
        }
    }

    fn read(&self, path: &std::path::Path, size: u64, choice: Choice) -> Option<FileRead> {
        let sieve = self.kernel.sieve.clone();
        let mut reader = Reader::new(sieve, (0, size, true), self.ends, choice, self.bounds);
        reader.turn_to(self.signs());
        reader.open(path, size).ok()?;
        let mut file = FileRead::default();
        loop {
            while !reader.has_part() && !reader.is_done() && reader.reads_a_file() {
                reader.read().ok()?;
            }
            let Some(part) = reader.next_part() else {
                break;
            };
            match part.stop {
                Stop::BlockEnd => {}
                Stop::Header(line) => file.headers.push(line),
                Stop::TooLong(..) => return None,
            }
            if part.is_full {
                return None;
            }
            file.lines += part.lines;
            file.values.extend_from_slice(&part.values);
            let text = part.text;
            file.chosen.extend(part.chosen.iter().map(|line| {
                let start = part.offset + line.start as u64;
                let bytes = text[line.start..line.end].to_vec();
                (start, bytes, *line)
            }));
        }
        let figures = reader.figures();
        if figures.has_shrunk {
            return None;
        }
        file.hours = reader.take_hours();
        file.figures = (figures.own_bytes, figures.lines_begun(), reader.odd_ends());
        let digest = reader.digest();
        file.pieces = digest.pieces();
        file.whole = digest.whole();
        Some(file)
    }
}

fn as_told(py: Python<'_>, file: FileRead) -> PyResult<Told<'_>> {
    let chosen = file.chosen.iter();
    let chosen = chosen.map(|(place, text, line)| (*place, &text[..], *line));
    Ok((
        file.lines,
        as_lines(py, chosen, file.values.iter())?,
        file.headers
            .iter()
            .map(|line| PyBytes::new(py, line))
            .collect(),
        as_hours(py, file.hours)?,
        file.figures,
        as_bytes(py, &file.pieces),
        file.whole.map(|whole| PyBytes::new(py, &whole)),
    ))
}

//! The sieve as the Python module `quetsach_kernel`.

mod alike;
mod files;
mod literals;
mod numbers;
mod reader;
mod rests;

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::{PyBufferError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use quetsach_sieve::{Clock, Keys, PackedTokens, Path, Sieve};

use reader::Reader;

/// What a clock is made of: needle, whether it is epoch seconds, length, client.
type Where = (Vec<u8>, bool, usize, Vec<u8>);
type Span = (usize, usize);
type Hour<'py> = (
    Bound<'py, PyBytes>,
    usize,
    usize,
    usize,
    Bound<'py, PyBytes>,
);
type Found<'py> = (usize, Vec<Span>, Vec<Span>, Vec<Hour<'py>>);
/// Names, addresses of IPv4, of IPv6, hashes, whether they are all; see `OutsideTokens`.
type Tokens<'py> = (
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    bool,
);

/// The keys, compiled; any number of threads may scan with it at once.
#[pyclass(frozen)]
struct Kernel {
    sieve: Arc<Sieve>,
}

#[pymethods]
impl Kernel {
    /// Compile the keys; `names`, `hashes` and `prints` stand one a line.
    #[new]
    #[pyo3(signature = (*, names, addresses, networks, inside, any_unicode_name, addresses6, networks6, hashes, prints, portable))]
    #[expect(
        clippy::too_many_arguments,
        reason = "all by keyword, from one dataclass"
    )]
    fn new(
        py: Python<'_>,
        names: &[u8],
        addresses: Vec<u32>,
        networks: Vec<(u32, u8)>,
        inside: Vec<(u32, u8)>,
        any_unicode_name: bool,
        addresses6: Vec<u128>,
        networks6: Vec<(u128, u8)>,
        hashes: &[u8],
        prints: &[u8],
        portable: bool,
    ) -> PyResult<Self> {
        check_networks(networks.iter().chain(&inside).map(|network| network.1), 32)?;
        check_networks(networks6.iter().map(|network| network.1), 128)?;
        if u32::try_from(names.len()).is_err() {
            return Err(PyValueError::new_err("the names have more than 4 GiB"));
        }
        let keys = Keys {
            names,
            addresses: &addresses,
            networks: &networks,
            any_unicode_name,
            addresses6: &addresses6,
            networks6: &networks6,
            hashes,
            prints,
        };
        let sieve = py.detach(|| Sieve::new(&keys, &inside));
        Ok(Self::on_path(sieve, portable))
    }

    /// Map the compiled keys that `dump` wrote to the file at `path`; see `Sieve::open`.
    ///
    /// Errors: OSError from the system, ValueError for a file that is damaged, cut, or of another
    /// version or kind of machine.
    #[staticmethod]
    #[pyo3(signature = (path, *, inside, portable))]
    fn open(
        py: Python<'_>,
        path: PathBuf,
        inside: Vec<(u32, u8)>,
        portable: bool,
    ) -> PyResult<Self> {
        check_networks(inside.iter().map(|network| network.1), 32)?;
        let sieve = py.detach(|| Sieve::open(&path, &inside));
        let sieve = sieve.map_err(|err| match err.kind() {
            ErrorKind::InvalidData => PyValueError::new_err(format!("{}: {err}", path.display())),
            _ => err.into(),
        })?;
        Ok(Self::on_path(sieve, portable))
    }

    /// Write the compiled keys to a file at `path`, which is replaced at once.
    fn dump(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| self.sieve.dump(&path))?;
        Ok(())
    }

    /// The code that runs: "avx512", "avx2" or "portable".
    #[getter]
    fn path(&self) -> &'static str {
        self.sieve.path().name()
    }

    /// Return (lines, candidates, marked, hours) of `block`; other threads run meanwhile.
    fn scan<'py>(
        &self,
        py: Python<'py>,
        block: &Bound<'py, PyAny>,
        clock: Option<Where>,
        marker: Option<&[u8]>,
    ) -> PyResult<Found<'py>> {
        let buffer = PyBuffer::<u8>::get(block)?;
        let bytes = bytes_of(&buffer)?;
        let clock = clock.map(clock_of);
        let found = py.detach(|| self.sieve.scan(bytes, clock.as_ref(), marker));
        buffer.release(py);
        let hour = |tally: quetsach_sieve::Tally| {
            let key = PyBytes::new(py, &tally.key);
            let alive = packed(py, &tally.alive)?;
            Ok((key, tally.lines, tally.first, tally.last, alive))
        };
        let hours = found.hours.into_iter().map(hour).collect::<PyResult<_>>()?;
        Ok((found.lines, found.candidates, found.marked, hours))
    }

    /// Return the numbers of the keys that each of `lines` of `block` holds.
    fn keys_of<'py>(
        &self,
        py: Python<'py>,
        block: &Bound<'py, PyAny>,
        lines: Vec<Span>,
    ) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        let buffer = PyBuffer::<u8>::get(block)?;
        let bytes = bytes_of(&buffer)?;
        let are_within = |&(start, end): &Span| start <= end && end <= bytes.len();
        if !lines.iter().all(are_within) {
            return Err(PyValueError::new_err("a line is not within the block"));
        }
        let keys = py.detach(|| self.sieve.keys_of(bytes, &lines));
        buffer.release(py);
        keys.each()
            .map(|numbers| PyTuple::new(py, numbers))
            .collect()
    }

    /// Return the outside tokens of `block`, up to `most`; `hashes` says whether those are kept.
    fn tokens_of<'py>(
        &self,
        py: Python<'py>,
        block: &Bound<'py, PyAny>,
        hashes: bool,
        most: usize,
    ) -> PyResult<Tokens<'py>> {
        let buffer = PyBuffer::<u8>::get(block)?;
        let bytes = bytes_of(&buffer)?;
        let found = py.detach(|| {
            let mut tokens = self.sieve.token_set(hashes, most);
            let _ = self
                .sieve
                .scan_and_keep(bytes, None, None, Some(&mut tokens));
            tokens.take()
        });
        buffer.release(py);
        as_tokens(py, &found)
    }
}

fn as_tokens<'py>(py: Python<'py>, tokens: &PackedTokens) -> PyResult<Tokens<'py>> {
    let addresses6 = PyBytes::new_with(py, tokens.addresses6.len() * 16, |bytes| {
        for (place, number) in bytes.chunks_exact_mut(16).zip(&tokens.addresses6) {
            place.copy_from_slice(&number.to_be_bytes());
        }
        Ok(())
    })?;
    Ok((
        PyBytes::new(py, &tokens.names),
        packed(py, &tokens.addresses)?,
        addresses6,
        PyBytes::new(py, &tokens.hashes),
        tokens.is_complete,
    ))
}

/// Four bytes a number, the least first.
fn packed<'py>(py: Python<'py>, numbers: &[u32]) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, numbers.len() * 4, |bytes| {
        for (place, number) in bytes.chunks_exact_mut(4).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        Ok(())
    })
}

fn clock_of((needle, epoch, length, client): Where) -> Clock {
    let clock = match epoch {
        true => Clock::epoch(&needle),
        false => Clock::copied(&needle, length),
    };
    clock.with_client(&client)
}

impl Kernel {
    fn on_path(sieve: Sieve, portable: bool) -> Self {
        let sieve = if portable {
            sieve.with_path(Path::PORTABLE)
        } else {
            sieve
        };
        Self {
            sieve: Arc::new(sieve),
        }
    }
}

fn check_networks(mut prefixes: impl Iterator<Item = u8>, longest: u8) -> PyResult<()> {
    if prefixes.any(|prefix| prefix > longest) {
        return Err(PyValueError::new_err("a prefix is out of range"));
    }
    Ok(())
}

/// A capture (pcap, pcapng) that is read as its bytes arrive; see `Capture` of the crate.
#[pyclass(module = "quetsach_kernel")]
struct Capture {
    capture: quetsach_capture::Capture,
}

#[pymethods]
impl Capture {
    #[new]
    fn new() -> Self {
        let capture = quetsach_capture::Capture::new();
        Self { capture }
    }

    /// Take the next bytes; return the lines of events that they complete.
    fn feed<'py>(&mut self, py: Python<'py>, bytes: &[u8]) -> Bound<'py, PyBytes> {
        let capture = &mut self.capture;
        let lines = py.detach(|| capture.feed(bytes));
        PyBytes::new(py, &lines)
    }

    /// Say that the file is over; return the lines of all that was still open.
    fn finish<'py>(&mut self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let capture = &mut self.capture;
        let lines = py.detach(|| capture.finish());
        PyBytes::new(py, &lines)
    }

    /// Return the packets of NetFlow and IPFIX since the last call: (who sent it, bytes).
    fn exports<'py>(&mut self, py: Python<'py>) -> Vec<(String, Bound<'py, PyBytes>)> {
        let exports = self.capture.exports().into_iter();
        exports
            .map(|(source, bytes)| (source, PyBytes::new(py, &bytes)))
            .collect()
    }

    /// Return each figure with its name.
    fn counts(&self) -> Vec<(&'static str, u64)> {
        self.capture.counts()
    }
}

/// The digest of a text; see `TextDigest` of the crate.
#[pyclass(module = "quetsach_kernel")]
struct TextDigest {
    digest: quetsach_digest::TextDigest,
}

#[pymethods]
impl TextDigest {
    #[new]
    fn new(offset: u64) -> PyResult<Self> {
        if !offset.is_multiple_of(quetsach_digest::PIECE) {
            return Err(PyValueError::new_err("no piece begins there"));
        }
        let digest = quetsach_digest::TextDigest::new(offset);
        Ok(Self { digest })
    }

    /// Add `text`; return the value of the piece in hand at each of `ends`.
    fn add<'py>(
        &mut self,
        py: Python<'py>,
        text: &Bound<'py, PyAny>,
        ends: Vec<usize>,
    ) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let buffer = PyBuffer::<u8>::get(text)?;
        let digest = &mut self.digest;
        let bytes = bytes_of(&buffer)?;
        let values = py.detach(|| digest.add(bytes, &ends));
        buffer.release(py);
        Ok(as_bytes(py, &values))
    }

    /// Return the value of each piece so far.
    fn pieces<'py>(&self, py: Python<'py>) -> Vec<Bound<'py, PyBytes>> {
        as_bytes(py, &self.digest.pieces())
    }

    /// Return the digest of all that was added where it is a text of one piece at most.
    fn whole<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.digest.whole().map(|digest| PyBytes::new(py, &digest))
    }
}

/// Return the digest of the file whose pieces have these values; None for less than two.
#[pyfunction]
fn joined_pieces(py: Python<'_>, pieces: Vec<[u8; 32]>) -> Option<Bound<'_, PyBytes>> {
    quetsach_digest::joined(&pieces).map(|digest| PyBytes::new(py, &digest))
}

/// Return the BLAKE3 digest of each message.
#[pyfunction]
fn blake3_each<'py>(
    py: Python<'py>,
    messages: Vec<Bound<'py, PyBytes>>,
) -> Vec<Bound<'py, PyBytes>> {
    let digest = |message: &Bound<'py, PyBytes>| quetsach_digest::digest(message.as_bytes());
    messages
        .iter()
        .map(|message| PyBytes::new(py, &digest(message)))
        .collect()
}

fn as_bytes<'py>(py: Python<'py>, values: &[[u8; 32]]) -> Vec<Bound<'py, PyBytes>> {
    values.iter().map(|value| PyBytes::new(py, value)).collect()
}

/// Return the bytes of a buffer, which nobody may write to while they are read.
fn bytes_of(buffer: &PyBuffer<u8>) -> PyResult<&[u8]> {
    if !buffer.is_c_contiguous() {
        return Err(PyBufferError::new_err("the block is not contiguous"));
    }
    if buffer.len_bytes() == 0 {
        return Ok(&[]);
    }
    // SAFETY: the buffer is held as long as the slice, so that it is neither freed nor resized;
    // the callers in Python ask that nobody writes to it meanwhile.
    Ok(unsafe { std::slice::from_raw_parts(buffer.buf_ptr().cast(), buffer.len_bytes()) })
}

/// The fast parts of quetsach, compiled: the sieve, the reader of splits, and that of captures.
#[pymodule]
mod quetsach_kernel {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::alike::alike_lines;
    #[pymodule_export]
    use super::files::read_files;
    #[pymodule_export]
    use super::literals::literals_held;
    #[pymodule_export]
    use super::numbers::sighting_numbers;
    #[pymodule_export]
    use super::rests::lines_without;
    #[pymodule_export]
    use super::{Capture, Kernel, Reader, TextDigest, blake3_each, joined_pieces};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("INTERFACE", super::INTERFACE)
    }
}

/// Rises with what Python and the kernel say to each other; `src/quetsach/compiled.py` has it, too.
const INTERFACE: u32 = 3;

//! The numbers of sightings, for Python: columns of texts in, bytes out.

use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use quetsach_digest::Texts;

use crate::bytes_of;

/// Return the numbers of sightings in a text with the chain `links`, eight bytes each.
///
/// `marks` and `keys` are columns of texts as Arrow has them: one more than there are texts of
/// four bytes each, the least first, which say where they begin and end, and the texts.
/// Errors: ValueError for a mark that is none.
#[pyfunction]
pub fn sighting_numbers<'py>(
    py: Python<'py>,
    links: Vec<[u8; 32]>,
    marks: (PyBuffer<u8>, PyBuffer<u8>),
    keys: (PyBuffer<u8>, PyBuffer<u8>),
) -> PyResult<Bound<'py, PyBytes>> {
    let mark_ends = ends(bytes_of(&marks.0)?);
    let key_ends = ends(bytes_of(&keys.0)?);
    let marks = Texts {
        ends: &mark_ends,
        bytes: bytes_of(&marks.1)?,
    };
    let keys = Texts {
        ends: &key_ends,
        bytes: bytes_of(&keys.1)?,
    };
    let numbers = py.detach(|| quetsach_digest::sighting_numbers(&links, marks, keys));
    let numbers = numbers.ok_or_else(|| PyValueError::new_err("a mark is none"))?;
    Ok(PyBytes::new(py, &numbers))
}

fn ends(bytes: &[u8]) -> Vec<i32> {
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers.iter().map(|one| i32::from_le_bytes(*one)).collect()
}

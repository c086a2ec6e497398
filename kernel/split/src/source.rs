//! A plain file that is read from a place on, wherever other threads read in it.

use std::fs::File;
use std::io;
use std::path::Path;

/// The file of a split, as far as it was when the sweep was planned.
#[derive(Debug)]
pub struct Source {
    file: File,
    at: u64,
    size: u64,
}

impl Source {
    /// Open the file at `path`, of `size` bytes, to be read from `at` on.
    pub fn open(path: &Path, at: u64, size: u64) -> io::Result<Self> {
        let file = opened(path)?;
        Ok(Self { file, at, size })
    }

    /// Return how many bytes are still to come.
    pub fn left(&self) -> u64 {
        self.size.saturating_sub(self.at)
    }

    /// Read into `bytes`; return how many there are, 0 where the file is shorter than it was.
    pub fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let mut count = 0;
        while count < bytes.len() {
            match read_at(&self.file, &mut bytes[count..], self.at) {
                Ok(0) => break,
                Ok(more) => {
                    count += more;
                    self.at += more as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // What was read before it is good.
                Err(_) if count > 0 => break,
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }
}

/// `O_NONBLOCK`: to open a pipe would wait for whoever writes into it.
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
const NO_WAITING: i32 = 0o4000;
/// "No such device or address", as in `evidence/storage.py`.
const NO_FILE: i32 = 6;

/// Open a file that may have been replaced by a pipe or a device since it was planned.
fn opened(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(all(
        target_os = "linux",
        any(target_arch = "x86_64", target_arch = "aarch64")
    ))]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, NO_WAITING);
    let file = options.open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_file() || kind.is_dir() {
        return Ok(file);
    }
    Err(io::Error::from_raw_os_error(NO_FILE))
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, at)
}

#[cfg(not(any(unix, windows)))]
fn read_at(mut file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(at))?;
    file.read(bytes)
}

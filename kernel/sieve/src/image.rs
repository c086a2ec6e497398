//! The compiled keys as one piece of memory: built here, or a file that is mapped.
//!
//! A file is a header of 64 words, then the sections, each on a border of 64 bytes. The words are
//! those of the machine that wrote it (an image is a cache, not an exchange): 0 what it is and
//! which version, 1 its length in bytes, 2 the checksum (XXH3, 64 bits) of all behind word 2,
//! 3 to 5 see `Facts`, from 8 on the place and the length in bytes of each section.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use bytemuck::{AnyBitPattern, NoUninit};
use memmap2::Mmap;
use twox_hash::XxHash3_64;

const HEADER: usize = 64;
const BORDER: usize = 64;
/// `qskeys` and the version.
const MAGIC: u64 = u64::from_le_bytes(*b"qskeys\0\x01");
/// So much of the file its checksum does not cover: what it is, its length, the sum itself.
const BEFORE_SUM: usize = 3 * 8;
const SECTIONS_AT: usize = 8;

/// What lies where in an image.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
pub enum Section {
    NameFilter,
    NameText,
    NameEnds,
    NameSlots,
    AddressFilter,
    Addresses,
    Coarse,
    Ranges,
    Networks,
    Addresses6,
    Ranges6,
    Networks6,
    Hashes,
    Prints,
}

/// Count of the sections.
pub const SECTIONS: usize = 14;

/// Figures about the keys: words 3 to 5 of the header.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// What the hash of a name begins with: a list made to collide for one does not for the next.
    pub seed: u64,
    /// Bytes of the longest name.
    pub longest: u64,
    /// Bits; see the constants in `keys.rs`.
    pub flags: u64,
}

/// The memory: its own, or that of a file.
#[derive(Debug)]
enum Memory {
    Owned(Vec<u64>),
    Mapped(Mmap),
}

/// An image, sound: every section lies within it.
#[derive(Debug)]
pub struct Image(Memory);

impl Image {
    /// Return an image of zeros for sections of so many bytes.
    pub fn new(lengths: [usize; SECTIONS], facts: Facts) -> Self {
        let mut words = vec![MAGIC, 0, 0, facts.seed, facts.longest, facts.flags, 0, 0];
        let mut place = HEADER * 8;
        for length in lengths {
            words.extend([place as u64, length as u64]);
            place = (place + length).next_multiple_of(BORDER);
        }
        words[1] = place as u64;
        // Zeroed by the system: pages that nobody writes cost nothing.
        let mut image = vec![0; place / 8];
        image[..words.len()].copy_from_slice(&words);
        Self(Memory::Owned(image))
    }

    /// Return the image in the file at `path`; others may map it too.
    ///
    /// Errors: what the system says, and `InvalidData` for a file that is no sound image. The file
    /// must not be changed in place while it is mapped: a new one is written beside it and renamed.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.len() < (HEADER * 8) as u64 {
            return Err(unsound("it is too short"));
        }
        // SAFETY: the file is not changed while it is mapped (see above); all that is read from it
        // is plain numbers and bytes, of which each is sound, and every place is checked.
        let image = Self(Memory::Mapped(unsafe { Mmap::map(&file)? }));
        image.check()?;
        Ok(image)
    }

    /// Write the image to a file at `path`, at once: it is written beside it and renamed.
    pub fn dump(&self, path: &Path) -> io::Result<()> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{}.part", std::process::id()));
        let beside = Path::new(&beside);
        let written = self
            .write(beside)
            .and_then(|()| std::fs::rename(beside, path));
        if written.is_err() {
            let _ = std::fs::remove_file(beside);
        }
        written
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let bytes = self.bytes();
        let sum = XxHash3_64::oneshot(&bytes[BEFORE_SUM..]).to_ne_bytes();
        let mut file = File::create_new(path)?;
        file.write_all(&bytes[..BEFORE_SUM - 8])?;
        file.write_all(&sum)?;
        file.write_all(&bytes[BEFORE_SUM..])?;
        file.sync_data()
    }

    fn check(&self) -> io::Result<()> {
        let bytes = self.bytes();
        if self.word(0) != MAGIC {
            return Err(unsound(
                "it holds no compiled keys of this version and machine",
            ));
        }
        if self.word(1) != bytes.len() as u64 || !bytes.len().is_multiple_of(BORDER) {
            return Err(unsound("it is not as long as it says"));
        }
        if self.word(2) != XxHash3_64::oneshot(&bytes[BEFORE_SUM..]) {
            return Err(unsound("its checksum does not agree"));
        }
        for number in 0..SECTIONS {
            let (start, length) = self.place(number);
            let end = start.checked_add(length);
            if !start.is_multiple_of(BORDER as u64)
                || end.is_none_or(|end| end > bytes.len() as u64)
            {
                return Err(unsound("a section does not lie within it"));
            }
        }
        Ok(())
    }

    pub fn facts(&self) -> Facts {
        Facts {
            seed: self.word(3),
            longest: self.word(4),
            flags: self.word(5),
        }
    }

    /// Set the figures of an image that is not mapped.
    pub fn set_facts(&mut self, facts: Facts) {
        if let Memory::Owned(words) = &mut self.0 {
            words[3..6].copy_from_slice(&[facts.seed, facts.longest, facts.flags]);
        }
    }

    /// Return a section as items of its kind; bytes that make no whole item are left out.
    pub fn section<T: AnyBitPattern>(&self, section: Section) -> &[T] {
        let (start, length) = self.place(section as usize);
        let items = length as usize / size_of::<T>();
        let start = start as usize;
        let bytes = &self.bytes()[start..start + items * size_of::<T>()];
        bytemuck::try_cast_slice(bytes).unwrap_or_default()
    }

    /// Return a section of an image that is not mapped, to be written.
    pub fn section_mut<T: AnyBitPattern + NoUninit>(&mut self, section: Section) -> &mut [T] {
        let (start, length) = self.place(section as usize);
        let (start, length) = (start as usize, length as usize);
        match &mut self.0 {
            Memory::Owned(words) => {
                let bytes: &mut [u8] = bytemuck::must_cast_slice_mut(words);
                bytemuck::cast_slice_mut(&mut bytes[start..start + length])
            }
            Memory::Mapped(_) => &mut [],
        }
    }

    fn bytes(&self) -> &[u8] {
        match &self.0 {
            Memory::Owned(words) => bytemuck::must_cast_slice(words),
            Memory::Mapped(file) => file,
        }
    }

    fn word(&self, number: usize) -> u64 {
        let bytes = self.bytes()[number * 8..].first_chunk();
        u64::from_ne_bytes(*bytes.expect("the header is whole"))
    }

    fn place(&self, number: usize) -> (u64, u64) {
        let at = SECTIONS_AT + number * 2;
        (self.word(at), self.word(at + 1))
    }
}

fn unsound(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use crate::{Keys, Sieve};

    fn place(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("quetsach-image-{}-{name}", std::process::id()))
    }

    fn sieve() -> Sieve {
        let keys = Keys {
            names: b"evil.com.vn\nbad.example\n\nbad.example",
            addresses: &[7, 0xc000_0201],
            networks: &[(0xc633_6401, 24)],
            prints: b"aa",
            ..Keys::default()
        };
        Sieve::new(&keys, &[])
    }

    const BLOCK: &[u8] = b"x.bad.example\nbad.examples\n192.0.2.1 7\n198.51.100.9\nevil.com.vn";

    #[test]
    fn what_is_opened_finds_what_was_compiled() {
        let path = place("whole");
        sieve().dump(&path).unwrap();
        let opened = Sieve::open(&path, &[]).unwrap();
        assert_eq!(
            opened.scan(BLOCK, None, None),
            sieve().scan(BLOCK, None, None)
        );
        assert_eq!(opened.scan(BLOCK, None, None).candidates.len(), 4);
        assert_eq!(opened.image.section::<u8>(crate::Section::Prints), b"aa");
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_damaged_or_cut_file_is_refused() {
        let path = place("damaged");
        sieve().dump(&path).unwrap();
        let whole = fs::read(&path).unwrap();
        for bit in (0..whole.len() * 8).step_by(257) {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, damaged).unwrap();
            assert!(Sieve::open(&path, &[]).is_err(), "bit {bit}");
        }
        for length in (0..whole.len()).step_by(61) {
            fs::write(&path, &whole[..length]).unwrap();
            assert!(Sieve::open(&path, &[]).is_err(), "length {length}");
        }
        fs::remove_file(path).unwrap();
        assert!(Sieve::open(&place("absent"), &[]).is_err());
    }
}

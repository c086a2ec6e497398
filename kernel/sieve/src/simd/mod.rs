//! The paths: the same work compiled for AVX-512, for AVX2, and for any processor.
//!
//! Code for a kind of processor is unsafe to call; it is called only by a `Path` of that kind,
//! which is made only after the processor was asked for each feature.

/// What a kind of processor is called by: the code of all, compiled with its features around how
/// it classifies 64 bytes and decodes 64 characters.
#[cfg(target_arch = "x86_64")]
macro_rules! entries {
    ($features:literal, $classify:ident, $decode_chunk:ident) => {
        #[target_feature(enable = $features)]
        pub fn walk<'a>(
            sieve: &'a crate::Sieve,
            block: &'a [u8],
            clock: Option<&'a crate::Clock>,
            listener: Option<&'a mut (dyn crate::said::Listener + 'a)>,
        ) -> crate::Scan {
            crate::walk::walk(sieve, block, clock, listener, tools())
        }

        #[target_feature(enable = $features)]
        pub fn look(finder: &mut crate::finder::Finder, text: &[u8], base: usize) {
            finder.look(text, base, tools());
        }

        #[target_feature(enable = $features)]
        pub fn decode(piece: &[u8], bytes: &mut [u8]) -> bool {
            crate::wire::decode_with(piece, bytes, |chunk, bytes| $decode_chunk(chunk, bytes))
        }

        #[inline]
        #[target_feature(enable = $features)]
        fn tools() -> crate::finder::Tools<
            impl Fn(&[u8; 64]) -> crate::bytes::Masks + Copy,
            impl Fn(&[u8], usize) -> crate::addresses::Reading + Copy,
        > {
            crate::finder::Tools {
                classify: |bytes: &[u8; 64]| {
                    super::quads::fetch(bytes);
                    $classify(bytes)
                },
                read: |text: &[u8], fourth| super::quads::read(text, fourth),
            }
        }
    };
}
#[cfg(target_arch = "x86_64")]
use entries;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod quads;

use crate::finder::{Finder, PIECE, Tools};
use crate::said::Listener;
use crate::{Clock, Scan, Sieve};
use crate::{addresses, bytes, walk, wire};

/// Which code looks through the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Path {
    /// The code that runs everywhere.
    pub const PORTABLE: Self = Self(Kind::Portable);

    /// Return the fastest path that this processor has.
    #[must_use]
    pub fn fastest() -> Self {
        Self::all().pop().unwrap_or(Self::PORTABLE)
    }

    /// Return each path that this processor has, the fastest last.
    #[must_use]
    pub fn all() -> Vec<Self> {
        #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut))]
        let mut all = vec![Self::PORTABLE];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
        {
            all.push(Self(Kind::Avx2));
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vbmi")
            {
                all.push(Self(Kind::Avx512));
            }
        }
        all
    }

    /// Return the path's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => "avx512",
        }
    }
}

/// Walk `block` on the path that `sieve` was compiled for.
pub fn walk<'a>(
    sieve: &'a Sieve,
    block: &'a [u8],
    clock: Option<&'a Clock>,
    listener: Option<&'a mut (dyn Listener + 'a)>,
) -> Scan {
    match sieve.path.0 {
        Kind::Portable => walk::walk(sieve, block, clock, listener, PORTABLE_TOOLS),
        // SAFETY: a Path of this kind is only made after the processor was asked for each feature.
        #[cfg(target_arch = "x86_64")]
        Kind::Avx2 => unsafe { avx2::walk(sieve, block, clock, listener) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kind::Avx512 => unsafe { avx512::walk(sieve, block, clock, listener) },
    }
}

/// Look through `text`, another one than before; `finder` then has its hits.
pub fn look_through(path: Path, finder: &mut Finder, text: &[u8]) {
    finder.begin();
    for base in (0..text.len()).step_by(PIECE) {
        look(path, finder, text, base);
    }
}

/// Look through the piece of `text` that starts at `base`.
pub fn look(path: Path, finder: &mut Finder, text: &[u8], base: usize) {
    match path.0 {
        Kind::Portable => finder.look(text, base, PORTABLE_TOOLS),
        // SAFETY: a Path of this kind is only made after the processor was asked.
        #[cfg(target_arch = "x86_64")]
        Kind::Avx2 => unsafe { avx2::look(finder, text, base) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kind::Avx512 => unsafe { avx512::look(finder, text, base) },
    }
}

/// Write what `piece` of base64 stands for to `bytes`; return whether a name may be in it.
pub fn decode(path: Path, piece: &[u8], bytes: &mut [u8]) -> bool {
    match path.0 {
        Kind::Portable => wire::decode_with(piece, bytes, wire::decode_chunk),
        // SAFETY: a Path of this kind is only made after the processor was asked.
        #[cfg(target_arch = "x86_64")]
        Kind::Avx2 => unsafe { avx2::decode(piece, bytes) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kind::Avx512 => unsafe { avx512::decode(piece, bytes) },
    }
}

/// Ask for the memory at `word`, which is soon read; where that cannot be asked, nothing is done.
#[inline(always)]
pub fn fetch<T>(word: &T) {
    #[cfg(target_arch = "x86_64")]
    quads::fetch_word(std::ptr::from_ref(word).cast());
    #[cfg(not(target_arch = "x86_64"))]
    let _ = word;
}

type Classify = fn(&[u8; 64]) -> bytes::Masks;
type Read = fn(&[u8], usize) -> addresses::Reading;

const PORTABLE_TOOLS: Tools<Classify, Read> = Tools {
    classify: bytes::classify,
    read: addresses::read,
};

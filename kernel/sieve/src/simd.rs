//! The one place with unsafe code: 64 bytes at a time with AVX2, where the processor has it.
//!
//! Unsafe is needed twice: to call code compiled for AVX2 (allowed only after the processor was
//! asked, see `Path::fastest`), and to load 32 bytes from a slice whose length was just checked.

use crate::bytes::{self, Masks};
use crate::walk;
use crate::{Clock, Look, Scan};

/// Which code looks through the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
}

impl Path {
    /// The code that runs everywhere.
    pub const PORTABLE: Self = Self(Kind::Portable);

    /// Return the fastest path that this processor has.
    #[must_use]
    pub fn fastest() -> Self {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
        {
            return Self(Kind::Avx2);
        }
        Self::PORTABLE
    }

    /// Return the path's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "avx2",
        }
    }
}

/// Walk `block` on the path that `sieve` was compiled for.
pub fn walk(sieve: &Look, block: &[u8], clock: Option<&Clock>) -> Scan {
    match sieve.sieve.path.0 {
        Kind::Portable => walk::walk(sieve, block, clock, bytes::classify),
        // SAFETY: a Path of this kind is only made after the processor was asked for each feature.
        #[cfg(target_arch = "x86_64")]
        Kind::Avx2 => unsafe { avx2::walk(sieve, block, clock) },
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{Clock, Look, Masks, Scan, bytes};
    use std::arch::x86_64::{
        __m256i, _mm256_add_epi8, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256,
        _mm256_max_epu8, _mm256_movemask_epi8, _mm256_set1_epi8, _mm256_setr_epi8,
        _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16,
    };

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    pub fn walk(sieve: &Look, block: &[u8], clock: Option<&Clock>) -> Scan {
        crate::walk::walk(sieve, block, clock, |block, masks| classify(block, masks))
    }

    #[target_feature(enable = "avx2")]
    fn classify(block: &[u8], masks: &mut [Masks]) {
        let (whole, rest) = block.as_chunks::<64>();
        for (bytes, masks) in whole.iter().zip(masks.iter_mut()) {
            // SAFETY: both loads of 32 bytes lie within the 64 bytes; they need no alignment.
            let (low, high) = unsafe {
                let start = bytes.as_ptr().cast::<__m256i>();
                (_mm256_loadu_si256(start), _mm256_loadu_si256(start.add(1)))
            };
            let (low, high) = (half(low), half(high));
            *masks = Masks {
                label: join(low.label, high.label),
                dot: join(low.dot, high.dot),
                digit: join(low.digit, high.digit),
                newline: join(low.newline, high.newline),
                high: join(low.high, high.high),
                colon: join(low.colon, high.colon),
            };
        }
        if !rest.is_empty() {
            bytes::classify(rest, &mut masks[whole.len()..]);
        }
    }

    struct Half {
        label: i32,
        dot: i32,
        digit: i32,
        newline: i32,
        high: i32,
        colon: i32,
    }

    /// The masks of 32 bytes. Each ASCII byte is looked up by both its halves; a label byte is one
    /// whose two answers share a bit: 1 digits, 2 `A` to `O`, 4 `P` to `Z` and `_`, 8 `p` to `z`,
    /// 16 `-`.
    #[target_feature(enable = "avx2")]
    fn half(bytes: __m256i) -> Half {
        let by_low = twice([13, 15, 15, 15, 15, 15, 15, 15, 15, 15, 14, 2, 2, 18, 2, 6]);
        let by_high = twice([0, 0, 16, 1, 2, 4, 2, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
        let nibble = _mm256_set1_epi8(0x0f);
        let high_half = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble);
        let low_half = _mm256_and_si256(bytes, nibble);
        let class = _mm256_and_si256(
            _mm256_shuffle_epi8(by_low, low_half),
            _mm256_shuffle_epi8(by_high, high_half),
        );
        let no_label = _mm256_cmpeq_epi8(class, _mm256_setzero_si256());
        let high = _mm256_movemask_epi8(bytes);
        // A digit is at most 9 above '0', counted without a sign.
        let above = _mm256_add_epi8(bytes, _mm256_set1_epi8(-(b'0' as i8)));
        let nine = _mm256_set1_epi8(9);
        let digit = _mm256_cmpeq_epi8(_mm256_max_epu8(above, nine), nine);
        Half {
            label: !_mm256_movemask_epi8(no_label) | high,
            dot: mask_of(bytes, b'.'),
            digit: _mm256_movemask_epi8(digit),
            newline: mask_of(bytes, b'\n'),
            high,
            colon: mask_of(bytes, b':'),
        }
    }

    #[target_feature(enable = "avx2")]
    fn mask_of(bytes: __m256i, byte: u8) -> i32 {
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte as i8)))
    }

    #[target_feature(enable = "avx2")]
    fn twice(row: [i8; 16]) -> __m256i {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = row;
        _mm256_setr_epi8(
            a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, //
            a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p,
        )
    }

    fn join(low: i32, high: i32) -> u64 {
        u64::from(low as u32) | u64::from(high as u32) << 32
    }
}

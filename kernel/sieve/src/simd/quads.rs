//! IPv4 addresses, sixteen bytes at once.

use std::arch::x86_64::{
    __m128i, __m256i, _MM_HINT_T0, _mm_cmpgt_epi32, _mm_cvtsi128_si32, _mm_loadu_si128,
    _mm_madd_epi16, _mm_maddubs_epi16, _mm_movemask_epi8, _mm_prefetch, _mm_set1_epi8,
    _mm_set1_epi16, _mm_set1_epi32, _mm_setr_epi8, _mm_shuffle_epi8, _mm_sub_epi8,
    _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_max_epu8, _mm256_movemask_epi8, _mm256_set1_epi8,
    _mm256_sub_epi8,
};

use crate::addresses::{self, Around, Reading, WINDOW};
use crate::finder::PIECE;

/// For each four lengths of numbers, where the hundreds, tens and ones of each number stand.
static PLACES: [[u8; 16]; 81] = {
    let mut places = [[0x80; 16]; 81];
    let mut which = 0;
    while which < 81 {
        let lengths = [
            which / 27 + 1,
            which / 9 % 3 + 1,
            which / 3 % 3 + 1,
            which % 3 + 1,
        ];
        let (mut number, mut end) = (0, 0);
        while number < 4 {
            end += lengths[number];
            let mut digit = 0;
            while digit < lengths[number] {
                // The ones stand last, a zero behind them.
                places[which][number * 4 + 2 - digit] = (end - 1 - digit) as u8;
                digit += 1;
            }
            end += 1;
            number += 1;
        }
        which += 1;
    }
    places
};

/// Read the run of digits and dots whose fourth number starts at `fourth`; see `addresses`.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
pub fn read(text: &[u8], fourth: usize) -> Reading {
    addresses::read_with(
        text,
        fourth,
        |bytes| look(bytes),
        |bytes, lengths| join(bytes, lengths),
    )
}

#[inline]
#[target_feature(enable = "avx2")]
fn look(bytes: &[u8; 2 * WINDOW]) -> Around {
    // SAFETY: 32 bytes are loaded from 32; the load needs no alignment.
    let bytes = unsafe { _mm256_loadu_si256(bytes.as_ptr().cast::<__m256i>()) };
    let above = _mm256_sub_epi8(bytes, _mm256_set1_epi8(b'0' as i8));
    let nine = _mm256_set1_epi8(9);
    let digits = _mm256_cmpeq_epi8(_mm256_max_epu8(above, nine), nine);
    let dots = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b'.' as i8));
    Around {
        digits: _mm256_movemask_epi8(digits) as u32,
        dots: _mm256_movemask_epi8(dots) as u32,
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn join(bytes: &[u8; WINDOW], lengths: [u32; 4]) -> (u32, bool) {
    let which = lengths.iter().fold(0_u32, |all, length| {
        all.wrapping_mul(3).wrapping_add(length.wrapping_sub(1))
    });
    let places = &PLACES[which.min(80) as usize];
    // SAFETY: sixteen bytes are loaded from sixteen, twice; a load needs no alignment.
    let (bytes, places) = unsafe {
        (
            _mm_loadu_si128(bytes.as_ptr().cast::<__m128i>()),
            _mm_loadu_si128(places.as_ptr().cast::<__m128i>()),
        )
    };
    let digits = _mm_sub_epi8(bytes, _mm_set1_epi8(b'0' as i8));
    let digits = _mm_shuffle_epi8(digits, places);
    let weights = _mm_set1_epi32(i32::from_le_bytes([100, 10, 1, 0]));
    let sums = _mm_madd_epi16(_mm_maddubs_epi16(digits, weights), _mm_set1_epi16(1));
    let is_large = _mm_movemask_epi8(_mm_cmpgt_epi32(sums, _mm_set1_epi32(255)));
    let last_first = _mm_setr_epi8(12, 8, 4, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    let address = _mm_cvtsi128_si32(_mm_shuffle_epi8(sums, last_first)) as u32;
    (address, is_large == 0)
}

/// Ask for the memory a piece behind `bytes`: what the processor fetches by itself ends with a page.
#[inline(always)]
pub fn fetch(bytes: &[u8; 64]) {
    fetch_word(bytes.as_ptr().wrapping_add(PIECE).cast());
}

/// Ask for the memory at `place`.
#[inline(always)]
pub fn fetch_word(place: *const i8) {
    // SAFETY: a prefetch reads nothing and never faults, whatever the address.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(place) };
}

//! The path for AVX-512 with VBMI: 64 bytes at once, each looked up in a table of 128.

use std::arch::x86_64::{
    __m512i, _mm512_cmpeq_epi8_mask, _mm512_loadu_si512, _mm512_madd_epi16, _mm512_maddubs_epi16,
    _mm512_maskz_permutex2var_epi8, _mm512_movepi8_mask, _mm512_permutex2var_epi8,
    _mm512_permutexvar_epi8, _mm512_set1_epi8, _mm512_set1_epi16, _mm512_set1_epi32,
    _mm512_storeu_si512, _mm512_test_epi8_mask,
};

use crate::bytes::{CLASSES, CODE, DIGIT, ESCAPE, LABEL, Masks};
use crate::wire;

super::entries!(
    "avx512f,avx512bw,avx512vl,avx512vbmi,avx2,bmi1,bmi2,lzcnt,popcnt",
    classify,
    decode_chunk
);

/// The 64 bytes at each half of a table of 128.
#[target_feature(enable = "avx512f")]
fn halves(table: &[u8; 256]) -> (__m512i, __m512i) {
    // SAFETY: both loads of 64 bytes lie within the table; they need no alignment.
    unsafe {
        let start = table.as_ptr().cast::<__m512i>();
        (_mm512_loadu_si512(start), _mm512_loadu_si512(start.add(1)))
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn classify(bytes: &[u8; 64]) -> Masks {
    // SAFETY: 64 bytes are loaded from 64; the load needs no alignment.
    let bytes = unsafe { _mm512_loadu_si512(bytes.as_ptr().cast::<__m512i>()) };
    let (low, upper) = halves(&CLASSES);
    let high = _mm512_movepi8_mask(bytes);
    let class = _mm512_maskz_permutex2var_epi8(!high, low, bytes, upper);
    let of = |bit: u8| _mm512_test_epi8_mask(class, _mm512_set1_epi8(bit as i8));
    let is = |byte: u8| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte as i8));
    Masks {
        label: of(LABEL) | high,
        dot: is(b'.'),
        digit: of(DIGIT),
        newline: is(b'\n'),
        high,
        colon: is(b':'),
        code: of(CODE),
        escape: of(ESCAPE),
    }
}

/// Where each three bytes stand in a number of 32 bits, the first byte uppermost.
static THREES: [u8; 64] = {
    let mut places = [0; 64];
    let mut group = 0;
    while group < 16 {
        let mut byte = 0;
        while byte < 3 {
            places[group * 3 + byte] = (group * 4 + 2 - byte) as u8;
            byte += 1;
        }
        group += 1;
    }
    places
};

/// Decode 64 characters of base64; zeros are written behind what they stand for.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn decode_chunk(chunk: &[u8; 64], bytes: &mut [u8; 64]) {
    let (low, upper) = halves(&wire::BITS);
    // SAFETY: 64 bytes are loaded from 64, twice; a load needs no alignment.
    let (chars, threes) = unsafe {
        (
            _mm512_loadu_si512(chunk.as_ptr().cast::<__m512i>()),
            _mm512_loadu_si512(THREES.as_ptr().cast::<__m512i>()),
        )
    };
    let sixes = _mm512_permutex2var_epi8(low, chars, upper);
    let pairs = _mm512_maddubs_epi16(sixes, _mm512_set1_epi16(0x0140));
    let fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x0001_1000));
    let three = _mm512_permutexvar_epi8(threes, fours);
    // SAFETY: 64 bytes are stored to 64; the store needs no alignment.
    unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast::<__m512i>(), three) };
}

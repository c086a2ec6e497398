//! The path for AVX2: 64 bytes as two halves.

use std::arch::x86_64::{
    __m256i, _mm256_add_epi8, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256,
    _mm256_madd_epi16, _mm256_maddubs_epi16, _mm256_max_epu8, _mm256_movemask_epi8,
    _mm256_permutevar8x32_epi32, _mm256_set1_epi8, _mm256_set1_epi16, _mm256_set1_epi32,
    _mm256_setr_epi8, _mm256_setr_epi32, _mm256_setzero_si256, _mm256_shuffle_epi8,
    _mm256_srli_epi16, _mm256_storeu_si256,
};

use crate::bytes::Masks;

super::entries!("avx2,bmi1,bmi2,lzcnt,popcnt", classify, decode_chunk);

#[target_feature(enable = "avx2")]
fn classify(bytes: &[u8; 64]) -> Masks {
    // SAFETY: both loads of 32 bytes lie within the 64 bytes; they need no alignment.
    let (low, high) = unsafe {
        let start = bytes.as_ptr().cast::<__m256i>();
        (_mm256_loadu_si256(start), _mm256_loadu_si256(start.add(1)))
    };
    let (low, high) = (half(low), half(high));
    Masks {
        label: join(low.label, high.label),
        dot: join(low.dot, high.dot),
        digit: join(low.digit, high.digit),
        newline: join(low.newline, high.newline),
        high: join(low.high, high.high),
        colon: join(low.colon, high.colon),
        code: join(low.code, high.code),
        escape: join(low.escape, high.escape),
    }
}

struct Half {
    label: i32,
    dot: i32,
    digit: i32,
    newline: i32,
    high: i32,
    colon: i32,
    code: i32,
    escape: i32,
}

/// The masks of 32 bytes. Each ASCII byte is looked up by both its halves; a label byte is one
/// whose two answers share one of the lower five bits: 1 digits, 2 `A` to `O`, 4 `P` to `Z` and
/// `_`, 8 `p` to `z`, 16 `-`; 32 are `+` and `/`, 64 is the backslash, 128 `(` and `%`.
#[target_feature(enable = "avx2")]
fn half(bytes: __m256i) -> Half {
    const P: i8 = -128;
    let by_low = twice([
        13,
        15,
        15,
        15,
        15,
        15 | P,
        15,
        15,
        15 | P,
        15,
        14,
        2 | 32,
        2 | 64,
        18,
        2,
        6 | 32,
    ]);
    let by_high = twice([
        0,
        0,
        16 | 32 | P,
        1,
        2,
        4 | 64,
        2,
        8,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ]);
    let nibble = _mm256_set1_epi8(0x0f);
    let high_half = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble);
    let low_half = _mm256_and_si256(bytes, nibble);
    let class = _mm256_and_si256(
        _mm256_shuffle_epi8(by_low, low_half),
        _mm256_shuffle_epi8(by_high, high_half),
    );
    let high = _mm256_movemask_epi8(bytes);
    let none_of = |bits: i8| {
        let of = _mm256_and_si256(class, _mm256_set1_epi8(bits));
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(of, _mm256_setzero_si256()))
    };
    // A digit is at most 9 above '0', counted without a sign.
    let above = _mm256_add_epi8(bytes, _mm256_set1_epi8(-(b'0' as i8)));
    let nine = _mm256_set1_epi8(9);
    let digit = _mm256_cmpeq_epi8(_mm256_max_epu8(above, nine), nine);
    Half {
        label: !none_of(31) | high,
        dot: mask_of(bytes, b'.'),
        digit: _mm256_movemask_epi8(digit),
        newline: mask_of(bytes, b'\n'),
        high,
        colon: mask_of(bytes, b':'),
        code: !none_of(127),
        escape: !none_of(64 | P),
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

/// Decode 64 characters of base64; zeros may be written behind what they stand for.
#[target_feature(enable = "avx2")]
fn decode_chunk(chunk: &[u8; 64], bytes: &mut [u8; 64]) {
    // SAFETY: both loads of 32 bytes lie within the 64, both stores of 32 within the 64: from 0 and
    // from 24 on; none needs alignment.
    unsafe {
        let from = chunk.as_ptr().cast::<__m256i>();
        let to = bytes.as_mut_ptr();
        let first = threes(six_bits(_mm256_loadu_si256(from)));
        let second = threes(six_bits(_mm256_loadu_si256(from.add(1))));
        _mm256_storeu_si256(to.cast(), first);
        _mm256_storeu_si256(to.add(24).cast(), second);
    }
}

/// The six bits of each character, of either alphabet.
#[target_feature(enable = "avx2")]
fn six_bits(chars: __m256i) -> __m256i {
    let high_half = _mm256_and_si256(_mm256_srli_epi16::<4>(chars), _mm256_set1_epi8(0x0f));
    // `/` to 63, `0` to 52, `A` to 0, `a` to 26; then what is not in line with them.
    let by_high = twice([0, 0, 16, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0]);
    let add = |sum, byte: u8, more: i8| {
        let is_byte = _mm256_cmpeq_epi8(chars, _mm256_set1_epi8(byte as i8));
        _mm256_add_epi8(sum, _mm256_and_si256(is_byte, _mm256_set1_epi8(more)))
    };
    let sum = _mm256_add_epi8(chars, _mm256_shuffle_epi8(by_high, high_half));
    add(add(add(sum, b'+', 3), b'-', 1), b'_', 33)
}

/// Join four times six bits to three bytes; 24 bytes come first, zeros behind them.
#[target_feature(enable = "avx2")]
fn threes(sixes: __m256i) -> __m256i {
    let pairs = _mm256_maddubs_epi16(sixes, _mm256_set1_epi16(0x0140));
    let fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x0001_1000));
    let bytes = _mm256_shuffle_epi8(
        fours,
        twice([2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1]),
    );
    _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7))
}

//! Kinds of made lines: what is cut, and what stays.

use super::values::{EARLIEST_US, LATEST_US, iso_time};
use super::*;

fn kinds(block: &[u8], keys: &[(&[u8], u8)]) -> Kinds {
    let keys = keys.iter().map(|(key, class)| (key.to_vec(), *class));
    Kinds::of(block, &Classes::new(keys.collect()))
}

fn rest(line: &[u8], keys: &[(&[u8], u8)]) -> Vec<u8> {
    let mut found = kinds(&[line, b"\n"].concat(), keys);
    found.rests.pop().map(|(_, rest)| rest).unwrap_or_default()
}

#[test]
fn lines_that_differ_in_values_are_of_one_kind() {
    let block = b"{\"a\":\"10.0.0.1\",\"p\":5353}\n{\"a\":\"10.9.8.7\",\"p\":1024}\nx\n\x01\n";
    let found = kinds(block, &[(b"p", b'p')]);
    assert_eq!(found.kinds, [0, 0, 1, NO_KIND]);
    assert_eq!(found.rests[0].1, b"{\"a\":\"\x01i0\",\"p\":\x01p0}");
    assert_eq!(found.numbers, [[5353, 1024, 0, 0]]);
    assert_eq!(found.texts[0].ends, [0, 8, 16, 16, 16]);
    assert_eq!(found.texts[0].bytes, b"10.0.0.110.9.8.7");
}

#[test]
fn what_is_equal_has_one_slot() {
    let line = b"src=192.0.2.1 dst=\"192.0.2.1\" other=192.0.2.2,sp=4000 dp=4000 n=7 m=7";
    let keys: &[(&[u8], u8)] = &[(b"sp", b'p'), (b"dp", b'p'), (b"n", b'c'), (b"m", b'c')];
    let wanted = b"src=\x01a0 dst=\"\x01a0\" other=\x01a1,sp=\x01p0 dp=\x01p0 n=\x01c1 m=\x01c2";
    assert_eq!(rest(line, keys), wanted);
}

#[test]
fn what_is_of_another_form_stays() {
    let keys: &[(&[u8], u8)] = &[
        (b"p", b'p'),
        (b"x", b'x'),
        (b"c", b'c'),
        (b"e", b'e'),
        (b"n", b'n'),
        (b"l", b'l'),
        (b"s", b's'),
        (b"d", b'd'),
        (b"z", b'z'),
        (b"u", b'u'),
        (b"w", b'w'),
    ];
    for line in [
        &b"a=0.0.0.0"[..],
        b"a=127.0.0.1",
        b"a=224.0.0.1",
        b"a=1.2.3",
        b"a=01.2.3.4",
        b"a=1.2.3.4x",
        b"a=\"1.2.3.4",
        b"a=\"1.2.3.4\\\"\"",
        b"p=53",
        b"p=65536",
        b"p=05353",
        b"x=-1",
        b"x=1.",
        b"x=01",
        b"x=1e5",
        b"c=0",
        b"c=1234567890123456",
        b"e=123",
        b"e=0000000001",
        b"e=9999999999",
        b"n=Bad.Example",
        b"n=example",
        b"n=.example",
        b"n=exam.1",
        b"u=//a",
        b"u=a/b",
        b"u=\"/a b\"",
        b"s=0",
        b"d=24:00:00",
        b"d=1:00:00",
        b"z=0",
        b"w=x",
        b"\"l\":[1,,2]",
        b"\"l\":[01]",
        b"\"l\":[1",
        b"t=2026-13-01T00:00:00.1Z",
        b"t=2026-02-29T00:00:00.1Z",
        b"t=2026-02-28T24:00:00.1Z",
        b"t=2026-02-28T00:00:00.1",
        b"t=2026-02-28T00:00:00.1+1500",
        b"t=2026-02-28T00:00:00Z",
    ] {
        assert_eq!(rest(line, keys), line, "{}", String::from_utf8_lossy(line));
    }
}

#[test]
fn each_class_is_cut_and_kept() {
    let keys: &[(&[u8], u8)] = &[
        (b"n", b'n'),
        (b"x", b'x'),
        (b"l", b'l'),
        (b"s", b's'),
        (b"e", b'e'),
        (b"w", b'w'),
        (b"d", b'd'),
    ];
    let line = b"\"n\":[\"a.example\", \"10.0.0.1\"],\"x\":4.5,\"l\":[1.5,2],\"s\":0.25,\"e\":1662700000.5";
    let wanted =
        b"\"n\":[\"\x01n0\", \"\x01i1\"],\"x\":\x01y-,\"l\":\x01l-,\"s\":\x01r0,\"e\":\x01f1";
    assert_eq!(rest(line, keys), wanted);
    assert_eq!(
        kinds(line, keys).numbers,
        [[250_000_000], [1_662_700_000_500_000]]
    );
    assert_eq!(
        rest(b"d=01:02:03 w=Cab1 x=7", keys),
        b"d=\x01d- w=\x01w- x=\x01x-"
    );
}

#[test]
fn times_are_those_of_the_calendar() {
    let us = |text: &[u8]| iso_time(text).map(|(us, _)| us);
    assert_eq!(us(b"1990-01-01T00:00:00.0Z"), Some(EARLIEST_US));
    assert_eq!(us(b"2099-12-31T23:59:59.999999Z"), Some(LATEST_US - 1));
    assert_eq!(
        us(b"2024-02-29T12:00:00.5+07:00"),
        Some(1_709_182_800_500_000)
    );
    assert_eq!(
        us(b"2022-09-09T12:06:40.711593+0700"),
        Some(1_662_700_000_711_593)
    );
}

#[test]
fn slots_run_out_and_damage_is_nothing() {
    let several: Vec<u8> = (1..=20)
        .flat_map(|one| format!("a=10.0.0.{one} ").into_bytes())
        .collect();
    let found = kinds(&[&several[..], b"\n"].concat(), &[]);
    assert_eq!((found.texts.len(), found.numbers.len()), (MOST_SLOTS, 0));
    for damage in [
        &b""[..],
        b"\n",
        b"=",
        b"\":",
        b"\":[",
        b"=[",
        b"a=\"",
        b"\":\"",
        b"[,[,",
        b"\xff=\xff",
    ] {
        assert_eq!(
            rest(damage, &[]),
            damage.strip_suffix(b"\n").unwrap_or(damage)
        );
    }
}

//! The names that an X.509 certificate was issued for.
//!
//! Source: RFC 5280, 4.1; ITU-T X.690 for the encoding. Only the way to the names is walked.

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT: u8 = 0x06;
const OCTETS: u8 = 0x04;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const DNS_NAME: u8 = 0x82;
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ALTERNATIVES: &[u8] = &[0x55, 29, 17];
const MOST_NAMES: usize = 100;
const LONGEST_NAME: usize = 255;

/// The names of a certificate: its subject's, and the others that it may be used for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub common: Option<Vec<u8>>,
    pub alternatives: Vec<Vec<u8>>,
}

/// Return the names in a certificate (DER); what cannot be read is left out.
pub fn names(der: &[u8]) -> Names {
    let mut names = Names::default();
    walk(der, &mut names);
    names
}

fn walk(der: &[u8], names: &mut Names) -> Option<()> {
    let (certificate, _) = expect(der, SEQUENCE)?;
    let (mut rest, _) = expect(certificate, SEQUENCE)?;
    if rest.first() == Some(&VERSION) {
        rest = element(rest)?.2;
    }
    // Serial number, algorithm, issuer, validity.
    for _ in 0..4 {
        rest = element(rest)?.2;
    }
    let (mut subject, mut rest) = expect(rest, SEQUENCE)?;
    while !subject.is_empty() {
        let (attributes, behind) = expect(subject, SET)?;
        let (attribute, _) = expect(attributes, SEQUENCE)?;
        let (object, value) = expect(attribute, OBJECT)?;
        if object == COMMON_NAME {
            let (_, text, _) = element(value)?;
            names.common = Some(text[..text.len().min(LONGEST_NAME)].to_vec());
        }
        subject = behind;
    }
    while !rest.is_empty() {
        let (kind, content, behind) = element(rest)?;
        if kind == EXTENSIONS {
            let (extensions, _) = expect(content, SEQUENCE)?;
            return alternatives(extensions, names);
        }
        rest = behind;
    }
    Some(())
}

fn alternatives(mut extensions: &[u8], names: &mut Names) -> Option<()> {
    while !extensions.is_empty() {
        let (extension, behind) = expect(extensions, SEQUENCE)?;
        extensions = behind;
        let (object, mut value) = expect(extension, OBJECT)?;
        if object != ALTERNATIVES {
            continue;
        }
        if value.first() != Some(&OCTETS) {
            // Whether it is critical.
            value = element(value)?.2;
        }
        let (octets, _) = expect(value, OCTETS)?;
        let (mut list, _) = expect(octets, SEQUENCE)?;
        while !list.is_empty() && names.alternatives.len() < MOST_NAMES {
            let (kind, content, behind) = element(list)?;
            if kind == DNS_NAME && content.len() <= LONGEST_NAME {
                names.alternatives.push(content.to_vec());
            }
            list = behind;
        }
    }
    Some(())
}

fn expect(bytes: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let (first, content, behind) = element(bytes)?;
    (first == kind).then_some((content, behind))
}

/// Return the kind of the first element, its content and what stands behind it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (kind, first) = (*bytes.first()?, usize::from(*bytes.get(1)?));
    let (length, start) = match first {
        0..=0x7f => (first, 2),
        0x81..=0x84 => {
            let digits = bytes.get(2..2 + (first - 0x80))?;
            let length = digits
                .iter()
                .fold(0, |sum, &digit| sum << 8 | usize::from(digit));
            (length, 2 + digits.len())
        }
        _ => return None,
    };
    let end = start.checked_add(length)?;
    Some((kind, bytes.get(start..end)?, &bytes[end..]))
}

#[cfg(test)]
mod tests {
    use super::{Names, element, names};

    #[test]
    fn lengths_are_held_against_what_is_there() {
        assert_eq!(element(&[0x30, 1, 7, 9]), Some((0x30, &[7][..], &[9][..])));
        assert_eq!(
            element(&[0x30, 0x81, 1, 7]),
            Some((0x30, &[7][..], &[][..]))
        );
        assert_eq!(element(&[0x30, 2, 7]), None);
        assert_eq!(element(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 7]), None);
        assert_eq!(element(&[0x30, 0x80, 0, 0]), None);
        assert_eq!(element(&[]), None);
    }

    #[test]
    fn what_is_no_certificate_has_no_names() {
        for length in 0..40 {
            assert_eq!(names(&vec![0x30; length]), Names::default());
        }
    }
}

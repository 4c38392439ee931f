//! Identifiers that follow from what they name (UUID version 5, RFC 9562 §5.5), so that the same pack gives the same
//! bytes. SHA-1 is what that version prescribes; nothing is secured by it.

use std::fmt;

use ring::digest;

/// A UUID.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Uuid([u8; 16]);

/// The namespace of everything that laik names; drawn once, at random.
pub(super) const LAIK: Uuid = Uuid(*b"\x6f\x1c\x8e\x52\x0b\x9d\x4a\x37\x9c\x41\xd2\x5e\x73\xa8\x14\xbf");

impl Uuid {
    /// The UUID of a name within this namespace.
    pub(super) fn named(self, name: &str) -> Self {
        let mut context = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
        context.update(&self.0);
        context.update(name.as_bytes());
        let mut bytes = [0; 16];
        for (byte, hashed) in bytes.iter_mut().zip(context.finish().as_ref()) {
            *byte = *hashed;
        }
        let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
        *version = *version & 0x0f | 0x50;
        *variant = *variant & 0x3f | 0x80;
        Self(bytes)
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                formatter.write_str("-")?;
            }
            write!(formatter, "{byte:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9562, appendix A.4.
    #[test]
    fn the_example_of_the_standard() {
        let dns = Uuid(*b"\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8");
        assert_eq!(
            dns.named("www.example.com").to_string(),
            "2ed6657d-e927-568b-95e1-2665a8aea6a2"
        );
        assert_eq!(LAIK.to_string(), "6f1c8e52-0b9d-4a37-9c41-d25e73a814bf");
    }
}

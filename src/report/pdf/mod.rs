//! PDF: the two-page summary of a run, and the printed certificate. Layout alone; knows no verdict and no signature.

mod certificate;
mod face;
mod paper;
mod structure;
mod summary;

pub use certificate::{CertificateFacts, WaiverLine, certificate_pdf};
pub use summary::summary_pdf;

use std::fmt::Write as _;

use super::visible;

/// The first characters of a text, with an ellipsis where some are left off.
fn cap(text: &str, most: usize) -> String {
    let (kept, left) = visible::clip(text, most);
    if left == 0 {
        kept.to_owned()
    } else {
        format!("{kept} …")
    }
}

/// A URI of the scheme `laik` with its parameters percent-encoded (RFC 3986 §2.1); each value is bounded, so that the
/// whole always fits a QR code.
fn query(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut text = path.to_owned();
    for (index, (name, value)) in parameters.iter().enumerate() {
        text.push(if index == 0 { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        for byte in visible::clip(value, 80).0.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                text.push(char::from(byte));
            } else {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_cannot_add_parameters() {
        assert_eq!(
            query("laik:x", &[("a", "b&c=d"), ("e", "é ")]),
            "laik:x?a=b%26c%3Dd&e=%C3%A9%20"
        );
        assert!(query("laik:x", &[("a", &"é".repeat(1_000))]).len() < 600);
    }
}

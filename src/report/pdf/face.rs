//! The two embedded faces of Noto Sans: which glyph a character has, how wide it is, and where a text breaks.
//! No shaping: the subset has the Latin letters alone, which need none.

use std::fmt::Write as _;
use std::ops::Range;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _};
use unicode_normalization::UnicodeNormalization as _;

use super::super::ReportError;

const REGULAR: &[u8] = include_bytes!("../../../reports/huruf/NotoSans-Regular-latin.ttf");
const BOLD: &[u8] = include_bytes!("../../../reports/huruf/NotoSans-Bold-latin.ttf");

/// One face.
pub(super) struct Face {
    pub(super) font: Font,
    charmap: skrifa::charmap::Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units: f32,
}

/// Both weights.
pub(super) struct Faces {
    pub(super) regular: Face,
    pub(super) bold: Face,
}

impl Faces {
    /// Reads the embedded fonts; that they cannot be read is a fault of laik.
    pub(super) fn embedded() -> Result<Self, ReportError> {
        let face = |bytes: &'static [u8]| -> Result<Face, ReportError> {
            let read = FontRef::new(bytes).map_err(|error| ReportError::Pdf(error.to_string()))?;
            let font = Font::new(bytes.into(), 0).ok_or_else(|| ReportError::Pdf("font".to_owned()))?;
            Ok(Face {
                units: font.units_per_em(),
                font,
                charmap: read.charmap(),
                metrics: read.glyph_metrics(Size::unscaled(), LocationRef::default()),
            })
        };
        Ok(Self {
            regular: face(REGULAR)?,
            bold: face(BOLD)?,
        })
    }
}

impl Face {
    /// A text that this face can show: composed, and with the code point of each character that it has not.
    pub(super) fn printable(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        for character in super::super::visible::one_line(text).nfc() {
            if self.charmap.map(character).is_some() {
                shown.push(character);
            } else {
                let _ = write!(shown, "[U+{:04X}]", u32::from(character));
            }
        }
        shown
    }

    /// The advance of a character, in parts of the size.
    fn advance(&self, character: char) -> f32 {
        let glyph = self.charmap.map(character).unwrap_or_default();
        self.metrics.advance_width(glyph).unwrap_or_default() / self.units
    }

    /// The width of a text.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|character| self.advance(character)).sum::<f32>() * size
    }

    /// The glyphs of a printable text.
    pub(super) fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        text.char_indices()
            .map(|(start, character)| KrillaGlyph {
                glyph_id: GlyphId::new(self.charmap.map(character).unwrap_or_default().to_u32()),
                text_range: Range {
                    start,
                    end: start + character.len_utf8(),
                },
                x_advance: self.advance(character),
                x_offset: 0.0,
                y_offset: 0.0,
                y_advance: 0.0,
                location: None,
            })
            .collect()
    }

    /// Breaks a text into lines of a width, at spaces where there are any, else within a word. At most `most` lines; a
    /// text that is longer ends with an ellipsis. Each line but the last keeps its space, for those who read it aloud.
    pub(super) fn lines(&self, text: &str, size: f32, width: f32, most: usize) -> Vec<String> {
        let text = self.printable(text);
        let mut lines = vec![String::new()];
        for word in text.split_inclusive(' ') {
            self.add(word, size, width, &mut lines);
            if lines.len() > most {
                break;
            }
        }
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                while !last.is_empty() && self.width(last, size) + self.width(" …", size) > width {
                    last.pop();
                }
                last.truncate(last.trim_end().len());
                last.push_str(" …");
            }
        }
        lines
    }

    fn add(&self, word: &str, size: f32, width: f32, lines: &mut Vec<String>) {
        let fits = |line: &str, more: &str| self.width(line, size) + self.width(more.trim_end(), size) <= width;
        let Some(last) = lines.last_mut() else { return };
        if fits(last, word) {
            last.push_str(word);
            return;
        }
        if !last.is_empty() {
            lines.push(String::new());
        }
        for character in word.chars() {
            let full = lines.last().is_some_and(|line| {
                !line.is_empty() && character != ' ' && !fits(line, character.encode_utf8(&mut [0; 4]))
            });
            if full {
                lines.push(String::new());
            }
            if let Some(last) = lines.last_mut() {
                last.push(character);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_asked_and_lose_nothing() {
        let faces = Faces::embedded().unwrap();
        let face = &faces.regular;
        let text = format!("Pengaduan warga tidak hilang {} selesai", "x".repeat(300));
        let lines = face.lines(&text, 9.0, 120.0, 1_000);
        assert!(
            lines.iter().all(|line| face.width(line.trim_end(), 9.0) <= 120.0),
            "{lines:?}"
        );
        assert_eq!(lines.concat(), text);
        let short = face.lines(&text, 9.0, 120.0, 2);
        assert_eq!(short.len(), 2);
        assert!(short[1].ends_with('…') && face.width(&short[1], 9.0) <= 120.0);
        assert_eq!(face.lines("", 9.0, 120.0, 2), [""]);
    }

    #[test]
    fn what_the_font_has_not_is_spelt_out() {
        let faces = Faces::embedded().unwrap();
        let shown = faces.bold.printable("Café e\u{301} 日 \u{202e}\n");
        assert_eq!(shown, "Café é [U+65E5] [U+202E][LF]");
    }
}

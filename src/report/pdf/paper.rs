//! A4 pages with text, boxes and a QR code, laid out from above; written as tagged PDF/A-2a and PDF/UA-1, so that they
//! can be archived and read aloud. Knows nothing of what it shows.

use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope};
use krilla::{Document, SerializeSettings};

use super::super::ReportError;
use super::face::{Face, Faces};
use super::structure::{About, Part, metadata, outline, tree};

/// A4, in points.
pub(super) const WIDTH: f32 = 595.28;
/// A4, in points.
pub(super) const HEIGHT: f32 = 841.89;
/// White space around everything, in points.
pub(super) const MARGIN: f32 = 48.0;
/// What the foot needs, in points.
const FOOT: f32 = 22.0;
/// Height of a line, in parts of the size of its text.
const LEADING: f32 = 1.36;
/// The quiet zone that a QR code needs (ISO/IEC 18004), in modules.
const QUIET: f32 = 4.0;

/// Red, green, blue.
pub(super) type Colour = (u8, u8, u8);

/// Nearly black.
pub(super) const INK: Colour = (28, 30, 33);
/// For what is said beside the matter; 7:1 on white.
pub(super) const MUTED: Colour = (82, 88, 94);
/// Lines and grounds of tables.
pub(super) const GROUND: Colour = (238, 240, 242);

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) colour: Colour,
}

/// A look.
pub(super) const fn look(size: f32, bold: bool, colour: Colour) -> Look {
    Look { size, bold, colour }
}

/// Something that stands on a page.
enum Mark {
    Text {
        x: f32,
        baseline: f32,
        text: String,
        look: Look,
        slot: Option<usize>,
    },
    Ground {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        colour: Colour,
    },
    Code {
        x: f32,
        y: f32,
        side: f32,
        code: qrcodegen::QrCode,
        slot: usize,
    },
}

/// One column of a table: its width in points, and whether its text ends at the right edge.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub(super) width: f32,
    pub(super) right: bool,
}

/// Pages in the making.
pub(super) struct Paper {
    faces: Faces,
    pages: Vec<Vec<Mark>>,
    parts: Vec<Part>,
    tables: usize,
    rows: usize,
    /// Distance of the next thing from the upper edge.
    pub(super) y: f32,
}

impl Paper {
    pub(super) fn new() -> Result<Self, ReportError> {
        Ok(Self {
            faces: Faces::embedded()?,
            pages: vec![Vec::new()],
            parts: Vec::new(),
            tables: 0,
            rows: 0,
            y: MARGIN,
        })
    }

    /// Begins the next page.
    pub(super) fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = MARGIN;
    }

    /// What is left of this page above the foot, in points.
    pub(super) fn left(&self) -> f32 {
        HEIGHT - MARGIN - FOOT - self.y
    }

    /// Goes to where something of this height stands at the foot of the page.
    pub(super) fn place_at_foot(&mut self, height: f32) -> f32 {
        self.y = HEIGHT - MARGIN - FOOT - height;
        self.y
    }

    fn face(&self, bold: bool) -> &Face {
        if bold { &self.faces.bold } else { &self.faces.regular }
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn part(&mut self, part: Part) -> usize {
        self.parts.push(part);
        self.parts.len() - 1
    }

    /// A filled box, which means nothing by itself.
    pub(super) fn ground(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Colour) {
        self.mark(Mark::Ground {
            x,
            y,
            width,
            height,
            colour,
        });
    }

    /// Lines of one slot from `y` on; gives the height that they take.
    fn set(&mut self, lines: Vec<String>, (x, y): (f32, f32), look: Look, slot: Option<usize>) -> f32 {
        let mut height = 0.0;
        for text in lines {
            let baseline = y + height + look.size * 1.06;
            height += look.size * LEADING;
            self.mark(Mark::Text {
                x,
                baseline,
                text,
                look,
                slot,
            });
        }
        height
    }

    /// A heading over the whole width.
    pub(super) fn heading(&mut self, level: u16, text: &str, look: Look) {
        self.heading_beside(level, text, (MARGIN, WIDTH - 2.0 * MARGIN), look);
    }

    /// A heading at `x` of a width.
    pub(super) fn heading_beside(&mut self, level: u16, text: &str, (x, width): (f32, f32), look: Look) {
        let (page, y) = (self.pages.len() - 1, self.y);
        let lines = self.face(look.bold).lines(text, look.size, width, 3);
        let text = lines.concat();
        let slot = self.part(Part::Heading { level, text, page, y });
        self.y += self.set(lines, (x, y), look, Some(slot)) + look.size * 0.3;
    }

    /// A paragraph at `x` of a width, of at most so many lines.
    pub(super) fn paragraph(&mut self, text: &str, (x, width): (f32, f32), look: Look, most: usize) {
        let lines = self.face(look.bold).lines(text, look.size, width, most);
        let slot = self.part(Part::Paragraph);
        self.y += self.set(lines, (x, self.y), look, Some(slot)) + look.size * 0.3;
    }

    /// Begins a table; rows follow.
    pub(super) fn table(&mut self) {
        self.tables += 1;
        self.rows = 0;
    }

    /// One row of the table; `head` is set in bold on a ground. Each cell takes at most `most` lines.
    pub(super) fn row(&mut self, columns: &[Column], cells: &[&str], size: f32, (head, most): (bool, usize)) {
        let (pad, top) = (3.0, self.y);
        let styled = |index: usize| look(size, head || index == 0, INK);
        let broken: Vec<Vec<String>> = columns
            .iter()
            .zip(cells)
            .enumerate()
            .map(|(index, (column, cell))| {
                let face = self.face(styled(index).bold);
                face.lines(cell, size, column.width - 2.0 * pad, most)
            })
            .collect();
        let most = broken.iter().map(Vec::len).max().unwrap_or_default();
        // At most `most` lines, a small number.
        let height = f32::from(u16::try_from(most).unwrap_or(u16::MAX)) * size * LEADING + 2.0 * pad;
        if head || self.rows.is_multiple_of(2) {
            let width = columns.iter().map(|column| column.width).sum();
            let colour = if head { (214, 219, 224) } else { GROUND };
            self.ground(MARGIN, top, width, height, colour);
        }
        let mut x = MARGIN;
        for (index, (column, lines)) in columns.iter().zip(broken).enumerate() {
            let scope = match (head, index) {
                (true, _) => Some(TableHeaderScope::Column),
                (false, 0) => Some(TableHeaderScope::Row),
                _ => None,
            };
            let slot = self.part(Part::Cell {
                table: self.tables,
                row: self.rows,
                head: scope,
            });
            let widest = lines
                .iter()
                .map(|line| self.face(styled(index).bold).width(line, size))
                .fold(0.0, f32::max);
            let at = if column.right {
                x + column.width - pad - widest
            } else {
                x + pad
            };
            self.set(lines, (at, top + pad), styled(index), Some(slot));
            x += column.width;
        }
        self.rows += 1;
        self.y = top + height;
    }

    /// A QR code with its quiet zone; `alt` says what it holds. A text too long for a code is a fault of the caller.
    pub(super) fn code(&mut self, text: &str, (x, y, side): (f32, f32, f32), alt: &str) -> Result<(), ReportError> {
        let code = qrcodegen::QrCode::encode_text(text, qrcodegen::QrCodeEcc::Medium)
            .map_err(|error| ReportError::Pdf(error.to_string()))?;
        let slot = self.part(Part::Figure { alt: alt.to_owned() });
        self.mark(Mark::Code { x, y, side, code, slot });
        Ok(())
    }

    /// The same line at the foot of each page, with its number.
    fn feet(&mut self, foot: &str, pages: &str) {
        let all = self.pages.len();
        let style = look(7.5, false, MUTED);
        for index in 0..all {
            let text = format!(
                "{foot} · {}",
                pages
                    .replace("{1}", &(index + 1).to_string())
                    .replace("{2}", &all.to_string())
            );
            let lines = self.faces.regular.lines(&text, style.size, WIDTH - 2.0 * MARGIN, 2);
            for (line, text) in lines.into_iter().enumerate() {
                let baseline = HEIGHT - MARGIN + if line == 0 { 0.0 } else { style.size * LEADING };
                if let Some(page) = self.pages.get_mut(index) {
                    page.push(Mark::Text {
                        x: MARGIN,
                        baseline,
                        text,
                        look: style,
                        slot: None,
                    });
                }
            }
        }
    }

    /// No text reaches into the foot, and none stands on another.
    #[cfg(test)]
    fn assert_apart(&self) {
        for page in &self.pages {
            let mut before: Vec<(f32, f32, f32)> = Vec::new();
            for mark in page {
                let (x, top, bottom) = match mark {
                    Mark::Text { x, baseline, look, .. } => (*x, *baseline - look.size * 0.75, *baseline),
                    Mark::Code { x, y, side, .. } => (*x, *y, *y + side),
                    Mark::Ground { .. } => continue,
                };
                assert!(bottom <= HEIGHT - MARGIN - FOOT + 0.1, "{bottom} reaches into the foot");
                let hit = before
                    .iter()
                    .find(|(other, begin, end)| (other - x).abs() < 0.01 && top < *end && bottom > *begin);
                assert_eq!(hit, None, "a text at {x} {top} stands on another");
                before.push((x, top, bottom));
            }
        }
    }

    /// Writes the file. `pages` has `{1}` for the number of a page and `{2}` for that of all.
    pub(super) fn finish(mut self, about: About, foot: &str, pages: &str) -> Result<Vec<u8>, ReportError> {
        #[cfg(test)]
        self.assert_apart();
        self.feet(foot, pages);
        let configuration = ConfigurationBuilder::new()
            .with_archival_validator(Archival::A2_A)
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .map_err(|error| ReportError::Pdf(format!("{error:?}")))?;
        let mut document = Document::new_with(SerializeSettings {
            configuration,
            ..SerializeSettings::default()
        });
        let mut slots: Vec<Vec<Identifier>> = self.parts.iter().map(|_| Vec::new()).collect();
        for marks in &self.pages {
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| ReportError::Pdf("page".to_owned()))?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for mark in marks {
                if let Some((slot, identifier)) = draw(&mut surface, mark, &self.faces)
                    && let Some(identifiers) = slots.get_mut(slot)
                {
                    identifiers.push(identifier);
                }
            }
            surface.finish();
            page.finish();
        }
        document.set_tag_tree(tree(&self.parts, slots, about.language));
        document.set_outline(outline(&self.parts));
        document.set_metadata(metadata(about));
        document
            .finish()
            .map_err(|error| ReportError::Pdf(format!("{error:?}")))
    }
}

fn fill((red, green, blue): Colour) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        ..Fill::default()
    }
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, faces: &Faces) -> Option<(usize, Identifier)> {
    let layout = ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout));
    match mark {
        Mark::Text {
            x,
            baseline,
            text,
            look,
            slot,
        } => {
            let tag = match slot {
                Some(_) => ContentTag::Span(SpanTag::empty()),
                None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)),
            };
            let face = if look.bold { &faces.bold } else { &faces.regular };
            let identifier = surface.start_tagged(tag);
            surface.set_fill(Some(fill(look.colour)));
            let start = Point::from_xy(*x, *baseline);
            surface.draw_glyphs(start, &face.glyphs(text), face.font.clone(), text, look.size, false);
            surface.end_tagged();
            slot.map(|slot| (slot, identifier))
        }
        Mark::Ground {
            x,
            y,
            width,
            height,
            colour,
        } => {
            surface.start_tagged(layout);
            surface.set_fill(Some(fill(*colour)));
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
            surface.end_tagged();
            None
        }
        Mark::Code { x, y, side, code, slot } => {
            let identifier = surface.start_tagged(ContentTag::Other);
            surface.set_fill(Some(fill((0, 0, 0))));
            if let Some(path) = modules(code, (*x, *y), *side) {
                surface.draw_path(&path);
            }
            surface.end_tagged();
            Some((*slot, identifier))
        }
    }
}

/// The dark modules, each run of a line as one box.
fn modules(code: &qrcodegen::QrCode, (x, y): (f32, f32), side: f32) -> Option<krilla::geom::Path> {
    // A code has at most 177 modules a side.
    let number = |value: i32| f32::from(i16::try_from(value).unwrap_or_default());
    let module = side / (number(code.size()) + 2.0 * QUIET);
    let mut path = PathBuilder::new();
    for row in 0..code.size() {
        let mut column = 0;
        while column < code.size() {
            let begin = column;
            while code.get_module(column, row) {
                column += 1;
            }
            if column > begin {
                let (left, top) = (x + (number(begin) + QUIET) * module, y + (number(row) + QUIET) * module);
                // A hair higher than a module, so that no viewer shows a line between two.
                let rect = Rect::from_xywh(left, top, number(column - begin) * module, module * 1.02);
                if let Some(rect) = rect {
                    path.push_rect(rect);
                }
            }
            column += 1;
        }
    }
    path.finish()
}

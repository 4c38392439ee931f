//! What a PDF tells those who do not see it: the order of its parts, headings, tables, the text of its code, and what the
//! file is. Knows no place on a page but that of headings.

use std::num::NonZeroU16;

use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::tagging::{Identifier, TableHeaderScope, Tag, TagGroup, TagTree};

use super::paper::MARGIN;

/// What a slot is to those who read the page aloud.
pub(super) enum Part {
    Heading {
        level: u16,
        text: String,
        page: usize,
        y: f32,
    },
    Paragraph,
    Figure {
        alt: String,
    },
    /// Index of the table, of the row, and whether the cell heads its column or row.
    Cell {
        table: usize,
        row: usize,
        head: Option<TableHeaderScope>,
    },
}

/// What the file says of itself.
pub(super) struct About {
    pub(super) title: String,
    pub(super) language: &'static str,
    /// RFC 3339; where it is none, the epoch.
    pub(super) instant: String,
    /// The same for the same content.
    pub(super) id: String,
}

fn group(tag: impl Into<krilla::tagging::TagKind>, identifiers: Vec<Identifier>) -> TagGroup {
    let mut group = TagGroup::new(tag);
    for identifier in identifiers {
        group.push(identifier);
    }
    group
}

/// The structure in the order in which it was laid out.
pub(super) fn tree(parts: &[Part], slots: Vec<Vec<Identifier>>, language: &str) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
    // The table in the making: its index, its rows, and the index of the last row.
    let mut open: Option<(usize, TagGroup, TagGroup, usize)> = None;
    let close = |tree: &mut TagTree, open: Option<(usize, TagGroup, TagGroup, usize)>| {
        if let Some((_, mut table, row, _)) = open {
            table.push(row);
            tree.push(table);
        }
    };
    for (part, identifiers) in parts.iter().zip(slots) {
        let Part::Cell { table, row, head } = part else {
            close(&mut tree, open.take());
            match part {
                Part::Heading { level, text, .. } => {
                    let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
                    tree.push(group(Tag::Hn(level, Some(text.clone())), identifiers));
                }
                Part::Figure { alt } => tree.push(group(Tag::Figure(Some(alt.clone())), identifiers)),
                Part::Paragraph | Part::Cell { .. } => tree.push(group(Tag::P, identifiers)),
            }
            continue;
        };
        let cell = match head {
            Some(scope) => group(Tag::TH(*scope), identifiers),
            None => group(Tag::TD, identifiers),
        };
        open = match open.take() {
            Some((same, rows, mut last, at)) if same == *table && at == *row => {
                last.push(cell);
                Some((same, rows, last, at))
            }
            Some((same, mut rows, last, _)) if same == *table => {
                rows.push(last);
                Some((same, rows, group_of(cell), *row))
            }
            other => {
                close(&mut tree, other);
                Some((*table, TagGroup::new(Tag::Table), group_of(cell), *row))
            }
        };
    }
    close(&mut tree, open);
    tree
}

fn group_of(cell: TagGroup) -> TagGroup {
    let mut row = TagGroup::new(Tag::TR);
    row.push(cell);
    row
}

/// A bookmark for each heading.
pub(super) fn outline(parts: &[Part]) -> Outline {
    let mut outline = Outline::new();
    for part in parts {
        if let Part::Heading { text, page, y, .. } = part {
            let place = XyzDestination::new(*page, Point::from_xy(MARGIN, *y));
            outline.push_child(OutlineNode::new(text.clone(), place));
        }
    }
    outline
}

/// Title, language, date and identifier, as PDF/A and PDF/UA demand.
pub(super) fn metadata(about: About) -> Metadata {
    let instant = about.instant.parse::<jiff::Timestamp>().unwrap_or_default();
    let moment = instant.to_zoned(jiff::tz::TimeZone::UTC);
    let small = |value: i8| u8::try_from(value).unwrap_or_default();
    let date = DateTime::new(u16::try_from(moment.year()).unwrap_or_default())
        .month(small(moment.month()))
        .day(small(moment.day()))
        .hour(small(moment.hour()))
        .minute(small(moment.minute()))
        .second(small(moment.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(about.title)
        .language(about.language.to_owned())
        .creator("laik".to_owned())
        .producer("laik".to_owned())
        .creation_date(date)
        .document_id(about.id)
}

//! What a list is asked for, and the one place that writes SQL for it. Every value is bound; only fixed words are put into the text.

use jiff::Timestamp;
use rusqlite::types::Value as Sql;

use super::complaint::Complaint;

/// Whose complaints a list holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All.
    All,
    /// Those that an account submitted.
    Owner(String),
    /// Those that were ever given to a unit.
    Unit(String),
    /// Those of a unit, and those that may be handled and were given to nobody yet.
    UnitOrNobodys(String),
    /// Those that anybody may see.
    Public,
    /// None.
    Nothing,
}

/// A column that lists may filter and sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Category.
    Category,
    /// Channel.
    Channel,
    /// When it was submitted, microseconds.
    Created,
    /// Account that submitted it.
    Owner,
    /// Status.
    Status,
    /// When it last changed, microseconds.
    Updated,
    /// Whether the reporter is anonymous, 0 or 1.
    Anonymous,
    /// Name of the reporter.
    ReporterName,
}

impl Column {
    /// Its name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Category => "kategori",
            Self::Channel => "kanal",
            Self::Created => "dibuat",
            Self::Owner => "pemilik",
            Self::Status => "status",
            Self::Updated => "diperbarui",
            Self::Anonymous => "anonim",
            Self::ReporterName => "nama_pelapor",
        }
    }
}

/// How a column is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// Equal.
    Is,
    /// Not equal.
    IsNot,
    /// Equal or greater.
    AtLeast,
    /// Less.
    Below,
}

/// One condition of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// What is compared.
    pub column: Column,
    /// How.
    pub test: Test,
    /// With any one of these.
    pub values: Vec<Sql>,
}

impl Criterion {
    /// A condition on one value.
    pub fn new(column: Column, test: Test, value: impl Into<Sql>) -> Self {
        Self {
            column,
            test,
            values: vec![value.into()],
        }
    }
}

/// In which order a list stands. Equal ones are told apart by identifier, so that the order is total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// First key.
    pub by: Column,
    /// Greatest first.
    pub descending: bool,
}

/// A place in an ordered list: behind the row that has these keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The row's first key.
    pub key: i64,
    /// The row's identifier.
    pub id: String,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Window {
    /// So many rows after so many others.
    Skip {
        /// Rows left out.
        skip: u64,
        /// Rows wanted.
        take: u64,
    },
    /// So many rows behind a place.
    Behind {
        /// The place; `None` = the beginning.
        position: Option<Position>,
        /// Rows wanted.
        take: u64,
    },
}

impl Window {
    /// Rows wanted.
    pub const fn take(&self) -> u64 {
        match self {
            Self::Skip { take, .. } | Self::Behind { take, .. } => *take,
        }
    }

    /// Rows left out, where they are counted.
    pub const fn skip(&self) -> u64 {
        match self {
            Self::Skip { skip, .. } => *skip,
            Self::Behind { .. } => 0,
        }
    }
}

/// What a list is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Whose complaints.
    pub scope: Scope,
    /// Conditions; all of them hold.
    pub criteria: Vec<Criterion>,
    /// The order.
    pub order: Order,
    /// The part.
    pub window: Window,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The complaints.
    pub rows: Vec<Complaint>,
    /// How many there are in the whole list.
    pub total: u64,
    /// The place behind the last row, if more follow.
    pub next: Option<Position>,
}

/// Microseconds since 1970, as the tables keep instants.
pub fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// SQL text and its bound values.
#[derive(Debug, Clone, Default)]
pub struct Clause {
    /// Text with `?` for each value.
    pub text: String,
    /// The values, in order.
    pub values: Vec<Sql>,
}

impl Clause {
    /// The `WHERE` of a scope and of criteria, over the table alias `p`.
    pub fn of(scope: &Scope, criteria: &[Criterion]) -> Self {
        let mut clause = Self {
            text: "1 = 1".to_owned(),
            values: Vec::new(),
        };
        match scope {
            Scope::All => {}
            Scope::Owner(account) => clause.and("p.pemilik = ?", [Sql::from(account.clone())]),
            Scope::Unit(unit) => clause.and(
                "EXISTS (SELECT 1 FROM disposisi d WHERE d.pengaduan = p.id AND d.unit = ?)",
                [Sql::from(unit.clone())],
            ),
            Scope::UnitOrNobodys(unit) => clause.and(
                "(EXISTS (SELECT 1 FROM disposisi d WHERE d.pengaduan = p.id AND d.unit = ?) OR (p.status NOT IN \
                 ('menunggu_verifikasi', 'perlu_kelengkapan') AND NOT EXISTS (SELECT 1 FROM disposisi d WHERE d.pengaduan = p.id)))",
                [Sql::from(unit.clone())],
            ),
            Scope::Public => clause.and("p.terbit = 1", []),
            Scope::Nothing => clause.and("0 = 1", []),
        }
        for criterion in criteria {
            let marks = vec!["?"; criterion.values.len()].join(", ");
            let test = match criterion.test {
                Test::Is => format!("IN ({marks})"),
                Test::IsNot => format!("NOT IN ({marks})"),
                Test::AtLeast => format!(">= {marks}"),
                Test::Below => format!("< {marks}"),
            };
            clause.and(
                &format!("p.{} {test}", criterion.column.name()),
                criterion.values.iter().cloned(),
            );
        }
        clause
    }

    /// Adds a condition.
    pub fn and(&mut self, text: &str, values: impl IntoIterator<Item = Sql>) {
        self.text.push_str(" AND ");
        self.text.push_str(text);
        self.values.extend(values);
    }

    /// Adds order and window. One row more than wanted is read, to tell whether more follow.
    #[must_use]
    pub fn windowed(mut self, order: Order, window: &Window) -> Self {
        let (direction, beyond) = if order.descending { ("DESC", "<") } else { ("ASC", ">") };
        let key = order.by.name();
        if let Window::Behind {
            position: Some(position),
            ..
        } = window
        {
            let values = [Sql::from(position.key), Sql::from(position.id.clone())];
            self.and(&format!("(p.{key}, p.id) {beyond} (?, ?)"), values);
        }
        let Self { text, mut values } = self;
        let text = format!("{text} ORDER BY p.{key} {direction}, p.id {direction} LIMIT ? OFFSET ?");
        let bound = |number: u64| Sql::from(i64::try_from(number).unwrap_or(i64::MAX));
        values.push(bound(window.take().saturating_add(1)));
        values.push(bound(window.skip()));
        Self { text, values }
    }
}

/// The usual order.
pub const NEWEST_FIRST: Order = Order {
    by: Column::Created,
    descending: true,
};

//! SQLite: opens it, lays out the tables, and keeps complaints in them. Knows nothing of HTTP or of who may see what.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::types::Value as Sql;
use rusqlite::{
    Connection, OpenFlags, OptionalExtension, Row, Transaction, TransactionBehavior, params, params_from_iter,
};
use serde_json::Value;

use super::complaint::{Account, Complaint, Event, FileNote, Person, Receipt, Reference, StoredFile};
use super::listing::{Clause, Criterion, ListQuery, Order, Page, Position, Scope, Window, micros};
use super::password;
use super::problem::Problem;
use super::seams::{Change, Edit, Files, Search, Statistics, Store};
use super::words::Role;
use crate::domain::{Event as EventKind, Status};

/// The tables. A complaint is one document with the columns that lists need beside it; its history can only grow.
const SCHEMA: &str = include_str!("schema.sql");

/// Numbers the databases in memory, so that two of one process never meet.
static MEMORY: AtomicU64 = AtomicU64::new(1);

/// One database. All statements go through one connection in turn; SQLite has one writer anyway, and a statement takes microseconds.
pub struct Database {
    connection: Mutex<Connection>,
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(format!("database: {error}"))
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(format!("stored document: {error}"))
    }
}

impl Database {
    /// Opens `pengaduan.sqlite` in a directory (write-ahead log), or a database in memory.
    pub fn open(directory: Option<&Path>) -> Result<Self, rusqlite::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = if let Some(directory) = directory {
            let connection = Connection::open_with_flags(directory.join("pengaduan.sqlite"), flags)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection
        } else {
            let number = MEMORY.fetch_add(1, Ordering::Relaxed);
            Connection::open_with_flags(format!("file:/rujukan-{number}?vfs=memdb"), flags)?
        };
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch(SCHEMA)?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    /// The connection, for one statement or transaction.
    pub fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts in reference data: identifiers with names.
    pub fn seed_references(
        &self,
        categories: &[(i64, &str)],
        units: &[(&str, &str)],
        agencies: &[(&str, &str)],
    ) -> Result<(), Problem> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        for (id, name) in categories {
            transaction.execute(
                "INSERT OR REPLACE INTO kategori (id, nama) VALUES (?, ?)",
                params![id, name],
            )?;
        }
        for (id, name) in units {
            transaction.execute(
                "INSERT OR REPLACE INTO unit (id, nama) VALUES (?, ?)",
                params![id, name],
            )?;
        }
        for (id, name) in agencies {
            transaction.execute(
                "INSERT OR REPLACE INTO instansi (id, nama) VALUES (?, ?)",
                params![id, name],
            )?;
        }
        Ok(transaction.commit()?)
    }

    /// Puts in an account with its password, or gives an account that exists a new password. Answers its id.
    pub fn seed_account(&self, account: &Account, password: &str) -> Result<String, Problem> {
        let (salt, hash) = password::hash(password)?;
        let person = serde_json::to_string(&account.person)?;
        let connection = self.connection();
        connection.execute(
            "INSERT INTO akun (id, nama_pengguna, peran, unit, garam, sandi, orang) VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (nama_pengguna) DO UPDATE SET garam = excluded.garam, sandi = excluded.sandi",
            params![
                account.id,
                account.username,
                account.role.id(),
                account.unit,
                salt,
                hash,
                person
            ],
        )?;
        let id = connection.query_row(
            "SELECT id FROM akun WHERE nama_pengguna = ?",
            [&account.username],
            |row| row.get(0),
        )?;
        Ok(id)
    }

    /// Complaints of a clause, as lists give them.
    pub fn page(&self, scope: Clause, order: Order, window: &Window) -> Result<Page, Problem> {
        let connection = self.connection();
        let total: i64 = connection
            .prepare_cached(&format!("SELECT count(*) FROM pengaduan p WHERE {}", scope.text))?
            .query_row(params_from_iter(&scope.values), |row| row.get(0))?;
        let clause = scope.windowed(order, window);
        let mut statement =
            connection.prepare_cached(&format!("SELECT p.dokumen FROM pengaduan p WHERE {}", clause.text))?;
        let documents = statement.query_map(params_from_iter(&clause.values), |row| row.get::<_, String>(0))?;
        let mut rows = documents
            .map(|document| decode(&document?))
            .collect::<Result<Vec<_>, _>>()?;
        let take = usize::try_from(window.take()).unwrap_or(usize::MAX);
        let more = rows.len() > take;
        rows.truncate(take);
        let next = rows.last().filter(|_| more).map(|last| Position {
            key: key(last, order),
            id: last.id.clone(),
        });
        Ok(Page {
            rows,
            total: u64::try_from(total).unwrap_or_default(),
            next,
        })
    }

    fn one(&self, condition: &str, value: &str) -> Result<Option<Complaint>, Problem> {
        let connection = self.connection();
        let document: Option<String> = connection
            .prepare_cached(&format!("SELECT dokumen FROM pengaduan WHERE {condition} = ?"))?
            .query_row([value], |row| row.get(0))
            .optional()?;
        document.map(|document| decode(&document)).transpose()
    }

    fn references(&self, table: &str) -> Result<Vec<Reference>, Problem> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached(&format!("SELECT CAST(id AS TEXT), nama FROM {table} ORDER BY id"))?;
        let rows = statement.query_map([], |row| {
            Ok(Reference {
                id: row.get(0)?,
                name: row.get(1)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn account_where(&self, column: &str, value: &str) -> Result<Option<WithPassword>, Problem> {
        let connection = self.connection();
        let sql = format!("SELECT id, nama_pengguna, peran, unit, orang, garam, sandi FROM akun WHERE {column} = ?");
        let found = connection
            .prepare_cached(&sql)?
            .query_row([value], account_row)
            .optional()?;
        let Some((mut account, person, salt, hash)) = found else {
            return Ok(None);
        };
        account.person = serde_json::from_str::<Person>(&person)?;
        Ok(Some((account, salt, hash)))
    }

    /// Queues an update for the hub.
    pub fn queue_update(&self, body: &Value) -> Result<(), Problem> {
        self.connection()
            .execute("INSERT INTO keluar (isi) VALUES (?)", [body.to_string()])?;
        Ok(())
    }

    /// The oldest update that still waits.
    pub fn next_update(&self) -> Result<Option<(i64, String)>, Problem> {
        let connection = self.connection();
        let found = connection
            .query_row("SELECT nomor, isi FROM keluar ORDER BY nomor LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        Ok(found)
    }

    /// Takes out an update that the hub acknowledged.
    pub fn update_sent(&self, number: i64) -> Result<(), Problem> {
        self.connection()
            .execute("DELETE FROM keluar WHERE nomor = ?", [number])?;
        Ok(())
    }
}

/// An account with the salt and the hash of its password.
type WithPassword = (Account, Vec<u8>, Vec<u8>);

type AccountRow = (Account, String, Vec<u8>, Vec<u8>);

fn account_row(row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    let role: String = row.get(2)?;
    let account = Account {
        id: row.get(0)?,
        username: row.get(1)?,
        role: Role::by_id(&role).unwrap_or(Role::Reporter),
        unit: row.get(3)?,
        person: Person::default(),
    };
    Ok((account, row.get(4)?, row.get(5)?, row.get(6)?))
}

pub(super) fn decode(document: &str) -> Result<Complaint, Problem> {
    Ok(serde_json::from_str(document)?)
}

/// An entry of a history from five columns: waktu, pelaku, peristiwa, dari, ke. `None` where it holds an unknown word.
pub(super) fn event_of(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Event>> {
    let word = |index: usize| row.get::<_, Option<String>>(first + index);
    let known = (
        Timestamp::from_microsecond(row.get(first)?).ok(),
        word(2)?.and_then(|kind| EventKind::by_id(&kind)),
        word(4)?.and_then(|to| Status::by_id(&to)),
    );
    let (Some(at), Some(kind), Some(to)) = known else {
        return Ok(None);
    };
    Ok(Some(Event {
        at,
        actor: row.get(first + 1)?,
        kind,
        from: word(3)?.and_then(|from| Status::by_id(&from)),
        to,
    }))
}

pub(super) fn unknown_word() -> Problem {
    Problem::internal("history holds an unknown word")
}

fn key(complaint: &Complaint, order: Order) -> i64 {
    match order.by {
        super::listing::Column::Updated => micros(complaint.updated),
        _ => micros(complaint.created),
    }
}

/// The words of a text as the index holds them: between blanks, lower case, without punctuation at their ends.
pub fn words(text: &str) -> BTreeSet<String> {
    text.split_whitespace()
        .map(|word| {
            word.trim_matches(|character: char| !character.is_alphanumeric())
                .to_lowercase()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

pub(super) fn write(transaction: &Transaction<'_>, complaint: &Complaint, added: &Change) -> Result<(), Problem> {
    transaction
        .prepare_cached(
            "INSERT INTO pengaduan (id, nomor, pemilik, status, klasifikasi, kategori, kanal, anonim, nama_pelapor, terbit, dibuat, diperbarui, dokumen)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET status = excluded.status, klasifikasi = excluded.klasifikasi, kategori = excluded.kategori,
             nama_pelapor = excluded.nama_pelapor, terbit = excluded.terbit, diperbarui = excluded.diperbarui, dokumen = excluded.dokumen",
        )?
        .execute(params![
            complaint.id,
            complaint.tracking,
            complaint.owner,
            complaint.status.id(),
            complaint.classification.id(),
            complaint.category,
            complaint.channel.id(),
            complaint.anonymous,
            complaint.reporter.name,
            complaint.is_public(),
            micros(complaint.created),
            micros(complaint.updated),
            serde_json::to_string(complaint)?,
        ])?;
    for disposition in &complaint.dispositions {
        transaction
            .prepare_cached("INSERT OR IGNORE INTO disposisi (pengaduan, unit) VALUES (?, ?)")?
            .execute(params![complaint.id, disposition.unit])?;
    }
    for event in &added.events {
        transaction
            .prepare_cached(
                "INSERT INTO riwayat (pengaduan, waktu, pelaku, peristiwa, dari, ke) VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                complaint.id,
                micros(event.at),
                event.actor,
                event.kind.id(),
                event.from.map(Status::id),
                event.to.id()
            ])?;
    }
    for file in &added.files {
        transaction
            .prepare_cached("INSERT INTO berkas (id, pengaduan, catatan, isi) VALUES (?, ?, ?, ?)")?
            .execute(params![
                file.note.id,
                complaint.id,
                serde_json::to_string(&file.note)?,
                file.content
            ])?;
    }
    Ok(())
}

pub(super) fn index_words(transaction: &Transaction<'_>, complaint: &Complaint) -> Result<(), Problem> {
    let mut statement = transaction.prepare_cached("INSERT OR IGNORE INTO kata (kata, pengaduan) VALUES (?, ?)")?;
    for word in words(&format!("{} {}", complaint.title, complaint.text)) {
        statement.execute(params![word, complaint.id])?;
    }
    Ok(())
}

impl Store for Database {
    fn insert(&self, complaint: &Complaint, added: &Change) -> Result<Receipt, Problem> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let taken: Option<i64> = transaction
            .prepare_cached("SELECT 1 FROM pengaduan WHERE id = ?")?
            .query_row([&complaint.id], |row| row.get(0))
            .optional()?;
        if taken.is_some() {
            return Err(Problem::internal("identifier given twice"));
        }
        write(&transaction, complaint, added)?;
        index_words(&transaction, complaint)?;
        transaction.commit()?;
        Ok(Receipt::of(complaint))
    }

    fn find(&self, id: &str) -> Result<Option<Complaint>, Problem> {
        self.one("id", id)
    }

    fn latest(&self, id: &str) -> Result<Option<Complaint>, Problem> {
        self.one("id", id)
    }

    fn find_tracking(&self, number: &str) -> Result<Option<Complaint>, Problem> {
        self.one("nomor", number)
    }

    fn change(&self, id: &str, edit: Edit<'_>) -> Result<Complaint, Problem> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let document: Option<String> = transaction
            .prepare_cached("SELECT dokumen FROM pengaduan WHERE id = ?")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let mut complaint = decode(&document.ok_or_else(Problem::hidden)?)?;
        let before = (complaint.title.clone(), complaint.text.clone());
        let added = edit(&mut complaint)?;
        write(&transaction, &complaint, &added)?;
        if before != (complaint.title.clone(), complaint.text.clone()) {
            transaction
                .prepare_cached("DELETE FROM kata WHERE pengaduan = ?")?
                .execute([&complaint.id])?;
            index_words(&transaction, &complaint)?;
        }
        transaction.commit()?;
        Ok(complaint)
    }

    fn history(&self, id: &str) -> Result<Vec<Event>, Problem> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT waktu, pelaku, peristiwa, dari, ke FROM riwayat WHERE pengaduan = ? ORDER BY urutan",
        )?;
        let rows = statement.query_map([id], |row| event_of(row, 0))?;
        let mut events = Vec::new();
        for row in rows {
            events.push(row?.ok_or_else(unknown_word)?);
        }
        Ok(events)
    }

    fn list(&self, query: &ListQuery) -> Result<Page, Problem> {
        self.page(Clause::of(&query.scope, &query.criteria), query.order, &query.window)
    }

    fn statistics(&self, scope: &Scope, period: &[Criterion]) -> Result<Statistics, Problem> {
        let clause = Clause::of(scope, period);
        let connection = self.connection();
        let count = |column: &str| -> Result<Vec<(String, u64)>, Problem> {
            let sql = format!(
                "SELECT p.{column}, count(*) FROM pengaduan p WHERE {} GROUP BY 1 ORDER BY 1",
                clause.text
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(params_from_iter(&clause.values), |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default(),
                ))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        let by_status = count("status")?;
        let by_classification = count("klasifikasi")?;
        Ok(Statistics {
            total: by_status.iter().map(|(_, number)| number).sum(),
            by_status,
            by_classification,
        })
    }

    fn categories(&self) -> Result<Vec<Reference>, Problem> {
        self.references("kategori")
    }

    fn units(&self) -> Result<Vec<Reference>, Problem> {
        self.references("unit")
    }

    fn agencies(&self) -> Result<Vec<Reference>, Problem> {
        self.references("instansi")
    }

    fn account(&self, id: &str) -> Result<Option<Account>, Problem> {
        Ok(self.account_where("id", id)?.map(|(account, _, _)| account))
    }

    fn log_in(&self, username: &str, password: &str) -> Result<Option<Account>, Problem> {
        let found = self.account_where("nama_pengguna", username)?;
        let Some((account, salt, hash)) = found else {
            // As much work as for an account that exists: the time of the answer does not tell which names do.
            password::hash(password)?;
            return Ok(None);
        };
        Ok(password::fits(password, &salt, &hash)?.then_some(account))
    }
}

impl Files for Database {
    fn content(&self, complaint: &str, file: &str) -> Result<Option<StoredFile>, Problem> {
        let connection = self.connection();
        let found: Option<(String, Vec<u8>)> = connection
            .prepare_cached("SELECT catatan, isi FROM berkas WHERE id = ? AND pengaduan = ?")?
            .query_row([file, complaint], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((note, content)) = found else { return Ok(None) };
        Ok(Some(StoredFile {
            note: serde_json::from_str::<FileNote>(&note)?,
            content,
        }))
    }
}

impl Search for Database {
    /// Every word of the text must begin a word of the complaint.
    fn find(&self, scope: &Scope, text: &str, window: &Window) -> Result<Page, Problem> {
        let mut clause = Clause::of(scope, &[]);
        let wanted = words(text);
        if wanted.is_empty() {
            clause.and("0 = 1", []);
        }
        for word in wanted.into_iter().take(20) {
            // The greatest character ends the range of words that begin with this one.
            let end = format!("{word}\u{10ffff}");
            clause.and(
                "EXISTS (SELECT 1 FROM kata k WHERE k.pengaduan = p.id AND k.kata >= ? AND k.kata < ?)",
                [Sql::from(word), Sql::from(end)],
            );
        }
        self.page(clause, super::listing::NEWEST_FIRST, window)
    }
}

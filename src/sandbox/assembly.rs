//! Puts the application's parts together, for defects and variants to replace before it starts.

use std::path::Path;
use std::sync::Arc;

use super::app::clock::TestClock;
use super::app::complaint::{Account, Person};
use super::app::database::Database;
use super::app::http::extract::AuthorizationHeader;
use super::app::http::serve::OpenDoor;
use super::app::ids::{TimeOrdered, uuid, word};
use super::app::intake::JsonIntake;
use super::app::outbox::NoHub;
use super::app::paging::{Numbered, StrictNumbers};
use super::app::policy::StandardPolicy;
use super::app::problem::{Kind, Problem};
use super::app::seams::{Ids as _, Parts, Refusals, RouteOverride};
use super::app::tokens::Jwt;
use super::app::view::StandardView;
use super::app::words::Role;
use super::statement::Declared;

/// The categories of the sandbox, in order.
pub const CATEGORIES: &[(i64, &str)] = &[
    (1, "Infrastruktur jalan dan jembatan"),
    (2, "Administrasi kependudukan"),
    (3, "Kesehatan"),
    (4, "Pendidikan"),
    (5, "Lingkungan hidup dan kebersihan"),
    (6, "Perizinan dan pelayanan terpadu"),
];

/// The units.
pub const UNITS: &[(&str, &str)] = &[("U1", "Bidang Pelayanan"), ("U2", "Bidang Pengawasan")];

/// The agencies; the first is the application's own.
pub const AGENCIES: &[(&str, &str)] = &[("I1", "Pemerintah Kota Contoh"), ("I2", "Dinas Contoh Provinsi")];

/// An account with the password that it was started with.
#[derive(Debug, Clone)]
pub struct Seeded {
    /// The actor that it stands for in a statement.
    pub actor: &'static str,
    /// The account.
    pub account: Account,
    /// Its password.
    pub password: String,
}

/// The parts before the start.
pub struct Assembly {
    /// The parts.
    pub parts: Parts,
    /// What is put before routes, innermost first.
    pub routes: Vec<RouteOverride>,
    /// What is put around everything, the authentication included, innermost first.
    pub around: Vec<RouteOverride>,
    /// The database behind the store.
    pub database: Arc<Database>,
    /// The accounts.
    pub accounts: Vec<Seeded>,
    /// What the statement says.
    pub declared: Declared,
}

/// The usual codes.
pub struct UsualCodes;

impl Refusals for UsualCodes {
    fn status(&self, kind: Kind) -> u16 {
        kind.status()
    }
}

impl Assembly {
    /// The honest application.
    pub fn honest(data: Option<&Path>) -> Result<Self, Problem> {
        let database = Arc::new(Database::open(data)?);
        database.seed_references(CATEGORIES, UNITS, AGENCIES)?;
        let clock = Arc::new(TestClock::default());
        let ids = Arc::new(TimeOrdered::new(clock.clone()));
        let accounts = seed(&database, &ids)?;
        let parts = Parts {
            clock,
            tokens: Arc::new(Jwt::new()?),
            bearer: Arc::new(AuthorizationHeader),
            store: database.clone(),
            exchange: database.clone(),
            files: database.clone(),
            search: database.clone(),
            policy: Arc::new(StandardPolicy),
            view: Arc::new(StandardView),
            intake: Arc::new(JsonIntake::new(ids.clone())),
            numbers: Arc::new(StrictNumbers),
            paging: Arc::new(Numbered),
            outbox: Arc::new(NoHub),
            refusals: Arc::new(UsualCodes),
            listener: Arc::new(OpenDoor),
            ids,
        };
        Ok(Self {
            parts,
            routes: Vec::new(),
            around: Vec::new(),
            database,
            accounts,
            declared: Declared::default(),
        })
    }
}

/// Synthetic people: addresses under `.test`, telephones under 0854, NIK serials 9990–9999.
const PEOPLE: &[(&str, Role, Option<&str>, &str, &str)] = &[
    ("pelapor_a", Role::Reporter, None, "Ratna Uji", "9991"),
    ("pelapor_b", Role::Reporter, None, "Bagus Coba", "9992"),
    ("admin", Role::Admin, None, "Admin Contoh", "9993"),
    ("petugas", Role::Officer, Some("U1"), "Petugas Satu", "9994"),
    ("petugas_lain", Role::Officer, Some("U2"), "Petugas Dua", "9995"),
    ("pengawas", Role::Overseer, None, "Pengawas Contoh", "9996"),
    ("hub", Role::Hub, None, "SP4N-LAPOR!", "9997"),
];

fn seed(database: &Database, ids: &TimeOrdered) -> Result<Vec<Seeded>, Problem> {
    let mut accounts = Vec::new();
    for (actor, role, unit, name, serial) in PEOPLE {
        let person = Person {
            name: (*name).to_owned(),
            email: Some(format!("{actor}@contoh.test")),
            phone: Some(format!("0854000{serial}")),
            nik: Some(format!("317101010190{serial}")),
            address: Some(format!("Jalan Contoh Nomor {serial}")),
        };
        let mut account = Account {
            id: ids.unique()?,
            username: (*actor).to_owned(),
            role: *role,
            unit: unit.map(str::to_owned),
            person,
        };
        let password = word(20)?;
        account.id = database.seed_account(&account, &password)?;
        accounts.push(Seeded {
            actor,
            account,
            password,
        });
    }
    Ok(accounts)
}

/// An identifier of random bits alone, laid out as a UUID of version 4.
pub fn random_uuid() -> Result<String, Problem> {
    let bits = u128::from_be_bytes(super::app::ids::random()?);
    Ok(uuid(bits & !(0xf << 76 | 0xc << 60) | 4 << 76 | 8 << 60))
}

//! Reads a statement: text → typed document → dialect merged in → binding built, with a place for every fault.
//! Knows nothing of sending requests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use super::place::{Diagnosis, Places};
use super::raw::{ActorEntry, Authentication, Document, Environment};
use super::secret::{self, Secret, SecretSource};
use super::{check, leniency};
use crate::binding::raw::BindingEntry;
use crate::binding::{Binding, BindingFault, REFERENCE};
use crate::domain::{Actor, Capability, Op, Phrase, Profile};
use crate::feature::plan::Claims;
use crate::phrase;

/// The longest statement, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// A statement that was read and found whole. Clones share it.
#[derive(Debug, Clone)]
pub struct Statement {
    inner: Arc<Inner>,
    profile: Option<Profile>,
}

#[derive(Debug)]
struct Inner {
    document: Document,
    places: Places,
    dialect: Places,
    directory: PathBuf,
    source: SecretSource,
    binding: Binding,
    base: Url,
    origins: Vec<Url>,
}

impl Statement {
    /// Reads a statement from a file.
    pub fn load(path: &Path, source: &SecretSource) -> Result<Self, Vec<Diagnosis>> {
        let label = path.display().to_string();
        let unreadable = |why: String| {
            vec![Diagnosis::of_file(
                label.clone(),
                phrase!("pernyataan tidak terbaca: {why}", "the statement cannot be read: {why}"),
                Phrase::new(
                    "Periksa lintasannya, atau buat dengan `laik init`.",
                    "Check the path, or make one by `laik init`.",
                ),
            )]
        };
        let meta = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
        if meta.len() > LONGEST {
            return Err(unreadable(String::from("> 1 MiB")));
        }
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        let directory = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        Self::parse(&label, &text, directory, source)
    }

    /// Reads a statement from a text. `label` names it in faults, `directory` is where `file:` begins.
    pub fn parse(label: &str, text: &str, directory: &Path, source: &SecretSource) -> Result<Self, Vec<Diagnosis>> {
        let places = Places::new(label, text);
        let mut document: Document = toml::from_str(text).map_err(|error| vec![places.reader_fault(&error)])?;
        let dialect = Places::new(
            "rujukan.toml",
            if document.ikatan.dialek.is_some() {
                REFERENCE
            } else {
                ""
            },
        );
        document.ikatan = merged(&places, &dialect, &document.ikatan)?;
        let mut faults = check::check(&document, &places);
        let address = check::address(&document, &places);
        let binding = Binding::build(&document.ikatan);
        match (address, binding) {
            (Ok((base, origins)), Ok(binding)) if faults.is_empty() => Ok(Self {
                inner: Arc::new(Inner {
                    document,
                    places,
                    dialect,
                    directory: directory.to_owned(),
                    source: source.clone(),
                    binding,
                    base,
                    origins,
                }),
                profile: None,
            }),
            (address, binding) => {
                faults.extend(address.err());
                for fault in binding.err().unwrap_or_default() {
                    faults.push(place(&places, &dialect, &fault));
                }
                faults.sort_by_key(|fault| (fault.line, fault.column));
                Err(faults)
            }
        }
    }

    /// The document, with the dialect's binding merged in.
    pub fn document(&self) -> &Document {
        &self.inner.document
    }

    /// The binding.
    pub fn binding(&self) -> &Binding {
        &self.inner.binding
    }

    /// The text as given.
    pub fn text(&self) -> &str {
        self.inner.places.text()
    }

    /// The file as the user named it.
    pub fn path(&self) -> &str {
        self.inner.places.path()
    }

    /// SHA-256 of the text as given, lower-case hex.
    pub fn digest(&self) -> String {
        crate::evidence::sha256_hex(self.text().as_bytes())
    }

    /// The base URL, without a slash at its end.
    pub fn base_url(&self) -> &Url {
        &self.inner.base
    }

    /// Origins that requests may go to; the first is the base URL's.
    pub fn origins(&self) -> &[Url] {
        &self.inner.origins
    }

    /// Whether a URL lies on a declared origin.
    pub fn allows(&self, url: &Url) -> bool {
        self.inner.origins.iter().any(|origin| origin.origin() == url.origin())
    }

    /// Whether the target is on this machine.
    pub fn loopback(&self) -> bool {
        match self.inner.base.host_str() {
            Some("localhost") => true,
            Some(host) => {
                let host = host.trim_matches(['[', ']']);
                host.parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
            }
            None => false,
        }
    }

    /// Whether requests that write are allowed.
    pub fn staging(&self) -> bool {
        self.inner.document.aplikasi.lingkungan == Environment::Staging
    }

    /// Whether a capability is claimed.
    pub fn claims_capability(&self, capability: Capability) -> bool {
        self.inner.document.klaim.kapabilitas.contains(&capability)
    }

    /// Declared actors; `publik` always is one.
    pub fn actors(&self) -> BTreeSet<Actor> {
        self.inner
            .document
            .aktor
            .keys()
            .copied()
            .chain([Actor::Publik])
            .collect()
    }

    /// An actor's entry.
    pub fn actor(&self, actor: Actor) -> Option<&ActorEntry> {
        self.inner.document.aktor.get(&actor)
    }

    /// How an actor authenticates, with the name under `[autentikasi]`; `None` for nobody and for `tanpa`.
    pub fn authentication(&self, actor: Actor) -> Option<(&str, &Authentication)> {
        let name = self.actor(actor)?.autentikasi.as_deref()?;
        self.inner.document.autentikasi.get(name).map(|entry| (name, entry))
    }

    /// Operations that are bound, with the declared actors that are entitled to them.
    pub fn bound(&self) -> BTreeSet<(Op, Actor)> {
        let actors = self.actors();
        let pairs = self.inner.binding.routes().flat_map(|(op, route)| {
            route
                .entitled()
                .iter()
                .copied()
                .map(move |actor| (op, actor))
                .collect::<Vec<_>>()
        });
        pairs.filter(|(_, actor)| actors.contains(actor)).collect()
    }

    /// What is claimed, for the plan.
    pub fn claims(&self) -> Claims {
        let claim = &self.inner.document.klaim;
        Claims {
            profile: self.profile.unwrap_or(claim.profil),
            capabilities: claim.kapabilitas.iter().copied().collect(),
            bound: self.bound(),
            staging: self.staging(),
        }
    }

    /// Judges for another profile than the statement claims.
    pub fn claim_profile(&mut self, profile: Profile) {
        self.profile = Some(profile);
    }

    /// Whether the application is to call a hub, so that the hub simulator must listen.
    pub fn wants_hub(&self) -> bool {
        self.claims_capability(Capability::HubKeluar) || self.claims_capability(Capability::HubMasuk)
    }

    /// Longest wait for one answer; default 30 s.
    pub fn answer_limit(&self) -> Duration {
        wait(self.inner.document.nilai.batas_jawab_ms, 30_000)
    }

    /// Longest wait until an effect shows; default 10 s.
    pub fn visible_limit(&self) -> Duration {
        wait(self.inner.document.nilai.jeda_tampak_ms, 10_000)
    }

    /// Longest wait for a callback; default 30 s.
    pub fn callback_limit(&self) -> Duration {
        wait(self.inner.document.nilai.jeda_panggilan_ms, 30_000)
    }

    /// Requests a second for one actor; `None` = not limited (loopback targets).
    pub fn rate(&self) -> Option<f64> {
        self.inner
            .document
            .laju
            .permintaan_per_detik
            .or_else(|| (!self.loopback()).then_some(10.0))
    }

    /// Reads one secret by its name under `[rahasia]`.
    pub fn secret(&self, name: &str) -> Result<Secret, Diagnosis> {
        let inner = &self.inner;
        match inner.document.rahasia.get(name) {
            Some(reference) => secret::resolve(&inner.places, &inner.directory, &inner.source, name, reference),
            None => Err(inner.places.fault(
                &["rahasia"],
                phrase!("rahasia `{name}` tidak dinyatakan", "secret `{name}` is not declared"),
                phrase!(
                    "Tambahkan `{name}` di bawah [rahasia].",
                    "Add `{name}` below [rahasia]."
                ),
            )),
        }
    }

    /// Reads every secret; all faults together.
    pub fn secrets(&self) -> Result<BTreeMap<String, Secret>, Vec<Diagnosis>> {
        let mut values = BTreeMap::new();
        let mut faults = Vec::new();
        for name in self.inner.document.rahasia.keys() {
            match self.secret(name) {
                Ok(value) => drop(values.insert(name.clone(), value)),
                Err(fault) => faults.push(fault),
            }
        }
        faults.sort_by_key(|fault| fault.line);
        if faults.is_empty() { Ok(values) } else { Err(faults) }
    }

    /// The directory where `file:` and `tls.akar` begin.
    pub fn directory(&self) -> &Path {
        &self.inner.directory
    }

    /// A plain file below that directory; `None` where it is missing or leads out.
    pub fn below(&self, file: &str) -> Option<PathBuf> {
        let base = self.inner.directory.canonicalize().ok()?;
        let path = base.join(file).canonicalize().ok()?;
        (path.starts_with(&base) && path.is_file()).then_some(path)
    }

    /// Everything declared that makes judging milder, for the report (decisions.md E.31c).
    pub fn leniencies(&self) -> Vec<Phrase> {
        leniency::collect(&self.inner.document, &self.inner.places)
    }

    /// A fault of the binding with its place, in the statement or in the dialect that it names.
    pub fn diagnose(&self, fault: &BindingFault) -> Diagnosis {
        place(&self.inner.places, &self.inner.dialect, fault)
    }

    /// A fault at a key path of the statement.
    pub fn fault(&self, keys: &[&str], message: Phrase, remedy: Phrase) -> Diagnosis {
        self.inner.places.fault(keys, message, remedy)
    }
}

fn wait(declared: Option<u64>, default: u64) -> Duration {
    Duration::from_millis(declared.unwrap_or(default))
}

/// The statement's binding over the dialect's: tables key by key, everything else replaced.
fn merged(places: &Places, dialect: &Places, own: &BindingEntry) -> Result<BindingEntry, Vec<Diagnosis>> {
    let Some(name) = &own.dialek else {
        return Ok(own.clone());
    };
    if name != "rujukan" {
        return Err(vec![places.fault(
            &["ikatan", "dialek"],
            phrase!("dialek `{name}` tidak dikenal", "dialect `{name}` is not known"),
            Phrase::new(
                "Satu-satunya dialek adalah \"rujukan\".",
                "The only dialect is \"rujukan\".",
            ),
        )]);
    }
    let table = |from: &Places| -> Result<toml::Table, toml::de::Error> {
        let mut whole: toml::Table = toml::from_str(from.text())?;
        Ok(match whole.remove("ikatan") {
            Some(toml::Value::Table(table)) => table,
            _ => toml::Table::new(),
        })
    };
    let combined = table(dialect).and_then(|mut base| {
        merge(&mut base, table(places)?);
        Ok(base)
    });
    combined
        .and_then(toml::Table::try_into)
        .map_err(|error| vec![dialect.reader_fault(&error)])
}

fn merge(base: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        let whole = matches!(key.as_str(), "badan" | "langkah");
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) if !whole => merge(below, above),
            (_, value) => {
                // A route is one request or several; the statement's choice replaces the dialect's.
                if key == "langkah" {
                    for part in ["metode", "alamat", "kueri", "header", "badan"] {
                        base.remove(part);
                    }
                } else if key == "alamat" {
                    base.remove("langkah");
                }
                base.insert(key, value);
            }
        }
    }
}

fn place(places: &Places, dialect: &Places, fault: &BindingFault) -> Diagnosis {
    let keys: Vec<&str> = fault.keys.iter().map(String::as_str).collect();
    let from = if dialect.holds(&keys) && !places.holds(&keys) {
        dialect
    } else {
        places
    };
    match fault.offset {
        Some(offset) => from.fault_inside(&keys, offset, fault.message.clone(), fault.remedy.clone()),
        None => from.fault(&keys, fault.message.clone(), fault.remedy.clone()),
    }
}

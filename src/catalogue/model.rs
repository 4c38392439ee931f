//! What the catalogue says of a requirement (decisions.md H.39).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::{Area, Capability, Phrase, Profile, vocabulary};

vocabulary! {
    /// Whether a requirement binds or recommends.
    Level {
        Wajib = "wajib", "wajib", "mandatory";
        Dianjurkan = "dianjurkan", "dianjurkan", "recommended";
    }
}

vocabulary! {
    /// How sure a source is (`regulations.md`, marks).
    Mark {
        Primary = "V-P", "terverifikasi pada teks utama", "verified in a primary text";
        PrimaryAndCode = "V-P/V-C", "terverifikasi pada teks utama dan data publik", "verified in a primary text and in public data";
        PrimaryAndSecondary = "V-P/V-S", "terverifikasi pada teks utama dan sumber kedua", "verified in a primary text and a secondary source";
        Secondary = "V-S", "terverifikasi pada sumber kedua", "verified in a secondary source";
        Code = "V-C", "terlihat pada perangkat lunak atau data publik", "seen in public software or data";
        Memory = "M", "dari ingatan, belum terverifikasi", "from memory, not verified";
        Engineering = "rekayasa", "pertimbangan rekayasa standar ini", "engineering judgement of this standard";
        Practice = "praktik", "terlihat pada perangkat lunak nyata", "seen in real software";
    }
}

vocabulary! {
    /// How a requirement is judged.
    Method {
        Aktif = "aktif", "aktif", "active";
        Pasif = "pasif", "pasif", "passive";
        Tinjau = "tinjau", "tinjauan", "review";
        Campuran = "campuran", "campuran", "mixed";
    }
}

vocabulary! {
    /// The consecutive phases of a run (decisions.md C.17).
    Phase {
        Baca = "baca", "membaca", "read";
        Tulis = "tulis", "menulis", "write";
        Intrusif = "intrusif", "intrusif", "intrusive";
        Jam = "jam", "jam dan gangguan hub", "clock and hub faults";
        Batas = "batas", "keluar, batas, dan penguncian", "logout, limits and lock-outs";
        Pasif = "pasif", "pasif", "passive";
        Bersih = "bersih", "pembersihan", "cleanup";
    }
}

vocabulary! {
    /// Beside what a requirement's rows may run.
    Lane {
        Sejajar = "sejajar", "sejajar", "parallel";
        Tenang = "tenang", "tenang, sendirian", "quiet, alone";
    }
}

vocabulary! {
    /// Whether a FAIL needs a second attempt (decisions.md A.3).
    Confirmation {
        Ulang = "ulang", "diulang", "repeated";
        Tunggal = "tunggal", "satu kejadian adalah bukti", "a single case is proof";
    }
}

vocabulary! {
    /// What carries a seeded defect (decisions.md D.24).
    DefectKind {
        Aplikasi = "aplikasi", "aplikasi", "application";
        Pendengar = "pendengar", "pendengar", "listener";
        Penerima = "penerima", "penerima", "sink";
        Pernyataan = "pernyataan", "pernyataan atau bukti", "statement or evidence";
    }
}

/// Permanent identifier of a requirement, `KM-07`. Ordered by area (PB, DT, TK, KM), then number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequirementId {
    area: Area,
    number: u8,
}

impl RequirementId {
    /// Makes an identifier.
    pub const fn new(area: Area, number: u8) -> Self {
        Self { area, number }
    }

    /// The area that the prefix names.
    pub const fn area(self) -> Area {
        self.area
    }

    /// The number within the area.
    pub const fn number(self) -> u8 {
        self.number
    }

    /// The prefix of an area's identifiers.
    pub const fn prefix(area: Area) -> &'static str {
        match area {
            Area::ProsesBisnis => "PB",
            Area::Data => "DT",
            Area::Teknologi => "TK",
            Area::Keamanan => "KM",
        }
    }
}

impl fmt::Display for RequirementId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{:02}", Self::prefix(self.area), self.number)
    }
}

/// A text that is no requirement identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no requirement identifier; write one such as PB-02 or KM-07")]
pub struct BadRequirementId(String);

impl FromStr for RequirementId {
    type Err = BadRequirementId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadRequirementId(text.chars().take(40).collect());
        let (prefix, number) = text.split_once('-').ok_or_else(bad)?;
        let area = Area::ALL
            .iter()
            .copied()
            .find(|area| Self::prefix(*area) == prefix)
            .ok_or_else(bad)?;
        let digits = number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit());
        match number.parse() {
            Ok(number) if digits && number > 0 => Ok(Self { area, number }),
            _ => Err(bad()),
        }
    }
}

impl Serialize for RequirementId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RequirementId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for RequirementId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RequirementId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^(PB|DT|TK|KM)-[0-9]{2}$" })
    }
}

/// Which claims a requirement depends on: all of the outer list, any one of each inner list
/// (proses-bisnis.md, convention 1). Empty = always applies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CapabilityExpr(pub Vec<Vec<Capability>>);

impl CapabilityExpr {
    /// The first part that the claims do not meet, written as in the catalogue.
    pub fn unmet(&self, claims: impl Fn(Capability) -> bool) -> Option<String> {
        let part = self
            .0
            .iter()
            .find(|any| !any.iter().any(|capability| claims(*capability)))?;
        Some(
            part.iter()
                .map(|capability| capability.id())
                .collect::<Vec<_>>()
                .join(" / "),
        )
    }
}

/// Where something stands in a file, for errors and for `explain`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// Path below `features/`, with `/`.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
}

/// One requirement of the standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// Permanent identifier.
    pub id: RequirementId,
    /// Short title.
    pub title: Phrase,
    /// The norm.
    pub norm: Phrase,
    /// wajib or dianjurkan.
    pub level: Level,
    /// The lowest profile in which it counts.
    pub profile: Profile,
    /// The claims it depends on.
    pub capability: CapabilityExpr,
    /// How it is judged.
    pub method: Method,
    /// When in a run.
    pub phase: Phase,
    /// Beside what.
    pub lane: Lane,
    /// Runs only with `--intrusif` on staging.
    pub intrusive: bool,
    /// Whether a FAIL needs a second attempt.
    pub confirmation: Confirmation,
    /// The clause that its file stands for.
    pub clause: Phrase,
    /// Where the norm comes from, and how sure that is.
    pub sources: Vec<Source>,
    /// RFC, CWE, ASVS, WSTG, API Top 10 references.
    pub references: Vec<String>,
    /// How it is judged, in two sentences: pass, fail, inconclusive.
    pub judged: Phrase,
    /// What to do when it fails.
    pub remedy: Phrase,
    /// Facts behind it that nobody has verified.
    pub unverified: Vec<Phrase>,
    /// Seeded defects of the sandbox; each makes exactly this requirement fail.
    pub defects: Vec<Defect>,
    /// Lawful variants; none makes it fail.
    pub variants: Vec<Variant>,
    /// Where its entry stands.
    pub place: Place,
}

/// Where a norm comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The source, with article where one is known.
    pub text: Phrase,
    /// How sure it is.
    pub mark: Mark,
}

/// A seeded defect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// `PB-02a`.
    pub id: String,
    /// What the defective application does.
    pub text: Phrase,
    /// What carries it.
    pub kind: DefectKind,
    /// Other requirements that may lawfully report it too.
    pub also: Vec<RequirementId>,
}

/// A lawful variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variant {
    /// What the lawful application does.
    pub text: Phrase,
    /// The switches of the sandbox that make it so; empty where `note` says why none can.
    pub switches: Vec<String>,
    /// Why no switch stands for it (it is a freedom of the binding, or another requirement's).
    pub note: Option<Phrase>,
}

/// The whole standard, in the order of identifiers.
#[derive(Debug, Clone, Serialize)]
pub struct Catalogue {
    /// Every requirement.
    pub requirements: Vec<Requirement>,
}

impl Catalogue {
    /// Finds a requirement.
    pub fn find(&self, id: RequirementId) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.id == id)
    }
}

/// How many requirements the standard has when it is whole.
pub const WHOLE_STANDARD: usize = 164;

/// The name of the standard's revision while it is not whole; never certifiable.
pub const REVISION: &str = "pratinjau";

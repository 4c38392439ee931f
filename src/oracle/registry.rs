//! Every oracle by name. One line adds one.

use super::shape;
use super::{
    Fold, Judge, answers, burst, closing, files, filters, identity, injection, media, methods, moves, negative,
    odd_input, ownership, page_size, paging, receipt, server_fault, text, token, unchanged, untouched, whole,
};
// New modules stand alone, one a line.
use super::chronicle;
use super::classes;
use super::effect;
use super::error_form;
use super::honesty;
use super::identity_of_token;
use super::leak;
use super::needful;
use super::no_credential;
use super::planted;
use super::reach;
use super::redirect;
use super::refusal;
use super::scoped;
use super::tiers;
use super::unknown_codes;

/// An oracle of the registry.
pub struct Entry {
    /// Name in check records; permanent.
    pub name: &'static str,
    /// Raised with every change that can change a leg.
    pub version: u32,
    /// What it looks at.
    pub kind: Kind,
}

/// What an oracle looks at.
pub enum Kind {
    /// The records that the check names.
    Window(Judge),
    /// Every record of the run.
    Fold(fn() -> Box<dyn Fold>),
}

/// Finds an oracle.
pub fn find(name: &str) -> Option<&'static Entry> {
    REGISTRY.iter().find(|entry| entry.name == name)
}

/// Every oracle.
pub const fn registry() -> &'static [Entry] {
    REGISTRY
}

const REGISTRY: &[Entry] = &[
    window("tanda_terima", 1, receipt::receipts),
    window("penanda_ditemukan", 1, receipt::sightings),
    window("kiriman_sendiri", 1, burst::own_receipts),
    window("kiriman_ditemukan", 1, burst::found),
    window("daftar_tepat", 1, burst::exactly),
    window("kiriman_cukup", 1, burst::enough),
    window("status_tetap", 1, moves::unmoved),
    window("status_bukan", 1, moves::not_taken),
    window("status_bagi", 1, closing::seen_by),
    window("penutup_tercatat", 1, closing::closed_by),
    window("isian_cukup", 1, needful::enough),
    window("klasifikasi_bagi", 1, classes::classified),
    window("berkadar_hanya", 1, classes::oversight),
    window("jawaban_sampai", 1, answers::reached),
    window("inti_tetap", 1, untouched::untouched),
    window("identitas_tersembunyi", 1, identity::hidden),
    window("tampak", 1, identity::shown),
    window("terbaca_utuh", 1, whole::whole),
    window("tidak_terbaca", 1, whole::unreadable),
    window("urutan_sama", 1, paging::same_order),
    window("penelusuran_lengkap", 1, paging::complete),
    window("sesudah_terakhir", 1, paging::beyond),
    window(media::SENT, 1, media::sent),
    window(media::WISHED, 1, media::wished),
    fold(media::EVERY_EXCHANGE, 1, || Box::<media::Labels>::default()),
    window(methods::UNDECLARED, 1, methods::undeclared),
    window(methods::TRACE, 1, methods::trace),
    window(methods::HEAD, 1, methods::head),
    window(unchanged::NAME, 1, unchanged::judge),
    window("saringan_tepat", 1, filters::exact),
    window("saringan_asing", 1, filters::unknown),
    window("saringan_kosong", 1, filters::empty),
    window(tiers::CLOSED, 1, tiers::closed),
    window(tiers::OPEN, 1, tiers::open),
    window(tiers::GIVEN, 1, tiers::given),
    window(tiers::SAME, 1, tiers::same),
    window(chronicle::GROWN, 1, chronicle::grown),
    window(chronicle::KEPT, 1, chronicle::kept),
    window(chronicle::LINKED, 1, chronicle::linked),
    window(chronicle::TIMED, 1, chronicle::timed),
    window(chronicle::SIGNED, 1, chronicle::signed),
    window(text::NAME, 1, text::judge),
    window(files::NAME, 1, files::judge),
    window("negatif_ditolak", 1, negative::refused),
    window("negatif_tidak_tersimpan", 1, negative::not_stored),
    window("negatif_dinamai", 1, negative::named),
    window(honesty::NAME, 1, honesty::judge),
    window(unknown_codes::REFUSED, 1, unknown_codes::refused),
    window(unknown_codes::NOT_STORED, 1, unknown_codes::not_stored),
    window(effect::DENIED, 1, effect::denied),
    window(effect::TOLD, 1, effect::told),
    window(effect::GRANTED, 1, effect::granted),
    window(identity_of_token::CLOSED, 1, identity_of_token::closed),
    window(identity_of_token::USUAL, 1, identity_of_token::usual),
    window(scoped::PAGES, 1, scoped::pages),
    window(scoped::TOTALS, 1, scoped::totals),
    window(scoped::HOLDS, 1, scoped::holds),
    window(no_credential::REFUSED, 1, no_credential::refused),
    window(no_credential::ASKED, 1, no_credential::asked),
    window(page_size::NAME, 1, page_size::judge),
    window(page_size::WALK, 1, page_size::walk),
    Entry {
        name: injection::NAME,
        version: 1,
        kind: Kind::Window(injection::judge),
    },
    Entry {
        name: token::NAME,
        version: 1,
        kind: Kind::Window(token::judge),
    },
    Entry {
        name: ownership::NAME,
        version: 1,
        kind: Kind::Window(ownership::judge),
    },
    Entry {
        name: odd_input::NAME,
        version: 1,
        kind: Kind::Window(odd_input::judge),
    },
    Entry {
        name: server_fault::EVERY_EXCHANGE,
        version: 1,
        kind: Kind::Fold(|| Box::<server_fault::ServerFaults>::default()),
    },
    window(shape::codes::AGREED, 1, shape::codes::agreed),
    window(shape::types::SAME_ID, 1, shape::types::same_id),
    window(shape::types::SAME_RECORD, 1, shape::types::same_record),
    Entry {
        name: shape::codes::NAME,
        version: 1,
        kind: Kind::Fold(|| Box::<shape::codes::Codes>::default()),
    },
    Entry {
        name: shape::times::NAME,
        version: 1,
        kind: Kind::Fold(|| Box::<shape::times::Times>::default()),
    },
    Entry {
        name: shape::types::NAME,
        version: 1,
        kind: Kind::Fold(|| Box::<shape::types::Types>::default()),
    },
    Entry {
        name: shape::schema::NAME,
        version: 1,
        kind: Kind::Fold(|| Box::<shape::schema::Schemas>::default()),
    },
    window(error_form::PROVOKED, 1, error_form::provoked),
    fold(error_form::EVERY_EXCHANGE, 1, || {
        Box::<error_form::ErrorForms>::default()
    }),
    window(redirect::PROVOKED, 1, redirect::provoked),
    fold(redirect::EVERY_EXCHANGE, 1, || Box::<redirect::Redirects>::default()),
    window(refusal::NAME, 1, refusal::judge),
    window(reach::NAME, 1, reach::judge),
    window(planted::STORED, 1, planted::stored),
    window(planted::ECHOED, 1, planted::echoed),
    window(leak::PROVOKED, 1, leak::provoked),
    fold(leak::EVERY_EXCHANGE, 1, || Box::<leak::Leaks>::default()),
    fold(shape::schema::NAME, 1, || Box::<shape::schema::Schemas>::default()),
];

/// An oracle over the records that a check names.
const fn window(name: &'static str, version: u32, judge: Judge) -> Entry {
    Entry {
        name,
        version,
        kind: Kind::Window(judge),
    }
}

/// An oracle over every record of the run.
const fn fold(name: &'static str, version: u32, make: fn() -> Box<dyn Fold>) -> Entry {
    Entry {
        name,
        version,
        kind: Kind::Fold(make),
    }
}

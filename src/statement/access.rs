//! What must hold of actors, their credentials, and the ways of authenticating that they name.

use super::check::known_secret;
use super::place::{Diagnosis, Places, closest};
use super::raw::{ActorEntry, Authentication, AuthenticationKind, CsrfEntry, Document};
use crate::binding::jq::Filter;
use crate::domain::{Op, Phrase};
use crate::phrase;

/// The way of authenticating that an actor names exists, and its credential is whole.
pub(super) fn check_actor(
    document: &Document,
    places: &Places,
    actor: &str,
    entry: &ActorEntry,
    faults: &mut Vec<Diagnosis>,
) {
    let Some(name) = &entry.autentikasi else { return };
    let Some(authentication) = document.autentikasi.get(name) else {
        let known = document.autentikasi.keys().map(String::as_str);
        let remedy = match closest(name, known) {
            Some(near) => phrase!("Maksud Anda `{near}`?", "Did you mean `{near}`?"),
            None => phrase!("Tambahkan [autentikasi.{name}].", "Add [autentikasi.{name}]."),
        };
        faults.push(places.fault(
            &["aktor", actor, "autentikasi"],
            phrase!(
                "autentikasi `{name}` tidak dinyatakan",
                "authentication `{name}` is not declared"
            ),
            remedy,
        ));
        return;
    };
    credential(document, places, actor, entry, authentication, faults);
}

/// What each kind of authentication needs of an actor.
fn credential(
    document: &Document,
    places: &Places,
    actor: &str,
    entry: &ActorEntry,
    authentication: &Authentication,
    faults: &mut Vec<Diagnosis>,
) {
    use AuthenticationKind as K;
    let credential = &entry.kredensial;
    let needs: &[(&str, &Option<String>)] = match authentication.jenis {
        K::Token | K::Header | K::Kueri | K::Bidang => &[("token", &credential.token)],
        K::Basic | K::BearerLogin | K::SesiKuki | K::Oauth2 => &[
            ("nama_pengguna", &credential.nama_pengguna),
            ("sandi", &credential.sandi),
        ],
        K::Tanpa => &[],
    };
    for (field, value) in needs {
        match value {
            None => {
                let kind = authentication.jenis;
                faults.push(places.fault(
                    &["aktor", actor],
                    phrase!(
                        "kredensial.{field} belum ada untuk autentikasi {kind}",
                        "kredensial.{field} is missing for authentication {kind}"
                    ),
                    phrase!(
                        "Tambahkan kredensial = {{ {field} = … }}.",
                        "Add kredensial = {{ {field} = … }}."
                    ),
                ));
            }
            Some(name) if *field != "nama_pengguna" => {
                known_secret(document, places, &["aktor", actor, "kredensial", field], name, faults);
            }
            Some(_) => {}
        }
    }
}

/// What a way of authenticating must say itself: where its credential goes, and how it is got.
pub(super) fn check_way(
    document: &Document,
    places: &Places,
    name: &str,
    authentication: &Authentication,
    faults: &mut Vec<Diagnosis>,
) {
    use AuthenticationKind as K;
    let kind = authentication.jenis;
    let missing = match kind {
        K::Header => authentication.header.is_none().then_some("header"),
        K::Kueri => authentication.kueri.is_none().then_some("kueri"),
        K::Bidang => authentication.bidang.is_none().then_some("bidang"),
        K::SesiKuki => authentication.kuki.is_none().then_some("kuki"),
        K::Oauth2 => authentication.alamat_token.is_none().then_some("alamat_token"),
        K::Token | K::Basic | K::BearerLogin | K::Tanpa => None,
    };
    if let Some(missing) = missing {
        faults.push(places.fault(
            &["autentikasi", name],
            phrase!("`{missing}` belum diisi", "`{missing}` is missing"),
            phrase!("Tambahkan `{missing} = \"…\"`.", "Add `{missing} = \"…\"`."),
        ));
    }
    let logs_in = matches!(kind, K::BearerLogin | K::SesiKuki);
    if logs_in && !document.ikatan.operasi.contains_key(&Op::Login) {
        faults.push(places.fault(
            &["autentikasi", name],
            phrase!(
                "{kind} memerlukan ikatan operasi login",
                "{kind} needs the operation login to be bound"
            ),
            Phrase::new("Tambahkan [ikatan.operasi.login].", "Add [ikatan.operasi.login]."),
        ));
    }
    if let Some(csrf) = &authentication.csrf {
        check_csrf(places, name, kind, csrf, faults);
    }
}

/// A CSRF token comes from somewhere and goes somewhere.
fn check_csrf(places: &Places, name: &str, kind: AuthenticationKind, csrf: &CsrfEntry, faults: &mut Vec<Diagnosis>) {
    let keys = ["autentikasi", name, "csrf"];
    if kind != AuthenticationKind::SesiKuki {
        faults.push(places.fault(
            &keys,
            Phrase::new(
                "csrf hanya untuk jenis sesi_kuki",
                "csrf is for the kind sesi_kuki alone",
            ),
            Phrase::new(
                "Hapus csrf, atau pakai jenis = \"sesi_kuki\".",
                "Remove csrf, or use jenis = \"sesi_kuki\".",
            ),
        ));
    }
    let from_page = csrf.halaman.is_some() && csrf.jq.is_some();
    if csrf.kuki.is_some() == csrf.jq.is_some() || (csrf.jq.is_some() && !from_page) {
        faults.push(places.fault(
            &keys,
            Phrase::new(
                "asal token csrf tidak jelas",
                "where the csrf token comes from is not clear",
            ),
            Phrase::new(
                "Sebut `kuki` (dan `halaman` bila kukinya diberi di sana), atau `halaman` dengan `jq`.",
                "Name `kuki` (and `halaman` where that page sets it), or `halaman` with `jq`.",
            ),
        ));
    }
    if csrf.header.is_none() && csrf.bidang.is_none() {
        faults.push(places.fault(
            &keys,
            Phrase::new("tujuan token csrf belum diisi", "where the csrf token goes is missing"),
            Phrase::new("Tambahkan `header` atau `bidang`.", "Add `header` or `bidang`."),
        ));
    }
    if let Some(code) = &csrf.jq
        && let Err(found) = Filter::new(code)
    {
        for fault in found {
            let remedy = Phrase::new("Perbaiki filter itu.", "Correct that filter.");
            let keys = ["autentikasi", name, "csrf", "jq"];
            faults.push(places.fault_inside(&keys, fault.offset, fault.text, remedy));
        }
    }
}

//! What went wrong, as RFC 9457 tells it, in Indonesian. The outside learns what it can mend; the inside goes to the log.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// Kinds of problem; each has a usual status code, which [`super::seams::Refusals`] may replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be read.
    Malformed,
    /// The request can be read, but its values cannot be used.
    Invalid,
    /// Nobody is logged in where somebody must be.
    Unauthenticated,
    /// The credential is not valid.
    BadCredential,
    /// The caller sees the object, but may not do this.
    Forbidden,
    /// There is no such object for this caller; that one exists for others is not told.
    Hidden,
    /// The object exists, but not for this caller; answered as [`Kind::Hidden`], so that nobody learns of it.
    Foreign,
    /// No such address.
    NoRoute,
    /// The page lies behind the last one.
    NoPage,
    /// The address does not know the method.
    Method,
    /// The complaint's status does not allow the act.
    Move,
    /// The body is larger than the server takes.
    TooLarge,
    /// The body's media type is not JSON.
    MediaType,
    /// The range lies outside of the file.
    Range,
    /// A fault of the server.
    Internal,
}

impl Kind {
    /// The usual status code.
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Unauthenticated | Self::BadCredential => 401,
            Self::Forbidden => 403,
            Self::Hidden | Self::Foreign | Self::NoRoute | Self::NoPage => 404,
            Self::Method => 405,
            Self::Move => 409,
            Self::TooLarge => 413,
            Self::MediaType => 415,
            Self::Range => 416,
            Self::Invalid => 422,
            Self::Internal => 500,
        }
    }

    const fn word(self) -> (&'static str, &'static str) {
        match self {
            Self::Malformed => ("permintaan-rusak", "Permintaan tidak dapat dibaca"),
            Self::Invalid => ("isian-tidak-sah", "Isian tidak dapat diterima"),
            Self::Unauthenticated => ("belum-masuk", "Anda harus masuk lebih dahulu"),
            Self::BadCredential => ("kredensial-tidak-sah", "Kredensial tidak sah"),
            Self::Forbidden => ("tidak-berwenang", "Anda tidak berwenang melakukan tindakan ini"),
            Self::Hidden | Self::Foreign => ("tidak-ditemukan", "Pengaduan tidak ditemukan"),
            Self::NoRoute => ("alamat-tidak-dikenal", "Alamat tidak dikenal"),
            Self::NoPage => ("halaman-tidak-ada", "Halaman tidak ada"),
            Self::Method => ("metode-tidak-didukung", "Metode tidak didukung pada alamat ini"),
            Self::Move => (
                "status-tidak-mengizinkan",
                "Status pengaduan tidak mengizinkan tindakan ini",
            ),
            Self::TooLarge => ("terlalu-besar", "Isi permintaan terlalu besar"),
            Self::MediaType => ("jenis-media", "Jenis media tidak didukung"),
            Self::Range => ("rentang-di-luar-berkas", "Rentang di luar berkas"),
            Self::Internal => ("galat-server", "Terjadi galat pada server"),
        }
    }
}

/// A problem on its way to the caller.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What kind.
    pub kind: Kind,
    /// What the caller is told, in Indonesian.
    pub detail: String,
    /// The status code, where it is not the usual one.
    pub status: Option<u16>,
    /// What only the operator of the application learns.
    pub inside: Option<String>,
}

impl Problem {
    /// Makes a problem.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            status: None,
            inside: None,
        }
    }

    /// A value of the body that cannot be used.
    pub fn invalid(field: &str, why: &str) -> Self {
        Self::new(Kind::Invalid, format!("{field}: {why}"))
    }

    /// A value of the query that cannot be used.
    pub fn query(name: &str, why: &str) -> Self {
        Self::new(Kind::Malformed, format!("Parameter {name} {why}"))
    }

    /// There is no such complaint for this caller.
    pub fn hidden() -> Self {
        Self::new(Kind::Hidden, "Tidak ada pengaduan dengan id itu yang dapat Anda lihat.")
    }

    /// There is such a complaint, but not for this caller; the text is that of [`Problem::hidden`].
    pub fn foreign() -> Self {
        Self {
            kind: Kind::Foreign,
            ..Self::hidden()
        }
    }

    /// A fault of the server; the cause stays inside.
    pub fn internal(inside: impl Into<String>) -> Self {
        Self {
            kind: Kind::Internal,
            detail: "Galat telah dicatat. Silakan coba lagi.".to_owned(),
            status: None,
            inside: Some(inside.into()),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let code = self.status.unwrap_or_else(|| self.kind.status());
        let (word, title) = self.kind.word();
        let body = json!({
            "type": format!("urn:rujukan:masalah:{word}"),
            "title": title,
            "status": code,
            "detail": self.detail,
        });
        let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if code == 401 {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"rujukan\""),
            );
        }
        response
    }
}

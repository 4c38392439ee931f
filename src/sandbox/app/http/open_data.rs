//! Data that leave the application as a whole: the regions that it knows, and the export of complaints in an open format.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::answer;
use super::extract::Who;
use super::handlers::{ok, work};
use crate::sandbox::app::listing::Window;
use crate::sandbox::app::service::Service;

/// A small part of the region table of Kemendagri, codes without dots; which decree they follow is not verified.
const REGIONS: &[(&str, &str)] = &[
    ("31", "DKI Jakarta"),
    ("3171", "Kota Administrasi Jakarta Pusat"),
    ("3174", "Kota Administrasi Jakarta Selatan"),
    ("33", "Jawa Tengah"),
    ("3374", "Kota Semarang"),
    ("73", "Sulawesi Selatan"),
    ("7371", "Kota Makassar"),
];

/// Most complaints of one export.
const EXPORTED: u64 = 10_000;

/// The regions.
pub(super) async fn regions(State(_service): State<Service>) -> Response {
    let row = |(code, name): &(&str, &str)| json!({"kode": code, "nama": name});
    ok(&json!({"data": REGIONS.iter().map(row).collect::<Value>()}))
}

/// Every complaint that the caller's list holds, as one JSON document.
pub(super) async fn export(State(service): State<Service>, Who(caller): Who) -> Response {
    work(service, move |service| {
        let window = Window::Skip {
            skip: 0,
            take: EXPORTED,
        };
        let body = service.export(&caller, &window)?;
        Ok(answer::json(StatusCode::OK, &body, HeaderMap::new()))
    })
    .await
}

//! Variants of paging and of the usual order.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use serde_json::{Value, json};

use super::super::app::listing::{Page, Position, Window};
use super::super::app::paging::{MOST, USUAL, number, parameter, size};
use super::super::app::problem::{Kind, Problem};
use super::super::app::seams::{Numbers, Paging};
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_route;

/// Parameters that lists have beside those of paging.
const FILTERS: &str = "status,kategori,diperbarui_sejak,urut,pelapor_id";

/// Declares how lists and searches are asked and read.
fn declare(assembly: &mut Assembly, style: &'static str, parameters: &str, page: &str) {
    assembly.declared.paging = Some(style);
    let answer = format!("jawaban = '{{butir: .body.data, halaman: {page}}}'");
    let list = format!("[ikatan.operasi.list]\nalamat = \"/api/v1/pengaduan{{?{parameters},{FILTERS}}}\"\n{answer}");
    let search = format!("[ikatan.operasi.search]\nalamat = \"/api/v1/pencarian{{?q,{parameters}}}\"\n{answer}");
    assembly.declared.binding.extend([list, search]);
}

/// Pages by a cursor that names the last row.
struct Cursor {
    counter: Counter,
}

impl Paging for Cursor {
    fn window(&self, query: &[(String, String)], numbers: &dyn Numbers) -> Result<Window, Problem> {
        let take = size(query, numbers)?;
        let Some(text) = parameter(query, "kursor") else {
            return Ok(Window::Behind { position: None, take });
        };
        let read = || {
            let text = String::from_utf8(BASE64.decode(text).ok()?).ok()?;
            let (key, id) = text.split_once('.')?;
            Some(Position {
                key: key.parse().ok()?,
                id: id.to_owned(),
            })
        };
        let position = read().ok_or_else(|| Problem::query("kursor", "tidak dikenal"))?;
        Ok(Window::Behind {
            position: Some(position),
            take,
        })
    }

    fn describe(&self, window: &Window, page: &Page, _address: &str) -> Result<(Value, HeaderMap), Problem> {
        self.counter.acted();
        let next = page
            .next
            .as_ref()
            .map(|next| BASE64.encode(format!("{}.{}", next.key, next.id)));
        Ok((
            json!({"ukuran": window.take(), "kursor_berikut": next}),
            HeaderMap::new(),
        ))
    }
}

pub(in crate::sandbox) fn cursor(assembly: &mut Assembly, counter: Counter) {
    declare(
        assembly,
        "kursor",
        "kursor,ukuran",
        "{kursor: .body.halaman.kursor_berikut, ukuran: .body.halaman.ukuran}",
    );
    assembly.parts.paging = Arc::new(Cursor { counter });
}

/// Numbered pages that name the next by a Link header (RFC 8288).
struct Link {
    inner: Arc<dyn Paging>,
    counter: Counter,
}

impl Paging for Link {
    fn window(&self, query: &[(String, String)], numbers: &dyn Numbers) -> Result<Window, Problem> {
        self.inner.window(query, numbers)
    }

    fn describe(&self, window: &Window, page: &Page, address: &str) -> Result<(Value, HeaderMap), Problem> {
        self.counter.acted();
        let mut headers = HeaderMap::new();
        if page.next.is_some() {
            let (path, query) = address.split_once('?').unwrap_or((address, ""));
            let kept = query
                .split('&')
                .filter(|pair| !pair.is_empty() && !pair.starts_with("halaman="));
            let number = window.skip() / window.take().max(1) + 2;
            let query: Vec<_> = kept.map(str::to_owned).chain([format!("halaman={number}")]).collect();
            let link = HeaderValue::try_from(format!("<{path}?{}>; rel=\"next\"", query.join("&")));
            headers.insert(
                header::LINK,
                link.map_err(|_| Problem::internal("an address that cannot be sent"))?,
            );
        }
        Ok((json!({"ukuran": window.take()}), headers))
    }
}

pub(super) fn link(assembly: &mut Assembly, counter: Counter) {
    declare(assembly, "tautan", "halaman,ukuran", "{ukuran: .body.halaman.ukuran}");
    let inner = assembly.parts.paging.clone();
    assembly.parts.paging = Arc::new(Link { inner, counter });
}

/// Pages by the number of rows before them.
struct Offset {
    counter: Counter,
}

impl Paging for Offset {
    fn window(&self, query: &[(String, String)], numbers: &dyn Numbers) -> Result<Window, Problem> {
        let skip = number(query, "geser", numbers, (0, 1_000_000_000_000))?.unwrap_or(0);
        Ok(Window::Skip {
            skip,
            take: size(query, numbers)?,
        })
    }

    fn describe(&self, window: &Window, page: &Page, _address: &str) -> Result<(Value, HeaderMap), Problem> {
        self.counter.acted();
        Ok((
            json!({"geser": window.skip(), "ukuran": window.take(), "jumlah": page.total}),
            HeaderMap::new(),
        ))
    }
}

pub(super) fn offset(assembly: &mut Assembly, counter: Counter) {
    declare(
        assembly,
        "offset",
        "geser,ukuran",
        "{jumlah: .body.halaman.jumlah, ukuran: .body.halaman.ukuran}",
    );
    assembly.parts.paging = Arc::new(Offset { counter });
}

pub(super) fn oldest_first(assembly: &mut Assembly, counter: Counter) {
    assembly.declared.values.push("urutan_terbaru_dulu = false".to_owned());
    on_route(assembly, move |mut request, next, _parts| {
        let uri = request.uri();
        let query = uri.query().unwrap_or_default();
        let silent = !query.split('&').any(|pair| pair.starts_with("urut="));
        if *request.method() == Method::GET && uri.path() == "/api/v1/pengaduan" && silent {
            let ordered = format!("{}?{query}&urut=waktu_dibuat", uri.path());
            if let Ok(ordered) = ordered.parse::<Uri>() {
                *request.uri_mut() = ordered;
                counter.acted();
            }
        }
        Box::pin(next.run(request))
    });
}

/// Behind the last page there is nothing.
struct Ended {
    inner: Arc<dyn Paging>,
    counter: Counter,
}

impl Paging for Ended {
    fn window(&self, query: &[(String, String)], numbers: &dyn Numbers) -> Result<Window, Problem> {
        self.inner.window(query, numbers)
    }

    fn describe(&self, window: &Window, page: &Page, address: &str) -> Result<(Value, HeaderMap), Problem> {
        if page.rows.is_empty() && window.skip() > 0 {
            self.counter.acted();
            return Err(Problem::new(
                Kind::NoPage,
                "Halaman itu terletak sesudah halaman terakhir.",
            ));
        }
        self.inner.describe(window, page, address)
    }
}

pub(super) fn end_404(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.paging.clone();
    assembly.parts.paging = Arc::new(Ended { inner, counter });
}

/// Larger sizes are cut to the cap.
struct Clamped {
    inner: Arc<dyn Paging>,
    counter: Counter,
}

impl Paging for Clamped {
    fn window(&self, query: &[(String, String)], numbers: &dyn Numbers) -> Result<Window, Problem> {
        let cut = |(name, value): &(String, String)| {
            let large = name == "ukuran" && numbers.parse(name, value).is_some_and(|size| size > MOST.cast_signed());
            if large {
                self.counter.acted();
            }
            let value = if large { MOST.to_string() } else { value.clone() };
            (name.clone(), value)
        };
        let query: Vec<_> = query.iter().map(cut).collect();
        self.inner.window(&query, numbers)
    }

    fn describe(&self, window: &Window, page: &Page, address: &str) -> Result<(Value, HeaderMap), Problem> {
        self.inner.describe(window, page, address)
    }
}

pub(super) fn clamped(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.paging.clone();
    assembly.parts.paging = Arc::new(Clamped { inner, counter });
}

/// Every page has the same size, whatever is asked for.
struct Fixed {
    inner: Arc<dyn Paging>,
    counter: Counter,
}

impl Paging for Fixed {
    fn window(&self, query: &[(String, String)], numbers: &dyn Numbers) -> Result<Window, Problem> {
        self.counter.acted();
        let query: Vec<_> = query.iter().filter(|(name, _)| name != "ukuran").cloned().collect();
        self.inner.window(&query, numbers)
    }

    fn describe(&self, window: &Window, page: &Page, address: &str) -> Result<(Value, HeaderMap), Problem> {
        self.inner.describe(window, page, address)
    }
}

pub(super) fn fixed_size(assembly: &mut Assembly, counter: Counter) {
    let next = "{jumlah: .body.halaman.jumlah, ukuran: .body.halaman.ukuran, berikut: (if .body.halaman.berikut then {halaman: .body.halaman.berikut} else null end)}";
    let answer = format!("jawaban = '{{butir: .body.data, halaman: {next}}}'");
    let list = format!("[ikatan.operasi.list]\nalamat = \"/api/v1/pengaduan{{?halaman,{FILTERS}}}\"\n{answer}");
    assembly.declared.binding.push(list);
    assembly.declared.page_size = USUAL;
    let inner = assembly.parts.paging.clone();
    assembly.parts.paging = Arc::new(Fixed { inner, counter });
}

//! Pages by number: `halaman` from 1, `ukuran` from 1 to 100.

use http::HeaderMap;
use serde_json::{Value, json};

use super::listing::{Page, Window};
use super::problem::Problem;
use super::seams::{Numbers, Paging};

/// Rows of a page when the query does not say.
pub const USUAL: u64 = 20;

/// Most rows of a page.
pub const MOST: u64 = 100;

/// Whole decimal numbers and nothing else.
pub struct StrictNumbers;

impl Numbers for StrictNumbers {
    fn parse(&self, _name: &str, text: &str) -> Option<i64> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse().ok() } else { None }
    }
}

/// The first value of a query parameter; a name without value counts as missing.
pub fn parameter<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query
        .iter()
        .find(|(given, value)| given == name && !value.is_empty())
        .map(|(_, value)| value.as_str())
}

/// A number of the query within bounds.
pub fn number(
    query: &[(String, String)],
    name: &str,
    numbers: &dyn Numbers,
    bounds: (u64, u64),
) -> Result<Option<u64>, Problem> {
    let Some(text) = parameter(query, name) else {
        return Ok(None);
    };
    let (least, most) = bounds;
    let number = numbers.parse(name, text).and_then(|number| u64::try_from(number).ok());
    let fits = number.filter(|number| (least..=most).contains(number));
    fits.map(Some)
        .ok_or_else(|| Problem::query(name, &format!("harus bilangan bulat dari {least} sampai {most}")))
}

/// Rows wanted.
pub fn size(query: &[(String, String)], numbers: &dyn Numbers) -> Result<u64, Problem> {
    Ok(number(query, "ukuran", numbers, (1, MOST))?.unwrap_or(USUAL))
}

/// Numbered pages.
pub struct Numbered;

impl Paging for Numbered {
    fn window(&self, query: &[(String, String)], numbers: &dyn Numbers) -> Result<Window, Problem> {
        let take = size(query, numbers)?;
        let page = number(query, "halaman", numbers, (1, 1_000_000_000))?.unwrap_or(1);
        Ok(Window::Skip {
            skip: (page - 1).saturating_mul(take),
            take,
        })
    }

    fn describe(&self, window: &Window, page: &Page, _address: &str) -> Result<(Value, HeaderMap), Problem> {
        let number = window.skip() / window.take().max(1) + 1;
        let shown = json!({
            "nomor": number,
            "ukuran": window.take(),
            "jumlah": page.total,
            "berikut": page.next.as_ref().map(|_| number + 1),
        });
        Ok((shown, HeaderMap::new()))
    }
}

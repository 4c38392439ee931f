//! Pages of lists: numbers and offsets on the way out, the next page on the way back.

use serde_json::{Map, Value, json};

use super::condition::Received;
use super::raw::{PagingEntry, PagingStyle};

/// Adds `geser`, unless the page before named it, and shifts `halaman` to the application's first page. Values that are no numbers stay as they are,
/// so that probes reach the application unchanged.
pub(super) fn send(paging: &PagingEntry, input: &mut Map<String, Value>) {
    let number = |name: &str| input.get(name).and_then(Value::as_i64);
    let (page, size) = (number("halaman"), number("ukuran"));
    if let (Some(page), Some(size), false) = (page, size, input.contains_key("geser")) {
        input.insert("geser".into(), json!(page.saturating_sub(1).saturating_mul(size)));
    }
    if let (Some(page), Some(first)) = (page, paging.mulai) {
        input.insert("halaman".into(), json!(page.saturating_add(first).saturating_sub(1)));
    }
}

/// Puts `halaman.berikut` into a mapped list: the input members of the next page, or null at the end.
pub(super) fn receive(paging: &PagingEntry, input: &Value, received: &Received, mapped: &mut Value) {
    let Some(members) = mapped.as_object_mut() else { return };
    let Some(items) = members.get("butir").and_then(Value::as_array).map(Vec::len) else {
        return;
    };
    let page = members.entry("halaman").or_insert_with(|| json!({}));
    if page.is_null() {
        *page = json!({});
    }
    let Some(page) = page.as_object_mut() else { return };
    if page.contains_key("berikut") {
        return;
    }
    let next = match paging.gaya.unwrap_or(PagingStyle::TidakAda) {
        PagingStyle::TidakAda => Value::Null,
        PagingStyle::Halaman => numbered(input, items, page),
        PagingStyle::Offset => skipping(input, items, page),
        PagingStyle::Kursor => match page.get("kursor") {
            Some(Value::String(cursor)) if !cursor.is_empty() => json!({"kursor": cursor}),
            Some(Value::Number(cursor)) => json!({"kursor": cursor.to_string()}),
            _ => Value::Null,
        },
        PagingStyle::Tautan => {
            let own = page.get("tautan").and_then(Value::as_str).map(str::to_owned);
            own.filter(|link| !link.is_empty())
                .or_else(|| link(received))
                .map_or(Value::Null, |link| json!({"tautan": link}))
        }
    };
    page.insert("berikut".into(), next);
}

fn numbered(input: &Value, items: usize, page: &Map<String, Value>) -> Value {
    let number = input.get("halaman").and_then(Value::as_i64).unwrap_or(1);
    let size = input.get("ukuran").and_then(Value::as_i64);
    let total = page.get("jumlah").and_then(Value::as_i64);
    let more = match (total, size) {
        // A total that disagrees with an empty page does not lengthen the walk.
        (Some(total), Some(size)) => items > 0 && number.saturating_mul(given(number, size, items, total)) < total,
        _ => items > 0,
    };
    if more {
        json!({"halaman": number.saturating_add(1)})
    } else {
        Value::Null
    }
}

/// The size of the pages that the application gives: what was asked for, or fewer where it caps them.
fn given(number: i64, size: i64, items: usize, total: i64) -> i64 {
    let items = i64::try_from(items).unwrap_or(i64::MAX);
    let before = number.saturating_sub(1).saturating_mul(size);
    let capped = items < size && (before.saturating_add(items) < total || before >= total);
    if capped { items } else { size }
}

/// The next page begins behind what came, however many were asked for.
fn skipping(input: &Value, items: usize, page: &Map<String, Value>) -> Value {
    let number = |name: &str| input.get(name).and_then(Value::as_i64);
    let (page_number, total) = (
        number("halaman").unwrap_or(1),
        page.get("jumlah").and_then(Value::as_i64),
    );
    let first = page_number.saturating_sub(1);
    let skipped = number("geser").unwrap_or_else(|| first.saturating_mul(number("ukuran").unwrap_or(0)));
    let reached = skipped.saturating_add(i64::try_from(items).unwrap_or(i64::MAX));
    if items > 0 && total.is_none_or(|total| reached < total) {
        json!({"halaman": page_number.saturating_add(1), "geser": reached})
    } else {
        Value::Null
    }
}

/// The target of `rel="next"` in a Link header (RFC 8288).
fn link(received: &Received) -> Option<String> {
    received.header("link").find_map(|line| {
        line.split(',').find_map(|entry| {
            let (target, parameters) = entry.trim().strip_prefix('<')?.split_once('>')?;
            let next = parameters.split(';').any(|parameter| {
                let parameter = parameter.trim().to_ascii_lowercase();
                parameter
                    .strip_prefix("rel=")
                    .is_some_and(|rel| rel.trim_matches('"').split(' ').any(|word| word == "next"))
            });
            next.then(|| target.to_owned())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
    fn next(style: PagingStyle, input: Value, mut mapped: Value, link: &str) -> Value {
        let entry = PagingEntry {
            gaya: Some(style),
            mulai: None,
        };
        let received = Received {
            status: 200,
            headers: vec![("link".into(), link.as_bytes().to_vec())],
            body: Bytes::new(),
        };
        receive(&entry, &input, &received, &mut mapped);
        mapped.pointer("/halaman/berikut").cloned().unwrap_or_default()
    }

    #[test]
    fn a_capped_page_skips_nothing() {
        use PagingStyle as S;
        let list = |items: usize, total: i64| json!({"butir": vec![1; items], "halaman": {"jumlah": total}});
        let input = json!({"halaman": 1, "ukuran": 1000});
        assert_eq!(
            next(S::Offset, input.clone(), list(100, 250), ""),
            json!({"halaman": 2, "geser": 100})
        );
        let third = json!({"halaman": 3, "ukuran": 1000, "geser": 200});
        assert_eq!(next(S::Offset, third, list(50, 250), ""), json!(null));
        assert_eq!(next(S::Halaman, input, list(100, 250), ""), json!({"halaman": 2}));
        let second = json!({"halaman": 2, "ukuran": 1000});
        assert_eq!(next(S::Halaman, second, list(100, 250), ""), json!({"halaman": 3}));
        // A last page is shorter than what was asked for, and is no cap.
        let last = json!({"halaman": 3, "ukuran": 100});
        assert_eq!(next(S::Halaman, last, list(50, 250), ""), json!(null));
        let mut sent = json!({"halaman": 2, "ukuran": 1000, "geser": 100});
        let entry = PagingEntry {
            gaya: Some(S::Offset),
            mulai: None,
        };
        send(&entry, sent.as_object_mut().unwrap());
        assert_eq!(sent["geser"], 100);
    }

    #[test]
    fn finds_the_next_page_in_every_style() {
        use PagingStyle as S;
        let list = json!({"butir": [1, 2]});
        assert_eq!(
            next(S::Halaman, json!({"halaman": 1, "ukuran": 2}), list.clone(), ""),
            json!({"halaman": 2})
        );
        assert_eq!(
            next(
                S::Halaman,
                json!({"halaman": 2, "ukuran": 2}),
                json!({"butir": [1, 2], "halaman": {"jumlah": 4}}),
                ""
            ),
            json!(null)
        );
        assert_eq!(
            next(S::Offset, json!({"halaman": 3, "ukuran": 2}), json!({"butir": []}), ""),
            json!(null)
        );
        assert_eq!(
            next(
                S::Kursor,
                json!({}),
                json!({"butir": [1], "halaman": {"kursor": "x"}}),
                ""
            ),
            json!({"kursor": "x"})
        );
        assert_eq!(
            next(S::Kursor, json!({}), json!({"butir": [1], "halaman": null}), ""),
            json!(null)
        );
        assert_eq!(
            next(
                S::Tautan,
                json!({}),
                list.clone(),
                "<http://h/a?p=1>; rel=\"prev\", </a?p=3>; rel=\"next\""
            ),
            json!({"tautan": "/a?p=3"})
        );
        assert_eq!(next(S::TidakAda, json!({}), list, ""), json!(null));
        assert_eq!(
            next(
                S::Halaman,
                json!({}),
                json!({"butir": [1], "halaman": {"berikut": null}}),
                ""
            ),
            json!(null)
        );
    }

    #[test]
    fn shifts_numbers_and_leaves_probes() {
        let entry = PagingEntry {
            gaya: Some(PagingStyle::Offset),
            mulai: Some(0),
        };
        let mut input = json!({"halaman": 3, "ukuran": 5});
        send(&entry, input.as_object_mut().unwrap());
        assert_eq!(input, json!({"halaman": 2, "ukuran": 5, "geser": 10}));
        let mut probe = json!({"halaman": "8-1", "ukuran": 5});
        send(&entry, probe.as_object_mut().unwrap());
        assert_eq!(probe, json!({"halaman": "8-1", "ukuran": 5}));
    }
}

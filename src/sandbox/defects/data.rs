//! Defects of the area *data*: DT-19. All act at page size 5 alone.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::super::app::listing::{ListQuery, Page, Window};
use super::super::app::problem::Problem;
use super::super::app::seams::Store;
use super::super::assembly::Assembly;
use super::super::counters::Counter;
use super::super::wrap::on_list;
use super::Defect;

/// The table.
pub(super) const TABLE: &[Defect] = &[
    Defect {
        id: "DT-19a",
        install: no_tie_break,
    },
    Defect {
        id: "DT-19b",
        install: last_page_again,
    },
    Defect {
        id: "DT-19c",
        install: page_ignored,
    },
    Defect {
        id: "DT-19d",
        install: partial_page_empty,
    },
];

/// Replaces numbered pages of five rows; the function is told how many rows stand before the page.
fn at_five(
    assembly: &mut Assembly,
    list: impl Fn(&dyn Store, &ListQuery, u64) -> Result<Page, Problem> + Send + Sync + 'static,
) {
    on_list(assembly, move |store, query| match query.window {
        Window::Skip { skip, take: 5 } => list(store, query, skip),
        _ => store.list(query),
    });
}

fn from(query: &ListQuery, skip: u64, take: u64) -> ListQuery {
    ListQuery {
        window: Window::Skip { skip, take },
        ..query.clone()
    }
}

/// Sorted by whole seconds; equal ones stand the other way round each time a page is asked for.
fn no_tie_break(assembly: &mut Assembly, counter: Counter) {
    let asked = Mutex::new(BTreeMap::<u64, u64>::new());
    at_five(assembly, move |store, query, skip| {
        let times = {
            let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
            let times = asked.entry(skip).or_default();
            *times += 1;
            *times
        };
        let mut rows = store.list(&from(query, 0, 1_000_000))?.rows;
        let total = rows.len() as u64;
        if (times + skip / 5) % 2 == 1 {
            rows.sort_by(|left, right| left.id.cmp(&right.id));
        }
        rows.sort_by_key(|complaint| {
            let second = complaint.created.as_second();
            if query.order.descending {
                Reverse(second)
            } else {
                Reverse(-second)
            }
        });
        counter.acted();
        let honest = store.list(query)?;
        let begin = usize::try_from(skip).unwrap_or(usize::MAX);
        let rows: Vec<_> = rows.into_iter().skip(begin).take(5).collect();
        Ok(Page {
            rows,
            total,
            next: honest.next,
        })
    });
}

/// The page after the last shows the last once more.
fn last_page_again(assembly: &mut Assembly, counter: Counter) {
    at_five(assembly, move |store, query, skip| {
        let page = store.list(query)?;
        if page.rows.is_empty() && page.total > 0 && skip >= page.total {
            counter.acted();
            return store.list(&from(query, (page.total - 1) / 5 * 5, 5));
        }
        Ok(page)
    });
}

/// Whatever page is asked for, the first comes.
fn page_ignored(assembly: &mut Assembly, counter: Counter) {
    at_five(assembly, move |store, query, skip| {
        if skip > 0 {
            counter.acted();
        }
        store.list(&from(query, 0, 5))
    });
}

/// A last page that is neither full nor the first is empty.
fn partial_page_empty(assembly: &mut Assembly, counter: Counter) {
    at_five(assembly, move |store, query, skip| {
        let mut page = store.list(query)?;
        if skip > 0 && (1..5).contains(&page.rows.len()) {
            page.rows.clear();
            counter.acted();
        }
        Ok(page)
    });
}

//! Progress of a run: a bar on a terminal, plain lines otherwise.

use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use crate::domain::phrase::Lang;
use crate::run::{Event, Progress};

use super::output::Output;

/// Shows progress on standard error.
pub(super) struct Shown {
    lang: Lang,
    bar: Option<ProgressBar>,
    rows: AtomicUsize,
    done: AtomicUsize,
}

impl Shown {
    /// A bar where a person looks at a terminal, lines otherwise.
    pub(super) fn new(output: &Output) -> Self {
        let style = ProgressStyle::with_template("{spinner} {bar:30} {pos}/{len} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = output.terminal().then(|| ProgressBar::new(0).with_style(style));
        Self {
            lang: output.lang(),
            bar,
            rows: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
        }
    }

    fn line(&self, text: &str) {
        use std::io::Write as _;
        // A closed stream ends the showing, never the run.
        match &self.bar {
            Some(bar) => bar.println(text),
            None => drop(writeln!(std::io::stderr(), "{text}")),
        }
    }
}

impl Progress for Shown {
    fn event(&self, event: &Event) {
        match event {
            Event::Start { rows } => {
                self.rows.store(*rows, Ordering::Relaxed);
                if let Some(bar) = &self.bar {
                    bar.set_length(*rows as u64);
                }
            }
            Event::Phase { name, attempt } => {
                let again = if *attempt > 1 { " (2)" } else { "" };
                let name = format!("{}{again}", name.text(self.lang));
                if let Some(bar) = &self.bar {
                    bar.set_message(name);
                } else {
                    let (done, rows) = (self.done.load(Ordering::Relaxed), self.rows.load(Ordering::Relaxed));
                    self.line(&format!("[{done}/{rows}] {name}"));
                }
            }
            Event::Row {
                requirement,
                label,
                attempt,
                failed,
            } => {
                if *attempt == 1 {
                    self.done.fetch_add(1, Ordering::Relaxed);
                }
                if let Some(bar) = &self.bar {
                    bar.set_position(self.done.load(Ordering::Relaxed) as u64);
                }
                if *failed {
                    let label: String = label.chars().filter(|letter| !letter.is_control()).take(100).collect();
                    self.line(&format!("✗ {requirement} {label} ({attempt})"));
                }
            }
            Event::End => {
                if let Some(bar) = &self.bar {
                    bar.finish_and_clear();
                }
            }
        }
    }
}

//! The one place that prints. A closed pipe ends printing, never the command.

use std::io::{IsTerminal as _, Write};

use crate::domain::Phrase;
use crate::domain::phrase::Lang;

/// Standard output and error, in one language.
pub struct Output {
    lang: Lang,
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    terminal: bool,
}

impl Output {
    /// The process's own streams.
    pub fn stdout(lang: Lang) -> Self {
        let terminal = std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
        Self {
            lang,
            out: Box::new(std::io::stdout()),
            err: Box::new(std::io::stderr()),
            terminal,
        }
    }

    /// The language of what is printed.
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether a person looks at a terminal.
    pub const fn terminal(&self) -> bool {
        self.terminal
    }

    /// One line of the result.
    pub fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}");
    }

    /// One line of the result, in the chosen language.
    pub fn say(&mut self, phrase: &Phrase) {
        let text = phrase.text(self.lang).to_owned();
        self.line(&text);
    }

    /// One line about what goes on, beside the result.
    pub fn note(&mut self, text: &str) {
        let _ = writeln!(self.err, "{text}");
    }

    /// What went wrong.
    pub fn fault(&mut self, text: &str) {
        let _ = writeln!(self.err, "laik: {text}");
    }

    /// The writer of the result, for commands that render by themselves.
    pub fn writer(&mut self) -> &mut dyn Write {
        &mut self.out
    }
}

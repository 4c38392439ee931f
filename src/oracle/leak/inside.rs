//! What of an application's inside shows in a text: stack frames of one language, SQL with a driver's words, a server
//! path with a line number, the name of an exception's class. Looks at text alone.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

/// What shows, with the texts that show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    /// What it is.
    pub(super) inside: Inside,
    /// The texts, cut; distinct.
    pub(super) texts: BTreeSet<String>,
}

/// A kind of inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Inside {
    /// Frames of a stack in a language; two at least.
    Stack(&'static str),
    /// Words of a database driver beside the text of a query.
    Sql,
    /// An absolute path of the server with a line number.
    Path,
    /// The name of an exception's class.
    Class,
}

/// Frames of each language, one at a match.
const FRAMES: &[(&str, &str)] = &[
    ("Python", r#"File "[^"\n]+", line \d+"#),
    (
        "Java",
        r"\bat [\w.$<>]+\((?:[\w$]+\.(?:java|kt|scala|groovy):\d+|Native Method|Unknown Source)\)",
    ),
    ("PHP", r"#\d+ [^\n]+?\.php(?:\(\d+\)|:\d+)"),
    ("Ruby", r"[\w/.\-]+\.rb:\d+:in [`'‘]"),
    (
        "JavaScript",
        r"\bat (?:[^\s(]+ (?:\[as \w+\] )?\()?[^\s()]+\.(?:js|ts|mjs|cjs):\d+:\d+\)?",
    ),
    (".NET", r"\bat [\w.<>`\[\],+]+\([^)\n]*\) in [^\n]+:line \d+"),
    ("Go", r"[\w/.\-@]+\.go:\d+"),
    ("Rust", r"\bat [\w/.\-]+\.rs:\d+"),
];

/// Words that drivers and databases say.
const DRIVER: &str = r"(?i)SQLSTATE\b|psycopg|\bPG::\w+|\bORA-\d{5}|\bsqlite3?[.:]|SQLITE_\w+|PDOException|QueryException|com\.mysql|org\.postgresql|mysqli|You have an error in your SQL syntax|SQLSyntaxError|Microsoft OLE DB|ODBC \w+ Driver|java\.sql\.|System\.Data\.SqlClient|SequelizeDatabaseError";

/// The text of a query.
const QUERY: &str = r"(?is)\bSELECT\b[^;]+?\bFROM\b|\bINSERT\s+INTO\s+\S+|\bUPDATE\s+\S+\s+SET\b|\bDELETE\s+FROM\s+\S+";

/// An absolute path and a line number, not within an address of the web.
const PATH: &str = r#"(?m)(?:^|[\s"'(>=\[,])((?:/(?:var|usr|home|srv|opt|app|root|www|mnt|etc|data|workspace|builds?|src|private|Users)/[^\s"'<>():]+|[A-Za-z]:\\[^\s"'<>():]+)\.\w{1,6}(?:["']?,? (?:on )?line |:|\()\d+)"#;

/// A class name as exceptions have it.
const CLASS: &str = r"\b[A-Z][A-Za-z0-9]*(?:Exception|Error)\b";

/// One of these stands in every text in which something is to be found; most texts have none.
const NEEDLES: &[&str] = &[
    ".py",
    ".java:",
    ".kt:",
    ".scala:",
    ".groovy:",
    "Native Method",
    "Unknown Source",
    ".php",
    ".rb:",
    ".js:",
    ".ts:",
    ".mjs:",
    ".cjs:",
    ":line ",
    ".go:",
    ".rs:",
    " line ",
    "SQLSTATE",
    "psycopg",
    "PG::",
    "ORA-",
    "sqlite",
    "PDO",
    "QueryException",
    "com.mysql",
    "org.postgresql",
    "mysqli",
    "SQL syntax",
    "SQLSyntax",
    "OLE DB",
    "ODBC",
    "java.sql",
    "SqlClient",
    "Sequelize",
    ":\\",
    "Exception",
    "Error",
];

/// What shows in a text, coded as JSON or HTML or not at all.
pub(super) fn inside(text: &str) -> Vec<Shown> {
    if !may_show(text) {
        return Vec::new();
    }
    let text = plain(text);
    let Some(patterns) = patterns() else { return Vec::new() };
    let mut found: Vec<_> = patterns
        .frames
        .iter()
        .map(|(language, frame)| (Inside::Stack(language), matches(frame, &text, 0)))
        .filter(|(_, texts)| texts.len() >= 2)
        .collect();
    let (driver, query) = (matches(&patterns.driver, &text, 0), matches(&patterns.query, &text, 0));
    if !driver.is_empty() && !query.is_empty() {
        found.push((Inside::Sql, query));
    }
    found.push((Inside::Path, matches(&patterns.path, &text, 1)));
    found.push((Inside::Class, matches(&patterns.class, &text, 0)));
    let some = found.into_iter().filter(|(_, texts)| !texts.is_empty());
    some.map(|(inside, texts)| Shown { inside, texts }).collect()
}

impl Shown {
    /// What remains when texts that the client itself sent are left out.
    pub(super) fn without(mut self, sent: &BTreeSet<String>) -> Option<Self> {
        self.texts.retain(|text| !sent.contains(text));
        let least = if matches!(self.inside, Inside::Stack(_)) { 2 } else { 1 };
        (self.texts.len() >= least).then_some(self)
    }
}

struct Patterns {
    frames: Vec<(&'static str, Regex)>,
    driver: Regex,
    query: Regex,
    path: Regex,
    class: Regex,
}

/// Compiled once; `None` only if a pattern above were no regular expression, which a test holds.
fn patterns() -> Option<&'static Patterns> {
    static PATTERNS: OnceLock<Option<Patterns>> = OnceLock::new();
    let compile = || {
        let frames = FRAMES
            .iter()
            .map(|(language, frame)| Some((*language, compiled(frame)?)));
        Some(Patterns {
            frames: frames.collect::<Option<_>>()?,
            driver: compiled(DRIVER)?,
            query: compiled(QUERY)?,
            path: compiled(PATH)?,
            class: compiled(CLASS)?,
        })
    };
    PATTERNS.get_or_init(compile).as_ref()
}

/// Patterns are about ASCII: without Unicode's classes they stay small.
fn compiled(pattern: &str) -> Option<Regex> {
    // A class may stand within a class.
    let ascii = pattern.replace(r"\w", "[0-9A-Za-z_]").replace(r"\d", "[0-9]");
    Regex::new(&ascii).ok()
}

fn may_show(text: &str) -> bool {
    static FINDER: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let finder = FINDER.get_or_init(|| AhoCorasick::builder().ascii_case_insensitive(true).build(NEEDLES).ok());
    finder.as_ref().is_none_or(|finder| finder.is_match(text))
}

fn matches(pattern: &Regex, text: &str, group: usize) -> BTreeSet<String> {
    pattern
        .captures_iter(text)
        .take(MOST)
        .filter_map(|found| Some(found.get(group)?.as_str().chars().take(LONGEST).collect()))
        .collect()
}

/// Undoes the escapes that matter here, of JSON and of HTML.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', '&']) {
        return Cow::Borrowed(text);
    }
    let undone = text
        .replace("\\n", "\n")
        .replace("\\r", "\n")
        .replace("\\t", " ")
        .replace("\\\"", "\"")
        .replace("\\/", "/")
        .replace("\\\\", "\\")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    Cow::Owned(undone)
}

/// Matches of one pattern that are looked at.
const MOST: usize = 50;

/// Characters of a match that are compared.
const LONGEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_a_regular_expression() {
        assert!(patterns().is_some());
    }

    fn kinds(text: &str) -> Vec<Inside> {
        inside(text).into_iter().map(|shown| shown.inside).collect()
    }

    #[test]
    fn two_frames_of_one_language_show_a_stack() {
        let stacks = [
            (
                "Python",
                "Traceback:\\n  File \\\"/x/a.py\\\", line 3, in f\\n  File \\\"/x/b.py\\\", line 9, in g",
            ),
            (
                "Python",
                "File &quot;a.py&quot;, line 3, in f File &quot;a.py&quot;, line 4, in g",
            ),
            (
                "Java",
                "\tat id.go.App.main(App.java:10)\n\tat id.go.Web.handle(Web.java:77)",
            ),
            ("PHP", "#0 x/index.php(23): A->b()\n#1 x/kernel.php(9): C()"),
            ("Ruby", "app/a.rb:3:in `f'\napp/b.rb:4:in `g'"),
            (
                "JavaScript",
                "at f (dist/a.js:3:9)\n at Object.<anonymous> (dist/b.js:4:1)",
            ),
            (".NET", "at A.B.C(String x) in A.cs:line 4\n at A.B.D() in A.cs:line 9"),
            ("Go", "main.go:31 +0x1\nserver.go:99"),
            ("Rust", "at src/a.rs:31\n at src/b.rs:99"),
        ];
        for (language, text) in stacks {
            assert!(
                kinds(text).contains(&Inside::Stack(language)),
                "{text}: {:?}",
                kinds(text)
            );
        }
        assert!(
            !kinds("at id.go.App.main(App.java:10)")
                .iter()
                .any(|kind| matches!(kind, Inside::Stack(_)))
        );
    }

    #[test]
    fn a_query_counts_beside_the_words_of_a_driver_alone() {
        let query = "SELECT id FROM pengaduan WHERE id = 1";
        assert_eq!(kinds(&format!("SQLSTATE[42601]: {query}")), [Inside::Sql]);
        assert_eq!(kinds(query), []);
        assert_eq!(kinds("SQLSTATE 42601"), []);
    }

    #[test]
    fn a_path_counts_with_a_line_and_not_in_an_address() {
        assert_eq!(kinds("galat di /var/www/html/index.php:31"), [Inside::Path]);
        assert_eq!(kinds(r"in C:\\laragon\\app\\a.php on line 7"), [Inside::Path]);
        assert_eq!(kinds("https://contoh.test/app/a.js:31"), []);
        assert_eq!(kinds("/var/www/html/index.php"), []);
    }

    #[test]
    fn a_class_is_named_and_ordinary_words_are_not() {
        assert_eq!(kinds("NullPointerException"), [Inside::Class]);
        assert_eq!(kinds("Terjadi galat. An error occurred."), []);
    }

    #[test]
    fn what_the_client_sent_is_no_leak() {
        let text = "File \"a.py\", line 3, in f\nFile \"a.py\", line 4, in g";
        let shown = inside(text).remove(0);
        let sent: BTreeSet<_> = ["File \"a.py\", line 3".to_owned()].into();
        assert_eq!(shown.clone().without(&sent), None, "one frame that is left is no stack");
        assert!(shown.without(&BTreeSet::new()).is_some());
    }
}

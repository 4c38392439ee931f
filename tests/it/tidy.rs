//! Tidy: rules of the house that no compiler and no lint knows. Each rule lists its offences; an exception stands
//! in [`EXCEPTIONS`] with its reason, and one that excuses nothing any more is an offence itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use regex::Regex;

/// Lines of code in one module, its unit tests not counted.
const MODULE_LINES: usize = 500;

/// Lines of one function, signature and braces included, empty lines and comments not.
const FUNCTION_LINES: usize = 60;

/// One place that a rule lets through.
struct Exception {
    rule: &'static str,
    /// The file, or for a function `file::name`.
    place: &'static str,
    reason: &'static str,
}

/// Every exception of every rule.
const EXCEPTIONS: &[Exception] = &[];

/// What a part may import: its module, then the beginnings of the paths below `crate::` that it may name. A part of
/// the tree that has no line of its own follows the line of the part above it. `cli` and `selftest` may name all.
const IMPORTS: &[(&str, &str)] = &[
    ("domain", ""),
    ("source", "domain"),
    ("exit", "verdict"),
    ("verdict", "domain catalogue::Level"),
    ("catalogue", "domain source feature"),
    ("feature", "domain source catalogue steps verdict::Reason"),
    ("evidence", "domain verdict"),
    ("oracle", "domain verdict evidence::record"),
    ("judge", "domain catalogue feature evidence oracle verdict"),
    (
        "statement",
        "domain source catalogue binding evidence::sha256_hex feature::plan",
    ),
    (
        "binding",
        "domain source catalogue evidence::record evidence::sha256_hex",
    ),
    ("target", "domain binding statement evidence"),
    ("hub", "domain binding::before binding::jq evidence statement"),
    (
        "run",
        "domain catalogue evidence feature hub judge oracle pack statement steps target verdict",
    ),
    (
        "steps",
        "domain catalogue evidence::record oracle run statement target verdict",
    ),
    (
        "pack",
        "domain catalogue evidence exit feature judge oracle statement verdict",
    ),
    (
        "report",
        "domain catalogue evidence::record evidence::sha256_hex feature pack statement text verdict",
    ),
    (
        "assessment",
        "domain catalogue evidence feature hub judge pack run statement target verdict",
    ),
    ("sandbox", "domain catalogue"),
    ("attestation", "domain evidence::sha256_hex statement::Secret"),
    ("certificate", "domain assessment attestation catalogue pack verdict"),
    (
        "gate",
        "domain source attestation certificate exit statement::Environment",
    ),
];

#[test]
fn modules_are_small() {
    let offences = sources("src")
        .iter()
        .filter_map(|source| {
            let lines = source.code().lines().count();
            (lines > MODULE_LINES).then(|| (source.path.clone(), format!("{lines} lines, at most {MODULE_LINES}")))
        })
        .collect();
    judge("module-size", &offences);
}

#[test]
fn functions_are_short() {
    let mut offences = BTreeMap::new();
    for source in sources("src") {
        for (name, line, length) in functions(source.code()) {
            if length > FUNCTION_LINES {
                offences.insert(
                    format!("{}::{name}", source.path),
                    format!("line {line}: {length} lines, at most {FUNCTION_LINES}"),
                );
            }
        }
    }
    judge("function-length", &offences);
}

#[test]
fn modules_tell_their_purpose() {
    let offences = ["src", "tests", "benches"]
        .iter()
        .flat_map(|directory| sources(directory))
        .filter(|source| !source.text.starts_with("//!"))
        .map(|source| {
            (
                source.path,
                "does not begin with `//!`: purpose, and what it must not know".to_owned(),
            )
        })
        .collect();
    judge("module-purpose", &offences);
}

#[test]
fn names_say_what_a_thing_is() {
    let item = regex(r"\b(struct|enum|trait|type|union)\s+(\w*(?:Manager|Helper|Utils?)\w*)");
    let function = regex(r"\bfn\s+(get_\w+)");
    let module = regex(r"^(?:pub(?:\([a-z]+\))? )?mod (utils?|helpers?|managers?|misc|common);");
    let mut offences = BTreeMap::new();
    for source in sources("src") {
        for (number, line) in source.lines_of_code() {
            let named = item
                .captures(line)
                .or_else(|| function.captures(line))
                .or_else(|| module.captures(line));
            if let Some(found) = named {
                offences.insert(source.path.clone(), format!("line {number}: `{}`", &found[0]));
            }
        }
    }
    judge("names", &offences);
}

#[test]
fn parts_import_what_they_may() {
    let mut offences = BTreeMap::new();
    for source in sources("src") {
        let Some(allowed) = allowed_imports(&source) else {
            continue;
        };
        for (number, path) in source.imports() {
            let top = path.split("::").next().unwrap_or_default();
            if !may_import(&source, allowed, &path) {
                offences.insert(
                    format!("{}::{top}", source.path),
                    format!("line {number}: may not name crate::{path}"),
                );
            }
        }
    }
    judge("imports", &offences);
}

#[test]
fn only_the_command_line_and_tests_know_the_sandbox() {
    let mut offences = BTreeMap::new();
    for source in sources("src") {
        let module = source.module();
        let top = module.split("::").next().unwrap_or_default();
        if ["cli", "sandbox", "selftest", "lib", "main"].contains(&top) {
            continue;
        }
        for (number, path) in source.imports() {
            if path.starts_with("sandbox") || path.starts_with("cli") {
                offences.insert(
                    source.path.clone(),
                    format!("line {number}: may not name crate::{path}"),
                );
            }
        }
    }
    judge("sandbox-unknown", &offences);
}

#[test]
fn every_part_has_its_line_in_the_table_of_imports() {
    let parts: BTreeSet<String> = sources("src")
        .iter()
        .map(|source| source.module().split("::").next().unwrap_or_default().to_owned())
        .filter(|part| !["lib", "main", "cli", "selftest"].contains(&part.as_str()))
        .collect();
    let listed: BTreeSet<String> = IMPORTS.iter().map(|(part, _)| (*part).to_owned()).collect();
    assert_eq!(parts, listed, "left: parts of src/; right: lines of IMPORTS");
}

#[test]
fn the_reference_application_knows_no_defect() {
    let id = regex(r"\b(PB|DT|TK|KM)-\d\d");
    let word = regex(r"(?i)\b(defect|cacat)s?\b");
    let offences = sources("src/sandbox/app")
        .iter()
        .filter_map(|source| {
            let (number, line) = source
                .text
                .lines()
                .enumerate()
                .find(|(_, line)| id.is_match(line) || word.is_match(line))?;
            Some((source.path.clone(), format!("line {}: {}", number + 1, line.trim())))
        })
        .collect();
    judge("application-without-defects", &offences);
}

#[test]
fn dependencies_say_what_they_are_for() {
    let manifest = read("Cargo.toml");
    let mut offences = BTreeMap::new();
    let mut inside = false;
    let mut before = "";
    let mut said = "";
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            inside = section.trim_end_matches(']').ends_with("dependencies");
        } else if inside && line.contains('=') {
            let name = line.split(['=', '.']).next().unwrap_or_default().trim();
            let family = said.split('-').next().unwrap_or_default();
            if before.starts_with("# ") && !before.starts_with("# --") {
                said = name;
            } else if before.starts_with('#') || before.is_empty() || family.is_empty() || !name.starts_with(family) {
                offences.insert(
                    name.to_owned(),
                    "has no comment above it that says what it is for".to_owned(),
                );
            }
        }
        before = line;
    }
    judge("dependency-comment", &offences);
}

#[test]
fn lints_are_excused_with_a_reason() {
    let allow = regex(r"#!?\[allow\(");
    let mut offences = BTreeMap::new();
    for source in sources("src") {
        for (number, line) in source.lines_of_code() {
            if allow.is_match(line) {
                offences.insert(
                    source.path.clone(),
                    format!("line {number}: write #[expect(…, reason = \"…\")]"),
                );
            }
        }
        for found in regex(r"(?s)#!?\[expect\((.*?)\)\]").captures_iter(&source.text) {
            if !found[1].contains("reason = \"") {
                offences.insert(
                    source.path.clone(),
                    format!("`#[expect({})]` without a reason", &found[1]),
                );
            }
        }
    }
    judge("lint-reasons", &offences);
}

#[test]
fn no_test_is_ignored() {
    let offences = ["src", "tests"]
        .iter()
        .flat_map(|directory| sources(directory))
        .filter(|source| {
            source
                .text
                .lines()
                .any(|line| line.trim_start().starts_with("#[ignore"))
        })
        .map(|source| (source.path, "has an ignored test".to_owned()))
        .collect();
    judge("ignored-tests", &offences);
}

#[test]
fn the_project_does_not_speak_of_where_it_was_written() {
    // Written in parts, so that this file does not offend itself.
    let words = [
        ["/wo", "rk/"],
        ["/tm", "p/"],
        ["sub", "agent"],
        ["work", "place"],
        ["../sha", "red"],
        ["pypi", ".org"],
        ["static.crates", ".io"],
        ["index.crates", ".io"],
        ["npmjs", ".org"],
        ["deb.debian", ".org"],
        ["coding ses", "sion"],
    ]
    .map(|parts| parts.concat());
    let mut offences = BTreeMap::new();
    for (path, text) in texts() {
        for (number, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            if let Some(word) = words.iter().find(|word| lower.contains(word.as_str())) {
                offences.insert(path.clone(), format!("line {}: `{word}`", number + 1));
            }
        }
    }
    judge("where-it-was-written", &offences);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let link = regex(r"\]\(([^)#\s]+)(?:#[^)]*)?\)");
    let mut offences = BTreeMap::new();
    for (path, text) in texts().into_iter().filter(|(path, _)| has_extension(path, "md")) {
        for found in link.captures_iter(&text) {
            let target = &found[1];
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let beside = root().join(&path).parent().map(|directory| directory.join(target));
            if !beside.is_some_and(|file| file.exists()) {
                offences.insert(path.clone(), format!("links to {target}, which is not there"));
            }
        }
    }
    judge("links", &offences);
}

#[test]
fn ci_runs_the_commands_of_the_readme() {
    let readme = read("README.md");
    let commands: Vec<&str> = regex(r"(?m)^(cargo (?:run|test)\b.*)$")
        .captures_iter(&readme)
        .filter_map(|found| found.get(1))
        .map(|found| found.as_str().split('#').next().unwrap_or_default().trim())
        .take(2)
        .collect();
    assert_eq!(
        commands.len(),
        2,
        "README.md begins with two commands: the main job and the tests"
    );
    let ci = read(".ci/run");
    for command in commands {
        assert!(ci.contains(command), ".ci/run does not run `{command}` of README.md");
    }
}

#[test]
fn the_map_of_the_code_is_whole() {
    let map = read("ARCHITECTURE.md");
    assert!(map.lines().count() <= 150, "ARCHITECTURE.md has more than 150 lines");
    for (part, _) in IMPORTS {
        assert!(
            map.contains(&format!("`{part}`")),
            "ARCHITECTURE.md does not name `{part}`"
        );
    }
}

/// Fails with every offence that has no exception, and every exception without an offence.
#[track_caller]
fn judge(rule: &str, offences: &BTreeMap<String, String>) {
    let excused: BTreeMap<&str, &str> = EXCEPTIONS
        .iter()
        .filter(|one| one.rule == rule)
        .map(|one| (one.place, one.reason))
        .collect();
    let mut lines: Vec<String> = offences
        .iter()
        .filter(|(place, _)| !excused.contains_key(place.as_str()))
        .map(|(place, text)| format!("{place}: {text}"))
        .collect();
    for (place, reason) in &excused {
        assert!(reason.len() > 15, "the exception for {place} has no reason");
        if !offences.contains_key(*place) {
            lines.push(format!(
                "{place}: its exception excuses nothing any more; take it out of EXCEPTIONS"
            ));
        }
    }
    assert!(
        lines.is_empty(),
        "{rule}: {} offences\n{}",
        lines.len(),
        lines.join("\n")
    );
}

/// A file of Rust source.
struct Source {
    /// Path below the package, with `/`.
    path: String,
    text: String,
    declared_as_test: bool,
}

impl Source {
    /// The text before the unit tests, which stand last in a file.
    fn code(&self) -> &str {
        if self.is_test() {
            return "";
        }
        self.text
            .find("\n#[cfg(test)]")
            .map_or(&self.text, |end| &self.text[..end])
    }

    /// Whether the whole file is unit tests: `tests.rs`, anything below `tests/`, or declared under `#[cfg(test)]`.
    fn is_test(&self) -> bool {
        self.declared_as_test || self.path.ends_with("tests.rs") || self.path.contains("/tests/")
    }

    /// Lines that are no comments, with their numbers.
    fn lines_of_code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code()
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(index, line)| (index + 1, line))
    }

    /// `src/oracle/window.rs` → `oracle::window`.
    fn module(&self) -> String {
        let below = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        below.trim_end_matches("/mod").replace('/', "::")
    }

    /// Every path below `crate::` that the code names, with its line; nested `use` groups are opened.
    fn imports(&self) -> Vec<(usize, String)> {
        let code = self.code().lines().map(without_comment).collect::<Vec<_>>().join("\n");
        let mut found = Vec::new();
        for (start, _) in code.match_indices("crate::") {
            if code[..start].ends_with('$') {
                continue; // `$crate` of a macro.
            }
            let line = code[..start].matches('\n').count() + 1;
            let rest = &code[start + "crate::".len()..];
            found.extend(open_group("", rest).0.into_iter().map(|path| (line, path)));
        }
        found
    }
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line }
}

/// Reads one path or `{…}` group; gives the full paths and how many bytes it took.
fn open_group(prefix: &str, text: &str) -> (Vec<String>, usize) {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .unwrap_or(text.len());
    let head = &text[..end];
    if !head.is_empty() && !head.ends_with("::") || !text[end..].starts_with('{') {
        return (vec![format!("{prefix}{}", head.trim_end_matches("::"))], end);
    }
    let prefix = format!("{prefix}{head}");
    let mut paths = Vec::new();
    let mut at = end + 1;
    while at < text.len() {
        let rest = &text[at..];
        let skipped = rest
            .find(|c: char| !(c.is_whitespace() || c == ','))
            .unwrap_or(rest.len());
        at += skipped;
        let rest = &text[at..];
        if rest.starts_with('}') || rest.is_empty() {
            return (paths, at + 1);
        }
        let (more, taken) = open_group(&prefix, rest);
        paths.extend(more);
        at += taken.max(1);
        // ` as name`
        if let Some(renamed) = text.get(at..).and_then(|rest| rest.strip_prefix(" as ")) {
            at += 4 + renamed.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(0);
        }
    }
    (paths, at)
}

#[test]
fn groups_of_imports_are_opened() {
    let source = Source {
        path: "src/oracle/x.rs".to_owned(),
        text: "use crate::domain::{Op, words::{Actor as A, Area}};\n// crate::cli\nfn f() { crate::verdict::leg() }\n"
            .to_owned(),
        declared_as_test: false,
    };
    let found: Vec<String> = source
        .imports()
        .into_iter()
        .map(|(line, path)| format!("{line} {path}"))
        .collect();
    assert_eq!(
        found,
        [
            "1 domain::Op",
            "1 domain::words::Actor",
            "1 domain::words::Area",
            "3 verdict::leg"
        ]
    );
    assert_eq!(allowed_imports(&source), Some("domain verdict evidence::record"));
}

/// Its own part, what the table allows, and the macros of `domain`, which stand at the top of the crate as all macros do.
fn may_import(source: &Source, allowed: &str, path: &str) -> bool {
    let own = source.module().split("::").next() == path.split("::").next();
    let below = |prefix| path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with("::"));
    own || ["phrase", "vocabulary"].contains(&path) || allowed.split(' ').any(below)
}

/// The allowed paths of the nearest part that has a line in the table.
fn allowed_imports(source: &Source) -> Option<&'static str> {
    let module = source.module();
    IMPORTS
        .iter()
        .filter(|(part, _)| module == *part || module.starts_with(&format!("{part}::")))
        .max_by_key(|(part, _)| part.len())
        .map(|(_, allowed)| *allowed)
}

/// Functions of formatted code: name, line, lines of code. A function ends at the first `}` in its own column.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let head = regex(r"^(\s*)(?:pub(?:\([a-z:]+\))? )?(?:const |async |extern )*fn (\w+)");
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(captures) = head.captures(line) else { continue };
        if line.ends_with(';') || line.ends_with('}') {
            continue;
        }
        let end = format!("{}}}", &captures[1]);
        let last = lines[index..].iter().position(|line| **line == *end).unwrap_or(0);
        let counts = |line: &&&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
        let length = lines[index..=index + last].iter().filter(counts).count();
        found.push((captures[2].to_owned(), index + 1, length));
    }
    found
}

#[test]
fn functions_are_measured() {
    let code = "fn one() {}\nimpl X {\n    pub(crate) async fn two(\n        a: u8,\n    ) -> u8 {\n        // Why.\n\n        a\n    }\n}\n";
    assert_eq!(functions(code), [("two".to_owned(), 3, 5)]);
}

/// Every Rust file below a directory, in order; none if the directory is not there.
fn sources(directory: &str) -> Vec<Source> {
    let mut found: Vec<Source> = files(directory)
        .into_iter()
        .filter(|path| has_extension(path, "rs"))
        .map(|path| Source {
            text: read(&path),
            path,
            declared_as_test: false,
        })
        .collect();
    let declaration = regex(r"#\[cfg\(test\)\]\s+(?:pub(?:\([a-z]+\))? )?mod (\w+);");
    let tests: BTreeSet<String> = found
        .iter()
        .flat_map(|source| {
            let below = source.path.trim_end_matches(".rs").trim_end_matches("/mod").to_owned();
            declaration
                .captures_iter(&source.text)
                .map(move |name| format!("{below}/{}.rs", &name[1]))
                .collect::<Vec<_>>()
        })
        .collect();
    for source in &mut found {
        source.declared_as_test = tests.contains(&source.path);
    }
    found
}

/// Every text that the project publishes, but the lock file and what tools made.
fn texts() -> Vec<(String, String)> {
    let mut paths: Vec<String> = [
        "src", "tests", "benches", "features", "schemas", "targets", "ci", ".ci", "docs",
    ]
    .iter()
    .flat_map(|directory| files(directory))
    .collect();
    let top = fs::read_dir(root()).expect("the package has a directory");
    paths.extend(
        top.filter_map(Result::ok)
            .filter(|entry| entry.path().is_file())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name != "Cargo.lock" && name != ".git"),
    );
    paths.sort();
    // Files that are no text (pictures) cannot speak.
    paths
        .into_iter()
        .filter_map(|path| fs::read_to_string(root().join(&path)).ok().map(|text| (path, text)))
        .collect()
}

/// Paths of the files below a directory, with `/`, in order.
fn files(directory: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        let Ok(entries) = fs::read_dir(root().join(&directory)) else {
            continue;
        };
        for entry in entries.filter_map(Result::ok) {
            let path = format!("{directory}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|own| own == extension)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of this file")
}

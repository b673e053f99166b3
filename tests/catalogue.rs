//! The tables in `tests/catalogue` say which test shows each behaviour of a session. This checks that nothing is missing
//! from them, and that the tests that they name are there.
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The groups of behaviours that must be complete: the table, its first and its last number, and those that are left out
/// because few programs want them.
const GROUPS: &[(&str, u32, u32, &[u32])] = &[
    ("a_identity.md", 1, 15, &[]),
    ("b_states.md", 16, 32, &[29]),
    ("c_transactions.md", 33, 63, &[]),
    ("d_merge.md", 64, 73, &[73]),
    ("e_unit_of_work.md", 74, 103, &[95]),
    ("f_relationships.md", 104, 133, &[]),
    ("g_cascades.md", 134, 161, &[]),
    ("h_loading.md", 162, 202, &[]),
    ("i_queries.md", 203, 219, &[]),
    ("i_set_based.md", 220, 226, &[]),
    ("i_queries.md", 227, 229, &[]),
    ("j_declarations.md", 230, 252, &[]),
    ("k_async.md", 253, 260, &[]),
    ("rules.md", 1, 37, &[]),
];

/// A line of a table.
struct Line {
    /// The number of the behaviour, rule or scenario.
    number: String,
    /// What shows it, and what else is said about it.
    shown_by: String,
}

#[test]
fn every_behaviour_has_a_line() {
    for (table, first, last, left_out) in GROUPS {
        let have: BTreeSet<u32> = lines(table).iter().filter_map(|line| line.number.parse().ok()).collect();
        let missing: Vec<u32> = (*first..=*last).filter(|n| !have.contains(n) && !left_out.contains(n)).collect();
        assert!(missing.is_empty(), "{table} says nothing about {missing:?}");
    }
}

#[test]
fn every_line_names_what_shows_it() {
    for table in tables() {
        for line in lines(&table) {
            assert!(!named(&line.shown_by).is_empty(), "{table}: line {} names no test", line.number);
        }
    }
}

#[test]
fn every_test_named_is_there() {
    let wrong = |table: &String| {
        let named: Vec<String> = lines(table).iter().flat_map(|line| named(&line.shown_by)).collect();
        named.into_iter().filter(|name| !is_there(name)).map(|name| format!("{table}: {name}")).collect::<Vec<_>>()
    };
    let wrong: Vec<String> = tables().iter().flat_map(wrong).collect();
    assert!(wrong.is_empty(), "not there:\n{}", wrong.join("\n"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn tables() -> Vec<String> {
    let files = fs::read_dir(root().join("tests/catalogue")).expect("the tables").flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".md") && name != "README.md").collect()
}

/// The lines of a table below its head.
fn lines(table: &str) -> Vec<Line> {
    let text = fs::read_to_string(root().join("tests/catalogue").join(table)).expect("a table");
    let rows = text.lines().filter(|line| line.starts_with('|')).skip(2);
    let line = |row: &str| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [number, _, shown_by] = cells[..] else { panic!("{table}: three columns, please: {row}") };
        Line { number: number.to_owned(), shown_by: shown_by.to_owned() }
    };
    rows.map(line).collect()
}

/// What stands between backticks and is a file, or a test in a file.
fn named(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|name| name.contains(".rs") || name.contains(".py")).map(str::to_owned).collect()
}

/// Whether the file is there, and the test in it: `conformance/states.rs::adding_sends_nothing`.
fn is_there(name: &str) -> bool {
    let (file, test) = name.split_once("::").map_or((name, None), |(file, test)| (file, Some(test)));
    let places: [PathBuf; 2] = [root().join("tests").join(file), root().join(file)];
    let Some(text) = places.iter().find_map(|place| fs::read_to_string(place).ok()) else { return false };
    test.is_none_or(|test| text.contains(&format!("fn {test}(")) || text.contains(&format!("fn {test}<")))
}

//! The layers of `orm-core`: imports point only upwards, and the two halves of the work do not know each other.
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The modules of each layer, from the top. A module may use those of its own layer and of the layers above.
const LAYERS: &[(&str, &[&str])] = &[
    ("vocabulary", &["error", "fast", "value", "schema", "model", "relation", "query"]),
    ("wire", &["driver", "sql"]),
    ("memory", &["memory"]),
    ("work", &["load", "unit_of_work"]),
    ("handle", &["db", "entity", "session"]),
];

/// Modules that must not know each other although they are of one layer.
const STRANGERS: &[(&str, &str)] = &[("load", "unit_of_work"), ("unit_of_work", "load")];

#[test]
fn imports_point_only_upwards() {
    let wrong: Vec<String> = uses().into_iter().filter_map(|(file, from, to)| complaint(&file, &from, &to)).collect();
    assert!(wrong.is_empty(), "imports that point downwards:\n{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_layer() {
    let known: BTreeSet<&str> = LAYERS.iter().flat_map(|(_, modules)| modules.iter().copied()).collect();
    let strange: Vec<String> =
        sources().into_iter().map(|file| module_of(&file)).filter(|m| !known.contains(m.as_str())).collect();
    assert!(strange.iter().all(|module| module == "lib"), "modules without a layer: {strange:?}");
}

#[test]
fn the_check_finds_an_import_that_points_downwards() {
    assert!(complaint("x", "value", "session").is_some());
    assert!(complaint("x", "load", "unit_of_work").is_some());
    assert!(complaint("x", "session", "value").is_none());
    assert_eq!(
        named("use crate::{\n    driver::Row,\n    memory::{Edge, Node},\n};\nlet x = crate::sql::select();"),
        ["driver", "memory", "sql"]
    );
}

fn complaint(file: &str, from: &str, to: &str) -> Option<String> {
    let layer = |module: &str| LAYERS.iter().position(|(_, modules)| modules.contains(&module));
    let stranger = STRANGERS.contains(&(from, to));
    match (layer(from), layer(to)) {
        (Some(own), Some(other)) if other > own || stranger => Some(format!("{file}: {from} uses {to}")),
        _ => None,
    }
}

/// Every (file, own module, module that it names) of the library's code, tests inside modules left out.
fn uses() -> Vec<(String, String, String)> {
    let mut uses = Vec::new();
    for file in sources() {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let own = module_of(&file);
        let shown = file.display().to_string();
        if own != "lib" && !shown.contains("/tests") {
            uses.extend(named(code(&text)).into_iter().map(|module| (shown.clone(), own.clone(), module)));
        }
    }
    uses
}

/// The code in front of a file's tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// The modules of the crate that a piece of code names, through `crate::module` or within `crate::{…}`.
fn named(text: &str) -> Vec<String> {
    let mut found = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(group) => found.extend(top_level(group)),
            None => found.extend(word(rest)),
        }
    }
    found.into_iter().collect()
}

/// The first words of the items of a group, up to its closing brace.
fn top_level(group: &str) -> Vec<String> {
    let (mut depth, mut items, mut item) = (0, Vec::new(), String::new());
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => items.push(std::mem::take(&mut item)),
            _ if depth == 0 => item.push(character),
            _ => {}
        }
    }
    items.push(item);
    items.iter().filter_map(|item| word(item.trim())).collect()
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    word.starts_with(|c: char| c.is_ascii_lowercase()).then_some(word)
}

fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix(root()).unwrap_or(file);
    let first = inside.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
    first.unwrap_or_default().trim_end_matches(".rs").to_owned()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("orm-core/src")
}

fn sources() -> Vec<PathBuf> {
    let mut folders = vec![root()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files
}

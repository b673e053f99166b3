//! Many related models compile within the compiler's default limits.
//!
//! The models are generated: a chain, and a graph in which each is related to each.
use std::{fmt::Write, fs, path::PathBuf};

/// Each model belongs to the next one.
fn chain(models: usize) -> String {
    let mut code = String::from("use orm::prelude::*;\n");
    for i in 0..models {
        let mut fields = String::new();
        if i + 1 < models {
            let next = i + 1;
            let _ = write!(fields, "next_id: i64, #[orm(back_populates = previous)] next: BelongsTo<M{next}>, ");
        }
        if i > 0 {
            let _ = write!(fields, "#[orm(back_populates = next)] previous: HasMany<M{}>, ", i - 1);
        }
        model(&mut code, i, &fields);
    }
    code + "fn main() {}\n"
}

/// Each model has a collection of each later one.
fn graph(models: usize) -> String {
    let mut code = String::from("use orm::prelude::*;\n");
    for i in 0..models {
        let mut fields = String::new();
        for k in 0..i {
            let _ = write!(fields, "m{k}_id: i64, #[orm(back_populates = m{i}s)] m{k}: BelongsTo<M{k}>, ");
        }
        for k in i + 1..models {
            let _ = write!(fields, "#[orm(back_populates = m{i})] m{k}s: HasMany<M{k}>, ");
        }
        model(&mut code, i, &fields);
    }
    code + "fn main() {}\n"
}

fn model(code: &mut String, number: usize, fields: &str) {
    let derives = "Model, Clone, Debug, PartialEq";
    let _ = writeln!(code, "#[derive({derives})] struct M{number} {{ #[orm(primary_key)] id: i64, {fields} }}");
}

/// Checks a program whose last line is its only mistake, so that the compiler stops before it makes code.
fn check(name: &str, program: &str) {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let line = program.lines().count() + 1;
    let program = format!("{program}const LAST: () = 1;\n");
    let margin = " ".repeat(line.to_string().len());
    let told = format!(
        "error[E0308]: mismatched types\n{margin}--> {}:{line}:18\n{margin} |\n{line} | const LAST: () = 1;\n{margin} |                  ^ expected `()`, found integer\n",
        path.display()
    );
    for (extension, text) in [("rs", &program), ("stderr", &told)] {
        fs::write(path.with_extension(extension), text).expect("the folder for temporary files can be written");
    }
    trybuild::TestCases::new().compile_fail(path);
}

#[test]
fn a_chain_of_200_models_and_a_graph_of_50_compile() {
    check("chain.rs", &chain(200));
    check("graph.rs", &graph(50));
}

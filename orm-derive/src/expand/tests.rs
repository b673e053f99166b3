//! How much is emitted: every line is paid for by each model of each user, at every build.
use super::{accessors, builder, checks, columns, markers, model, record};
use crate::{check, errors::Errors, lower};
use proc_macro2::TokenStream;
use std::{
    io::Write,
    process::{Command, Stdio},
};
use syn::parse_quote;

/// Eight fields, two of them relationships.
fn order() -> syn::DeriveInput {
    parse_quote! {
        pub struct Order {
            #[orm(primary_key)]
            pub id: i64,
            pub customer_id: i64,
            #[orm(unique, max_length = 50)]
            pub number: String,
            pub note: Option<String>,
            #[orm(default = 0)]
            pub total: i32,
            #[orm(created_at)]
            pub created_at: DateTime<Utc>,
            #[orm(back_populates = orders)]
            pub customer: BelongsTo<Customer>,
            #[orm(back_populates = order, cascade(all, delete_orphan))]
            pub items: HasMany<Item>,
        }
    }
}

/// As `cargo expand` would show them, in the default style.
fn lines(tokens: &TokenStream) -> usize {
    let mut formatter = Command::new("rustfmt");
    let formatter = formatter.args(["--edition", "2024", "--config-path", "/dev/null"]);
    let mut formatter = formatter.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("rustfmt is installed");
    let mut input = formatter.stdin.take().expect("it reads");
    input.write_all(tokens.to_string().as_bytes()).expect("it reads all");
    drop(input);
    let output = formatter.wait_with_output().expect("it ends");
    assert!(output.status.success(), "rustfmt cannot read what is emitted");
    output.stdout.iter().filter(|byte| **byte == b'\n').count()
}

#[test]
fn a_model_of_eight_fields_is_at_most_400_lines() {
    let errors = Errors::default();
    let order = lower::model(&order(), &errors);
    let mut order = order.expect("the model is sound");
    check::check(&mut order, &errors);
    let all = model(&order, errors.count() == 0);
    let context = super::Context::of(&order, true);
    let parts = [
        ("builder's type", builder::declaration(&context)),
        ("record", record::expand(&context)),
        ("columns", columns::expand(&context)),
        ("markers", markers::expand(&context)),
        ("accessors", accessors::expand(&context)),
        ("builder", builder::expand(&context)),
        ("checks", checks::expand(&context)),
    ];
    let table = parts.map(|(part, tokens)| format!("{part}: {}\n", lines(&tokens))).concat();
    let sum = lines(&all);
    assert!(errors.count() == 0 && sum <= 400, "{sum} lines are too many:\n{table}");
}

//! `derive(Projection)`: a struct that is read instead of whole rows of a model.
mod expand;
mod lower;

use crate::errors::Errors;
use proc_macro2::TokenStream;
use syn::{DeriveInput, Expr, ExprPath, Ident, Path, Type};

/// The decided projection.
struct Projection {
    name: Ident,
    krate: Path,
    /// The model.
    from: ExprPath,
    fields: Vec<Field>,
}

struct Field {
    name: Ident,
    ty: Type,
    source: Source,
}

/// What fills a field.
enum Source {
    /// The constant of the model with that name.
    Named(Ident),
    /// Some targets of a relationship to many.
    List { relation: Ident, narrowed: Box<Narrowed> },
    /// Relationships to one, and a column at the end.
    Path { steps: Vec<Ident>, column: Ident },
    /// An expression of the model.
    Expression(Box<Expr>),
    /// Another projection of the model.
    Flattened,
    /// Its default.
    Skipped,
    /// Nobody knows: a mistake was reported.
    Broken,
}

/// Which targets, in which order, how many.
#[derive(Default)]
struct Narrowed {
    filter: Option<Expr>,
    order_by: Option<Expr>,
    limit: Option<Expr>,
}

/// The implementation; nothing if the item cannot be a projection.
pub(crate) fn expand(input: &DeriveInput, errors: &Errors) -> TokenStream {
    lower::projection(input, errors).map_or_else(TokenStream::new, |projection| expand::projection(&projection))
}

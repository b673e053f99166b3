//! Whether the rows of a result are those of a table, so that they can be locked.
use super::{
    Tuples,
    expr::{Expr, Function, Start},
    walk,
};

impl Tuples {
    /// Whether each result row is of one row of the model.
    pub(crate) fn is_of_rows(&self) -> bool {
        let grouped = self.parts.distinct || self.having.is_some() || !self.group_by.is_empty();
        !grouped && !self.columns.iter().any(of_several)
    }
}

impl Expr {
    /// Whether it is computed from several rows of the query itself.
    pub(crate) fn is_of_several(&self) -> bool {
        of_several(self)
    }

    /// Whether each row of the table has one value of it, told from the row and what its relationships lead to.
    pub(crate) fn is_of_row(&self) -> bool {
        let mut of_root = true;
        let mut own = self.clone();
        walk::starts(&mut own, &mut |start| of_root &= *start == Start::Root);
        of_root && !self.is_of_several() && !self.has_given()
    }

    /// Whether it reads what only an upsert or a query over queries has.
    fn has_given(&self) -> bool {
        let mut found = matches!(self, Self::Given { .. } | Self::Output(..));
        self.parts(&mut |part| found |= part.has_given());
        found
    }
}

/// Whether an expression is computed from several rows of the query itself.
fn of_several(expr: &Expr) -> bool {
    match expr {
        Expr::Over(..) => true,
        Expr::Function(function, arguments) => is_aggregate(*function) || arguments.iter().any(of_several),
        Expr::All(parts) | Expr::Any(parts) => parts.iter().any(of_several),
        Expr::Binary(a, _, b) => of_several(a) || of_several(b),
        Expr::Between(value, low, high) => [value, low, high].into_iter().any(|part| of_several(part)),
        Expr::Case(cases, last) => {
            cases.iter().any(|(condition, value)| of_several(condition) || of_several(value))
                || last.as_deref().is_some_and(of_several)
        }
        Expr::Not(inner)
        | Expr::IsNull(inner)
        | Expr::In(inner, _)
        | Expr::InQuery(inner, _)
        | Expr::Like { text: inner, .. }
        | Expr::Cast(inner, _)
        | Expr::Convert(inner, _) => of_several(inner),
        Expr::Column { .. }
        | Expr::Output(..)
        | Expr::Given { .. }
        | Expr::Value(_)
        | Expr::Literal(_)
        | Expr::Unknown(_) => false,
        Expr::Related { .. } | Expr::Linked { .. } | Expr::OfRelated { .. } => false,
        Expr::Exists(_) | Expr::Scalar(_) => false,
    }
}

fn is_aggregate(function: Function) -> bool {
    use Function::{Average, Count, CountDistinct, Maximum, Minimum, Sum};
    matches!(function, Count | CountDistinct | Sum | Average | Minimum | Maximum)
}

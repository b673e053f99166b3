//! What a set-based write does to the rows in memory, told before it is sent.
use super::RowsChange;
use crate::{
    driver::Dialect,
    memory::Locked,
    model::Node,
    query::expr::Expr,
    sql::RowsUpdate,
    unit_of_work::evaluate::{Stored, Truth},
    value::{Key, SqlType, Value, is_null},
};

/// A row in memory that is hit, and its new values as far as they are known.
pub(super) type Hit = (Node, Option<Vec<(u16, Value)>>);

/// What memory can tell before anything is sent.
pub(super) struct Foreseen {
    pub(super) hit: Vec<Hit>,
    /// Rows of which only the database knows whether they are hit.
    pub(super) unsure: Vec<Node>,
}

impl Foreseen {
    pub(super) fn is_sure(&self) -> bool {
        self.unsure.is_empty() && self.hit.iter().all(|(_, values)| values.is_some())
    }
}

pub(super) fn foresee(graph: &mut Locked<'_>, change: &RowsChange, dialect: Dialect) -> Foreseen {
    let parts = change.parts();
    let limited = parts.limit.is_some() || parts.offset.is_some();
    let mut foreseen = Foreseen { hit: Vec::new(), unsure: Vec::new() };
    for node in graph.stored_nodes(parts.table) {
        let (rows, row) = graph.stored_row(node);
        let stored = Stored { dialect, table: parts.table, rows, row };
        match parts.filter.as_ref().map_or(Truth::Yes, |filter| stored.truth(filter)) {
            Truth::No | Truth::Null => {}
            Truth::Yes if !limited => foreseen.hit.push((node, become_of(change, stored))),
            Truth::Yes | Truth::Unsure => foreseen.unsure.push(node),
        }
    }
    foreseen
}

/// The new values of a row that is hit.
pub(super) fn become_of(change: &RowsChange, stored: Stored<'_>) -> Option<Vec<(u16, Value)>> {
    let RowsChange::Update(update) = change else { return Some(Vec::new()) };
    let mut changes = Vec::with_capacity(update.set.len());
    for (place, (column, value)) in update.set.iter().enumerate() {
        // There an assignment sees those before it.
        let in_sequence = matches!(stored.dialect, Dialect::MySql | Dialect::MariaDb);
        if in_sequence && update.set[..place].iter().any(|(before, _)| names(value, *before)) {
            return None;
        }
        changes.push((*column, assigned(stored, *column, value)?));
    }
    changes.extend(followers(update, stored, &changes)?);
    Some(changes)
}

/// The time and the version that change along; nothing where nobody here knows whether another column changes.
fn followers(update: &RowsUpdate, stored: Stored<'_>, changes: &[(u16, Value)]) -> Option<Vec<(u16, Value)>> {
    let mut followers = Vec::new();
    if update.time.is_none() && update.version.is_none() {
        return Some(followers);
    }
    let before = |column: u16| stored.value(&Expr::column(stored.table, column));
    let same = |(column, value): &(u16, Value)| before(*column).map(|before| before == *value);
    let same: Vec<bool> = changes.iter().map(same).collect::<Option<_>>()?;
    if same.iter().all(|same| *same) {
        return Some(followers);
    }
    if let Some((column, now)) = &update.time {
        followers.push((*column, now.clone()));
    }
    if let Some(column) = update.version {
        let number = match Key::from(&before(column)?) {
            Key::Int(number) => number + 1,
            _ => return None,
        };
        followers.push((column, stored.table.columns[usize::from(column)].sql_type.of_number(number)));
    }
    Some(followers)
}

/// The value that a column takes, unless the database may store it in another form.
fn assigned(stored: Stored<'_>, position: u16, value: &Expr) -> Option<Value> {
    let column = &stored.table.columns[usize::from(position)];
    let value = stored.value(value)?;
    let exact = is_null(&value) || (column.custom_type.is_none() && keeps(column.sql_type, &value, column.decimal));
    (exact && value.as_null() == column.sql_type.null()).then_some(value)
}

fn keeps(sql_type: SqlType, value: &Value, decimal: Option<(u8, u8)>) -> bool {
    match (sql_type, value) {
        #[cfg(feature = "rust_decimal")]
        (SqlType::Decimal, Value::Decimal(Some(value))) => {
            decimal.is_some_and(|(_, scale)| value.scale() <= u32::from(scale))
        }
        #[cfg(feature = "json")]
        (SqlType::Json, _) => false,
        (SqlType::F32, _) => false,
        _ => {
            let _ = decimal;
            true
        }
    }
}

/// Whether an expression reads that column.
fn names(expr: &Expr, position: u16) -> bool {
    match expr {
        Expr::Column { column, .. } => *column == position,
        Expr::Value(_) => false,
        Expr::Binary(a, _, b) => names(a, position) || names(b, position),
        // Nobody looks closer: such a value is not computed here.
        _ => true,
    }
}

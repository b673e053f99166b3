//! Expressions as SQL.
use super::{
    dialect, function,
    level::{Level, all, at, bound, column_of},
    tuples,
};
use crate::{
    driver::Dialect,
    query::expr::{Expr, Nulls, Operator, OrderTerm},
    value::Value,
};
use sea_query::{
    BinOper, Expr as Sql, ExprTrait, Func, LikeExpr, NullOrdering, Order, extension::postgres::PgBinOper,
    extension::postgres::PgFunc,
};

/// One term of an order.
pub(super) struct Ordered {
    pub(super) by: Sql,
    pub(super) order: Order,
    pub(super) nulls: Option<NullOrdering>,
}

impl Level<'_> {
    /// The condition on the rows themselves, which are not grouped yet.
    pub(super) fn filter(&mut self, filter: &Expr) -> Sql {
        if filter.is_of_several() {
            self.names.mistake(|| {
                "`filter` asks for one row at a time, and was given an aggregate or a window over several: say it by `having` \
                 (with `group_by`), count what a relationship leads to (`User::orders.count()`), or filter the `rows()` of a query \
                 that selects it"
                    .to_owned()
            });
        }
        self.expr(filter)
    }

    /// An expression whose columns are those of this level's root and of what is joined to it.
    pub(super) fn expr(&mut self, expr: &Expr) -> Sql {
        match expr {
            Expr::Column { path, table, column } => {
                let place = self.place(path);
                Sql::Column(at(place.as_ref(), column_of(table, *column).name))
            }
            Expr::Value(value) => Sql::Value(value.clone()),
            Expr::Unknown(message) => {
                self.names.mistake(|| message.clone());
                Sql::cust("NULL")
            }
            Expr::Literal(number) => Sql::cust(number.to_string()),
            // Only an upsert has such a row, and it writes its own text: here the database says so.
            Expr::Given { .. } => Sql::cust("excluded"),
            Expr::Binary(left, operator, right) => self.binary(left, *operator, right),
            Expr::All(parts) => all(parts.iter().map(|part| self.expr(part)).collect::<Vec<_>>()),
            Expr::Any(parts) => self.any(parts),
            Expr::Not(inner) => self.not(inner),
            Expr::IsNull(inner) => self.expr(inner).is_null(),
            Expr::In(value, list) => self.one_of(value, list, false),
            Expr::InQuery(value, query) => {
                let value = self.expr(value);
                value.in_subquery(tuples::as_list(self.dialect, self.names, query))
            }
            Expr::Between(value, low, high) => {
                let custom = custom_type(value);
                let (low, high) = (self.operand(low, custom), self.operand(high, custom));
                self.expr(value).between(low, high)
            }
            Expr::Like { text, pattern, any_case } => self.like(text, pattern, *any_case),
            Expr::Related { path, relationship, condition } => {
                let owner = self.place(path);
                Sql::exists(self.related(owner.as_ref(), relationship, condition.as_deref()))
            }
            Expr::Linked { path, relationship, owner } => {
                let target = self.place(path);
                self.linked_to(target.as_ref(), relationship, owner)
            }
            Expr::OfRelated { path, relationship, condition, value } => {
                let owner = self.place(path);
                let rows = self.of_related(owner.as_ref(), relationship, (condition.as_deref(), value));
                Sql::SubQuery(None, Box::new(rows.into()))
            }
            Expr::Exists(query) => Sql::exists(self.subquery(query)),
            Expr::Scalar(query) => Sql::SubQuery(None, Box::new(self.subquery(query).into())),
            Expr::Output(start, position) => self.output(*start, *position),
            Expr::Case(cases, otherwise) => self.case(cases, otherwise.as_deref()),
            Expr::Function(function, arguments) => self.function(*function, arguments),
            Expr::Over(function, window) => self.over(function, window),
            Expr::Cast(inner, sql_type) => {
                let inner = self.expr(inner);
                function::number(self.dialect, inner, *sql_type)
            }
            Expr::Convert(inner, sql_type) => {
                let inner = self.expr(inner);
                inner.cast_as(function::type_name(self.dialect, *sql_type))
            }
        }
    }

    fn any(&mut self, parts: &[Expr]) -> Sql {
        let parts: Vec<Sql> = parts.iter().map(|part| self.expr(part)).collect();
        parts.into_iter().reduce(ExprTrait::or).unwrap_or_else(|| Sql::cust("1 = 0"))
    }

    fn not(&mut self, inner: &Expr) -> Sql {
        match inner {
            Expr::IsNull(inner) => self.expr(inner).is_not_null(),
            Expr::In(value, list) => self.one_of(value, list, true),
            other => self.expr(other).not(),
        }
    }

    fn binary(&mut self, left: &Expr, operator: Operator, right: &Expr) -> Sql {
        let (mut left, right) = (self.operand(left, custom_type(right)), self.operand(right, custom_type(left)));
        // SQLite keeps whole decimals as integers, and a division of integers cuts off the fraction.
        if operator == Operator::Divide && self.dialect == Dialect::Sqlite {
            left = left.cast_as("REAL");
        }
        left.binary(self.operator(operator), right)
    }

    fn operator(&self, operator: Operator) -> BinOper {
        match operator {
            Operator::Equal => BinOper::Equal,
            Operator::NotEqual => BinOper::NotEqual,
            Operator::Less => BinOper::SmallerThan,
            Operator::LessOrEqual => BinOper::SmallerThanOrEqual,
            Operator::Greater => BinOper::GreaterThan,
            Operator::GreaterOrEqual => BinOper::GreaterThanOrEqual,
            Operator::Add => BinOper::Add,
            Operator::Subtract => BinOper::Sub,
            Operator::Multiply => BinOper::Mul,
            Operator::Divide => BinOper::Div,
            Operator::DivideWhole => match self.dialect {
                Dialect::Sqlite | Dialect::Postgres => BinOper::Div,
                Dialect::MySql | Dialect::MariaDb => BinOper::Custom("DIV"),
            },
            Operator::Remainder => BinOper::Mod,
        }
    }

    /// An operand beside a column of a custom type: values take that type.
    pub(super) fn operand(&mut self, expr: &Expr, custom: Option<&'static str>) -> Sql {
        match expr {
            Expr::Value(value) => bound(self.dialect, custom, value.clone()),
            other => self.expr(other),
        }
    }

    fn one_of(&mut self, value: &Expr, list: &[Value], not: bool) -> Sql {
        let custom = custom_type(value);
        let value = self.expr(value);
        let most = dialect::bind_limit(self.dialect);
        if list.len() > most && self.dialect != Dialect::Postgres {
            self.names.mistake(|| {
                format!(
                    "a list of {} values is longer than one statement takes here, {most}: ask in pieces, or give \
                     `is_in` a query instead of its values",
                    list.len()
                )
            });
        }
        match (list.is_empty(), self.dialect) {
            (true, _) => Sql::cust(if not { "1 = 1" } else { "1 = 0" }),
            (false, Dialect::Postgres) => {
                let condition = value.eq(any_of(list.to_vec(), custom));
                if not { condition.not() } else { condition }
            }
            (false, Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb) => {
                let list = list.iter().map(|value| Sql::Value(value.clone()));
                if not { value.is_not_in(list) } else { value.is_in(list) }
            }
        }
    }

    fn like(&mut self, text: &Expr, pattern: &Value, any_case: bool) -> Sql {
        let text = self.expr(text);
        let pattern = match pattern {
            Value::String(Some(pattern)) => pattern.clone(),
            _ => String::new(),
        };
        match (self.dialect, any_case) {
            (Dialect::Postgres, true) => text.binary(BinOper::PgOperator(PgBinOper::ILike), Sql::val(pattern)),
            (Dialect::Sqlite, _) => text.like(LikeExpr::new(pattern).escape('\\')),
            (Dialect::MySql | Dialect::MariaDb, true) => Sql::from(Func::lower(text)).like(pattern.to_lowercase()),
            (Dialect::Postgres | Dialect::MySql | Dialect::MariaDb, false) => text.like(pattern),
        }
    }

    /// The terms of an order.
    pub(super) fn order(&mut self, terms: &[OrderTerm]) -> Vec<Ordered> {
        let term = |term: &OrderTerm| Ordered {
            by: self.expr(&term.expr),
            order: if term.descending { Order::Desc } else { Order::Asc },
            nulls: term.nulls.map(|nulls| match nulls {
                Nulls::First => NullOrdering::First,
                Nulls::Last => NullOrdering::Last,
            }),
        };
        terms.iter().map(term).collect()
    }
}

impl Ordered {
    /// The same term over a column that holds what it compares.
    pub(super) fn over(&self, column: Sql) -> Self {
        Self { by: column, order: self.order.clone(), nulls: self.nulls }
    }

    /// Adds it to a statement or a window.
    pub(super) fn write(self, ordered: &mut impl sea_query::OrderedStatement) {
        match self.nulls {
            Some(nulls) => ordered.order_by_expr_with_nulls(self.by, self.order, nulls),
            None => ordered.order_by_expr(self.by, self.order),
        };
    }
}

/// `ANY($1)` over an array of the values, so that one text serves all sizes.
pub(super) fn any_of(values: Vec<Value>, custom: Option<&'static str>) -> Sql {
    let array = Sql::Value(array(values));
    let array = match dialect::cast_type(Dialect::Postgres, custom) {
        Some(name) => array.cast_as(format!("{name}[]")),
        None => array,
    };
    Sql::from(PgFunc::any(array))
}

/// Values of one type as an array.
pub(super) fn array(values: Vec<Value>) -> Value {
    let kind = values.first().map_or(sea_query::ArrayType::BigInt, Value::array_type);
    Value::Array(kind, Some(Box::new(values)))
}

fn custom_type(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::Column { table, column, .. } => column_of(table, *column).custom_type,
        _ => None,
    }
}

//! What is computed of columns: sums of two, letters in one case.
use super::{
    Column, Expression, IntoOperand, Number,
    expr::{Expr, Function, Operator},
};
use crate::{model::Record, value::ColumnType};

fn computed<M, T>(left: Expr, operator: Operator, right: Expr) -> Expression<M, T> {
    Expression::new(Expr::Binary(Box::new(left), operator, Box::new(right)))
}

macro_rules! computing {
    ($name:ident $(: $bound:ident)?) => {
        impl<M $(: $bound)?, T: ColumnType<Scalar: Number>> $name<M, T> {
            /// The sum with a value or a column: `.set(Account::balance, Account::balance.plus(5))`.
            pub fn plus<K>(self, other: impl IntoOperand<M, T, K>) -> Expression<M, T> {
                computed(self.into_expr(), Operator::Add, other.into_operand())
            }

            /// The difference to a value or a column.
            pub fn minus<K>(self, other: impl IntoOperand<M, T, K>) -> Expression<M, T> {
                computed(self.into_expr(), Operator::Subtract, other.into_operand())
            }

            /// The product with a value or a column.
            pub fn times<K>(self, other: impl IntoOperand<M, T, K>) -> Expression<M, T> {
                computed(self.into_expr(), Operator::Multiply, other.into_operand())
            }
        }

        impl<M $(: $bound)?, T: ColumnType<Scalar = String>> $name<M, T> {
            /// In lower case, as the database has it.
            pub fn lower(self) -> Expression<M, T> {
                Expression::new(Expr::Function(Function::Lower, vec![self.into_expr()]))
            }

            /// In upper case, as the database has it.
            pub fn upper(self) -> Expression<M, T> {
                Expression::new(Expr::Function(Function::Upper, vec![self.into_expr()]))
            }
        }
    };
}
computing!(Column: Record);
computing!(Expression);

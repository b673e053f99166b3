//! What a setter of a builder, or the right side of a comparison, takes.

/// A value that can be given for a column of type `T`.
///
/// `T` itself, a `T` for an `Option<T>`, and text literals for `String`. An integer literal becomes whatever integer the
/// column has.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given for a column of type `{T}`",
    label = "expected `{T}`"
)]
pub trait IntoColumn<T> {
    /// The value as the column has it.
    fn into_column(self) -> T;
}

impl<T> IntoColumn<T> for T {
    fn into_column(self) -> T {
        self
    }
}

impl<T> IntoColumn<Option<T>> for T {
    fn into_column(self) -> Option<T> {
        Some(self)
    }
}

impl IntoColumn<String> for &str {
    fn into_column(self) -> String {
        self.into()
    }
}

impl IntoColumn<Option<String>> for &str {
    fn into_column(self) -> Option<String> {
        Some(self.into())
    }
}

impl IntoColumn<String> for &String {
    fn into_column(self) -> String {
        self.clone()
    }
}

impl IntoColumn<Vec<u8>> for &[u8] {
    fn into_column(self) -> Vec<u8> {
        self.into()
    }
}

//! The grammar of `#[orm(..)]`: words, each alone, with a value or with a list.
use syn::{
    Expr, Ident, Token,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    token,
};

/// `word`, `word = value` or `word(list)`.
pub(crate) struct Entry {
    /// The word, raw or not.
    pub(crate) name: Ident,
    /// What follows it.
    pub(crate) arg: Arg,
}

/// What follows a word.
pub(crate) enum Arg {
    /// Nothing.
    None,
    /// `= value`
    Value(Expr),
    /// `(list)`
    List(Vec<Item>),
}

/// A member of a list: a word with its own argument, or a value.
pub(crate) enum Item {
    /// `where = ".."`, `where(..)`
    Word(Entry),
    /// `10`, `user_id`, `UserRole::user`, `"user_roles"`, `(tenant_id, user_id)`
    Value(Expr),
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(Ident::peek_any) {
            return Err(input.error("expected a word, such as `unique` or `max_length = 255`"));
        }
        let name = input.call(Ident::parse_any)?;
        let arg = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Arg::Value(input.parse()?)
        } else if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            let items = Punctuated::<Item, Token![,]>::parse_terminated(&content)?;
            Arg::List(items.into_iter().collect())
        } else {
            Arg::None
        };
        Ok(Self { name, arg })
    }
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let assigned = input.peek(Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]);
        let list = input.peek(Token![where]);
        if assigned || list { input.parse().map(Self::Word) } else { input.parse().map(Self::Value) }
    }
}

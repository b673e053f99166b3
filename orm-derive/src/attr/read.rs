//! Values of words, each of the kind that the word takes.
use super::{Arg, Attributes, Entry, Item};
use crate::symbol::{Word, nearest};
use quote::ToTokens;
use syn::{Expr, ExprLit, ExprPath, Ident, Lit, LitInt, LitStr, spanned::Spanned};

impl Attributes<'_> {
    /// A word that stands alone: `version`.
    pub(crate) fn flag(&self, word: &Word) -> bool {
        let Some(entry) = self.find(word) else { return false };
        if !matches!(entry.arg, Arg::None) {
            self.wrong::<()>(entry, word, "stands alone");
        }
        true
    }

    /// A word that may say no: `index = false`.
    pub(crate) fn switch(&self, word: &Word) -> Option<bool> {
        let entry = self.find(word)?;
        match &entry.arg {
            Arg::None => Some(true),
            Arg::Value(Expr::Lit(ExprLit { lit: Lit::Bool(value), .. })) => Some(value.value),
            Arg::Value(_) | Arg::List(_) => self.wrong(entry, word, "takes `true` or `false`"),
        }
    }

    /// A text: `table = "users"`.
    pub(crate) fn text(&self, word: &Word) -> Option<LitStr> {
        self.text_of(self.find(word)?, word)
    }

    /// The texts of all entries of a word.
    pub(crate) fn texts(&self, word: &Word) -> Vec<LitStr> {
        self.all(word).filter_map(|entry| self.text_of(entry, word)).collect()
    }

    fn text_of(&self, entry: &Entry, word: &Word) -> Option<LitStr> {
        match &entry.arg {
            Arg::Value(value) => match as_text(value) {
                Some(text) => Some(text),
                None => self.wrong(entry, word, "takes a text"),
            },
            Arg::None | Arg::List(_) => self.wrong(entry, word, "takes a text"),
        }
    }

    /// A text that is an identifier: `constant = "EMAIL"`.
    pub(crate) fn name(&self, word: &Word) -> Option<Ident> {
        let text = self.text(word)?;
        match text.parse::<Ident>() {
            Ok(ident) => Some(ident),
            Err(_) => {
                self.errors.at(text.span(), format!("`{}` is not a Rust name", text.value()));
                None
            }
        }
    }

    /// A number: `max_length = 255`.
    pub(crate) fn number(&self, word: &Word) -> Option<u32> {
        let entry = self.find(word)?;
        let number = match &entry.arg {
            Arg::Value(Expr::Lit(ExprLit { lit: Lit::Int(number), .. })) => number.base10_parse().ok(),
            Arg::Value(_) | Arg::None | Arg::List(_) => None,
        };
        number.or_else(|| self.wrong(entry, word, "takes a number"))
    }

    /// Two small numbers: `decimal(10, 2)`.
    pub(crate) fn pair(&self, word: &Word) -> Option<(u8, u8)> {
        let entry = self.find(word)?;
        let pair = match &entry.arg {
            Arg::List(items) => match items.as_slice() {
                [a, b] => small(a).zip(small(b)),
                _ => None,
            },
            Arg::None | Arg::Value(_) => None,
        };
        pair.or_else(|| self.wrong(entry, word, "takes precision and scale"))
    }

    /// An expression; `None` inside if the word stands alone: `default`, `default = 1`.
    pub(crate) fn expression(&self, word: &Word) -> Option<Option<Expr>> {
        let entry = self.find(word)?;
        match &entry.arg {
            Arg::None => Some(None),
            Arg::Value(value) => Some(Some(value.clone())),
            Arg::List(_) => self.wrong(entry, word, "takes a value"),
        }
    }

    /// The paths of all entries of a word: `criteria = Self::visible`.
    pub(crate) fn each_path(&self, word: &Word) -> Vec<ExprPath> {
        let path = |entry: &Entry| match &entry.arg {
            Arg::Value(Expr::Path(path)) => Some(path.clone()),
            Arg::Value(_) | Arg::None | Arg::List(_) => self.wrong(entry, word, "takes the path of a function"),
        };
        self.all(word).filter_map(path).collect()
    }

    /// One path or several: `foreign_key = user_id`, `foreign_key = (tenant_id, user_id)`.
    pub(crate) fn paths(&self, word: &Word) -> Option<Vec<ExprPath>> {
        let entry = self.find(word)?;
        let paths = match &entry.arg {
            Arg::Value(value) => as_paths(value),
            Arg::None | Arg::List(_) => None,
        };
        paths.or_else(|| self.wrong(entry, word, "takes a name or several in parentheses"))
    }

    /// One path: `before_save = Self::before_save`.
    pub(crate) fn path(&self, word: &Word) -> Option<ExprPath> {
        let mut paths = self.paths(word)?;
        match paths.len() {
            1 => paths.pop(),
            _ => self.wrong(self.find(word)?, word, "takes one name"),
        }
    }

    /// One of some names, as text or bare: `load = "selectin"`.
    pub(crate) fn choice(&self, word: &Word, names: &[(&str, &str)]) -> Option<Ident> {
        let entry = self.find(word)?;
        let Arg::Value(value) = &entry.arg else { return self.wrong(entry, word, "takes a name") };
        let Some(written) = as_text(value).map(|text| text.value()).or_else(|| as_word(value).map(|i| i.to_string()))
        else {
            return self.wrong(entry, word, "takes a name");
        };
        let chosen = names.iter().find(|(name, _)| *name == written);
        if chosen.is_none() {
            self.errors.at(value.span(), no_such(word.name, &written, names));
        }
        chosen.map(|(_, variant)| Ident::new(variant, value.span()))
    }

    /// Reports that a word is written in another way.
    pub(crate) fn wrong<T>(&self, entry: &Entry, word: &Word, takes: &str) -> Option<T> {
        self.errors.at(entry.name.span(), format!("`{}` {takes}: write `{}`", word.name, word.example));
        None
    }
}

/// That there is no such name, with the near one or all of them.
pub(crate) fn no_such(word: &str, written: &str, names: &[(&str, &str)]) -> String {
    let all: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    match nearest(written, all.iter().copied()) {
        Some(near) => format!("there is no `{word}` called `{written}`: did you mean `{near}`?"),
        None => format!("there is no `{word}` called `{written}`: there are {}", all.join(", ")),
    }
}

pub(crate) fn as_text(value: &Expr) -> Option<LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
        _ => None,
    }
}

/// A path of a single name.
pub(crate) fn as_word(value: &Expr) -> Option<Ident> {
    match value {
        Expr::Path(path) => path.path.get_ident().cloned(),
        _ => None,
    }
}

/// One path, or a tuple of them.
pub(crate) fn as_paths(value: &Expr) -> Option<Vec<ExprPath>> {
    match value {
        Expr::Path(path) => Some(vec![path.clone()]),
        Expr::Paren(inner) => as_paths(&inner.expr),
        Expr::Tuple(tuple) => tuple.elems.iter().map(as_path).collect(),
        _ => None,
    }
}

fn as_path(value: &Expr) -> Option<ExprPath> {
    match value {
        Expr::Path(path) => Some(path.clone()),
        _ => None,
    }
}

fn small(item: &Item) -> Option<u8> {
    let Item::Value(Expr::Lit(ExprLit { lit: Lit::Int(number), .. })) = item else { return None };
    LitInt::base10_parse(number).ok()
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        match self {
            Self::Word(entry) => entry.name.to_tokens(tokens),
            Self::Value(value) => value.to_tokens(tokens),
        }
    }
}

//! `#[orm(..)]`: parsed, its words checked, its values read with their places.
pub(crate) mod read;
mod syntax;

pub(crate) use syntax::{Arg, Entry, Item};

use crate::{
    errors::Errors,
    symbol::{self, Place, WORDS, Word},
};
use proc_macro2::Span;
use syn::{Attribute, Ident, Token, punctuated::Punctuated};

/// The words that stand at one place. What is wrong with them has been reported.
pub(crate) struct Attributes<'e> {
    entries: Vec<Entry>,
    pub(crate) errors: &'e Errors,
}

impl<'e> Attributes<'e> {
    /// Parses all `#[orm(..)]` among the attributes.
    pub(crate) fn parse(attributes: &[Attribute], errors: &'e Errors) -> Self {
        let mut entries = Vec::new();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("orm")) {
            match attribute.parse_args_with(Punctuated::<Entry, Token![,]>::parse_terminated) {
                Ok(parsed) => entries.extend(parsed),
                Err(error) => errors.push(error),
            }
        }
        Self { entries, errors }
    }

    /// Reports and drops unknown words, words that may not stand here, and repetitions. A word that was meant for another is
    /// taken as that one, so that its absence is not reported too.
    pub(crate) fn keep_those_of(&mut self, place: Place) {
        let errors = self.errors;
        let mut seen = Vec::new();
        self.entries.retain_mut(|entry| {
            let known = is_known(entry, place, errors);
            let name = entry.name.to_string();
            let repeated = known && seen.contains(&name) && !may_repeat(&name, place);
            if repeated {
                errors.at(entry.name.span(), format!("`{name}` is given twice: remove one"));
            }
            seen.push(name);
            known && !repeated
        });
    }

    /// Whether the word is there, whatever its argument.
    pub(crate) fn has(&self, word: &Word) -> bool {
        self.find(word).is_some()
    }

    /// The place of the word.
    pub(crate) fn span(&self, word: &Word) -> Option<Span> {
        self.find(word).map(|entry| entry.name.span())
    }

    pub(crate) fn find(&self, word: &Word) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == word.name)
    }

    pub(crate) fn all<'a>(&'a self, word: &'a Word) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(|entry| entry.name == word.name)
    }
}

/// `unique(..)`, `index(..)`, `check`, `criteria` and `proxy(..)` may stand several times at a struct.
fn may_repeat(name: &str, place: Place) -> bool {
    place == Place::MODEL
        && [symbol::UNIQUE, symbol::INDEX, symbol::CHECK, symbol::CRITERIA, symbol::PROXY]
            .iter()
            .any(|word| word.name == name)
}

fn is_known(entry: &mut Entry, place: Place, errors: &Errors) -> bool {
    let name = entry.name.to_string();
    if let Some(word) = WORDS.iter().find(|word| word.name == name) {
        if word.places.meets(place) {
            return true;
        }
        errors.at(entry.name.span(), format!("`{name}` is not for {}: {}", place.noun(), belongs(word)));
        return false;
    }
    let here = WORDS.iter().filter(|word| word.places.meets(place)).map(|word| word.name);
    let span = entry.name.span();
    if let Some((_, instead)) = symbol::ELSEWHERE.iter().find(|(word, _)| *word == name) {
        errors.at(span, format!("there is no attribute `{name}`: {instead}"));
        return false;
    }
    let Some(near) = symbol::nearest(&name, here.clone()) else {
        let all: Vec<&str> = here.collect();
        errors.at(span, format!("there is no attribute `{name}`: {} takes {}", place.noun(), all.join(", ")));
        return false;
    };
    errors.at(span, format!("there is no attribute `{name}`: did you mean `{near}`?"));
    entry.name = Ident::new(near, span);
    true
}

/// Where a misplaced word belongs.
fn belongs(word: &Word) -> String {
    let places = [
        Place::MODEL,
        Place::COLUMN,
        Place::GROUP,
        Place::BELONGS_TO,
        Place::HAS_ONE,
        Place::HAS_MANY,
        Place::MANY_TO_MANY,
        Place::ENUM,
        Place::VARIANT,
        Place::PROJECTION,
        Place::PROJECTED,
    ];
    let nouns: Vec<&str> = places.into_iter().filter(|place| word.places.meets(*place)).map(Place::noun).collect();
    match nouns.as_slice() {
        [] => "remove it".into(),
        [one] => format!("it belongs at {one}"),
        [most @ .., last] => format!("it belongs at {} or {last}", most.join(", ")),
    }
}

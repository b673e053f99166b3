//! Every generated identifier, and the names in the database. What users see of these is public interface.
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::{Ident, Type, ext::IdentExt, spanned::Spanned};

/// The builder: `UserBuilder`.
pub(crate) fn builder(model: &Ident) -> Ident {
    format_ident!("{}Builder", model.unraw(), span = Span::call_site())
}

/// The patch: `UserPatch`.
pub(crate) fn patch(model: &Ident) -> Ident {
    format_ident!("{}Patch", model.unraw(), span = Span::call_site())
}

/// The patch of a group of columns, which is beside the group: `home::AddressPatch` for `home::Address`.
pub(crate) fn patch_of(group: &Type) -> TokenStream {
    let Type::Path(path) = group else { return quote!(#group) };
    let mut path = path.clone();
    if let Some(last) = path.path.segments.last_mut() {
        last.ident = format_ident!("{}Patch", last.ident.unraw(), span = last.ident.span());
    }
    quote!(#path)
}

/// The relationship methods of an entity: `__UserAccessors`.
pub(crate) fn accessors(model: &Ident) -> Ident {
    format_ident!("__{}Accessors", model.unraw(), span = Span::call_site())
}

/// A column in the builder's state, as errors show it: `Missing<User_email>`.
pub(crate) fn state(model: &Ident, field: &Ident) -> Ident {
    format_ident!("{}_{}", model.unraw(), field.unraw(), span = Span::call_site())
}

/// The marker of a relationship: `__User_orders`.
pub(crate) fn marker(model: &Ident, field: &Ident) -> Ident {
    format_ident!("__{}_{}", model.unraw(), field.unraw(), span = Span::call_site())
}

/// The builder's type parameter for a field: `__email`. The underscores keep it from hiding a crate of that name.
pub(crate) fn parameter(field: &Ident) -> Ident {
    format_ident!("__{}", field.unraw(), span = Span::call_site())
}

/// The place of some tokens, where names are resolved like in generated code.
pub(crate) fn at(tokens: impl Spanned) -> Span {
    tokens.span().resolved_at(Span::call_site())
}

/// The tokens, all at one place: what is wrong with the whole is shown there.
pub(crate) fn put(tokens: TokenStream, span: Span) -> TokenStream {
    let one = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = TokenTree::Group(Group::new(group.delimiter(), put(group.stream(), span)));
        }
        token.set_span(span);
        token
    };
    tokens.into_iter().map(one).collect()
}

/// A type as a trait of the library, all at the place of the type: however often it is written, the compiler tells once
/// that the type does not fit.
pub(crate) fn as_trait(ty: &Type, p: &TokenStream, name: &str) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    put(quote!(<#ty as #p::#name>), at(ty))
}

/// A type as a column.
pub(crate) fn column(ty: &Type, p: &TokenStream) -> TokenStream {
    as_trait(ty, p, "ColumnType")
}

/// A type as a group of columns.
pub(crate) fn group(ty: &Type, p: &TokenStream) -> TokenStream {
    as_trait(ty, p, "Embedded")
}

/// The same name, resolved like generated code.
pub(crate) fn local(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(name.span().resolved_at(Span::call_site()));
    name
}

/// The words of a name in any case: `full_name`, `FullName`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let letters: Vec<char> = name.chars().collect();
    let mut fresh = true;
    for (i, letter) in letters.iter().enumerate() {
        if *letter == '_' {
            fresh = true;
            continue;
        }
        let after_lower = i > 0 && !letters[i - 1].is_uppercase();
        let before_lower = letters.get(i + 1).is_some_and(|next| next.is_lowercase());
        if fresh || letter.is_uppercase() && (after_lower || before_lower) {
            words.push(String::new());
        }
        fresh = false;
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The values of `rename_all`.
pub(crate) const CASES: &[(&str, &str)] = &[
    ("snake_case", ""),
    ("camelCase", ""),
    ("PascalCase", ""),
    ("SCREAMING_SNAKE_CASE", ""),
    ("kebab-case", ""),
    ("lowercase", ""),
    ("UPPERCASE", ""),
];

/// A name in one of [`CASES`].
pub(crate) fn in_case(name: &str, case: &str) -> String {
    let words = words(name);
    match case {
        "snake_case" => words.join("_"),
        "kebab-case" => words.join("-"),
        "SCREAMING_SNAKE_CASE" => words.join("_").to_uppercase(),
        "lowercase" => words.concat(),
        "UPPERCASE" => words.concat().to_uppercase(),
        "PascalCase" => words.iter().map(|word| capitalized(word)).collect(),
        "camelCase" => {
            let later = words.iter().skip(1).map(|word| capitalized(word));
            words.iter().take(1).cloned().chain(later).collect()
        }
        _ => name.into(),
    }
}

/// The table of a model if nothing is said: `UserProfile` is in `user_profiles`.
pub(crate) fn table(model: &Ident) -> String {
    let mut words = words(&model.unraw().to_string());
    if let Some(last) = words.last_mut() {
        *last = plural(last);
    }
    words.join("_")
}

/// Words that are their own plural, and the ends of others that are.
const PLURAL: &[&str] = &["news", "series", "species", "data", "metadata", "media", "equipment", "information"];
const PLURAL_ENDS: &[&str] = &["ings", "ics"];

/// The regular plural: `orders`, `companies`, `addresses`. What is a plural stays (`settings`, `statistics`); other irregular
/// nouns get a regular one (`persons`).
fn plural(word: &str) -> String {
    if PLURAL.contains(&word) || PLURAL_ENDS.iter().any(|end| word.ends_with(end)) {
        return word.into();
    }
    let hissing = ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end));
    let vowel_before_y = ["ay", "ey", "oy", "uy"].iter().any(|end| word.ends_with(end));
    match word.strip_suffix('y') {
        Some(stem) if !vowel_before_y => format!("{stem}ies"),
        _ if hissing => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_plural_in_snake_case() {
        let names = ["User", "Company", "Address", "UserProfile", "Box", "Day", "HTTPRequest", "Person", "Branch"];
        let tables: Vec<String> = names.map(|name| table(&format_ident!("{name}"))).into();
        let expected = [
            "users",
            "companies",
            "addresses",
            "user_profiles",
            "boxes",
            "days",
            "http_requests",
            "persons",
            "branches",
        ];
        assert_eq!(tables, expected);
    }

    #[test]
    fn what_is_a_plural_stays() {
        let names = ["Settings", "UserSettings", "News", "TimeSeries", "Statistics", "Metadata", "Status", "Bus"];
        let tables: Vec<String> = names.map(|name| table(&format_ident!("{name}"))).into();
        let expected =
            ["settings", "user_settings", "news", "time_series", "statistics", "metadata", "statuses", "buses"];
        assert_eq!(tables, expected);
    }

    #[test]
    fn names_can_be_in_any_case() {
        let renamed: Vec<String> = CASES.iter().map(|(case, _)| in_case("full_name", case)).collect();
        let expected = ["full_name", "fullName", "FullName", "FULL_NAME", "full-name", "fullname", "FULLNAME"];
        assert_eq!(renamed, expected);
        assert_eq!(in_case("InProgress", "snake_case"), "in_progress");
    }
}

//! From the struct and its attributes to the model.
pub(crate) mod column;
mod keys;
mod link;
mod proxy;
pub(crate) mod relation;

use crate::{
    attr::{Arg, Attributes, Entry, Item, read},
    errors::Errors,
    model::{Field, Index, Kind, Model, SoftDelete},
    names,
    symbol::{self, Place},
};
use syn::{
    Data, DataStruct, DeriveInput, Expr, ExprPath, Fields, FieldsNamed, Ident, LitStr, Path, Type, ext::IdentExt,
    parse_quote, spanned::Spanned, visit_mut::VisitMut,
};

/// The model of a struct; `None` if the item cannot be one at all.
pub(crate) fn model(input: &DeriveInput, errors: &Errors) -> Option<Model> {
    let fields = named_fields(input, "Model", errors)?;
    let mut attributes = Attributes::parse(&input.attrs, errors);
    attributes.keep_those_of(Place::MODEL);
    let case = case(&attributes);
    let mut model = Model {
        name: input.ident.clone(),
        visibility: input.vis.clone(),
        krate: krate(&attributes),
        builder: attributes.name(&symbol::BUILDER).unwrap_or_else(|| names::builder(&input.ident)),
        table: attributes.text(&symbol::TABLE).map_or_else(|| names::table(&input.ident), |text| text.value()),
        schema: attributes.text(&symbol::SCHEMA).map(|text| text.value()),
        read_only: attributes.flag(&symbol::READ_ONLY),
        fields: Vec::new(),
        uniques: Vec::new(),
        indexes: Vec::new(),
        checks: attributes.texts(&symbol::CHECK),
        hooks: hooks(&attributes, &input.ident),
        proxies: Vec::new(),
        criteria: criteria(&attributes, &input.ident),
        soft_delete: None,
    };
    let keys = lower_fields(&mut model, fields, &case, errors);
    keys::resolve(&mut model, keys, errors);
    lists_of_columns(&mut model, &attributes);
    proxy::lower(&mut model, &attributes);
    model.soft_delete = soft_delete(&model, &attributes);
    Some(model)
}

/// `before_save` and `validate`, in the order in which they are called.
fn hooks(attributes: &Attributes<'_>, name: &Ident) -> Vec<ExprPath> {
    let mut hooks: Vec<ExprPath> =
        [symbol::BEFORE_SAVE, symbol::VALIDATE].iter().filter_map(|word| attributes.path(word)).collect();
    hooks.iter_mut().for_each(|hook| Named(name).visit_path_mut(&mut hook.path));
    hooks
}

/// The functions of `criteria`.
fn criteria(attributes: &Attributes<'_>, name: &Ident) -> Vec<ExprPath> {
    let mut criteria = attributes.each_path(&symbol::CRITERIA);
    criteria.iter_mut().for_each(|criterion| Named(name).visit_path_mut(&mut criterion.path));
    criteria
}

/// The column of `soft_delete`.
fn soft_delete(model: &Model, attributes: &Attributes<'_>) -> Option<SoftDelete> {
    let entry = attributes.find(&symbol::SOFT_DELETE)?;
    let Arg::Value(value) = &entry.arg else {
        return attributes.wrong(entry, &symbol::SOFT_DELETE, "takes the name of a column");
    };
    let field = keys::field(model, value, attributes.errors)?;
    Some(SoftDelete { field, name: word(value, attributes.errors)? })
}

/// The fields of a struct that is not generic and has names for them.
pub(crate) fn named_fields<'a>(input: &'a DeriveInput, derive: &str, errors: &Errors) -> Option<&'a FieldsNamed> {
    if !input.generics.params.is_empty() {
        errors.on(
            &input.generics,
            format!("a struct with `derive({derive})` cannot be generic: a table has one set of columns, so write one struct for each"),
        );
        return None;
    }
    match &input.data {
        Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) => Some(fields),
        Data::Struct(_) | Data::Enum(_) | Data::Union(_) => {
            errors
                .on(&input.ident, format!("`derive({derive})` is for structs with named fields, one for each column"));
            None
        }
    }
}

/// What generated code begins its paths with.
pub(crate) fn krate(attributes: &Attributes<'_>) -> Path {
    let Some(text) = attributes.text(&symbol::CRATE) else { return parse_quote!(::orm) };
    text.parse_with(Path::parse_mod_style).unwrap_or_else(|_| {
        attributes.errors.at(text.span(), "`crate` takes the path of this library: write `crate = \"my_orm\"`");
        parse_quote!(::orm)
    })
}

/// The value of `rename_all`, or nothing.
pub(crate) fn case(attributes: &Attributes<'_>) -> String {
    let Some(text) = attributes.text(&symbol::RENAME_ALL) else { return String::new() };
    let case = text.value();
    if !names::CASES.iter().any(|(name, _)| *name == case) {
        attributes.errors.at(text.span(), read::no_such("rename_all", &case, names::CASES));
    }
    case
}

/// Lowers each field; gives the keys that relationships name, which can be looked up when all fields are there.
fn lower_fields(model: &mut Model, fields: &FieldsNamed, case: &str, errors: &Errors) -> Vec<keys::Named> {
    let (mut named, mut relations) = (Vec::new(), 0);
    for field in &fields.named {
        let Some(name) = field.ident.clone() else { continue };
        let mut attributes = Attributes::parse(&field.attrs, errors);
        let ty = with_self(&field.ty, &model.name);
        let kind = match relation::target(&ty) {
            Some((place, target)) if !attributes.has(&symbol::SKIP) => {
                attributes.keep_those_of(place);
                let before = errors.count();
                let mut relation = relation::lower(&attributes, (&model.name, &name), place, target);
                relation.index = relations;
                relation.broken = errors.count() > before;
                relations += 1;
                if place == Place::BELONGS_TO {
                    named.push(keys::Named::of(model.fields.len(), &name, &attributes));
                }
                Kind::Relation(relation)
            }
            _ => {
                let mut kind = column::lower(&mut attributes, &name, case);
                if let Kind::Column(column) = &mut kind {
                    column.accessor = column::accessor(&attributes, &name, &ty);
                    if column.accessor.is_none() {
                        column.group = None;
                    }
                }
                kind
            }
        };
        let constant = attributes.name(&symbol::CONSTANT).unwrap_or_else(|| names::local(&name));
        model.fields.push(Field { name, ty, constant, kind });
    }
    named
}

/// The type with the struct's name for `Self`, since it is written outside of the struct too.
pub(crate) fn with_self(ty: &Type, name: &Ident) -> Type {
    let mut ty = ty.clone();
    Named(name).visit_type_mut(&mut ty);
    ty
}

/// Writes the struct's name for `Self`.
struct Named<'a>(&'a Ident);

impl VisitMut for Named<'_> {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        if ident == "Self" {
            *ident = Ident::new(&self.0.to_string(), ident.span());
        }
    }
}

/// `unique(a, b)` and `index(a, b, where = "..")` of the struct.
fn lists_of_columns(model: &mut Model, attributes: &Attributes<'_>) {
    for entry in attributes.all(&symbol::UNIQUE) {
        let Some((fields, _)) = listed(model, entry, attributes, "unique(email, tenant_id)") else { continue };
        model.uniques.push(fields);
    }
    for entry in attributes.all(&symbol::INDEX) {
        let example = "index(status, created_at)";
        let Some((fields, condition)) = listed(model, entry, attributes, example) else { continue };
        model.indexes.push(Index { fields, condition });
    }
}

fn listed(
    model: &Model,
    entry: &Entry,
    attributes: &Attributes<'_>,
    example: &str,
) -> Option<(Vec<usize>, Option<LitStr>)> {
    let Arg::List(items) = &entry.arg else {
        attributes.errors.at(entry.name.span(), format!("name the columns: write `{example}`"));
        return None;
    };
    let (mut fields, mut condition) = (Vec::new(), None);
    for item in items {
        match item {
            Item::Word(Entry { name, arg: Arg::Value(value) })
                if name == symbol::WHERE && entry.name == symbol::INDEX.name && read::as_text(value).is_some() =>
            {
                condition = read::as_text(value);
            }
            Item::Value(value) => fields.extend(keys::field(model, value, attributes.errors)),
            Item::Word(_) => attributes.errors.on(item, format!("this takes names of columns: write `{example}`")),
        }
    }
    Some((fields, condition))
}

/// The name of a field as text.
pub(crate) fn text(name: &Ident) -> String {
    name.unraw().to_string()
}

/// The name that a value is, or an error.
pub(crate) fn word(value: &Expr, errors: &Errors) -> Option<Ident> {
    let word = read::as_word(value);
    if word.is_none() {
        errors.at(value.span(), "this takes the name of a field of this struct");
    }
    word
}

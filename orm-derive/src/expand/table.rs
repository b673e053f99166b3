//! `Record::table`: the static description of the table.
use super::Context;
use crate::names;
use crate::{
    lower::text,
    model::{Column, Default, Field, Key, KeyPart, Kind, Link, Model, Reference, Relation, RelationKind, SoftDelete},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ExprPath;

pub(crate) fn expand(context: &Context<'_>) -> TokenStream {
    let Context { model, p, .. } = context;
    let (model_name, table) = (&model.name, &model.table);
    let relationships = model.relations().map(|(field, relation)| relationship(context, field, relation));
    let (hooks, words) = (hooks(model, p), words(context));
    quote! {
        use #p::NotDerived as _;
        const DERIVED: #p::Derived = #p::Derived {
            equal: <#p::DerivedOf<#model_name>>::EQUAL,
            print: <#p::DerivedOf<#model_name>>::PRINT,
            write: <#p::DerivedOf<#model_name>>::WRITE,
            read: <#p::DerivedOf<#model_name>>::READ,
        };
        const RELATIONSHIPS: &[#p::schema::Relationship] = &[#(#relationships),*];
        static TABLE: #p::schema::Table = #p::schema::Table::of::<#model_name>(
            #table,
            RELATIONSHIPS,
            #p::operations::<#model_name>(#hooks, DERIVED),
        ) #words;
        &TABLE
    }
}

/// What is said of the table itself.
fn words(context: &Context<'_>) -> TokenStream {
    let Context { model, p, positions, .. } = context;
    let mut words = TokenStream::new();
    words.extend(model.schema.as_ref().map(|schema| quote!(.schema(#schema))));
    if !model.indexes.is_empty() {
        let indexes = model.indexes.iter().map(|index| {
            let (fields, condition) = (positions.list(&index.fields), index.condition.as_ref());
            let condition = option(p, condition.map(|condition| quote!(#condition)));
            quote!(#p::schema::Index { columns: #fields, condition: #condition })
        });
        words.extend(quote!(.indexes(&[#(#indexes),*])));
    }
    if !model.checks.is_empty() {
        let checks = &model.checks;
        words.extend(quote!(.checks(&[#(#p::schema::Check { condition: #checks }),*])));
    }
    words.extend(model.read_only.then(|| quote!(.read_only())));
    words.extend(soft_delete(context));
    words.extend(criteria(model, p));
    words
}

fn option(p: &TokenStream, value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(#p::Some(#value)),
        None => quote!(#p::None),
    }
}

/// The position of the column of `soft_delete`.
fn soft_delete(context: &Context<'_>) -> Option<TokenStream> {
    let Context { model, p, positions, .. } = context;
    let SoftDelete { field, name } = model.soft_delete.as_ref()?;
    let (model, place, position) = (&model.name, positions.at(*field), positions.short(*field));
    let check = quote!(<#model as #p::Record>::SHAPE.columns[#place].marks_deleted());
    let check = names::put(check, names::at(name));
    Some(quote!(.soft_delete({ #check; #position })))
}

/// The functions of `criteria`, without their types.
fn criteria(model: &Model, p: &TokenStream) -> Option<TokenStream> {
    let name = &model.name;
    let criteria =
        model.criteria.iter().map(|path| quote_spanned!(names::at(path)=> || #p::criterion::<#name>(#path())));
    (!model.criteria.is_empty()).then(|| quote!(.criteria(&[#(#criteria),*])))
}

/// `before_save` and `validate` as one function over the erased row.
fn hooks(model: &Model, p: &TokenStream) -> TokenStream {
    if model.hooks.is_empty() {
        return option(p, None);
    }
    let (name, hooks) = (&model.name, &model.hooks);
    let calls = hooks.iter().map(|hook| quote_spanned!(names::at(hook)=> #hook(&mut *row, change)?;));
    option(
        p,
        Some(quote! {
            |row, change| {
                let row: &mut #name = #p::row(row)?;
                #(#calls)*
                #p::std::result::Result::Ok(())
            }
        }),
    )
}

/// The columns, and the constants that they need if there are embedded groups.
pub(super) fn columns(context: &Context<'_>) -> (TokenStream, TokenStream) {
    let Context { model, p, .. } = context;
    if !model.fields.iter().any(|field| matches!(field.kind, Kind::Group { .. })) {
        let columns = model.columns().map(|(_, field, column)| self::column(p, field, column));
        return (quote!(&[#(#columns),*]), TokenStream::new());
    }
    let parts = parts(context);
    let names = quote! {
        const __PARTS: &[#p::groups::Part] = &[#(#parts),*];
        const __NAMES: &[u8] = &#p::groups::names::<{ #p::groups::names_length(__PARTS) }>(__PARTS);
        const __COLUMNS: [#p::schema::Column; #p::groups::count(__PARTS)] = #p::groups::columns(__PARTS, __NAMES);
    };
    (quote!(&__COLUMNS), names)
}

/// Runs of columns of the struct itself and groups, in the order of the fields.
fn parts(context: &Context<'_>) -> Vec<TokenStream> {
    let p = &context.p;
    let (mut parts, mut own) = (Vec::new(), Vec::new());
    for field in &context.model.fields {
        match &field.kind {
            Kind::Column(column) => own.push(self::column(p, field, column)),
            Kind::Group { prefix } => {
                let (group, name) = (names::group(&field.ty, p), format!("{}.", text(&field.name)));
                parts.push(quote!(#p::groups::Part::Own(&[#(#own),*])));
                own.clear();
                parts.push(quote! {
                    #p::groups::Part::Group { field: #name, prefix: #prefix, columns: #group::COLUMNS }
                });
            }
            Kind::Skipped | Kind::Relation(_) => {}
        }
    }
    parts.push(quote!(#p::groups::Part::Own(&[#(#own),*])));
    parts
}

/// One column as a constant expression.
pub(crate) fn column(p: &TokenStream, field: &Field, column: &Column) -> TokenStream {
    let (ty, name, column_name) = (&field.ty, text(&field.name), &column.name);
    let of = names::column(ty, p);
    let may_be_left_out = quote!(.may_be_left_out());
    let mut calls = quote!(#p::schema::Column::of(#name, #of::FACTS));
    calls.extend((name != *column_name).then(|| quote!(.named(#column_name))));
    calls.extend(match column.key {
        KeyPart::Generated => quote!(.generated()),
        KeyPart::IfInteger => quote!(.key()),
        KeyPart::No | KeyPart::Given => TokenStream::new(),
    });
    calls.extend(column.unique.then(|| quote!(.unique())));
    calls.extend(column.index.then(|| quote!(.index())));
    calls.extend(column.max_length.map(|length| quote!(.max_length(#length))));
    calls.extend(column.decimal.map(|(precision, scale)| quote!(.decimal(#precision, #scale))));
    calls.extend(column.sql_type.as_ref().map(|sql_type| quote!(.sql_type(#sql_type))));
    calls.extend(column.check.as_ref().map(|check| quote!(.check(#check))));
    calls.extend(column.role.as_ref().map(|role| {
        let method = &role.method;
        quote!(.#method() #may_be_left_out)
    }));
    calls.extend(column.group.as_ref().map(|group| quote!(.deferred(#group))));
    calls.extend(column.filled.then(|| may_be_left_out.clone()));
    calls.extend(matches!(column.default, Default::Sql(_)).then_some(may_be_left_out));
    // At the field, whose type may not fit; the user's own expressions stay where they are.
    let mut column_tokens = names::put(calls, names::at(ty));
    column_tokens.extend(default(p, field, column));
    column_tokens.extend(column.references.as_ref().map(|reference| self::reference(p, field, reference)));
    column_tokens
}

fn default(p: &TokenStream, field: &Field, column: &Column) -> TokenStream {
    match &column.default {
        Default::None => TokenStream::new(),
        Default::Rust(_) => {
            let value = default_value(p, field, column);
            quote!(.default(|| #p::ColumnType::encode(&#value)))
        }
        Default::Sql(expression) => quote!(.default_sql(#expression)),
    }
}

fn reference(p: &TokenStream, field: &Field, reference: &Reference) -> TokenStream {
    let (ty, path, model) = (&field.ty, &reference.column, owner(&reference.column));
    let (on_delete, on_update) = (&reference.on_delete, &reference.on_update);
    quote_spanned! {names::at(path)=>
        .references(
            <#model as #p::Record>::table,
            #p::reference::<#model, <#ty as #p::ColumnType>::Scalar, _>(#path),
            #p::schema::Action::#on_delete,
            #p::schema::Action::#on_update,
        )
    }
}

/// The Rust default of a column, as the field's type.
pub(crate) fn default_value(p: &TokenStream, field: &Field, column: &Column) -> TokenStream {
    let ty = &field.ty;
    match &column.default {
        Default::Rust(Some(value)) => {
            quote_spanned!(names::at(value)=> #p::IntoColumn::<#ty>::into_column(#value))
        }
        Default::Rust(None) | Default::None | Default::Sql(_) => {
            quote_spanned!(names::at(ty)=> <#ty as #p::std::default::Default>::default())
        }
    }
}

/// The model of a path to one of its columns: `Country` of `Country::code`.
pub(crate) fn owner(path: &ExprPath) -> syn::Path {
    let mut owner = path.path.clone();
    owner.segments.pop();
    owner.segments.pop_punct();
    owner
}

fn relationship(context: &Context<'_>, field: &Field, relation: &Relation) -> TokenStream {
    let p = &context.p;
    let (owner, target) = (context.name(), context.target(field));
    let declared = declared(context, field, relation);
    let mut calls = TokenStream::new();
    if !relation.cascade.is_empty() {
        calls.extend(cascade(p, &relation.cascade));
    }
    if !relation.order_by.is_empty() {
        let order = relation.order_by.iter().map(|order| one_order(p, &target, &order.column, order.descending));
        calls.extend(quote!(.order_by(&[#(#order),*])));
    }
    calls.extend(relation.ordering.as_ref().map(|ordering| {
        let (order, start) = (one_order(p, &target, &ordering.column, false), ordering.start);
        quote!(.ordering(&[#order], #start))
    }));
    calls.extend(relation.load.as_ref().map(|strategy| quote!(.load(#p::schema::Strategy::#strategy))));
    calls.extend(
        relation.load_depth.map(|depth| quote!(.load_depth(#p::schema::own_levels::<#target, #owner>(#depth)))),
    );
    calls.extend(
        relation.passive_deletes.as_ref().map(|passive| quote!(.passive_deletes(#p::schema::PassiveDeletes::#passive))),
    );
    calls.extend(relation.single_parent.then(|| quote!(.single_parent())));
    quote_spanned!(names::at(&field.ty)=> #declared #calls)
}

/// `all` and `none` come first, whatever the order in which they are written.
fn cascade(p: &TokenStream, cascades: &[syn::Ident]) -> TokenStream {
    let base = if cascades.iter().any(|cascade| cascade == "ALL") { "ALL" } else { "NONE" };
    let (base, rest) =
        (format_ident!("{base}"), cascades.iter().filter(|cascade| *cascade != "ALL" && *cascade != "NONE"));
    quote!(.cascade(#p::schema::Cascades::#base) #(.also(#p::schema::Cascade::#rest))*)
}

fn one_order(p: &TokenStream, target: &TokenStream, column: &ExprPath, descending: bool) -> TokenStream {
    let position = position(p, target, column);
    quote!(#p::schema::Order { column: #position, descending: #descending })
}

/// The position of a column of the target. Always the same tokens, so that what is wrong with it is told once.
pub(super) fn position(p: &TokenStream, target: &TokenStream, column: &ExprPath) -> TokenStream {
    quote!(#p::column_of::<#target, _>(#column))
}

/// The relationship without what is common to all kinds.
fn declared(context: &Context<'_>, field: &Field, relation: &Relation) -> TokenStream {
    let (p, target, marker, name) = (&context.p, context.target(field), &relation.marker, text(&field.name));
    match &relation.kind {
        RelationKind::BelongsTo(key) => belongs_to(context, relation, key, &name),
        RelationKind::HasOne(key) | RelationKind::HasMany(key) => {
            let two_sided = relation.inverse.is_some() && !relation.broken;
            let key = if two_sided { &[][..] } else { key };
            let kind = match relation.kind {
                RelationKind::HasOne(_) => quote!(has_one),
                _ => quote!(has_many),
            };
            quote!(#p::describe::#kind::<#marker>(#name, &[#(#p::column_of::<#target, _>(#key)),*]))
        }
        RelationKind::ManyToMany(link) => {
            let link = self::link(p, link);
            quote!(#p::describe::many_to_many::<#marker>(#name, #p::schema::Link::#link))
        }
    }
}

fn belongs_to(context: &Context<'_>, relation: &Relation, key: &Key, name: &str) -> TokenStream {
    let (p, marker, own) = (&context.p, &relation.marker, &relation.target);
    let columns = context.positions.list(&key.fields);
    let Key { on_delete, on_update, constraint, index, .. } = key;
    if key.references.is_empty() && on_delete == "NoAction" && on_update == "NoAction" && *constraint && *index {
        return quote!(#p::describe::belongs_to::<#marker>(#name, #columns));
    }
    let references = references(context, &quote!(<#own as #p::ToOneTarget>::Model), &key.fields, &key.references);
    quote! {
        #p::schema::Relationship::of::<#marker>(#name, #p::schema::RelationshipKind::BelongsTo {
            columns: #columns,
            references: #references,
            nullable: <<#own as #p::ToOneTarget>::Null as #p::Nullability>::NULLABLE,
            on_delete: #p::schema::Action::#on_delete,
            on_update: #p::schema::Action::#on_update,
            constraint: #constraint,
            index: #index,
        })
    }
}

fn references(context: &Context<'_>, target: &TokenStream, key: &[usize], columns: &[ExprPath]) -> TokenStream {
    let p = &context.p;
    let columns = columns.iter().zip(key).map(|(column, field)| {
        let ty = &context.model.fields[*field].ty;
        quote_spanned!(names::at(column)=> #p::reference::<#target, <#ty as #p::ColumnType>::Scalar, _>(#column))
    });
    quote!(&[#(#columns),*])
}

fn link(p: &TokenStream, link: &Link) -> TokenStream {
    match link {
        Link::Model { near, far, constants } => {
            let model = owner(near);
            let constants = constants.iter().map(
                |(column, value)| quote!((#model::#column.position(), || #p::encode_for(#model::#column, #value))),
            );
            quote! {
                Model {
                    table: #p::table_of(#near),
                    near: #p::index_of(#near),
                    far: #p::index_of(#far),
                    constants: &[#(#constants),*],
                }
            }
        }
        Link::Table { name, near, far } => {
            quote!(Table(#p::schema::LinkTable { name: #name, near: &[#(#near),*], far: &[#(#far),*] }))
        }
    }
}

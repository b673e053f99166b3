//! `derive(ColumnEnum)`: an enum as a column, by the names of its variants or by their numbers.
use crate::{
    attr::Attributes,
    errors::Errors,
    expand::within,
    lower, names,
    symbol::{self, Place},
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Data, DataEnum, DeriveInput, Fields, Ident};

/// The implementations; nothing if the item cannot be a column.
pub(crate) fn expand(input: &DeriveInput, errors: &Errors) -> TokenStream {
    let Some(data) = variants_of(input, errors) else { return TokenStream::new() };
    let mut attributes = Attributes::parse(&input.attrs, errors);
    attributes.keep_those_of(Place::ENUM);
    let (case, krate) = (lower::case(&attributes), lower::krate(&attributes));
    let variants: Vec<&Ident> = data.variants.iter().map(|variant| &variant.ident).collect();
    let names: Vec<String> = data
        .variants
        .iter()
        .map(|variant| {
            let mut own = Attributes::parse(&variant.attrs, errors);
            own.keep_those_of(Place::VARIANT);
            own.text(&symbol::RENAME)
                .map_or_else(|| names::in_case(&lower::text(&variant.ident), &case), |name| name.value())
        })
        .collect();
    let p = quote!(__orm);
    let integer = attributes.flag(&symbol::INTEGER);
    let (enumeration, column) = (enumeration(input, &p, &variants, &names), column_type(input, &p, &variants, integer));
    within(&krate, &quote!(#enumeration #column))
}

fn variants_of<'a>(input: &'a DeriveInput, errors: &Errors) -> Option<&'a DataEnum> {
    let Data::Enum(data) = &input.data else {
        errors.on(&input.ident, "`derive(ColumnEnum)` is for enums; for a newtype there is `derive(ColumnType)`");
        return None;
    };
    if data.variants.is_empty() {
        errors.on(&input.ident, "an enum without variants has no values to store");
        return None;
    }
    let mut sound = true;
    for variant in data.variants.iter().filter(|variant| !matches!(variant.fields, Fields::Unit)) {
        let message =
            "a variant with fields cannot be a column: store the enum as `Json<..>`, or use variants without fields";
        errors.on(variant, message);
        sound = false;
    }
    sound.then_some(data)
}

fn enumeration(input: &DeriveInput, p: &TokenStream, variants: &[&Ident], names: &[String]) -> TokenStream {
    let name = &input.ident;
    let positions: Vec<Literal> = (0..variants.len()).map(Literal::usize_unsuffixed).collect();
    quote! {
        impl #p::enumeration::Enumeration for #name {
            const NAMES: &'static [&'static str] = &[#(#names),*];
            const NUMBERS: &'static [i32] = &[#(#p::enumeration::discriminant(Self::#variants as i128)),*];
            fn position(&self) -> usize {
                match self { #(Self::#variants => #positions,)* }
            }
            fn at(position: usize) -> #p::std::option::Option<Self> {
                match position {
                    #(#positions => #p::std::option::Option::Some(Self::#variants),)*
                    _ => #p::std::option::Option::None,
                }
            }
        }
    }
}

fn column_type(input: &DeriveInput, p: &TokenStream, variants: &[&Ident], integer: bool) -> TokenStream {
    let (name, first) = (&input.ident, variants.first());
    let (sql_type, decode, from, encode, listed) = if integer {
        (quote!(I32), quote!(decode_number), quote!(from_number), quote!(number), quote!(&[]))
    } else {
        let names = quote!(<Self as #p::enumeration::Enumeration>::NAMES);
        (quote!(Text), quote!(decode_name), quote!(from_name), quote!(name), names)
    };
    // Said here, it is told once: the rest of the implementation takes it for granted.
    let clone = names::put(quote!(#name: #p::std::clone::Clone), names::at(name));
    quote! {
        impl #p::ColumnType for #name
        where
            #clone,
        {
            const TYPE: #p::SqlType = #p::SqlType::#sql_type;
            const VARIANTS: &'static [&'static str] = #listed;
            type Null = #p::NotNull;
            type Scalar = Self;
            type Start<F> = #p::Missing<F>;
            fn decode(cell: #p::Cell<'_>) -> #p::Result<Self> {
                #p::enumeration::#decode(cell)
            }
            fn from_value(value: #p::Value) -> #p::Result<Self> {
                #p::enumeration::#from(&value)
            }
            fn encode(&self) -> #p::Value {
                #p::enumeration::#encode(self)
            }
            fn same(&self, other: &Self) -> bool {
                #p::enumeration::Enumeration::position(self) == #p::enumeration::Enumeration::position(other)
            }
            fn placeholder() -> #p::std::option::Option<Self> {
                #p::std::option::Option::Some(Self::#first)
            }
        }
    }
}

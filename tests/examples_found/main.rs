//! What writing the examples brought to light.
mod documents;
mod relationships;

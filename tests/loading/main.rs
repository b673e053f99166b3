//! How relationships are loaded: what queries say of those that they do not name, what may not be loaded, trees, streams, and
//! what each strategy costs.
mod defaults;
mod fixtures;
mod indexes;
mod inner;
mod models;
mod raising;
mod shapes;
mod streams;
mod trees;

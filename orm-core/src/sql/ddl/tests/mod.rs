mod execute;
mod keys;
mod models;
mod refusals;
mod text;

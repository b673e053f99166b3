mod execute;
mod models;
mod refusals;
mod text;

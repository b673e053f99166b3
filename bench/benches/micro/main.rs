//! The steps of a session one by one, without a database: the recorder answers each statement with rows made before.
mod flush;
mod load;
mod support;

fn main() {
    divan::main();
}

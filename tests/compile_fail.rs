//! Each mistake is one error, at its place, in words that say what to write. The messages are frozen beside the cases.
#[test]
fn mistakes_are_told_in_words() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*/*.rs");
}

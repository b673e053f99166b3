//! Sentences put together while compiling.
use super::Shape;

const CAPACITY: usize = 1024;

/// A sentence under construction; what is too long is cut off.
pub(crate) struct Sentence {
    text: [u8; CAPACITY],
    length: usize,
}

impl Sentence {
    pub(crate) const fn new() -> Self {
        Self { text: [0; CAPACITY], length: 0 }
    }

    pub(crate) const fn text(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut i = 0;
        while i < bytes.len() && self.length < CAPACITY {
            self.text[self.length] = bytes[i];
            self.length += 1;
            i += 1;
        }
        self
    }

    /// `` `User` ``
    pub(crate) const fn model(self, shape: &Shape) -> Self {
        self.text("`").text(shape.model).text("`")
    }

    /// `` `User::orders` ``
    pub(crate) const fn member(self, shape: &Shape, name: &str) -> Self {
        self.text("`").text(shape.model).text("::").text(name).text("`")
    }

    /// The names of all relationships of a model.
    pub(crate) const fn relations(mut self, shape: &Shape) -> Self {
        let mut i = 0;
        while i < shape.relations.len() {
            let comma = if i > 0 { ", " } else { "" };
            self = self.text(comma).text("`").text(shape.relations[i].name.text).text("`");
            i += 1;
        }
        self
    }

    /// The fields at those positions.
    pub(crate) const fn columns(mut self, shape: &Shape, positions: &[u16]) -> Self {
        let mut i = 0;
        while i < positions.len() {
            let comma = if i > 0 { ", " } else { "" };
            self = self.text(comma).text("`").text(shape.column(positions[i]).field).text("`");
            i += 1;
        }
        self
    }

    /// Stops the compilation.
    #[track_caller]
    pub(crate) const fn stop(self) -> ! {
        let (text, _) = self.text.split_at(self.length);
        match std::str::from_utf8(text) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("this declaration does not fit the other model's"),
        }
    }
}

//! `CREATE TABLE` on lines, for people.

/// How a database reads a backslash in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Backslash {
    /// As itself.
    Plain,
    /// As itself, and in `E'…'` as an escape.
    InMarkedTexts,
    /// As an escape.
    Escape,
}

/// One column or constraint a line: breaks at the outermost parentheses and the commas within them.
pub(super) fn lines(sql: &str, backslash: Backslash) -> String {
    let mut lines =
        Lines { text: String::with_capacity(sql.len() + 64), depth: 0, quote: None, escapes: false, backslash };
    let mut characters = sql.chars().peekable();
    while let Some(character) = characters.next() {
        lines.push(character);
        if lines.escapes && character == '\\' {
            lines.text.extend(characters.next());
        }
        if lines.ends_line() {
            characters.next_if_eq(&' ');
        }
    }
    lines.text
}

struct Lines {
    text: String,
    depth: usize,
    quote: Option<char>,
    /// Whether a backslash takes the next character's meaning, in the text that is open.
    escapes: bool,
    backslash: Backslash,
}

impl Lines {
    fn push(&mut self, character: char) {
        if let Some(quote) = self.quote {
            self.quote = (character != quote).then_some(quote);
            self.escapes &= self.quote.is_some();
            return self.text.push(character);
        }
        match character {
            '\'' | '"' | '`' => {
                self.quote = Some(character);
                self.escapes = character == '\'' && self.has_escapes();
                self.text.push(character);
            }
            '(' => self.open(),
            ')' => self.close(),
            ',' if self.depth == 1 => self.text.push_str(",\n    "),
            _ => self.text.push(character),
        }
    }

    fn has_escapes(&self) -> bool {
        match self.backslash {
            Backslash::Plain => false,
            Backslash::InMarkedTexts => self.text.ends_with(['E', 'e']),
            Backslash::Escape => true,
        }
    }

    fn open(&mut self) {
        self.depth += 1;
        self.text.push_str(if self.depth == 1 { "(\n    " } else { "(" });
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 0 {
            self.text.truncate(self.text.trim_end().len());
            self.text.push('\n');
        }
        self.text.push(')');
    }

    fn ends_line(&self) -> bool {
        self.quote.is_none() && self.text.ends_with("\n    ")
    }
}

#[cfg(test)]
mod tests {
    use super::{Backslash, lines};

    #[test]
    fn texts_are_left_as_they_are() {
        let plain = r"CREATE TABLE t ( a CHECK (a <> '\'), b DEFAULT 'x, (y' )";
        assert_eq!(
            lines(plain, Backslash::Plain),
            "CREATE TABLE t (\n    a CHECK (a <> '\\'),\n    b DEFAULT 'x, (y'\n)"
        );
        let escaped = r"CREATE TABLE t ( a DEFAULT E'\', (', b )";
        assert_eq!(lines(escaped, Backslash::InMarkedTexts), "CREATE TABLE t (\n    a DEFAULT E'\\', (',\n    b\n)");
    }
}

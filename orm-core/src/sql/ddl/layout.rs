//! `CREATE TABLE` on lines, for people.

/// One column or constraint a line: breaks at the outermost parentheses and the commas within them.
pub(super) fn lines(sql: &str) -> String {
    let mut lines = Lines { text: String::with_capacity(sql.len() + 64), depth: 0, quote: None };
    let mut characters = sql.chars().peekable();
    while let Some(character) = characters.next() {
        lines.push(character);
        // Within a text, what follows a backslash is no quote (or the database takes no backslashes, and it is no matter:
        // sea-query doubles quotes there).
        if lines.quote == Some('\'') && character == '\\' {
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
}

impl Lines {
    fn push(&mut self, character: char) {
        if let Some(quote) = self.quote {
            self.quote = (character != quote).then_some(quote);
            return self.text.push(character);
        }
        match character {
            '\'' | '"' | '`' => {
                self.quote = Some(character);
                self.text.push(character);
            }
            '(' => self.open(),
            ')' => self.close(),
            ',' if self.depth == 1 => self.text.push_str(",\n    "),
            _ => self.text.push(character),
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

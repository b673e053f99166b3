//! Patterns of `LIKE`, as SQLite and PostgreSQL match them.
use crate::driver::Dialect;

/// Whether a text matches, if that can be told here: MySQL asks its collations.
pub(super) fn matches(dialect: Dialect, text: &str, pattern: &str, any_case: bool) -> Option<bool> {
    let fold = match dialect {
        Dialect::MySql | Dialect::MariaDb => return None,
        // Only the letters of ASCII are alike there.
        Dialect::Sqlite => true,
        Dialect::Postgres if any_case && !(text.is_ascii() && pattern.is_ascii()) => return None,
        Dialect::Postgres => any_case,
    };
    let text: Vec<char> = text.chars().map(|character| folded(character, fold)).collect();
    Some(matched(&text, &parsed(pattern, fold)?))
}

fn folded(character: char, fold: bool) -> char {
    if fold { character.to_ascii_lowercase() } else { character }
}

enum Part {
    One(char),
    AnyOne,
    AnyMany,
}

/// The parts; nothing if the pattern ends in the middle of an escape, which is an error of the database.
fn parsed(pattern: &str, fold: bool) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        parts.push(match character {
            '%' => Part::AnyMany,
            '_' => Part::AnyOne,
            '\\' => Part::One(folded(characters.next()?, fold)),
            other => Part::One(folded(other, fold)),
        });
    }
    Some(parts)
}

/// Goes back to the last `%` where the rest does not match.
fn matched(text: &[char], parts: &[Part]) -> bool {
    let (mut at, mut part) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while at < text.len() {
        match parts.get(part) {
            Some(Part::AnyMany) => {
                back = Some((at, part + 1));
                part += 1;
            }
            Some(Part::AnyOne) => (at, part) = (at + 1, part + 1),
            Some(Part::One(character)) if *character == text[at] => (at, part) = (at + 1, part + 1),
            Some(Part::One(_)) | None => {
                let Some((start, after)) = back else { return false };
                back = Some((start + 1, after));
                (at, part) = (start + 1, after);
            }
        }
    }
    parts[part..].iter().all(|part| matches!(part, Part::AnyMany))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_on_the_databases() {
        let postgres = |text, pattern| matches(Dialect::Postgres, text, pattern, false);
        assert_eq!(postgres("abcabd", "a%abd"), Some(true));
        assert_eq!(postgres("abcabe", "a%abd"), Some(false));
        assert_eq!(postgres("100%", "100\\%"), Some(true));
        assert_eq!(postgres("100x", "100\\%"), Some(false));
        assert_eq!(postgres("", "%"), Some(true));
        assert_eq!(postgres("ab", "_"), Some(false));
        assert_eq!(postgres("A", "a"), Some(false));
        assert_eq!(postgres("a", "a\\"), None);
        assert_eq!(matches(Dialect::Postgres, "A", "a", true), Some(true));
        assert_eq!(matches(Dialect::Postgres, "Ä", "ä", true), None);
        assert_eq!(matches(Dialect::Sqlite, "AÄ", "aÄ", false), Some(true));
        assert_eq!(matches(Dialect::Sqlite, "Ä", "ä", true), Some(false));
        assert_eq!(matches(Dialect::MariaDb, "a", "a", false), None);
    }
}

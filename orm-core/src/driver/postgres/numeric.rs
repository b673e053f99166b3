//! PostgreSQL's binary form of `numeric`, as text.

/// `None` if the bytes are not of that form.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let word = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let (count, weight, sign, scale) = (word(0)?, word(2)? as i16, word(4)?, word(6)?);
    let sign = match sign {
        0x0000 => "",
        0x4000 => "-",
        0xC000 => return Some("NaN".to_owned()),
        0xD000 => return Some("inf".to_owned()),
        0xF000 => return Some("-inf".to_owned()),
        _ => return None,
    };
    let digits: Vec<u16> = (0..usize::from(count)).map(|n| word(8 + 2 * n)).collect::<Option<_>>()?;
    Some(format!("{sign}{}", unsigned(&digits, weight, scale)))
}

/// Groups of four decimal digits, the first of which counts `10000^weight`.
fn unsigned(digits: &[u16], weight: i16, scale: u16) -> String {
    let group = |at: i32| usize::try_from(at).ok().and_then(|at| digits.get(at)).copied().unwrap_or(0);
    let weight = i32::from(weight);
    let whole: String = (0..=weight).map(|at| format!("{:04}", group(at))).collect();
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if scale == 0 {
        return whole.to_owned();
    }
    let groups = i32::from(scale).div_euclid(4) + 1;
    let fraction: String = (weight + 1..=weight + groups).map(|at| format!("{:04}", group(at))).collect();
    format!("{whole}.{}", fraction.get(..usize::from(scale)).unwrap_or(&fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(weight: i16, sign: u16, scale: u16, digits: &[u16]) -> Option<String> {
        let head = [digits.len() as u16, weight as u16, sign, scale];
        let bytes: Vec<u8> = head.iter().chain(digits).flat_map(|word| word.to_be_bytes()).collect();
        text(&bytes)
    }

    #[test]
    fn numbers_are_written_out() {
        assert_eq!(of(0, 0, 0, &[]).as_deref(), Some("0"));
        assert_eq!(of(0, 0, 2, &[99, 9900]).as_deref(), Some("99.99"));
        assert_eq!(of(1, 0x4000, 0, &[12]).as_deref(), Some("-120000"));
        assert_eq!(of(-1, 0, 4, &[1]).as_deref(), Some("0.0001"));
        assert_eq!(of(-2, 0, 8, &[1]).as_deref(), Some("0.00000001"));
        assert_eq!(of(0, 0xC000, 0, &[]).as_deref(), Some("NaN"));
    }

    #[test]
    fn bytes_of_another_form_are_refused() {
        assert_eq!(text(&[]), None);
        assert_eq!(text(&[0, 9, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(of(0, 1, 0, &[]), None);
    }
}

//! Medians and how far the middle half spreads.

/// The middle of several measurements.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Middle {
    pub(super) median: f64,
    /// The range of the middle half, as a part of the median.
    pub(super) spread: f64,
}

impl Middle {
    /// Of at least one measurement.
    pub(super) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let median = at(&values, 0.5)?;
        let range = at(&values, 0.75)? - at(&values, 0.25)?;
        Some(Self { median, spread: if median == 0.0 { 0.0 } else { range / median.abs() } })
    }

    /// The least instead of the middle: what is left of a measurement that others disturbed.
    pub(super) fn best_of(values: Vec<f64>) -> Option<Self> {
        let best = values.iter().copied().min_by(f64::total_cmp)?;
        Some(Self { median: best, ..Self::of(values)? })
    }
}

/// The value that a part of all lies below, between two neighbours if need be.
fn at(sorted: &[f64], part: f64) -> Option<f64> {
    let place = part * sorted.len().checked_sub(1)? as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    Some(low + (high - low) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::Middle;

    #[test]
    fn the_middle_of_measurements() {
        assert_eq!(Middle::of(vec![]), None);
        assert_eq!(Middle::best_of(vec![3.0, 2.0]), Some(Middle { median: 2.0, spread: 0.2 }));
        assert_eq!(Middle::of(vec![2.0]), Some(Middle { median: 2.0, spread: 0.0 }));
        assert_eq!(Middle::of(vec![5.0, 1.0, 2.0, 3.0, 4.0]), Some(Middle { median: 3.0, spread: 2.0 / 3.0 }));
    }
}

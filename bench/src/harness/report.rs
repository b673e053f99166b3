//! The tables, in markdown; each line is printed as soon as it is known.
use super::{
    concurrent::REQUESTS,
    statistics::Middle,
    workload::{Unit, Workload},
};

/// One line: a workload of one size.
pub(super) struct Line<'a> {
    pub(super) workload: Workload,
    pub(super) size: usize,
    pub(super) unit: Unit,
    /// The place of the contender that the others are compared with.
    pub(super) floor: usize,
    /// By contender; none where it does not do this.
    pub(super) cells: &'a [Option<Middle>],
}

/// The first lines of a table.
pub(super) fn print_head(title: &str, names: &[&str], floor: usize, shown: &str) {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    println!(
        "\n## {title}\n\n{shown} = ratio to {} (range of the middle half). Load of the machine at the start: {load}.\n",
        names[floor]
    );
    println!("| workload | {} |", names.join(" | "));
    println!("|---|{}", "---|".repeat(names.len()));
}

impl Line<'_> {
    pub(super) fn print(&self) {
        let floor = self.cells.get(self.floor).copied().flatten();
        let cells: Vec<String> = self.cells.iter().map(|cell| self.cell(*cell, floor)).collect();
        println!("| {} {} | {} |", self.workload.name(), thousands(self.size), cells.join(" | "));
    }

    fn cell(&self, cell: Option<Middle>, floor: Option<Middle>) -> String {
        let Some(middle) = cell else { return "–".to_owned() };
        let amount = self.amount(middle.median);
        match floor {
            _ if self.unit == Unit::Bytes => amount,
            Some(floor) => {
                format!("{amount} = {} ({:.0} %)", ratio(middle.median / floor.median), middle.spread * 100.0)
            }
            None => format!("{amount} ({:.0} %)", middle.spread * 100.0),
        }
    }

    fn amount(&self, value: f64) -> String {
        match self.unit {
            Unit::Time => time(value),
            Unit::TimeOfEach => time(value / self.size as f64),
            Unit::Rate => format!("{}/s", thousands((REQUESTS as f64 / value) as usize)),
            Unit::Bytes => format!("{value:.1} B"),
        }
    }
}

/// How many times longer.
pub(super) fn ratio(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2}x") } else { format!("{ratio:.0}x") }
}

/// A time in the unit that suits it.
fn time(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.1} µs", s * 1e6),
        s if s < 0.1 => format!("{:.2} ms", s * 1e3),
        s => format!("{:.0} ms", s * 1e3),
    }
}

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::{ratio, thousands, time};

    #[test]
    fn numbers_are_readable() {
        assert_eq!([thousands(1), thousands(1_000), thousands(1_234_567)], ["1", "1,000", "1,234,567"]);
        assert_eq!([time(5e-8), time(1.25e-5), time(0.0421), time(1.5)], ["50 ns", "12.5 µs", "42.10 ms", "1500 ms"]);
        assert_eq!([ratio(0.954), ratio(12.4)], ["0.95x", "12x"]);
    }
}

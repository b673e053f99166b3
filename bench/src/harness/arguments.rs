//! What the command line asks for.
use super::{Place, Workload, statistics::Middle};
use crate::Result;
use std::str::FromStr;

const HELP: &str = "\
--rounds N            rounds over all contenders (9, with --short 3)
--sizes N,N           instead of the sizes of each workload
--only A,B            these workloads
--contenders A,B      these contenders
--floor A             the contender that the others are compared with
--short               small sizes, few rounds: ends in two minutes
--no-growth           without the table that tells how times grow
--best                the shortest round instead of the median, where others are at work on the machine
--url URL             the server";

/// The arguments of a program.
#[derive(Debug, Clone, Default)]
pub struct Arguments {
    rounds: Option<usize>,
    sizes: Option<Vec<usize>>,
    only: Option<Vec<String>>,
    contenders: Option<Vec<String>>,
    floor: Option<String>,
    short: bool,
    no_growth: bool,
    best: bool,
    url: Option<String>,
}

impl Arguments {
    /// Those of this program, which ends here if they ask for help.
    ///
    /// # Errors
    /// One is unknown, or lacks its value.
    pub fn read() -> Result<Self> {
        let (mut arguments, mut words) = (Self::default(), std::env::args().skip(1));
        while let Some(word) = words.next() {
            arguments.take(&word, &mut words)?;
        }
        arguments.check()?;
        Ok(arguments)
    }

    fn take(&mut self, word: &str, words: &mut impl Iterator<Item = String>) -> Result<()> {
        match word {
            "--short" => self.short = true,
            "--best" => self.best = true,
            "--no-growth" => self.no_growth = true,
            "--rounds" => self.rounds = Some(value(word, words)?),
            "--sizes" => self.sizes = Some(list(word, words)?),
            "--only" => self.only = Some(list(word, words)?),
            "--contenders" => self.contenders = Some(list(word, words)?),
            "--floor" => self.floor = Some(value(word, words)?),
            "--url" => self.url = Some(value(word, words)?),
            "--help" => {
                println!("{HELP}");
                std::process::exit(0);
            }
            _ => return Err(format!("`{word}` is not known:\n{HELP}").into()),
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        let known = |name: &String| Workload::ALL.iter().any(|workload| workload.name() == name);
        match self.only.iter().flatten().find(|name| !known(name)) {
            Some(name) => {
                let names: Vec<_> = Workload::ALL.iter().map(|workload| workload.name()).collect();
                Err(format!("there is no workload `{name}`, but {}", names.join(", ")).into())
            }
            None => Ok(()),
        }
    }

    /// The server: as given, as the environment says, or the usual one.
    pub fn url(&self, variable: &str, usual: &str) -> String {
        self.url.clone().or_else(|| std::env::var(variable).ok()).unwrap_or_else(|| usual.to_owned())
    }

    /// The number of rounds.
    pub(super) fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.short { 3 } else { 9 }).max(1)
    }

    /// What a contender's rounds amount to.
    pub(super) fn middle(&self, rounds: Vec<f64>) -> Option<Middle> {
        if self.best { Middle::best_of(rounds) } else { Middle::of(rounds) }
    }

    /// The title of what is shown.
    pub(super) fn shown(&self) -> &'static str {
        if self.best { "Shortest round" } else { "Median" }
    }

    /// After how many seconds a workload has had rounds enough, so that one slow contender does not keep all others up.
    pub(super) fn seconds(&self) -> f64 {
        match (self.rounds, self.short) {
            (Some(_), _) => f64::INFINITY,
            (None, true) => 2.0,
            (None, false) => 30.0,
        }
    }

    /// Whether that workload is asked for.
    pub(super) fn wants(&self, workload: Workload) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|name| name == workload.name()))
    }

    /// The sizes of a workload.
    pub(super) fn sizes(&self, workload: Workload) -> Vec<usize> {
        match (&self.sizes, self.short) {
            (Some(sizes), _) => sizes.clone(),
            (None, false) => workload.sizes().to_vec(),
            (None, true) => {
                let most = if workload == Workload::SelectIn || workload == Workload::Joined { 1_000 } else { 10_000 };
                let weighs = matches!(workload, Workload::Memory | Workload::MemoryOfColumns);
                workload
                    .sizes()
                    .iter()
                    .map(|size| if weighs { (*size).min(most) } else { *size })
                    .filter(|size| *size <= most)
                    .collect()
            }
        }
    }

    /// Whether to show how times grow.
    pub(super) fn growth(&self) -> bool {
        !self.short && !self.no_growth && self.sizes.is_none()
    }

    /// The place of the contender that the others are compared with: the first one, unless another is named.
    pub(super) fn floor(&self, names: &[&str]) -> usize {
        let named = self.floor.as_ref().and_then(|floor| names.iter().position(|name| name == floor));
        named.unwrap_or_default()
    }

    /// The contenders that take part; `few` of them, if none were named.
    pub(super) fn contenders(&self, place: &dyn Place, few: usize) -> Vec<&'static str> {
        let all = place.names().iter().copied();
        match &self.contenders {
            Some(named) => all.filter(|name| named.iter().any(|named| named == name)).collect(),
            None => all.take(few).collect(),
        }
    }
}

fn value<T: FromStr>(word: &str, words: &mut impl Iterator<Item = String>) -> Result<T> {
    let given = words.next().ok_or_else(|| format!("`{word}` needs a value"))?;
    given.parse().map_err(|_| format!("`{word}` cannot be `{given}`").into())
}

fn list<T: FromStr>(word: &str, words: &mut impl Iterator<Item = String>) -> Result<Vec<T>> {
    let given: String = value(word, words)?;
    given.split(',').map(|part| value(word, &mut std::iter::once(part.replace('_', "")))).collect()
}

//! Makes the databases, checks that all do the same, and runs the rounds.
use super::{
    Arguments, Place, Run, Workload, allocator,
    contender::Entrant,
    report::{self, Line},
    statistics::Middle,
    walks::Walks,
    workload::Unit,
    written,
};
use crate::{
    Result,
    data::{COMMENTED_USERS, Sum},
};
use std::time::{Duration, Instant};

/// The rows of the growing tables, and how many contenders take part where none are named: the floor and `orm`.
const GROWTH: [usize; 3] = [10_000, 100_000, 1_000_000];
const GROWTH_CONTENDERS: usize = 2;
/// A round of short work repeats it until this long, and counts its median.
const SHORT: Duration = Duration::from_millis(4);
const MOST_REPETITIONS: usize = 40;

/// Runs a program as those that are compared usually run: in a task of a runtime with two workers.
///
/// # Errors
/// Those of the program.
pub fn in_runtime(program: impl Future<Output = Result<()>> + Send + 'static) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async { tokio::spawn(program).await? })
}

/// Measures what the arguments ask for, and prints it.
///
/// # Errors
/// A database fails, or a contender found something else than the first one.
pub async fn measure(mut place: impl Place, arguments: Arguments) -> Result<()> {
    let measured = tables(&mut place, &arguments).await;
    place.leave().await?;
    measured
}

async fn tables(place: &mut impl Place, arguments: &Arguments) -> Result<()> {
    let title = place.title();
    let cases = cases(place, arguments);
    let names = arguments.contenders(place, usize::MAX);
    Suite::enter(place, &names, &cases, arguments).await?.table(title, &cases).await?;
    let grown = grown(arguments);
    if grown.is_empty() {
        return Ok(());
    }
    let names = arguments.contenders(place, GROWTH_CONTENDERS);
    let title = format!("{title}: time for each row as the tables grow");
    Suite::enter(place, &names, &grown, arguments).await?.table(&title, &grown).await
}

/// A workload of one size.
struct Case {
    workload: Workload,
    size: usize,
    unit: Unit,
}

fn cases(place: &impl Place, arguments: &Arguments) -> Vec<Case> {
    let wanted = Workload::ALL.into_iter().filter(|workload| arguments.wants(*workload) && place.has(*workload));
    wanted
        .flat_map(|workload| {
            let case = move |size| Case { workload, size, unit: workload.unit() };
            arguments.sizes(workload).into_iter().map(case)
        })
        .collect()
}

fn grown(arguments: &Arguments) -> Vec<Case> {
    let grows = |workload: &Workload| arguments.growth() && workload.grows() && arguments.wants(*workload);
    let wanted = Workload::ALL.into_iter().filter(grows);
    let case = |workload: Workload, rows| Case { workload, size: workload.size_of_rows(rows), unit: Unit::TimeOfEach };
    wanted.flat_map(|workload| GROWTH.map(|rows| case(workload, rows))).collect()
}

/// Contenders with their databases.
struct Suite<'a> {
    names: Vec<&'static str>,
    entrants: Vec<Entrant>,
    users: usize,
    arguments: &'a Arguments,
    /// The number of the next run.
    round: u64,
}

impl<'a> Suite<'a> {
    async fn enter(
        place: &mut impl Place,
        names: &[&'static str],
        cases: &[Case],
        arguments: &'a Arguments,
    ) -> Result<Self> {
        let users = cases.iter().map(|case| case.workload.users(case.size)).max().unwrap_or(0).max(COMMENTED_USERS);
        let mut entrants = Vec::new();
        for name in names {
            entrants.push(place.enter(name, users).await?);
        }
        Ok(Self { names: names.to_vec(), entrants, users, arguments, round: 0 })
    }

    async fn table(&mut self, title: &str, cases: &[Case]) -> Result<()> {
        if self.names.is_empty() || cases.is_empty() {
            return Ok(());
        }
        let floor = self.arguments.floor(&self.names);
        report::print_head(title, &self.names, floor, self.arguments.shown());
        let mut walks = Walks::default();
        for case in cases {
            let cells = self.case(case).await?;
            Line { workload: case.workload, size: case.size, unit: case.unit, floor, cells: &cells }.print();
            walks.note(case.workload, case.size, cells);
        }
        walks.print(&self.names);
        Ok(())
    }

    /// Checks, then runs the rounds, with another contender first in each.
    async fn case(&mut self, case: &Case) -> Result<Vec<Option<Middle>>> {
        let able = self.check(case).await?;
        let count = self.entrants.len();
        let mut results = vec![Vec::new(); count];
        let start = Instant::now();
        for round in 0..self.arguments.rounds() {
            for place in (0..count).map(|place| (place + round) % count).filter(|place| able[*place]) {
                results[place].push(self.round_of(place, case).await?);
            }
            if start.elapsed().as_secs_f64() > self.arguments.seconds() && round >= 2 {
                break;
            }
        }
        for (_, keeper) in &mut self.entrants {
            keeper.tidy().await?;
        }
        Ok(results.into_iter().map(|rounds| self.arguments.middle(rounds)).collect())
    }

    /// One contender's turn.
    async fn round_of(&mut self, place: usize, case: &Case) -> Result<f64> {
        let (start, mut results) = (Instant::now(), Vec::new());
        while results.is_empty() || start.elapsed() < SHORT && results.len() < MOST_REPETITIONS {
            let run = self.run(place, case, false).await?;
            results.push(run.result.ok_or("a contender did not do again what it did once")?);
        }
        Ok(Middle::of(results).ok_or("nothing was measured")?.median)
    }

    /// Every contender does the work once, untimed and warming up; all must have found the same. Tells who can do it.
    async fn check(&mut self, case: &Case) -> Result<Vec<bool>> {
        let (mut able, mut first) = (Vec::new(), None);
        for place in 0..self.entrants.len() {
            let run = self.run(place, case, true).await?;
            able.push(run.result.is_some());
            if run.result.is_some() {
                self.compare(place, case, &run, &mut first)?;
            }
        }
        Ok(able)
    }

    fn compare(&self, place: usize, case: &Case, run: &Run, first: &mut Option<Sum>) -> Result<()> {
        let Some(sum) = run.sum else { return Ok(()) };
        if *first.get_or_insert(sum) == sum {
            return Ok(());
        }
        let (name, work) = (self.names[place], case.workload.name());
        Err(format!("{work} {}: {name} found {sum:?}, others before it {first:?}", case.size).into())
    }

    async fn run(&mut self, place: usize, case: &Case, checking: bool) -> Result<Run> {
        self.round += 1;
        let mut run = Run::new(case.size, self.round, self.users, checking);
        let (contender, keeper) = &mut self.entrants[place];
        allocator::count(case.unit == Unit::Bytes);
        let worked = contender.work(case.workload, &mut run).await;
        worked.map_err(|error| format!("{} of {}: {error}", case.workload.name(), contender.name()))?;
        allocator::count(false);
        if checking && run.result.is_some() {
            written::check(contender.name(), keeper.as_mut(), case.workload, &mut run).await?;
        }
        if case.workload == Workload::Insert {
            keeper.restore().await?;
        }
        Ok(run)
    }
}

//! The lazy walk of each contender beside its own select-in.
use super::{Workload, report, statistics::Middle};

/// What was measured of both, by size.
#[derive(Default)]
pub(super) struct Walks {
    select_in: Vec<(usize, Vec<Option<Middle>>)>,
    walks: Vec<(usize, Vec<Option<Middle>>)>,
}

impl Walks {
    pub(super) fn note(&mut self, workload: Workload, size: usize, cells: Vec<Option<Middle>>) {
        match workload {
            Workload::SelectIn => self.select_in.push((size, cells)),
            Workload::Walk => self.walks.push((size, cells)),
            _ => {}
        }
    }

    pub(super) fn print(&self, names: &[&str]) {
        for (size, walks) in &self.walks {
            let Some((_, loads)) = self.select_in.iter().find(|(parents, _)| parents == size) else { continue };
            let ratios = walks.iter().zip(loads).zip(names).filter_map(|((walk, load), name)| {
                Some(format!("{name} {}", report::ratio(walk.as_ref()?.median / load.as_ref()?.median)))
            });
            println!(
                "\nThe walk of {size} beside the contender's own select-in: {}.",
                ratios.collect::<Vec<_>>().join(", ")
            );
        }
    }
}

//! How many targets entities have, as the database counted them.
use super::{Memory, ResultId, ResultSet};
use crate::{fast::HashMap, model::Node};

/// The numbers that one result knows.
#[derive(Default)]
pub(super) struct Counts {
    /// What a query asked for: its result has these numbers for good.
    asked: HashMap<(Node, u16), Count>,
    /// What was counted along for another entity. Each answers once: who asks again wants to know what there is now.
    ahead: HashMap<(Node, u16), Count>,
}

#[derive(Clone, Copy)]
struct Count {
    number: u64,
    /// The writes that memory had noted when it was counted.
    writes: u64,
}

impl Counts {
    pub(super) fn take_over(&mut self, other: Self) {
        self.asked.extend(other.asked);
        self.ahead.extend(other.ahead);
    }
}

impl Memory {
    /// What a query asked to be counted.
    pub(crate) fn keep_counts(&self, result: ResultId, relation: u16, counts: &[(Node, u64)]) {
        let Some(result) = self.result(result) else { return };
        result.state().counts.asked.extend(self.stamped(relation, counts));
    }

    /// What was counted along.
    pub(crate) fn keep_counts_ahead(&self, result: ResultId, relation: u16, counts: &[(Node, u64)]) {
        let Some(result) = self.result(result) else { return };
        result.state().counts.ahead.extend(self.stamped(relation, counts));
    }

    /// Numbers as of now.
    fn stamped(&self, relation: u16, counts: &[(Node, u64)]) -> impl Iterator<Item = ((Node, u16), Count)> {
        let writes = self.writes();
        counts.iter().map(move |(node, number)| ((*node, relation), Count { number: *number, writes }))
    }

    /// The number that the query of a result asked for.
    pub(crate) fn counted(&self, (result, node): (ResultId, Node), relation: u16) -> Option<u64> {
        let result = self.result(result)?;
        result.state().counts.asked.get(&(node, relation)).map(|count| count.number)
    }

    /// A number that can be taken for what the database would say now.
    pub(crate) fn take_count(&self, (result, node): (ResultId, Node), relation: u16) -> Option<u64> {
        let mut state = self.result(result)?.state();
        let ahead = state.counts.ahead.remove(&(node, relation));
        let asked = state.counts.asked.get(&(node, relation)).copied();
        let fresh = ahead.into_iter().chain(asked).find(|count| count.writes == self.writes());
        fresh.map(|count| count.number)
    }

    /// Whether there is such a number.
    pub(crate) fn has_count(&self, result: &ResultSet, node: Node, relation: u16) -> bool {
        let state = result.state();
        let known = |counts: &HashMap<(Node, u16), Count>| {
            counts.get(&(node, relation)).is_some_and(|count| count.writes == self.writes())
        };
        known(&state.counts.ahead) || known(&state.counts.asked)
    }
}

//! Sorting by dependency: tables by their foreign keys, rows by what they reference.

/// A thing that must come after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// The position of the other.
    pub(crate) on: usize,
    /// Whether it may be ignored, to be made good later.
    pub(crate) breakable: bool,
}

/// Layers of things: each depends only on things in earlier layers, but for what was broken.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Layers {
    pub(crate) layers: Vec<Vec<usize>>,
    /// Pairs of a thing and the thing before which it now comes.
    pub(crate) broken: Vec<(usize, usize)>,
}

/// Sorts into as few layers as the dependencies allow, keeping the given order within a layer (Kahn, 1962). Where there is
/// a circle, breakable dependencies of the first thing on it that has only such left are broken.
///
/// # Errors
/// A circle without a breakable dependency: the positions of the things in it.
pub(crate) fn layers(dependencies: &[Vec<Dependency>]) -> Result<Layers, Vec<usize>> {
    let mut sorted = Layers::default();
    let mut done = vec![false; dependencies.len()];
    let mut rest: Vec<usize> = (0..dependencies.len()).collect();
    while !rest.is_empty() {
        let waits = |thing: &usize| dependencies[*thing].iter().any(|d| !done[d.on] && d.on != *thing);
        let (waiting, ready): (Vec<usize>, Vec<usize>) = rest.iter().partition(|thing| waits(thing));
        let layer = if ready.is_empty() { weakest(dependencies, &done, &waiting)? } else { ready };
        for thing in &layer {
            let open = dependencies[*thing].iter().filter(|d| !done[d.on] || d.on == *thing);
            sorted.broken.extend(open.map(|d| (*thing, d.on)));
        }
        for thing in &layer {
            done[*thing] = true;
        }
        rest.retain(|thing| !done[*thing]);
        sorted.layers.push(layer);
    }
    sorted.broken.sort_unstable();
    sorted.broken.dedup();
    Ok(sorted)
}

/// The first thing of each circle that waits only for breakable dependencies.
fn weakest(dependencies: &[Vec<Dependency>], done: &[bool], waiting: &[usize]) -> Result<Vec<usize>, Vec<usize>> {
    let breakable = |thing: &usize| dependencies[*thing].iter().all(|d| done[d.on] || d.breakable);
    let first = |circle: Vec<usize>| circle.iter().copied().filter(breakable).min().ok_or(circle);
    let mut found = circles(dependencies, done, waiting).into_iter().map(first).collect::<Result<Vec<usize>, _>>()?;
    found.sort_unstable();
    Ok(found)
}

/// Circles among the waiting things, at least one: following what each waits for must come round.
fn circles(dependencies: &[Vec<Dependency>], done: &[bool], waiting: &[usize]) -> Vec<Vec<usize>> {
    // Unbreakable dependencies first, so that a circle of only such is found where there is one.
    let next = |thing: usize| {
        let open = || dependencies[thing].iter().filter(|d| !done[d.on]);
        open().find(|d| !d.breakable).or_else(|| open().next()).map(|d| d.on)
    };
    let mut seen_from = vec![usize::MAX; dependencies.len()];
    let mut circles = Vec::new();
    for start in waiting {
        let mut path = Vec::new();
        let mut thing = Some(*start);
        while let Some(on) = thing.filter(|on| seen_from[*on] == usize::MAX) {
            seen_from[on] = *start;
            path.push(on);
            thing = next(on);
        }
        let closes = thing.filter(|on| seen_from[*on] == *start);
        if let Some(place) = closes.and_then(|on| path.iter().position(|seen| *seen == on)) {
            circles.push(path.split_off(place));
        }
    }
    circles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(on: usize) -> Dependency {
        Dependency { on, breakable: false }
    }

    fn may(on: usize) -> Dependency {
        Dependency { on, breakable: true }
    }

    #[test]
    fn independent_things_are_one_layer() {
        assert_eq!(layers(&[vec![], vec![]]).expect("sorts").layers, [vec![0, 1]]);
    }

    #[test]
    fn a_chain_is_a_layer_each() {
        assert_eq!(layers(&[vec![needs(1)], vec![needs(2)], vec![]]).expect("sorts").layers, [[2], [1], [0]]);
    }

    #[test]
    fn a_circle_breaks_where_it_may() {
        let sorted = layers(&[vec![may(1)], vec![needs(0)]]).expect("sorts");
        assert_eq!(sorted, Layers { layers: vec![vec![0], vec![1]], broken: vec![(0, 1)] });
    }

    #[test]
    fn a_circle_that_may_not_break_is_named() {
        assert_eq!(layers(&[vec![], vec![needs(2)], vec![needs(1)]]), Err(vec![1, 2]));
    }

    #[test]
    fn who_waits_for_a_circle_is_not_blamed() {
        let sorted = layers(&[vec![needs(1)], vec![may(2)], vec![needs(1)]]).expect("sorts");
        assert_eq!(sorted.layers[0], [1]);
    }
}

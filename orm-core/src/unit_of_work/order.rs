//! Sorting by dependency: tables by their foreign keys, rows by what they reference, operations by what they need.
use std::collections::BTreeMap;

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
/// A circle without a breakable dependency: the positions of the things in it, each before the one that it waits for.
pub(crate) fn layers(dependencies: &[Vec<Dependency>]) -> Result<Layers, Vec<usize>> {
    if dependencies.iter().all(Vec::is_empty) {
        let all: Vec<usize> = (0..dependencies.len()).collect();
        let layers = if all.is_empty() { Vec::new() } else { vec![all] };
        return Ok(Layers { layers, broken: Vec::new() });
    }
    let mut sorted = Layers::default();
    let mut open = Open::of(dependencies);
    let mut ready = open.ready();
    let mut left = dependencies.len();
    while left > 0 {
        if ready.is_empty() {
            ready = weakest(dependencies, &open.done)?;
            for thing in &ready {
                let ignored = dependencies[*thing].iter().filter(|d| !open.done[d.on]);
                sorted.broken.extend(ignored.map(|d| (*thing, d.on)));
            }
        }
        let next = open.finish(&ready);
        left -= ready.len();
        sorted.layers.push(std::mem::replace(&mut ready, next));
    }
    sorted.broken.sort_unstable();
    sorted.broken.dedup();
    Ok(sorted)
}

/// Sorts into batches of one class each, in as few as is easily seen: a class of which all that is left may be done goes
/// before one that would have to be divided, otherwise the lower class. What waits for itself is never done.
pub(crate) fn batches(dependencies: &[Vec<Dependency>], classes: &[usize]) -> Vec<Vec<usize>> {
    let mut open = Open::of(dependencies);
    let mut ready: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut left = vec![0_usize; classes.iter().max().map_or(0, |class| class + 1)];
    classes.iter().for_each(|class| left[*class] += 1);
    open.ready().into_iter().for_each(|thing| ready.entry(classes[thing]).or_default().push(thing));
    let mut batches = Vec::new();
    while !ready.is_empty() {
        let whole = ready.iter().find(|(class, things)| left[**class] == things.len()).map(|(class, _)| *class);
        let Some((class, mut batch)) = whole.and_then(|class| ready.remove_entry(&class)).or_else(|| ready.pop_first())
        else {
            break;
        };
        batch.sort_unstable();
        left[class] -= batch.len();
        open.finish(&batch).into_iter().for_each(|thing| ready.entry(classes[thing]).or_default().push(thing));
        batches.push(batch);
    }
    batches
}

/// What waits for what, while things are done one after another.
struct Open {
    done: Vec<bool>,
    /// For each thing the number of dependencies that are not done.
    waits: Vec<usize>,
    /// For each thing those that depend on it, once for each dependency.
    followers: Vec<Vec<usize>>,
}

impl Open {
    fn of(dependencies: &[Vec<Dependency>]) -> Self {
        let mut followers = vec![Vec::new(); dependencies.len()];
        for (thing, on) in dependencies.iter().enumerate() {
            on.iter().for_each(|dependency| followers[dependency.on].push(thing));
        }
        let waits = dependencies.iter().map(Vec::len).collect();
        Self { done: vec![false; dependencies.len()], waits, followers }
    }

    fn ready(&self) -> Vec<usize> {
        (0..self.waits.len()).filter(|thing| self.waits[*thing] == 0).collect()
    }

    /// These are done: gives what waits for nothing any more, in order.
    fn finish(&mut self, things: &[usize]) -> Vec<usize> {
        things.iter().for_each(|thing| self.done[*thing] = true);
        let mut ready = Vec::new();
        for thing in things {
            for follower in std::mem::take(&mut self.followers[*thing]) {
                self.waits[follower] -= 1;
                if self.waits[follower] == 0 && !self.done[follower] {
                    ready.push(follower);
                }
            }
        }
        ready.sort_unstable();
        ready
    }
}

/// The first thing of each circle that waits only for breakable dependencies.
fn weakest(dependencies: &[Vec<Dependency>], done: &[bool]) -> Result<Vec<usize>, Vec<usize>> {
    let waiting: Vec<usize> = (0..done.len()).filter(|thing| !done[*thing]).collect();
    let breakable = |thing: &usize| dependencies[*thing].iter().all(|d| done[d.on] || d.breakable);
    let first = |circle: Vec<usize>| circle.iter().copied().filter(breakable).min().ok_or(circle);
    let mut found = circles(dependencies, done, &waiting).into_iter().map(first).collect::<Result<Vec<usize>, _>>()?;
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
mod tests;

use super::*;
use proptest::{collection::vec, prelude::*};

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

#[test]
fn what_is_whole_goes_before_what_would_be_divided() {
    // The second of class 1 waits for class 0, of which one waits for nothing.
    let dependencies = [vec![], vec![], vec![needs(0)], vec![needs(1)]];
    assert_eq!(batches(&dependencies, &[0, 1, 1, 0]), [vec![0], vec![1, 2], vec![3]]);
    assert_eq!(batches(&dependencies, &[0, 0, 1, 1]), [vec![0, 1], vec![2, 3]]);
}

fn any_graph() -> impl Strategy<Value = Vec<Vec<Dependency>>> {
    (1_usize..9).prop_flat_map(|count| {
        let dependency = (0..count, any::<bool>()).prop_map(|(on, breakable)| Dependency { on, breakable });
        vec(vec(dependency, 0..4), count)
    })
}

/// Dependencies on things before only: no circles.
fn graph_without_circles() -> impl Strategy<Value = Vec<Vec<Dependency>>> {
    any_graph().prop_map(|graph| {
        let before = |(thing, on): (usize, Vec<Dependency>)| on.into_iter().filter(|d| d.on < thing).collect();
        graph.into_iter().enumerate().map(before).collect()
    })
}

/// Whether following unbreakable dependencies comes round.
fn has_hard_circle(graph: &[Vec<Dependency>]) -> bool {
    let mut reach: Vec<Vec<bool>> = vec![vec![false; graph.len()]; graph.len()];
    for (thing, on) in graph.iter().enumerate() {
        on.iter().filter(|d| !d.breakable).for_each(|d| reach[thing][d.on] = true);
    }
    for middle in 0..graph.len() {
        let onward = reach[middle].clone();
        for row in reach.iter_mut().filter(|row| row[middle]) {
            row.iter_mut().zip(&onward).for_each(|(there, on)| *there |= *on);
        }
    }
    (0..graph.len()).any(|thing| reach[thing][thing])
}

fn places(groups: &[Vec<usize>], count: usize) -> Vec<Option<usize>> {
    let mut places = vec![None; count];
    for (place, group) in groups.iter().enumerate() {
        group.iter().for_each(|thing| assert_eq!(places[*thing].replace(place), None, "{thing} comes twice"));
    }
    places
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_dependency_is_kept_or_broken_where_it_may(graph in any_graph()) {
        let Ok(sorted) = layers(&graph) else { return Ok(()) };
        let places = places(&sorted.layers, graph.len());
        prop_assert!(places.iter().all(Option::is_some) && sorted.layers.iter().all(|layer| layer.is_sorted()));
        for (thing, dependency) in graph.iter().enumerate().flat_map(|(thing, on)| on.iter().map(move |d| (thing, d))) {
            let broken = sorted.broken.contains(&(thing, dependency.on));
            prop_assert!(places[dependency.on] < places[thing] || broken && dependency.breakable);
        }
        prop_assert_eq!(layers(&graph), Ok(sorted));
    }

    #[test]
    fn only_circles_that_cannot_be_opened_are_errors(graph in any_graph()) {
        match layers(&graph) {
            Ok(_) => prop_assert!(!has_hard_circle(&graph)),
            Err(circle) => for (place, thing) in circle.iter().enumerate() {
                let next = circle[(place + 1) % circle.len()];
                prop_assert!(graph[*thing].iter().any(|d| d.on == next && !d.breakable));
            },
        }
    }

    #[test]
    fn without_circles_nothing_is_broken_and_layers_are_few(graph in graph_without_circles()) {
        let sorted = layers(&graph).expect("there is no circle");
        prop_assert!(sorted.broken.is_empty());
        let mut depths = vec![0; graph.len()];
        for (thing, on) in graph.iter().enumerate() {
            depths[thing] = on.iter().map(|d| depths[d.on] + 1).max().unwrap_or(0);
        }
        prop_assert_eq!(sorted.layers.len(), depths.into_iter().max().unwrap_or(0) + 1);
    }

    #[test]
    fn batches_keep_dependencies_and_classes(graph in graph_without_circles(), classes in vec(0_usize..3, 9)) {
        let classes = &classes[..graph.len()];
        let batches = batches(&graph, classes);
        let places = places(&batches, graph.len());
        prop_assert!(places.iter().all(Option::is_some));
        prop_assert!(batches.iter().all(|batch| batch.iter().all(|thing| classes[*thing] == classes[batch[0]])));
        for (thing, on) in graph.iter().enumerate() {
            prop_assert!(on.iter().all(|d| places[d.on] < places[thing]));
        }
    }
}

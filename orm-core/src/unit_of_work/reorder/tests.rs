//! Random changes of a small database, planned and run against a database that checks each constraint after each row.
use super::{Stored, reorder};
use crate::{
    model::Node,
    relation::Derived,
    schema::{Action, Column, Reference, Table, Unique},
    sql::tests::models::{User, column},
    unit_of_work::plan::{Delete, Insert, New, Part, Plan, Removed, Source, Step, Written},
    value::{Key, SqlType, Value, is_null},
};
use proptest::{collection::vec, prelude::*, sample::subsequence};
use std::{any::TypeId, collections::BTreeMap, fmt};

const fn to(table: fn() -> &'static Table) -> Option<Reference> {
    Some(Reference { table, column: 0, on_delete: Action::NoAction, on_update: Action::NoAction })
}

const fn table(name: &'static str, id: fn() -> TypeId, columns: &'static [Column]) -> Table {
    Table {
        id,
        model: name,
        name,
        schema: None,
        columns,
        primary_key: &[0],
        uniques: &[],
        indexes: &[],
        checks: &[],
        relationships: &[],
        read_only: false,
        soft_delete: None,
        criteria: &[],
        operations: crate::model::operations::<User>(None, Derived::NONE),
    }
}

/// `id`, a required unique code, a unique label that may be null.
fn parents() -> &'static Table {
    struct Parents;
    const CODE: Column = Column { unique: true, max_length: Some(8), ..column("code", SqlType::Text) };
    const LABEL: Column = Column { unique: true, nullable: true, ..column("label", SqlType::Text) };
    static TABLE: Table = table("parents", TypeId::of::<Parents>, &[column("id", SqlType::I64), CODE, LABEL]);
    &TABLE
}

/// `id`, a required parent, a number that is unique within its parent, a twin that may be null.
fn children() -> &'static Table {
    struct Children;
    const PARENT: Column = Column { references: to(parents), ..column("parent", SqlType::I64) };
    const TWIN: Column = Column { nullable: true, references: to(children), ..column("twin", SqlType::I64) };
    static TABLE: Table = Table {
        uniques: &[Unique { columns: &[1, 2] }],
        ..table(
            "children",
            TypeId::of::<Children>,
            &[column("id", SqlType::I64), PARENT, column("number", SqlType::I64), TWIN],
        )
    };
    &TABLE
}

const TABLES: [fn() -> &'static Table; 2] = [parents, children];

/// Rows by table and key.
#[derive(Clone, Default, PartialEq)]
struct World(BTreeMap<Node, Vec<Value>>);

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (node, row) in &self.0 {
            let row = Key::of(row.iter().map(Key::from));
            write!(f, "{} {row} ", TABLES[node.chunk as usize]().name)?;
        }
        Ok(())
    }
}

fn node(table: usize, id: usize) -> Node {
    Node { chunk: table as u32, row: id as u32 }
}

fn number(id: usize) -> Value {
    Value::BigInt(Some(id as i64))
}

impl Stored for World {
    fn stored(&self, node: Node, column: u16) -> Value {
        self.0[&node][usize::from(column)].clone()
    }

    fn name(&self, node: Node) -> String {
        format!("{node:?}")
    }
}

impl World {
    fn rows(&self, table: usize) -> impl Iterator<Item = (&Node, &Vec<Value>)> {
        self.0.iter().filter(move |(node, _)| node.chunk == table as u32)
    }

    /// Whether all constraints hold.
    fn check(&self) -> Result<(), String> {
        for (place, table) in TABLES.iter().map(|table| table()).enumerate() {
            for key in super::token::Keys::of(table).uniques {
                let mut seen = std::collections::BTreeSet::new();
                for (node, row) in self.rows(place) {
                    let key = Key::of(key.iter().map(|column| Key::from(&row[usize::from(*column)])));
                    if !key.has_null() && !seen.insert(key.clone()) {
                        return Err(format!("{} {node:?} has {key} twice", table.name));
                    }
                }
            }
            for key in table.foreign_keys() {
                let target = usize::from(key.target == children());
                for (node, row) in self.rows(place) {
                    let value = &row[usize::from(key.columns[0])];
                    if !is_null(value) && !self.rows(target).any(|(_, row)| row[0] == *value) {
                        return Err(format!("{} {node:?} names {value:?}, which is not there", table.name));
                    }
                }
            }
        }
        Ok(())
    }

    /// Runs a plan row by row; a database may take the rows of a statement in any order.
    fn run(mut self, plan: &Plan, reversed: bool) -> Result<Self, String> {
        for step in &plan.steps {
            let mut changes = changes(step);
            if reversed {
                changes.reverse();
            }
            for (node, change) in changes {
                match change {
                    Some(values) if values.len() == TABLES[node.chunk as usize]().columns.len() => {
                        let row = values.into_iter().map(|(_, value)| value).collect();
                        self.0.insert(node, row);
                    }
                    Some(values) => {
                        let row = self.0.get_mut(&node).ok_or("a row is gone")?;
                        values.into_iter().for_each(|(column, value)| row[usize::from(column)] = value);
                    }
                    None => _ = self.0.remove(&node).ok_or("a row is gone")?,
                }
                self.check()?;
            }
        }
        Ok(self)
    }
}

type Change = (Node, Option<Vec<(u16, Value)>>);

fn changes(step: &Step) -> Vec<Change> {
    let written = |columns: &[u16], (node, sources): (Node, &[Source])| -> Change {
        let value = |source: &Source| match source {
            Source::Value(value) => value.clone(),
            Source::Inserted { .. } => unreachable!("all keys are known"),
        };
        (node, Some(columns.iter().copied().zip(sources.iter().map(value)).collect()))
    };
    match step {
        Step::Insert(insert) => {
            let rows = insert.rows.iter().enumerate();
            rows.map(|(place, row)| written(&insert.columns, (row.node, insert.values_of(place)))).collect()
        }
        Step::Update(update) => {
            update.rows.iter().map(|row| written(&update.columns, (row.node, &row.values))).collect()
        }
        Step::Delete(delete) => delete.rows.iter().map(|row| (row.node, None)).collect(),
        Step::Link(_) => Vec::new(),
    }
}

/// The plan as the tables order it, with no regard to unique values: new rows name their twins afterwards, deleted rows
/// give theirs up before.
fn plan(before: &World, after: &World) -> Plan {
    let mut steps = Vec::new();
    let inserted = |table: usize| after.rows(table).filter(|(node, _)| !before.0.contains_key(node));
    for table in 0..2 {
        updates(before, after, table, &mut steps);
    }
    for (place, table) in TABLES.iter().map(|table| table()).enumerate() {
        let columns: Vec<u16> = (0..table.columns.len() as u16).collect();
        let alone = |row: &Vec<Value>| {
            let mut row = row.clone();
            row.iter_mut().skip(3).for_each(|twin| *twin = Value::BigInt(None));
            row
        };
        let mut insert = Insert { columns, ..Insert::new(table) };
        for (node, row) in inserted(place) {
            insert.rows.push(New { node: *node, version: None });
            insert.values.extend(alone(row).into_iter().map(Source::Value));
        }
        if !insert.rows.is_empty() {
            steps.push(Step::Insert(insert));
        }
    }
    let mut later = Vec::new();
    let twins = inserted(1).filter(|(_, row)| !is_null(&row[3]));
    twins.for_each(|(node, row)| push(&mut later, 1, Part::All, vec![3], written(*node, true, vec![row[3].clone()])));
    let gone = |table: usize| before.rows(table).filter(|(node, _)| !after.0.contains_key(node));
    gone(1).filter(|(_, row)| !is_null(&row[3])).for_each(|(node, _)| {
        push(&mut later, 1, Part::Interim, vec![3], written(*node, true, vec![Value::BigInt(None)]));
    });
    steps.extend(later);
    for table in [1, 0] {
        let removed = |node: &Node| Removed { node: *node, key: vec![number(node.row as usize)], lock: None };
        let rows: Vec<Removed> = gone(table).map(|(node, _)| removed(node)).collect();
        if !rows.is_empty() {
            steps.push(Step::Delete(Delete { table: TABLES[table](), rows }));
        }
    }
    Plan { steps, ..Plan::default() }
}

fn updates(before: &World, after: &World, table: usize, steps: &mut Vec<Step>) {
    for (node, row) in after.rows(table) {
        let Some(old) = before.0.get(node) else { continue };
        let columns: Vec<u16> =
            (0..row.len() as u16).filter(|c| row[usize::from(*c)] != old[usize::from(*c)]).collect();
        if !columns.is_empty() {
            let values = columns.iter().map(|column| row[usize::from(*column)].clone()).collect();
            push(steps, table, Part::All, columns, written(*node, true, values));
        }
    }
}

fn written(node: Node, there: bool, values: Vec<Value>) -> Written {
    let key = if there { vec![Source::Value(number(node.row as usize))] } else { Vec::new() };
    Written { key, values: Source::values(values), ..Written::of(New { node, version: None }) }
}

fn push(steps: &mut Vec<Step>, table: usize, part: Part, columns: Vec<u16>, row: Written) {
    crate::unit_of_work::planner::push_update(steps, (TABLES[table](), part), &columns, row);
}

/// Which rows there are, and what they hold: places in lists of values, so that no two hold the same.
fn world() -> impl Strategy<Value = World> {
    let ids = || subsequence((0..5).collect::<Vec<usize>>(), 1..=5);
    let order = || Just((0..5).collect::<Vec<usize>>()).prop_shuffle();
    let children = (ids(), vec(0_usize..5, 5), order(), vec(proptest::option::of(0_usize..5), 5));
    (ids(), order(), vec(proptest::option::of(Just(())), 5), order(), children).prop_map(
        |(ids, codes, labelled, labels, (child_ids, parents, numbers, twins))| {
            let text = |place: usize| Value::String(Some(format!("v{place}")));
            let mut world = World::default();
            for id in &ids {
                let label = labelled[*id].map_or(Value::String(None), |()| text(labels[*id]));
                world.0.insert(node(0, *id), vec![number(*id), text(codes[*id]), label]);
            }
            for id in &child_ids {
                let twin = twins[*id].map(|twin| child_ids[twin % child_ids.len()]);
                let twin = twin.filter(|twin| twin != id).map_or(Value::BigInt(None), number);
                let parent = number(ids[parents[*id] % ids.len()]);
                world.0.insert(node(1, *id), vec![number(*id), parent, number(numbers[*id] % 3 + *id / 3 * 3), twin]);
            }
            world
        },
    )
}

fn valid_world() -> impl Strategy<Value = World> {
    world().prop_filter("two children of a parent have one number", |world| world.check().is_ok())
}

/// Children by their parents and numbers, numbered from 0, and the ids of the parents; all but the first have one code.
fn family(parents: &[usize], children: &[(usize, usize)]) -> World {
    let text = |id: usize| Value::String(Some(format!("v{}", id.min(1))));
    let parents = parents.iter().map(|id| (node(0, *id), vec![number(*id), text(*id), Value::String(None)]));
    let row = |(id, (parent, place)): (usize, &(usize, usize))| {
        (node(1, id), vec![number(id), number(*parent), number(*place), Value::BigInt(None)])
    };
    World(parents.chain(children.iter().enumerate().map(row)).collect())
}

/// Whether the plan leads from one to the other, whatever the order of the rows of a statement.
fn assert_is_reached(before: &World, after: &World) {
    let plan = reorder(plan(before, after), before).expect("an order");
    for reversed in [false, true] {
        assert_eq!(before.clone().run(&plan, reversed).as_ref(), Ok(after), "{plan}");
    }
}

#[test]
fn a_row_whose_new_parent_comes_late_keeps_its_new_number() {
    let before = family(&[0, 2], &[(0, 2), (2, 1), (0, 0)]);
    let after = family(&[0, 1], &[(1, 0), (0, 0), (0, 2)]);
    assert_is_reached(&before, &after);
}

#[test]
fn half_of_a_unique_value_is_not_taken_before_the_other() {
    // The first child stays where the second one would be if it took its number before its parent.
    let before = family(&[0, 2], &[(0, 1), (0, 0), (2, 0)]);
    let after = family(&[0, 1], &[(0, 1), (1, 1), (0, 0)]);
    assert_is_reached(&before, &after);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_never_breaks_a_constraint(before in valid_world(), after in valid_world()) {
        let plan = reorder(plan(&before, &after), &before).expect("all unique values have a substitute");
        for reversed in [false, true] {
            let reached = before.clone().run(&plan, reversed);
            prop_assert_eq!(reached.as_ref(), Ok(&after), "{}", plan);
        }
    }

    #[test]
    fn an_order_is_always_the_same(before in valid_world(), after in valid_world()) {
        let plans = [(); 2].map(|()| reorder(plan(&before, &after), &before).expect("it has an order").to_string());
        prop_assert_eq!(&plans[0], &plans[1]);
    }
}

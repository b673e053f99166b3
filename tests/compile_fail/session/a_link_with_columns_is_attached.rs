//! A member of a many-to-many whose link needs a column of its own.
use orm::prelude::*;

#[derive(Model)]
pub struct Student {
    #[orm(primary_key)]
    pub id: i64,
    #[orm(through(Enrollment::student, Enrollment::course))]
    pub courses: ManyToMany<Course>,
}

#[derive(Model)]
pub struct Course {
    #[orm(primary_key)]
    pub id: i64,
    pub title: String,
}

#[derive(Model)]
pub struct Enrollment {
    #[orm(primary_key)]
    pub student_id: i64,
    #[orm(primary_key)]
    pub course_id: i64,
    pub grade: i32,
    pub student: BelongsTo<Student>,
    pub course: BelongsTo<Course>,
}

fn enroll(student: Entity<'_, Student>) -> orm::Result<()> {
    student.courses().attach([1])
}

fn main() {}

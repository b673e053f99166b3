//! Links: what is written of them, links that are there already, links with columns of their own.
use crate::models::{Post, Role, Tag, User, UserRole, blog, shop};
use orm::{Result, prelude::*, schema::Schema};
use orm_test_support::{TestDb, on_every_database, statements};

on_every_database! {
    blog:
    linking_again_what_the_database_has_is_no_error,
    links_made_before_a_load_are_merged_into_it,
    links_change_no_row_of_their_ends,
    setting_the_members_writes_the_links_that_differ,
}

mod through_a_model {
    use super::*;

    on_every_database! { shop: a_link_model_is_made_by_push_and_read_as_rows }

    async fn a_link_model_is_made_by_push_and_read_as_rows(db: TestDb) -> Result<()> {
        let session = db.session();
        let user = session.add(User::builder().email("a"));
        let pushed = user.roles().push(Role::builder().name("r1"))?;
        let added = session.add(Role::builder().name("r2"));
        session.add(UserRole::builder().user(user).role(added).granted_by("boss"));
        session.commit().await?;
        let reading = db.session();
        let links = UserRole::query().order_by(UserRole::role_id.asc()).all(&reading).await?;
        let granted: Vec<(i64, &str)> = links.iter().map(|link| (link.role_id, link.granted_by.as_str())).collect();
        assert_eq!(granted, [(pushed.id, "self"), (added.id, "boss")]);
        links[0].set(UserRole::granted_by, "chief");
        reading.delete(links[1]);
        reading.commit().await?;
        let user = User::query().one(&reading).await?;
        assert_eq!(user.roles().await?.iter().map(|role| role.id).collect::<Vec<_>>(), [pushed.id]);
        assert_eq!(UserRole::query().select(UserRole::granted_by).all(&*db).await?, ["chief"]);
        let by_boss = User::roles.any(Role::name.eq("r1"));
        assert_eq!(User::query().filter(by_boss).count(&*db).await?, 1);
        Ok(())
    }
}

mod with_columns {
    use super::*;

    on_every_database! {
        school:
        a_link_with_columns_of_its_own_is_a_row_with_two_parents,
        a_link_with_columns_of_its_own_is_replaced,
    }

    fn school() -> Schema {
        orm::schema![Student, Course, Enrollment]
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Student {
        #[orm(primary_key)]
        id: i64,
        #[orm(back_populates = student, cascade(all, delete_orphan))]
        enrollments: HasMany<Enrollment>,
        #[orm(through(Enrollment::student, Enrollment::course))]
        courses: ManyToMany<Course>,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Course {
        #[orm(primary_key)]
        id: i64,
        title: String,
        #[orm(back_populates = course, cascade(all, delete_orphan))]
        enrollments: HasMany<Enrollment>,
    }

    #[derive(Model, Clone, Debug, PartialEq)]
    struct Enrollment {
        #[orm(primary_key)]
        student_id: i64,
        #[orm(primary_key)]
        course_id: i64,
        grade: i32,
        #[orm(back_populates = enrollments)]
        student: BelongsTo<Student>,
        #[orm(back_populates = enrollments)]
        course: BelongsTo<Course>,
    }

    async fn a_link_with_columns_of_its_own_is_a_row_with_two_parents(db: TestDb) -> Result<()> {
        let session = db.session();
        let course = session.add(Course::builder().title("c"));
        let student = session.add(Student::builder().enrollments([Enrollment::builder().course(course).grade(2)]));
        session.commit().await?;
        let link = student.enrollments().loaded()?.first().expect("it was given");
        assert_eq!((link.student_id, link.course_id, session.statement_count()), (student.id, course.id, 3));
        assert_eq!(course.enrollments().loaded()?.first(), Some(link));
        assert_eq!(student.courses().await?.iter().collect::<Vec<_>>(), [course], "read through the link");
        link.set(Enrollment::grade, 1);
        session.commit().await?;
        assert_eq!(Enrollment::query().one(&*db).await?.grade, 1);
        Ok(())
    }

    async fn a_link_with_columns_of_its_own_is_replaced(db: TestDb) -> Result<()> {
        let session = db.session();
        let [first, second] = ["c1", "c2"].map(|title| session.add(Course::builder().title(title)));
        let student = session.add(Student::builder().enrollments([Enrollment::builder().course(first).grade(2)]));
        session.commit().await?;
        student.enrollments().set([Enrollment::builder().course(second).grade(3)]).await?;
        session.commit().await?;
        let stored = Enrollment::query().one(&*db).await?;
        assert_eq!((stored.course_id, stored.grade), (second.id, 3));
        assert!(first.enrollments().loaded()?.is_empty());
        Ok(())
    }
}

/// A post with the tags t1 and t2, and t3.
async fn tagged(db: &TestDb) -> Result<()> {
    let session = db.session();
    let tags = ["t1", "t2", "t3"].map(|name| session.add(Tag::builder().name(name)));
    session.add(Post::builder().title("p").tags([tags[0], tags[1]]));
    session.commit().await
}

async fn tags_of_the_post(db: &TestDb) -> Result<Vec<String>> {
    let tags = Tag::query().filter(Tag::posts.any(Post::id.eq(1))).order_by(Tag::id.asc());
    tags.select(Tag::name).all(&**db).await
}

async fn linking_again_what_the_database_has_is_no_error(db: TestDb) -> Result<()> {
    tagged(&db).await?;
    let session = db.session();
    let (post, tag) = (session.get_one::<Post>(1).await?, session.get_one::<Tag>(1).await?);
    tag.posts().push(post)?;
    post.tags().push(tag)?;
    assert!(!post.tags().is_loaded() && !tag.posts().is_loaded());
    session.commit().await?;
    assert_eq!(tags_of_the_post(&db).await?, ["t1", "t2"]);
    assert_eq!((post.tags().await?.len(), tag.posts().await?.len()), (2, 1));
    Ok(())
}

async fn links_made_before_a_load_are_merged_into_it(db: TestDb) -> Result<()> {
    tagged(&db).await?;
    let session = db.session();
    let post = session.get_one::<Post>(1).await?;
    let [first, third] = [session.get_one::<Tag>(1).await?, session.get_one::<Tag>(3).await?];
    third.posts().push(post)?;
    first.posts().remove(post)?;
    let loaded = session.no_autoflush(async || post.tags().await).await?;
    assert_eq!(loaded.iter().map(|tag| tag.value().name.as_str()).collect::<Vec<_>>(), ["t2", "t3"]);
    session.commit().await?;
    assert_eq!(tags_of_the_post(&db).await?, ["t2", "t3"]);
    Ok(())
}

async fn links_change_no_row_of_their_ends(db: TestDb) -> Result<()> {
    tagged(&db).await?;
    let session = db.session();
    let post = session.get_one::<Post>(1).await?;
    let [first, third] = [session.get_one::<Tag>(1).await?, session.get_one::<Tag>(3).await?];
    post.tags().remove(first)?;
    post.tags().push(third)?;
    assert!(!session.is_modified(post) && !session.is_modified(first));
    let (_, sent) = statements!(session, session.commit().await?);
    assert_eq!((sent, tags_of_the_post(&db).await?), (2, vec!["t2".to_owned(), "t3".to_owned()]));
    Ok(())
}

async fn setting_the_members_writes_the_links_that_differ(db: TestDb) -> Result<()> {
    tagged(&db).await?;
    let session = db.session();
    let post = session.get_one::<Post>(1).await?;
    let tags: Vec<_> = Tag::query().order_by(Tag::id.asc()).all(&session).await?;
    post.tags().set([tags[1], tags[0]]).await?;
    assert_eq!((session.has_changes(), post.tags().loaded()?.first()), (false, Some(tags[1])));
    post.tags().set([tags[2], tags[1]]).await?;
    assert_eq!((post.tags().added(), post.tags().removed()), (vec![tags[2]], vec![tags[0]]));
    assert_eq!(statements!(session, session.commit().await?).1, 2, "one link less, one more");
    assert_eq!(tags_of_the_post(&db).await?, ["t2", "t3"]);
    Ok(())
}

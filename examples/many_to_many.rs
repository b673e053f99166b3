//! Many to many: posts with tags (a plain link), and students in courses (a link with a payload).
//!
//! The link is a model of its own with two `BelongsTo`. Where it has nothing but its two keys (or defaults for the rest), the
//! two sides are pushed to each other directly. Where it carries required data, `push` does not compile: the link is added
//! itself, and the many-to-many is there to read.
use orm::prelude::*;

#[derive(Model, Clone, Debug)]
struct Post {
    #[orm(primary_key)]
    id: i64,
    title: String,
    #[orm(through(PostTag::post, PostTag::tag), back_populates = posts, order_by = Tag::name)]
    tags: ManyToMany<Tag>,
}

#[derive(Model, Clone, Debug)]
struct Tag {
    #[orm(primary_key)]
    id: i64,
    #[orm(unique, max_length = 50)]
    name: String,
    #[orm(through(PostTag::tag, PostTag::post), back_populates = tags)]
    posts: ManyToMany<Post>,
}

#[derive(Model, Clone, Debug)]
struct PostTag {
    #[orm(primary_key)]
    post_id: i64,
    #[orm(primary_key)]
    tag_id: i64,
    post: BelongsTo<Post>,
    tag: BelongsTo<Tag>,
}

#[derive(Model, Clone, Debug)]
struct Student {
    #[orm(primary_key)]
    id: i64,
    name: String,
    #[orm(back_populates = student, cascade(all, delete_orphan))]
    enrolments: HasMany<Enrolment>,
    #[orm(through(Enrolment::student, Enrolment::course), back_populates = students)]
    courses: ManyToMany<Course>,
}

#[derive(Model, Clone, Debug)]
struct Course {
    #[orm(primary_key)]
    id: i64,
    title: String,
    #[orm(through(Enrolment::course, Enrolment::student), back_populates = courses)]
    students: ManyToMany<Student>,
}

#[derive(Model, Clone, Debug)]
struct Enrolment {
    #[orm(primary_key)]
    student_id: i64,
    #[orm(primary_key)]
    course_id: i64,
    semester: String, // the payload
    grade: Option<i32>,
    #[orm(back_populates = enrolments)]
    student: BelongsTo<Student>,
    course: BelongsTo<Course>,
}

#[tokio::main]
async fn main() -> Result<(), orm::Error> {
    let db = Db::connect("sqlite::memory:").await?;
    orm::schema![Post, Tag, PostTag, Student, Course, Enrolment].create_all(&db).await?;
    plain_link(&db).await?;
    link_with_payload(&db).await
}

async fn plain_link(db: &Db) -> Result<(), orm::Error> {
    let session = db.session();
    let [rust, sql, news] = ["rust", "sql", "news"].map(|name| session.add(Tag::builder().name(name)));
    let first = session.add(Post::builder().title("An ORM for Rust").tags([rust, sql]));
    let second = session.add(Post::builder().title("Release notes"));
    second.tags().push(rust)?;
    second.tags().push(Tag::builder().name("releases"))?; // a new tag, with its link
    assert_eq!(rust.posts().loaded()?.len(), 2); // the other side knows
    session.commit().await?;
    println!("2 posts, 4 tags and 4 links in {} statements", session.statement_count());
    assert_eq!(session.statement_count(), 3);

    first.tags().remove(sql)?;
    session.commit().await?;
    assert!(sql.posts().loaded()?.is_empty());

    // By key, with nothing loaded: links are written if they are not there yet, and taken away.
    let web = db.session();
    let post = web.get_one::<Post>(first.id).await?;
    post.tags().attach([news.id, rust.id])?;
    post.tags().detach([sql.id])?;
    web.commit().await?;
    println!("attached and detached by key in {} statements", web.statement_count());

    for post in Post::query().with(Post::tags).order_by(Post::id).all(db).await? {
        println!("  {}: {:?}", post.title, post.tags.get()?.iter().map(|tag| &tag.name).collect::<Vec<_>>());
    }
    let about_rust = Post::query().filter(Post::tags.any(Tag::name.eq("rust"))).count(db).await?;
    assert_eq!((about_rust, PostTag::query().count(db).await?), (2, 4));
    Ok(())
}

async fn link_with_payload(db: &Db) -> Result<(), orm::Error> {
    let session = db.session();
    let [algebra, logic] = ["Algebra", "Logic"].map(|title| session.add(Course::builder().title(title)));
    let emmy = session.add(Student::builder().name("Emmy"));
    // `emmy.courses().push(algebra)` would not compile: who would give the semester?
    let enrolment = emmy.enrolments().push(Enrolment::builder().course(algebra).semester("spring"))?;
    session.add(Enrolment::builder().student(emmy).course(logic).semester("autumn"));
    session.commit().await?;
    enrolment.set(Enrolment::grade, 1);
    session.commit().await?;

    let reading = db.session();
    let emmy = Student::query()
        .with((Student::courses, Student::enrolments.selectin().with(Enrolment::course)))
        .one(&reading)
        .await?;
    println!("{} in {} courses:", emmy.name, emmy.courses().loaded()?.len());
    for enrolment in emmy.enrolments().loaded()? {
        let (course, grade) = (enrolment.course().loaded()?, enrolment.grade);
        println!(
            "  {} in {}, grade {}",
            course.title,
            enrolment.semester,
            grade.map_or("open".into(), |grade| grade.to_string())
        );
    }
    println!("read in {} statements", reading.statement_count());
    assert_eq!((emmy.courses().loaded()?.len(), reading.statement_count()), (2, 3));

    // Leaving a course is deleting the link.
    let left = emmy.enrolments().loaded()?.first().ok_or_else(|| orm::Error::other("Emmy is enrolled"))?;
    emmy.enrolments().remove(left)?;
    reading.commit().await?;
    assert_eq!((Enrolment::query().count(db).await?, Course::query().count(db).await?), (1, 2));
    Ok(())
}

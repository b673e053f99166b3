use orm::prelude::*;

#[derive(Model, Clone)]
#[orm(before_save = User::tidy)]
pub struct User {
    #[orm(primary_key)]
    pub id: i64,
    pub name: String,
}

impl User {
    fn tidy(&mut self, session: &Session) -> orm::Result<()> {
        session.add(self.clone());
        Ok(())
    }
}

fn main() {}

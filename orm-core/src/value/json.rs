/// A column that holds JSON.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

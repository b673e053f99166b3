//! A driver without a database: it writes down what it is given and answers from a script.
//!
//! What is above the driver is tested with it: which statements are sent, in which order, and what happens when one of
//! them fails or its future is dropped.
mod connection;
mod script;

pub use script::{Answer, Call, Failure, Interruption, Recorder};

use super::{BoxFuture, Connection, Dialect, Driver};
use crate::error::Result;
use std::sync::Arc;

impl Driver for Recorder {
    fn dialect(&self) -> Dialect {
        self.shared.dialect
    }

    fn acquire(&self) -> BoxFuture<'_, Result<Box<dyn Connection>>> {
        Box::pin(async {
            self.shared.call(Call::Acquire).await?;
            let connection = connection::Recorded::new(Arc::clone(&self.shared));
            Ok(Box::new(connection) as Box<dyn Connection>)
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

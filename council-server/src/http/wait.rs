//! Waiting for news: an answer that has nothing to say yet waits for a bell, for its time, or for the end of the server. While it
//! waits it holds neither a thread nor the database; what it may say is decided anew each time it asks.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::App;
use super::reply::Refusal;
use crate::faction::bells::Topic;

/// Asks until there is something, at most for `patience`; the last answer then, whatever it is.
pub(crate) async fn wait_for<T, F>(
    app: &App,
    topic: Topic,
    patience: Duration,
    mut ask: impl FnMut() -> F,
    mut is_there: impl FnMut(&T) -> bool,
) -> Result<T, Refusal>
where
    F: Future<Output = Result<T, Refusal>>,
{
    // Listens before it asks: what comes in between is heard.
    let mut listening = app.server.bells().listen(topic);
    let deadline = Instant::now() + patience;
    let mut stopping = app.stopping();
    loop {
        let found = ask().await?;
        if is_there(&found) || Instant::now() >= deadline || *stopping.borrow() {
            return Ok(found);
        }
        tokio::select! {
            () = listening.rung() => {}
            () = sleep_until(deadline) => {}
            // An error: nobody is there any more who could stop the server; it ends with the process.
            _ = stopping.wait_for(|is_stopping| *is_stopping) => {}
        }
    }
}

//! Server-sent events: one stream for each open page.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use tokio::sync::watch::Receiver;

use super::snapshot::{Changes, Snapshot};

/// The interval after which a browser reconnects; the default would be several seconds.
const RETRY: Duration = Duration::from_millis(500);

/// Sends every state from now on, beginning with the current one.
pub(super) fn stream(newest: Receiver<Arc<Snapshot>>) -> Response {
    let told = stream::unfold((newest, 0), |(mut newest, last)| async move {
        if last > 0 {
            // Fails if the rebuilder has ended; then there are no more states.
            newest.changed().await.ok()?;
        }
        let (number, event) = {
            let shown = newest.borrow_and_update();
            (shown.number, event(&shown, last))
        };
        Some((Ok::<_, Infallible>(event), (newest, number)))
    });
    Sse::new(told)
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// Returns the event for a state, if `last` is the last one that the browser received.
fn event(shown: &Snapshot, last: u64) -> Event {
    let changes = if last + 1 == shown.number && last > 0 {
        shown.changes.clone().shortened()
    } else {
        Changes {
            many: true,
            follow: shown.changes.follow.clone().filter(|_| last > 0),
            ..Changes::default()
        }
    };
    let changes = serde_json::to_string(&changes).expect("changes hold texts only");
    let event = Event::default().event("state").retry(RETRY);
    event.data(format!(
        r#"{{"number":{},"changes":{changes},"faults":{}}}"#,
        shown.number, shown.faults
    ))
}

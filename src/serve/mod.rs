//! **Who asks over HTTP?** A page for editors, an API for programs and a feed, reading the desk and never writing the wire.
//!
//! Every answer passes the gate at the moment it is given; nothing is kept between two of them, so that a story that was
//! killed is gone from the next one. The page asks again each second. [`Door`] says who is let in.

mod api;
mod door;
mod feed;
mod ledger;
mod page;
mod question;
mod readers;

use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::middleware;
use tokio::net::TcpListener;

pub use door::{Door, DoorError};
use readers::Readers;

/// Answers on `listener` from the desk in `data_dir` until `stop` is ready; what is being answered then is finished.
///
/// # Errors
/// When the network refuses.
pub async fn run(
    listener: TcpListener,
    data_dir: &Path,
    door: Door,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let readers = Arc::new(Readers::of(data_dir));
    let rooms =
        Router::new().merge(page::routes()).merge(api::routes()).merge(feed::routes()).with_state(readers);
    let guarded = rooms.layer(middleware::from_fn_with_state(Arc::new(door), door::guard));
    axum::serve(listener, guarded).with_graceful_shutdown(stop).await
}

//! The page behind a feed's item: one plain GET, by the same client and under the same limits as any feed.

use super::client::Client;
use super::error::{Cause, FetchError};
use super::fetched::{Limits, Outcome};
use super::http::Http;
use crate::wire::{Cursor, Delivery};

/// Bytes of a page after decompression, at most: pages of newspapers have a tenth of that.
const MOST: u64 = 4 << 20;

/// Fetches a page. Nothing of the feed goes with the question: no secret, no certificate, and no right to private
/// addresses but the one that every feed has, since it is the document that names the address and not the operator.
///
/// # Errors
/// [`FetchError`] as of a feed.
pub async fn page(address: &str, client: &Client, limits: &Limits) -> Result<Delivery, FetchError> {
    let failed = |cause| FetchError { place: address.chars().take(200).collect(), cause };
    let http = Http::at(address).map_err(|reason| failed(Cause::Protocol(reason)))?;
    let limits = Limits { max_bytes: limits.max_bytes.min(MOST), ..limits.clone() };
    let fetched = http.fetch(client, &Cursor::default(), &limits).await?.entire().map_err(failed)?;
    match fetched.outcome {
        Outcome::Deliveries(deliveries) => deliveries.into_iter().next().ok_or_else(|| failed(Cause::Empty)),
        Outcome::NotModified => Err(failed(Cause::Protocol("304 to a question without conditions".into()))),
    }
}

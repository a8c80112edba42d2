//! The floor: the least that a competent programmer would assemble to make feeds searchable.
//!
//! reqwest, 64 requests at a time; feed-rs; straight into Tantivy with its default tokenizer and one commit.
//! Nothing is stored, normalised, deduplicated or remembered: what it leaves out is what wiredesk is for,
//! and what it costs is what wiredesk is measured against.

use std::path::Path;

use futures_util::{StreamExt, stream};
use tantivy::schema::{FAST, INDEXED, STORED, STRING, Schema, TEXT};
use tantivy::{DateTime, Index, TantivyDocument};

const AT_ONCE: usize = 64;

/// Fetches the feeds, indexes their entries under `dir`, and says how many there were.
pub async fn ingest(urls: Vec<String>, dir: &Path) -> usize {
    let mut schema = Schema::builder();
    let key = schema.add_text_field("key", STRING | STORED);
    let headline = schema.add_text_field("headline", TEXT | STORED);
    let byline = schema.add_text_field("byline", TEXT);
    let body = schema.add_text_field("body", TEXT);
    let published = schema.add_date_field("published", INDEXED | FAST);
    let index = Index::create_in_dir(dir, schema.build()).unwrap();
    let mut writer = index.writer::<TantivyDocument>(100_000_000).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();

    let mut bodies = stream::iter(urls).map(|url| get(&client, url)).buffer_unordered(AT_ONCE);
    let mut count = 0;
    while let Some(bytes) = bodies.next().await {
        for entry in feed_rs::parser::parse(&bytes[..]).unwrap().entries {
            let mut document = TantivyDocument::new();
            document.add_text(key, &entry.id);
            document.add_text(headline, entry.title.map(|title| title.content).unwrap_or_default());
            let names = entry.authors.iter().filter_map(|author| author.name.as_deref());
            names.for_each(|name| document.add_text(byline, name));
            document.add_text(body, entry.content.and_then(|content| content.body).unwrap_or_default());
            if let Some(time) = entry.published {
                document.add_date(published, DateTime::from_timestamp_secs(time.timestamp()));
            }
            writer.add_document(document).unwrap();
            count += 1;
        }
    }
    writer.commit().unwrap();
    writer.wait_merging_threads().unwrap();
    count
}

async fn get(client: &reqwest::Client, url: String) -> bytes::Bytes {
    client.get(url).send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap()
}

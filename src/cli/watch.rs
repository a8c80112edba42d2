//! `wiredesk watch`: alerts as they come.

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::output::{self, Shape};
use super::{Common, Outcome};
use crate::search::{Ask, Sort};
use crate::topics::{Alert, Book, Quotes};

/// How often the desk is looked at: a hit is shown within this of its delivery.
const LOOK: Duration = Duration::from_millis(300);
/// The most that is read at a time.
const MOST: usize = 500;

/// Show alerts of topics, or new stories on a query, as they come.
///
/// Runs until stopped. A daemon that runs beside it brings the stories.
#[derive(Debug, clap::Args)]
pub struct Watch {
    /// A topic's name, or a query. Left out: every topic.
    #[arg(value_name = "TOPIC|QUERY")]
    what: Option<String>,
    /// Begin after this alert's number, instead of with what is still to come.
    #[arg(long, value_name = "NUMBER")]
    after: Option<i64>,
    /// Show what there is and end.
    #[arg(long)]
    once: bool,
}

impl Watch {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let dir = common.data_dir()?;
        let book = Book::open_read(&dir)?;
        let topics = book.as_ref().map_or(Ok(Vec::new()), Book::topics)?;
        match &self.what {
            Some(query) if !topics.iter().any(|topic| topic.name == *query) => self.stories(query, common),
            _ => self.alerts(&dir, book, common),
        }
    }

    /// There may be no book yet: the first topic begins it.
    fn alerts(&self, dir: &Path, mut book: Option<Book>, common: &Common) -> anyhow::Result<Outcome> {
        let shape = Shape::chosen(common.json);
        let mut quotes = Quotes::open(dir, common.spellings())?;
        let begin = if self.once { 0 } else { book.as_ref().map_or(Ok(0), Book::last_alert)? };
        let mut last = self.after.unwrap_or(begin);
        loop {
            if book.as_ref().is_none_or(Book::is_outdated) {
                book = Book::open_read(dir)?;
            }
            if quotes.is_outdated() {
                quotes = Quotes::open(dir, common.spellings())?;
            }
            let alerts = book.as_ref().map_or(Ok(Vec::new()), |book| book.alerts_after(last, MOST))?;
            let is_dry = alerts.is_empty();
            for kept in alerts {
                last = kept.alert.alert;
                if self.what.as_ref().is_none_or(|topic| *topic == kept.alert.topic) {
                    show(&quotes.of(kept, Timestamp::now())?, shape)?;
                }
            }
            match (is_dry, self.once) {
                (false, _) => {}
                (true, true) => return Ok(Outcome::Done),
                (true, false) => std::thread::sleep(LOOK),
            }
        }
    }

    /// A query that is nobody's topic: asked again and again, and what was not there before is shown.
    fn stories(&self, query: &str, common: &Common) -> anyhow::Result<Outcome> {
        let mut reader = common.reader()?;
        let spellings = common.spellings();
        let mut seen: HashSet<(String, Option<Timestamp>)> = HashSet::new();
        let mut is_first = !self.once;
        loop {
            let ask = Ask {
                sort: Sort::Newest,
                limit: MOST,
                snippet: 240,
                spellings: Arc::clone(&spellings),
                ..Ask::new(query, Timestamp::now())
            };
            for hit in reader.search(&ask)?.hits.into_iter().rev() {
                let is_new = seen.insert((hit.item.id.clone(), hit.item.dated()));
                if is_new && !is_first {
                    let passage = hit.snippet.map(|snippet| snippet.text).unwrap_or_default();
                    let headline = hit.item.headline.unwrap_or_default();
                    let alert = Alert {
                        alert: 0,
                        topic: query.into(),
                        id: hit.item.id,
                        why: "new".into(),
                        at: ask.now,
                        headline,
                        passage,
                    };
                    show(&alert, Shape::chosen(common.json))?;
                }
            }
            if self.once {
                return Ok(Outcome::Done);
            }
            is_first = false;
            std::thread::sleep(LOOK);
        }
    }
}

fn show(alert: &Alert, shape: Shape) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    match shape {
        Shape::Json => output::json_line(&mut out, alert)?,
        Shape::Table => {
            let at = alert.at.strftime("%H:%M:%SZ");
            let why = alert.why.to_uppercase();
            let headline = if alert.headline.is_empty() { &alert.id } else { &alert.headline };
            writeln!(
                out,
                "{at} {:<10} \x1b[1m{}\x1b[0m  [{}]",
                why,
                output::visible(headline),
                output::visible(&alert.topic)
            )?;
            if !alert.passage.is_empty() {
                writeln!(out, "          {}", output::visible(&alert.passage))?;
            }
        }
    }
    Ok(out.flush()?)
}

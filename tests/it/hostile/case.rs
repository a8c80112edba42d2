//! One row of the hostile server: a path, what it answers, and what must come of that.

use super::super::server::{Reply, Route};

/// A path of the server, and what is expected of a desk that polls it.
pub struct Case {
    /// The path below `/`, and (with `-` for `/`) the feed's id: `bombs/gzip`.
    pub path: String,
    /// What the first poll is answered, the second ...; the last one from then on.
    pub replies: Vec<Reply>,
    /// A feed's `limits` in the config, where the usual ones would make a test wait.
    pub limits: &'static str,
    /// How the last poll ends: `ok`, `partly`, `failed`.
    pub outcome: &'static str,
    /// The class of the last poll's failure.
    pub class: Option<&'static str>,
    /// Stories that are new, over all polls. `None`: any number.
    pub new: Option<u64>,
    /// Revisions, over all polls.
    pub revised: Option<u64>,
    /// Stories in the answers at the end.
    pub held: Option<usize>,
    /// The report counts at least one fault.
    pub faulty: bool,
    /// Texts that must be in the answers.
    pub shows: Vec<String>,
    /// Texts that must not be in any answer, printed in any way.
    pub hides: Vec<String>,
    /// Characters that must not reach a screen.
    pub never_on_a_screen: Vec<String>,
}

impl Case {
    fn new(path: &str, reply: Reply, outcome: &'static str) -> Self {
        Self {
            path: path.to_owned(),
            replies: vec![reply],
            limits: "",
            outcome,
            class: None,
            new: Some(0),
            revised: Some(0),
            held: Some(0),
            faulty: false,
            shows: Vec::new(),
            hides: Vec::new(),
            never_on_a_screen: Vec::new(),
        }
    }

    /// A path that gives so many stories.
    pub fn good(path: &str, new: u64, reply: Reply) -> Self {
        let held = usize::try_from(new).ok();
        Self { new: Some(new), held, ..Self::new(path, reply, "ok") }
    }

    /// A path of which only this is asked: it ends somehow, in time and within bounds.
    pub fn endured(path: &str, reply: Reply) -> Self {
        Self { new: None, revised: None, held: None, ..Self::new(path, reply, "") }
    }

    /// A path that gives nothing, and for which reason.
    pub fn bad(path: &str, class: &'static str, reply: Reply) -> Self {
        Self { class: Some(class), ..Self::new(path, reply, "failed") }
    }

    /// A path that breaks off, and gives the stories that had come whole.
    pub fn partly(path: &str, new: u64, class: &'static str, reply: Reply) -> Self {
        Self { class: Some(class), outcome: "partly", ..Self::good(path, new, reply) }
    }

    /// A path that gives nothing in a time that a test can wait for.
    pub fn slow(path: &str, reply: Reply) -> Self {
        Self { limits: "first_byte = \"400ms\", whole = \"700ms\"", ..Self::bad(path, "timeout", reply) }
    }

    /// What the next poll is answered.
    pub fn then(mut self, reply: Reply) -> Self {
        self.replies.push(reply);
        self
    }

    /// How many stories there are in the answers at the end, where that is not the number of new ones.
    pub fn held(mut self, count: usize) -> Self {
        self.held = Some(count);
        self
    }

    /// How many revisions there are over all polls.
    pub fn revised(mut self, count: u64) -> Self {
        self.revised = Some(count);
        self
    }

    /// The report has faults.
    pub fn faulty(mut self) -> Self {
        self.faulty = true;
        self
    }

    /// This must be found in the answers.
    pub fn shows(mut self, text: &str) -> Self {
        self.shows.push(text.to_owned());
        self
    }

    /// This must not.
    pub fn hides(mut self, text: &str) -> Self {
        self.hides.push(text.to_owned());
        self
    }

    /// This must not be printed at a terminal.
    pub fn never_on_a_screen(mut self, text: &str) -> Self {
        self.never_on_a_screen.push(text.to_owned());
        self
    }

    /// Other limits than the usual.
    pub fn limits(mut self, limits: &'static str) -> Self {
        self.limits = limits;
        self
    }

    /// The feed's id.
    pub fn feed(&self) -> String {
        self.path.replace('/', "-")
    }

    /// What the server does at this path.
    pub fn route(&self) -> Route {
        Route::in_turn(self.replies.clone())
    }
}

/// 200 with this body, as RSS.
pub fn page(body: impl AsRef<[u8]>) -> Reply {
    Reply::whole(200, &[("Content-Type", "application/rss+xml")], body.as_ref())
}

/// 200 with this body under this `Content-Type`.
pub fn typed(content_type: &str, body: impl AsRef<[u8]>) -> Reply {
    Reply::whole(200, &[("Content-Type", content_type)], body.as_ref())
}

/// Where a feed begins.
pub const OPEN: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Quay Wire</title>";
/// Where it ends.
pub const CLOSE: &str = "</channel></rss>";

/// A feed around these items.
pub fn feed(items: &str) -> String {
    format!("{OPEN}{items}{CLOSE}")
}

/// A plain item. `tag` makes it this path's own.
pub fn item(tag: &str, n: usize) -> String {
    with(tag, n, "")
}

/// The same with more elements in it.
pub fn with(tag: &str, n: usize, more: &str) -> String {
    format!(
        "<item><guid isPermaLink=\"false\">urn:quay:{tag}:{n}</guid><title>Quay story {n} of {tag}</title>\
         <description>The quay at {tag} was quiet, said keeper number {n}.</description>\
         <pubDate>Mon, 01 Apr 2024 12:0{}:00 GMT</pubDate>{more}</item>",
        n % 10
    )
}

/// An item with this headline and text.
pub fn told(tag: &str, n: usize, headline: &str, text: &str) -> String {
    format!(
        "<item><guid isPermaLink=\"false\">urn:quay:{tag}:{n}</guid><title>{headline}</title>\
         <description>{text}</description><pubDate>Mon, 01 Apr 2024 12:00:00 GMT</pubDate></item>"
    )
}

/// A feed of so many plain items.
pub fn plain(tag: &str, count: usize) -> String {
    feed(&(1..=count).map(|n| item(tag, n)).collect::<String>())
}

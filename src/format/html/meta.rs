//! `meta` elements: OpenGraph, Twitter cards, Dublin Core, Parse.ly, Sailthru and what else pages carry.

use super::super::prose;
use dom_query::Document;

/// The `meta` elements of a page by name, in document order.
#[derive(Debug, Default)]
pub struct Meta {
    pairs: Vec<(String, String)>,
}

impl Meta {
    /// Reads name, property or itemprop, and content. Pages kept in archives have `value` instead of `content`.
    pub fn read(page: &Document) -> Self {
        let mut pairs = Vec::new();
        for node in page.select("meta").nodes().iter().take(2_000) {
            let Some(content) = node.attr("content").or_else(|| node.attr("value")) else { continue };
            let content = prose::fold(&content);
            for key in ["property", "name", "itemprop", "http-equiv"] {
                if let Some(name) = node.attr(key).filter(|_| !content.is_empty()) {
                    pairs.push((name.trim().to_ascii_lowercase(), content.clone()));
                }
            }
        }
        Self { pairs }
    }

    /// The first content of the first of these names that the page has.
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            self.pairs.iter().find(|(key, _)| key == name).map(|(_, content)| content.as_str())
        })
    }

    /// Every content of the first of these names that the page has.
    pub fn all(&self, names: &[&str]) -> Vec<&str> {
        names.iter().map(|name| self.every(name)).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Every content of a name.
    pub fn every(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(key, _)| key == name).map(|(_, content)| content.as_str()).collect()
    }

    /// The name of the site; empty when the page does not say.
    pub fn site(&self) -> &str {
        self.first(&["og:site_name", "application-name"]).unwrap_or_default()
    }
}

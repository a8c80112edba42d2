//! schema.org in JSON-LD: what newspapers tell search engines about a story.

use std::collections::HashMap;

use dom_query::Document;
use serde_json::{Map, Value};

use super::super::{bounds, json};

/// An object of JSON-LD.
pub type Object = Map<String, Value>;

/// Objects deeper than this are not looked for.
const DEPTH: usize = 6;

/// What the page describes.
#[derive(Debug, Default)]
pub struct Told {
    /// Its stories, in document order.
    pub stories: Vec<Object>,
    /// The page itself, a `WebPage` that says when it was published: some plug-ins describe nothing else.
    pub page: Object,
}

/// What the page describes in JSON-LD.
pub fn read(page: &Document) -> Told {
    let scripts = page.select("script[type*='ld+json']");
    let values: Vec<Value> = scripts.iter().filter_map(|script| parse(&script.text())).collect();
    let about = values.iter().find_map(web_page).cloned().unwrap_or_default();
    Told { stories: stories(values), page: about }
}

/// The `WebPage` of a document, alone or in a graph, that bears a date of publication.
fn web_page(value: &Value) -> Option<&Object> {
    let members = value.get("@graph").and_then(Value::as_array).or(value.as_array());
    let list = members.map_or(std::slice::from_ref(value), Vec::as_slice);
    let is_page = |object: &&Object| {
        let kinds = object.get("@type").map(words).unwrap_or_default();
        kinds.iter().any(|kind| kind == "WebPage" || kind == "ItemPage")
            && object.contains_key("datePublished")
    };
    list.iter().take(MOST * 10).filter_map(Value::as_object).find(is_page)
}

fn stories(values: Vec<Value>) -> Vec<Object> {
    let mut named = HashMap::new();
    values.iter().for_each(|value| name(value, &mut named));
    let named: HashMap<String, Value> = named.into_iter().map(|(id, object)| (id, object.clone())).collect();
    let mut found = Vec::new();
    values.into_iter().for_each(|value| collect(value, DEPTH, &mut found));
    for story in &mut found {
        for (_, value) in story.iter_mut().filter(|(key, _)| REFERENCES.contains(&key.as_str())) {
            refer(value, &named);
        }
    }
    found
}

/// Properties of a story that may be references to another object of the graph (WordPress's search plug-ins).
const REFERENCES: &[&str] = &["author", "publisher", "image", "creator"];

/// Objects of a graph by their `@id`.
fn name<'a>(value: &'a Value, named: &mut HashMap<String, &'a Value>) {
    let members = value.get("@graph").and_then(Value::as_array).or(value.as_array());
    let list = members.map_or(std::slice::from_ref(value), Vec::as_slice);
    for one in list.iter().take(MOST * 10) {
        if let Some(id) = one.get("@id").and_then(Value::as_str) {
            named.entry(id.to_owned()).or_insert(one);
        }
    }
}

/// An object that is nothing but an `@id` is the one of that name; one that nobody names is nothing.
fn refer(value: &mut Value, named: &HashMap<String, Value>) {
    let members: &mut [Value] = match value {
        Value::Array(values) => values,
        one => std::slice::from_mut(one),
    };
    for one in members.iter_mut().take(MOST) {
        let id =
            one.as_object().filter(|object| object.len() == 1).and_then(|object| object.get("@id")?.as_str());
        let Some(id) = id.map(str::to_owned) else { continue };
        *one = named.get(&id).cloned().unwrap_or(Value::Null);
    }
}

/// JSON as pages print it: in comments, with raw line breaks in strings, with a semicolon at the end.
fn parse(source: &str) -> Option<Value> {
    let source = source.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let source = source
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("<![CDATA[")
        .trim_end_matches("//]]>")
        .trim_end_matches("]]>");
    let source = source.trim().trim_end_matches(';');
    bounds::weigh_json(source, "html").ok()?;
    let whole =
        || serde_json::from_str(source).ok().or_else(|| serde_json::from_str(&json::mended(source)?).ok());
    whole().or_else(|| first_of(source)).or_else(|| dates_of(source))
}

/// The first value of a text that goes on behind it: a brace too many.
fn first_of(source: &str) -> Option<Value> {
    serde_json::Deserializer::from_str(source).into_iter::<Value>().next()?.ok().filter(Value::is_object)
}

/// What can be saved of an object that is no JSON, a quotation mark in its headline, a value left out: its kind and its dates.
fn dates_of(source: &str) -> Option<Value> {
    const KEYS: &[&str] = &["@type", "datePublished", "dateModified"];
    let said = |key: &&str| {
        let (_, behind) = source.split_once(&format!("\"{key}\""))?;
        let (value, _) =
            behind.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?.split_once('"')?;
        Some(((*key).to_string(), Value::String(value.to_owned())))
    };
    let object: Object = KEYS.iter().filter_map(said).collect();
    (is_story(&object) && object.len() > 1).then_some(Value::Object(object))
}

fn collect(value: Value, depth: usize, found: &mut Vec<Object>) {
    match value {
        _ if depth == 0 => {}
        Value::Array(values) => values.into_iter().for_each(|value| collect(value, depth - 1, found)),
        Value::Object(mut object) => {
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "liveBlogUpdate"] {
                if let Some(inner @ (Value::Array(_) | Value::Object(_))) =
                    object.get(key).filter(|_| key != "liveBlogUpdate")
                {
                    collect(inner.clone(), depth - 1, found);
                }
            }
            if is_story(&object) {
                object.remove("@graph");
                found.push(object);
            }
        }
        _ => {}
    }
}

/// `NewsArticle`, `ReportageNewsArticle`, `BlogPosting`, `LiveBlogPosting`, `Report` ...
fn is_story(object: &Object) -> bool {
    let story = |kind: &str| {
        kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report" || kind == "Review"
    };
    match object.get("@type") {
        Some(Value::String(kind)) => story(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(story),
        _ => false,
    }
}

/// The text of a property, however it is wrapped: a string, a list's first, an object's `name`, `@value` or `url`.
pub fn text(object: &Object, key: &str) -> Option<String> {
    words(object.get(key)?).into_iter().next()
}

/// The texts of a value.
pub fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => {
            vec![text.trim().to_string()].into_iter().filter(|text| !text.is_empty()).collect()
        }
        Value::Number(number) => vec![number.to_string()],
        Value::Array(values) => values.iter().take(50).filter(|it| !it.is_array()).flat_map(words).collect(),
        Value::Object(object) => ["name", "@value", "url", "@id"]
            .iter()
            .find_map(|key| object.get(*key))
            .filter(|it| !it.is_object())
            .map(words)
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Is the object said to be an organisation?
pub fn is_organisation(value: &Value) -> bool {
    value.get("@type").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("Organization"))
}

/// Members of a list that are looked at.
const MOST: usize = 60;

/// The members of a property: a list's items, or the one value.
pub fn members<'a>(object: &'a Object, key: &str) -> Vec<&'a Value> {
    match object.get(key) {
        Some(Value::Array(values)) => values
            .iter()
            .take(MOST)
            .flat_map(|value| value.as_array().map_or(vec![value], |inner| inner.iter().collect()))
            .collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_still_says_when() {
        for damage in [
            r#"{"@type":"NewsArticle","datePublished":"2024-04-01T10:00:00Z","headline":"Moles dig on"}}"#,
            r#"{"@type":"NewsArticle","headline":"The "mole" digs on","datePublished" : "2024-04-01T10:00:00Z"}"#,
            r#"{"@type":"NewsArticle","image":{"width": ,},"datePublished":"2024-04-01T10:00:00Z"}"#,
        ] {
            let page = Document::from(format!("<script type='application/ld+json'>{damage}</script>"));
            let told = read(&page).stories;
            assert_eq!(told.len(), 1, "{damage}");
            assert_eq!(text(&told[0], "datePublished").as_deref(), Some("2024-04-01T10:00:00Z"), "{damage}");
        }
        let none = r#"{"@type":"Person","name":"Ann "Mole" Roe"}"#;
        assert!(
            read(&Document::from(format!("<script type='application/ld+json'>{none}</script>")))
                .stories
                .is_empty()
        );
    }
}

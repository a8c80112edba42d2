//! A JSON object whose keys are asked for without minding case.

use serde_json::{Map, Value};

/// One object.
#[derive(Debug, Clone, Copy)]
pub struct Object<'v>(&'v Map<String, Value>);

impl<'v> Object<'v> {
    /// A value, if it is an object.
    pub fn of(value: &'v Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    /// The value under a key in any case.
    pub fn get(&self, key: &str) -> Option<&'v Value> {
        self.0.get(key).or_else(|| {
            self.entries().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
        })
    }

    /// Every key and value.
    pub fn entries(&self) -> impl Iterator<Item = (&'v str, &'v Value)> + use<'v> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// A string as printed, even an empty one, or a number or truth value as text.
    pub fn text(&self, key: &str) -> Option<String> {
        self.get(key).and_then(text)
    }

    /// What stands under every key of this name, in whatever case; of a list or an object its JSON, so that what the gate goes by is
    /// never taken for unsaid.
    pub fn every(&self, key: &str) -> impl Iterator<Item = String> + use<'v> {
        let key = key.to_owned();
        let named =
            self.entries().filter(move |(name, value)| name.eq_ignore_ascii_case(&key) && !value.is_null());
        named.map(|(_, value)| text(value).unwrap_or_else(|| value.to_string()))
    }

    /// The same as [`text`](Self::text), `None` when empty.
    pub fn word(&self, key: &str) -> Option<String> {
        self.text(key).filter(|word| !word.is_empty())
    }

    /// One word, or all words of a list.
    pub fn words(&self, key: &str) -> Vec<String> {
        let said = match self.get(key) {
            Some(Value::Array(list)) => list.iter().filter_map(text).collect(),
            Some(one) => text(one).into_iter().collect::<Vec<_>>(),
            None => Vec::new(),
        };
        said.into_iter().filter(|word| !word.is_empty()).collect()
    }

    /// The object under a key.
    pub fn object(&self, key: &str) -> Option<Self> {
        self.get(key).and_then(Self::of)
    }

    /// The objects of a list, or the one object that stands there alone.
    pub fn objects(&self, key: &str) -> Vec<Self> {
        match self.get(key) {
            Some(Value::Array(list)) => list.iter().filter_map(Self::of).collect(),
            Some(one) => Self::of(one).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Named objects: a map of them (ninjs 1) or a list in which each has a `name` (ninjs 2 and 3).
    pub fn named(&self, key: &str) -> Vec<(Option<String>, Self)> {
        match self.get(key) {
            Some(Value::Array(list)) => {
                list.iter().filter_map(Self::of).map(|one| (one.word("name"), one)).collect()
            }
            Some(Value::Object(map)) => {
                let named =
                    |(name, value): (&String, &'v Value)| Some((Some(name.clone()), Self::of(value)?));
                map.iter().filter_map(named).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

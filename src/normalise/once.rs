//! Lists in which everything is named once, in time linear in what is sent.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

/// The first of every key, in place; `merge` hands it what a later one adds.
#[must_use]
pub fn merged<T, K: Eq + Hash>(
    all: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
    merge: impl Fn(&mut T, T),
) -> Vec<T> {
    let mut found: Vec<T> = Vec::new();
    let mut places: HashMap<K, usize> = HashMap::new();
    for one in all {
        match places.entry(key(&one)) {
            Entry::Vacant(free) => {
                free.insert(found.len());
                found.push(one);
            }
            Entry::Occupied(taken) => {
                if let Some(first) = found.get_mut(*taken.get()) {
                    merge(first, one);
                }
            }
        }
    }
    found
}

/// The first of every key, in place; later ones are dropped.
#[must_use]
pub fn by<T, K: Eq + Hash>(all: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<T> {
    merged(all, key, |_, _| {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_every_key_stays_in_its_place() {
        assert_eq!(by(["b", "A", "a", "B", "c"], |name| name.to_lowercase()), ["b", "A", "c"]);
        let added = merged([("a", 1), ("b", 2), ("a", 3)], |one| one.0, |first, later| first.1 += later.1);
        assert_eq!(added, [("a", 4), ("b", 2)]);
    }
}

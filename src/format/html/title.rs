//! Titles of one page compared, and the site's name taken off them.

/// Do two titles speak of the same story? One holds the other, or they share a good part of their words.
pub fn agree(a: &str, b: &str) -> bool {
    let (short, long) = (folded(a), folded(b));
    if short.is_empty() || long.is_empty() {
        return false;
    }
    if short.contains(&long) || long.contains(&short) {
        return true;
    }
    let (a, b) = (words(a), words(b));
    let shared = a.iter().filter(|word| b.contains(word)).count();
    shared >= 2 && shared * 3 >= a.len().min(b.len())
}

/// Letters and digits only, in small ones.
pub fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 2)
        .map(str::to_lowercase)
        .collect()
}

/// `Talks go on | The Paper`: without the site's name behind the last separator.
pub fn without_site(title: &str, site: &str) -> String {
    const SIGNS: &[&str] = &[" | ", " - ", " – ", " — ", " · ", " :: ", " : ", " » ", "｜", "_", "-", "|"];
    for sign in SIGNS {
        let Some((before, after)) = title.rsplit_once(sign) else { continue };
        let named = !site.is_empty() && folded(after) == folded(site) || is_domain(after);
        let short = sign.len() >= 3
            && sign.starts_with(' ')
            && after.chars().count() <= 25
            && before.chars().count() >= 20
            && after.split(' ').count() <= 4;
        if before.chars().count() >= 6 && (named || short) {
            return before.trim().into();
        }
    }
    title.into()
}

/// `golem.de`, `The-Paper.co.uk`: one word with a known ending.
pub fn is_domain(text: &str) -> bool {
    const ENDS: &[&str] =
        &[".com", ".org", ".net", ".de", ".co.uk", ".fr", ".ch", ".at", ".info", ".eu", ".es", ".it", ".nl"];
    let lower = text.trim().to_lowercase();
    !lower.contains(' ') && ENDS.iter().any(|end| lower.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_one_story_agree() {
        assert!(agree("Moles dig on", "Moles dig on | The Paper"));
        assert!(agree(
            "Mole attacks, vole is torn",
            "Games: mole attacks in the morning, vole is torn apart"
        ));
        assert!(!agree("The Paper", "Moles dig on"));
        assert!(!agree("", "Moles"));
    }

    #[test]
    fn the_site_is_taken_off_a_title() {
        for (title, site, bare) in [
            ("Moles dig on below the town | The Paper", "", "Moles dig on below the town"),
            ("Moles dig - deeper", "", "Moles dig - deeper"),
            ("Maulwurf gräbt-Netz", "Netz", "Maulwurf gräbt"),
            ("Moles dig on - golem.de", "", "Moles dig on"),
        ] {
            assert_eq!(without_site(title, site), bare);
        }
    }
}

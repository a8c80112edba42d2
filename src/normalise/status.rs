//! Publication status: from what each provider prints to what the desk means.

use super::dialect::Dialect;
use super::{codes, text};

/// What is printed (after any `stat:`), and what it means.
/// Sources: IPTC pubStatus NewsCodes, NewsML 1 status NewsCodes, NITF `management-status`, ninjs, PA, Reuters,
/// Media RSS `media:status`, WENN, WordPress's export (`wp:status`).
const STATUS: &[(&str, &str)] = &[
    ("usable", "usable"),
    ("canceled", "canceled"),
    ("cancelled", "canceled"),
    ("cancel", "canceled"),
    ("withdrawn", "canceled"),
    ("killed", "canceled"),
    ("kill", "canceled"),
    ("withheld", "withheld"),
    ("withhold", "withheld"),
    ("embargoed", "embargoed"),
    ("privileged", "withheld"),
    ("active", "usable"),
    ("blocked", "withheld"),
    ("publish", "usable"),
    ("published", "usable"),
    ("deleted", "canceled"),
];

/// The desk's word for a printed publication status, the agency's own meaning first. An unknown one stays as sent, and so is
/// held by the gate.
#[must_use]
pub fn read(printed: Option<&String>, dialect: &Dialect) -> Option<String> {
    let own = text::optional(printed).and_then(|word| dialect.status(&word).map(Into::into));
    own.or_else(|| codes::known(STATUS, printed))
}

#[cfg(test)]
mod tests {
    use super::super::dialect;
    use super::*;

    #[test]
    fn a_known_status_is_translated_and_an_unknown_one_kept() {
        let cases = [
            ("stat:usable", "usable"),
            ("Usable", "usable"),
            ("Cancelled", "canceled"),
            ("stat:withdrawn", "canceled"),
            ("http://cv.iptc.org/newscodes/pubstatusg2/withheld", "withheld"),
            ("Embargoed", "embargoed"),
            ("publish", "usable"),
            ("draft", "draft"),
            ("stat:unheard-of", "stat:unheard-of"),
        ];
        for (printed, expected) in cases {
            assert_eq!(
                read(Some(&printed.to_owned()), &Dialect::default()).as_deref(),
                Some(expected),
                "{printed}"
            );
        }
        assert_eq!(read(Some(&" ".to_owned()), &Dialect::default()), None);
    }

    #[test]
    fn what_a_status_means_is_set_by_its_provider() {
        for (provider, printed, expected) in [
            ("PA", "withheld", "embargoed"),
            ("PA Media", "privileged", "embargoed"),
            ("Pacific Wire", "withheld", "withheld"),
            ("Reuters", "stat:withdrawn", "withheld"),
            ("Reuters", "stat:canceled", "canceled"),
            ("Wire Example", "stat:withdrawn", "canceled"),
        ] {
            let meant = read(Some(&printed.to_owned()), dialect::of(Some(provider), None, &[]));
            assert_eq!(meant.as_deref(), Some(expected), "{provider} {printed}");
        }
    }
}

//! Publication status: from what each provider prints to what the desk means.

use super::codes;

/// What is printed (after any `stat:`), and what it means.
/// Sources: IPTC pubStatus NewsCodes, NewsML 1 status NewsCodes, NITF `management-status`, ninjs, PA, Reuters,
/// Media RSS `media:status`.
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
    ("deleted", "canceled"),
];

/// Providers that mean something else by a word than IPTC does: the beginning of the provider's name in lower case, what
/// is printed, what it means.
/// PA holds embargoed copy as withheld or privileged (content.pamedia.io/docs/embargoes); whether the embargo has an end,
/// the gate asks. Reuters' `stat:withdrawn` is taken back by the contributor and may be sent again; `stat:canceled` is for good.
const HOUSES: &[(&str, &str, &str)] = &[
    ("pa", "withheld", "embargoed"),
    ("pa", "privileged", "embargoed"),
    ("press association", "withheld", "embargoed"),
    ("press association", "privileged", "embargoed"),
    ("reuters", "withdrawn", "withheld"),
];

/// The desk's word for a publication status that `provider` prints. An unknown one stays as sent, and so is held by the
/// gate.
#[must_use]
pub fn read(printed: Option<&String>, provider: Option<&str>) -> Option<String> {
    let house = provider.unwrap_or_default().to_lowercase();
    let is_house = |name: &str| {
        house.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    let rows: Vec<_> = HOUSES.iter().filter(|row| is_house(row.0)).map(|row| (row.1, row.2)).collect();
    let own = codes::known(&rows, printed).filter(|meant| rows.iter().any(|row| row.1 == meant));
    own.or_else(|| codes::known(STATUS, printed))
}

#[cfg(test)]
mod tests {
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
            ("stat:unheard-of", "stat:unheard-of"),
        ];
        for (printed, expected) in cases {
            assert_eq!(read(Some(&printed.to_owned()), None).as_deref(), Some(expected), "{printed}");
        }
        assert_eq!(read(Some(&" ".to_owned()), None), None);
    }

    #[test]
    fn what_a_status_means_is_set_by_its_provider() {
        let cases = [
            ("PA", "withheld", "embargoed"),
            ("PA Media", "privileged", "embargoed"),
            ("Pacific Wire", "withheld", "withheld"),
            ("Reuters", "stat:withdrawn", "withheld"),
            ("Reuters", "stat:canceled", "canceled"),
            ("Wire Example", "stat:withdrawn", "canceled"),
        ];
        for (provider, printed, expected) in cases {
            let meant = read(Some(&printed.to_owned()), Some(provider));
            assert_eq!(meant.as_deref(), Some(expected), "{provider} {printed}");
        }
    }
}

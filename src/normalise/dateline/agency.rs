//! Agency credits: what stands in the brackets of a dateline.

/// Words that make a credit an agency's, folded to lower case: a credit is known when one of its parts is.
/// The forms are those of wire copy and of republishing sites: `(AP)`, `(dpa/lni)`, `(ats afp)`, `/PRNewswire/`.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "aap", "abc", "adnkronos", "afp", "agerpres", "agi", "ani", "anp", "ansa", "ap", "apa", "associated press", "ats",
    "australian associated press", "bbc", "belga", "bernama", "bloomberg", "bns", "bta", "bup", "business wire", "canadian press", "cbc",
    "cbs", "cna", "cnn", "cnn business", "cnn brasil", "cp", "ddp", "dj", "dow jones", "dpa", "efe", "efecom", "epa", "europa press", "fox news",
    "globe newswire", "globenewswire", "hina", "ians", "interfax", "irna", "itar-tass", "jiji", "jiji press", "keystone-ats", "kna",
    "kyodo", "kyodo news", "la presse canadienne", "lapresse", "lusa", "mti", "nbc", "newsfile corp", "notimex", "npa",
    "ntb", "pa", "pa media", "pap", "press association", "presse canadienne", "prnewswire", "pti", "reuter", "reuters", "ria novosti", "ritzau",
    "rt", "sapa", "sda", "sid", "sputnik", "stt", "tanjug", "tass", "the associated press", "the canadian press",
    "thomson reuters", "thomson reuters foundation", "tca", "tns", "tt", "ukrinform", "unb", "uni", "upi", "united press international",
    "united news of india", "variety", "wam", "xinhua", "xinhua news agency", "yonhap", "yonhap news agency", "yonhap news", "zuma",
    "accesswire", "business newswire", "marketwired", "marketwire", "newswire", "cnw", "presseportal", "ots", "prnewswire-asianet",
    "kyodo jbn", "jbn", "asianet", "medianet", "tribune news service", "states newsroom", "kff health news", "stacker", "inter press service",
    "ТАСС", "РИА Новости", "Интерфакс", "wafa", "petra", "kuna", "qna", "spa", "bna", "sana", "mena", "aps", "map", "suna", "ena", "gna", "nan", "angop", "anadolu", "anadolu agency", "dha", "iha", "azertac", "azertag", "kabar", "montsame", "vna", "antara", "bss", "pna", "abi", "agencia brasil", "agência brasil",
    "ips", "rns", "cns", "world-grain.com", "prensa latina", "telam", "andina", "servimedia", "colpisa", "ots.at", "afp-services",
];

/// Is it an agency's credit? `(dpa/lni)`, `(ats afp)` and `Kyodo JBN-AsiaNet` are, by one of their parts.
pub fn is_known(credit: &str) -> bool {
    let lower = credit.trim().to_ascii_lowercase();
    if lower.is_empty() || lower.len() > 48 {
        return false;
    }
    let parts = || lower.split(['/', ',', '-', ' ', '|', '+']).map(str::trim);
    known(&lower) || parts().any(known) || lower.split(['/', ',']).map(str::trim).any(known)
}

/// Who signs datelines: the agencies that are known, and those that the item itself names as its own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signers<'a> {
    /// Provider, source and credit line of the item.
    pub own: &'a [&'a str],
}

impl Signers<'_> {
    /// Is it the credit of one of them? `NNA/reg` is NNA's.
    pub fn know(&self, credit: &str) -> bool {
        let first = credit.split('/').next().unwrap_or_default().trim();
        is_known(credit)
            || !first.is_empty() && self.own.iter().any(|own| own.trim().eq_ignore_ascii_case(first))
    }
}

/// A credit of a station or a site: `(KTVI)`, `(HawaiiNewsNow)`, `(Variety.com)`. It proves nothing by itself.
pub fn could_be_one(credit: &str) -> bool {
    let words = credit.split_whitespace().count();
    (1..=4).contains(&words)
        && credit.len() <= 40
        && credit.starts_with(|c: char| c.is_uppercase())
        && credit.chars().all(|c| c.is_alphanumeric() || " .-&'/|".contains(c))
}

/// A sign printed small, as German agencies do: `Sanaa (tw)`. Captions tell who stands where in the same brackets.
pub fn is_short(credit: &str) -> bool {
    const WHERE: &[&str] = &["left", "right", "centre", "center", "top", "bottom", "above", "below"];
    (2..=12).contains(&credit.len())
        && !WHERE.contains(&credit)
        && credit.chars().all(|c| c.is_alphanumeric() || c == '/')
}

/// Three to six capitals, as agencies sign: `(XNS)`. Offices and parties are set behind names of persons in the same way.
pub fn is_sign(credit: &str) -> bool {
    #[rustfmt::skip]
    const OF_PERSONS: &[&str] = &[
        "CEO", "CFO", "COO", "CTO", "CIO", "MVP", "VIP", "PHD", "MBA", "GOP", "DEM", "REP", "IND", "SPD", "CDU", "CSU", "FDP", "AFD", "BSW", "NPD", "SPÖ", "ÖVP", "FPÖ", "SVP", "PSOE", "VOX", "SNP", "DUP", "SDLP", "PVV", "VVD", "CDA", "ANC", "BJP", "INC", "LDP",
        "TBA", "TBC", "NSFW", "USA", "UAE",
    ];
    let letters = credit.chars().count();
    (3..=6).contains(&letters) && credit.chars().all(char::is_uppercase) && !OF_PERSONS.contains(&credit)
}

fn known(name: &str) -> bool {
    !name.is_empty() && KNOWN.contains(&name)
}

/// The bare credit at the end of a dateline's head, with its byte offset: `BRISBANE, Oct 12 AAP`.
pub fn trailing(head: &str) -> Option<(usize, &str)> {
    let trimmed = head.trim_end_matches([' ', '.', ',']);
    let at = trimmed.rfind([' ', ','])? + 1;
    let word = trimmed.get(at..)?;
    let shaped = word.len() >= 2 && word.starts_with(|c: char| c.is_uppercase());
    (shaped && known(&word.to_ascii_lowercase()) && !word.eq_ignore_ascii_case("pa")).then_some((at, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credit_is_known_by_one_of_its_parts() {
        for credit in [
            "AP",
            "Reuters",
            "dpa/lni",
            "ats afp",
            "PRNewswire-AsiaNet",
            "GLOBE NEWSWIRE",
            "Kyodo JBN-AsiaNet",
        ] {
            assert!(is_known(credit), "{credit}");
        }
        for credit in ["Ala.", "Aug. 13", "", "NYSE: IBM", "left"] {
            assert!(!is_known(credit), "{credit}");
        }
    }
}

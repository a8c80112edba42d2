//! What stands in a page's text and is not the story: lines of agencies and newspapers that ask the reader to do something,
//! that sell or count something, or that say whose words these are. One table; a line must match as a whole.

use super::printed;

/// Elements that are furniture by their names, wherever they stand.
pub const ELEMENTS: &str = "nav, aside, form, button, dialog, [class*='share-'], [class*='-share'], [class*='social'], [class*='newsletter'], [class*='breadcrumb'], [class*='related-'], [class*='more-stories'], [class*='recommended'], [class*='advert'], [id*='comments'], [class*='outbrain'], [class*='taboola'], [class*='screen-reader'], [class*='sr-only']";

/// How a line is compared with a row of the table.
#[derive(Debug, Clone, Copy)]
enum Match {
    /// The line is this, but for marks at its end.
    Is,
    /// The line begins with this, and is not longer than so many letters.
    Begins(usize),
    /// The line holds this, and is not longer than so many letters.
    Holds(usize),
}

use Match::{Begins, Holds, Is};

/// Lines that are furniture, in small letters.
#[rustfmt::skip]
const LINES: &[(Match, &[&str])] = &[
    (Is, &[
        "advertisement", "ad", "anzeige", "werbung", "publicité", "publicidad", "annons", "annonse", "pubblicità", "reklama", "reklama:", "share", "share this", "share this article", "teilen", "partager", "compartir", "kommentare", "comments", "comment", "email", "print", "facebook", "twitter", "whatsapp",
        "copy", "copy link", "link copied", "copy link link copied", "read more", "more stories", "more on this story", "related", "related stories", "related articles", "related content", "most read", "the latest", "trending", "top stories", "recommended", "recommended for you", "read next", "up next",
        "photo", "photos", "image", "caption", "close", "gallery", "slideshow", "video", "watch", "listen", "save", "bookmark", "startseite", "home", "news", "subscribe", "sign up", "sign in", "log in", "follow us", "story continues", "story continues below", "continue reading", "article continues below",
        "mehr zum thema", "lesen sie auch", "auch interessant", "tags", "topics", "schlagwörter", "etiquetas", "share this page", "read also", "also read", "te puede interesar", "lea además", "lee además", "te recomendamos", "leia também", "leia mais", "veja também", "saiba mais", "les mer", "läs även", "læs også", "lue myös", "czytaj też", "czytaj także", "zobacz także", "читайте также", "читайте також", "ilgili haberler", "اقرأ أيضا", "اقرأ أيضاً", "اقرأ المزيد", "関連記事", "あわせて読みたい", "相关阅读", "관련기사", "weiterlesen", "à lire aussi", "lire aussi", "lea también", "leer más", "les også", "läs mer", "leggi anche", "drucken", "merken", "artikel anhören", "view author archive", "print this page", "comment on this article", "noticias relacionadas", "notícias relacionadas", "continue to article content", "article content", "quero ser premium",
        "play", "play video", "more videos", "breaking news emails", "loading", "follow", "skip to content", "skip to navigation", "latest news", "trending stories", "you may also like", "you might like", "more in this series", "view larger image", "view bio", "full bio", "related links", "related internet links",
        "more to read", "most viewed", "today's most read", "next story", "story continued below", "continue reading the main story", "más noticias", "másnoticias", "mer läsning", "kommentarer", "condividi", "szólj hozzá", "поделиться", "jaa artikkeli", "notre sélection vidéo", "anúncio", "- anúncio -", "tumblr", "buffer",
        "no votes yet", "please wait", "report a correction or typo", "sponsored content", "view this post on instagram", "share this post", "please follow and like us", "facebook twitter email", "comments are closed", "both comments and pings are currently closed", "thank you for signing up", "get short url",
    ]),
    (Begins(120), &[
        "like us on facebook", "don't miss the big stories", "don’t miss the big stories", "follow us on ", "follow on ", "share on ", "share via ", "tweet this", "click here to ", "click to ", "sign up for ", "sign up to ", "subscribe to ", "subscribe now", "download the ", "download our ", "get breaking news ", "get the latest ",
        "lee también", "leé también", "lee más", "lea más", "mirá también", "te puede interesar", "te recomendamos", "leia também", "leia mais", "veja também", "saiba mais", "clique aqui", "haga clic aquí", "hacé clic", "har du tips", "läs mer", "läs även", "læs også", "lue myös", "czytaj też", "czytaj także", "zobacz także", "читайте также", "читайте також", "اقرأ أيض", "यह भी पढ़ें", "ये भी पढ़ें", "আরও পড়ুন", "مزید پڑھیں", "اقرأ المزيد", "للمزيد", "関連記事", "abonnez-vous pour", "cet article est réservé", "il vous reste", "suscríbete", "suscribite", "assine ", "abbonati", "jetzt weiterlesen", "already a subscriber", "already have an account", "already registered", "subscribe or ", "to continue reading", "continue reading your article", "continue reading this article", "unlock this article", "this article is for subscribers", "this story is for subscribers", "track latest news", "catch all the ", "vídeos: ", "riproduzione riservata", "© riproduzione", "© dpa", "© afp", "© agence", "(c) dpa", "©dpa", "무단전재", "ⓒ", "저작권자", "read more:", "read also:", "read also ", "see also:", "also read:", "also see:", "related:", "more:", "watch:", "listen:", "lesen sie auch", "lesen sie hier", "mehr dazu", "mehr zum thema", "lire aussi", "à lire", "lea también", "les også", "leggi anche", "läs också", "read next", "most popular", "recommended ",
        "a version of this article appear", "a version of this article appeared", "this article was posted", "get author rss", "¿querés recibir", "add your comment", "post a comment",
        "subscribe for just ", "follow our full coverage", "read the rest at ", "read the entire article here", "want to get notified", "have a tip we should know", "were you forwarded this newsletter", "think your friends would be interested", "share your thoughts with us", "commenting feature is disabled",
        "подписывайтесь на", "síguenos en ", "تابعوا أخبار", "posted in ", "filed under", "tagged with",
        "be first to contribute", "be the first to ", "sign in with ", "sign in now", "verifying your credentials", "please enable javascript", "your browser does not", "dieses video", "externer inhalt", "an dieser stelle", "empfohlener externer inhalt", "image 1 of", "photo 1 of", "bild 1 von", "1 of ", "1 / ",
        "copyright ©", "copyright 20", "copyright 19", "© 20", "© 19", "©20", "(c) 20", "(c) 19", "all rights reserved", "alle rechte vorbehalten", "tous droits réservés", "todos los derechos",
    ]),
    (Begins(400), &[
        "follow ap's coverage", "follow ap’s coverage", "follow ap’s full coverage", "follow ap's full coverage", "find ap's full coverage", "read more ap coverage", "more ap coverage", "more of ap's coverage", "more of ap’s coverage", "this story was reported by", "this material may not be published", "© 20", "copyright 20",
        "the associated press is solely responsible", "the associated press’ health", "the associated press' health", "associated press coverage of", "ap's coverage of", "our standards:", "this content was produced by", "© 19", "sign up here", "thomson reuters trust principles", "(this story has not been edited", "this story has not been edited",
    ]),
    (Holds(300), &[
        "may not be published, broadcast", "all rights reserved. this material", "the thomson reuters trust principles", "has not been edited by", "무단전재", "무단 전재", "재배포 금지", "無断転載", "未经授权", "our newsletter", "unseren newsletter", "notre newsletter", "follow us on facebook", "follow us on twitter", "like us on facebook", "auto-generated from a syndicated feed", "ap.org/", "apnews.com/hub/",
    ]),
];

/// Lines above the story only: its date, who signed it, how long it takes to read.
#[rustfmt::skip]
const ABOVE: &[(Match, &[&str])] = &[
    (Begins(90), &["published", "updated", "posted", "first published", "last updated", "erstellt", "aktualisiert", "stand:", "stand ", "veröffentlicht", "publié le", "mis à jour", "publicado", "actualizado", "pubblicato", "aggiornato", "publisert", "oppdatert", "issued on", "date:"]),
    (Is, &["press release", "news release", "news story", "analysis", "opinion", "exclusive", "breaking news", "pressemitteilung", "comunicado", "efe", "afp", "dpa", "pti", "ani", "ians", "ansa", "ap", "by", "von", "par", "por", "di", "av", "af", "door", "by ap", "by the associated press", "associated press", "the associated press", "usa today", "reuters"]),
    (Holds(20), &["lecture ", "de lectura", "de leitura", "di lettura", "min lesen", "min. lesezeit", "분 소요"]),
    (Holds(60), &["min read", "minute read", "minutes read", "lesezeit", "uhr", "reading time", "temps de lecture"]),
];

/// Is the line furniture? `above`: no paragraph of the story has come before it.
pub fn is_furniture(line: &str, above: bool) -> bool {
    let lower = line.to_lowercase();
    let letters = lower.chars().count();
    let bare = lower.trim_matches(|c: char| c.is_whitespace() || ".:!…→»›|".contains(c));
    let fits = |(how, rows): &(Match, &[&str])| match how {
        Is => rows.contains(&bare),
        Begins(most) => letters <= *most && rows.iter().any(|row| lower.starts_with(row)),
        Holds(most) => letters <= *most && rows.iter().any(|row| lower.contains(row)),
    };
    LINES.iter().any(fits)
        || is_address(bare)
        || above
            && (ABOVE.iter().any(fits)
                || is_date_alone(&lower)
                || is_counter(bare)
                || is_signed_and_dated(line, &lower))
}

/// `Par Anne Roe Publié le 2 avril 2024 à 10h15`: who signed, and when.
fn is_signed_and_dated(line: &str, lower: &str) -> bool {
    const BY: &[&str] =
        &["by ", "von ", "par ", "por ", "di ", "av ", "door ", "submitted by ", "posted by ", "written by "];
    let begins = BY.iter().any(|by| lower.starts_with(by));
    begins && line.len() < 160 && !line.ends_with(['.', '!', '?']) && printed::holds_date(line)
}

/// A line of numbers, months and clocks, with a year: `nov. 20, 2019, 9:28 am utc`.
fn is_date_alone(lower: &str) -> bool {
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let numbers = words.iter().filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).count();
    let year = words.iter().any(|word| word.len() == 4 && (word.starts_with("19") || word.starts_with("20")));
    year && words.len() <= 16 && numbers * 2 >= words.len().saturating_sub(2) && lower.len() < 90
}

/// A mail address and nothing else.
fn is_address(bare: &str) -> bool {
    let parts = bare.split_once('@');
    bare.len() < 60
        && parts
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !bare.contains([' ', '/']))
}

/// `1 / 5`, `2 of 12`.
fn is_counter(bare: &str) -> bool {
    bare.len() < 12
        && bare.starts_with(|c: char| c.is_ascii_digit())
        && bare
            .split([' ', '/'])
            .all(|word| word == "of" || word == "von" || word.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_sell_count_or_claim_are_furniture() {
        for line in [
            "Don't miss the big stories. Like us on Facebook.",
            "More Stories",
            "Follow AP's coverage of moles at https://apnews.com/hub/moles.",
            "Copyright 2024 The Associated Press. All rights reserved. This material may not be published, broadcast, rewritten or redistributed without permission.",
            "Lesen Sie auch: Maulwürfe graben weiter",
            "ADVERTISEMENT",
        ] {
            assert!(is_furniture(line, false), "{line}");
        }
        for line in [
            "Published 7:07 PM EST Nov 19, 2019",
            "Nov. 20, 2019, 9:28 AM UTC",
            "1 / 5",
            "Erstellt: 28.04.2023, 18:16 Uhr",
            "Par Anne Roe Publié le 2 avril 2024 à 10h15, mis à jour le 3 avril 2024",
            "Submitted by Ann Roe on April 2, 2024",
            "Dec. 21, 2023 / 12:59 AM GMT / Updated 1:08 PM GMT",
        ] {
            assert!(is_furniture(line, true), "{line}");
        }
    }

    #[test]
    fn sentences_of_a_story_are_not() {
        for line in [
            "Share prices fell on Monday.",
            "Moles dug on in 2024, said Ann Roe, who counts them.",
            "Read more than that into it, he said, and you are lost.",
            "The news came late.",
        ] {
            assert!(!is_furniture(line, true), "{line}");
        }
    }
}

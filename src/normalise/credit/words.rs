//! Words by which a credit is known.

/// Labels before a credit, lower case. One that needs a colon (or `=`) ends with it; the others stand by themselves.
#[rustfmt::skip]
pub const LABELS: &[&str] = &[
    "photo:", "photos:", "photo credit:", "photo by ", "photos by ", "photo courtesy of ", "photograph:", "photograph by ", "photography:", "photography by ", "photographer:",
    "image:", "images:", "image credit:", "image credits:", "image source:", "image by ", "picture:", "pictures:", "picture credit:", "picture by ", "pic:", "pics:", "credit:", "credits:",
    "foto:", "fotos:", "foto :", "foto von ", "foto av ", "foto de ", "foto di ", "fotó:", "fotografía:", "fotografia:", "fotograf:", "bild:", "bilder:", "bildquelle:", "bildnachweis:", "quelle:", "quelle :",
    "crédit:", "crédit :", "crédits :", "crédit photo :", "crédit photo:", "photo :", "kuva:", "kuvaaja:", "fotocredit:", "beeld:", "zdjęcie:", "fot.", "video:", "grafik:", "graphic:", "illustration:",
    "source:", "fuente:", "fonte:", "©", "(c) ", "copyright ", "isithombe:", "사진=", "사진 =", "사진:", "[사진 출처 =", "사진 출처 =", "写真:", "写真＝", "＝", "@",
];

/// Words that only credits hold, lower case.
#[rustfmt::skip]
pub const SOURCES: &[&str] = &[
    "ap", "afp", "reuters", "dpa", "getty", "pa", "epa", "efe", "ansa", "apa", "ntb", "tt", "tass", "upi", "cp", "anp", "belga", "imago", "keystone", "shutterstock", "unsplash",
    "alamy", "pool", "handout", "instagram", "facebook", "twitter", "youtube", "flickr", "wikimedia", "bloomberg", "supplied", "courtesy", "via", "istock", "pixabay", "pexels", "photo", "images",
    "press", "scanpix", "ritzau", "xinhua", "sipa", "magnum", "zuma", "archiv", "archive", "wire", "npa", "swns", "epa-efe", "lusa", "sputnik", "newscom", "anadolu", "nurphoto", "nasa", "noaa", "노컷뉴스", "뉴스1", "뉴시스", "연합뉴스", "기자",
    "shimbun", "times", "post", "tribune", "chronicle", "herald", "journal", "news", "agency", "police", "magazine", "studio", "films", "pictures", "media", "museum", "university", "zvg", "privat", "private",
];

/// Glued-on words of a page that follow a credit.
pub const GLUED: &[&str] = &[
    "Vis mer",
    "Read more",
    "Mehr",
    "Les mer",
    "View image in fullscreen",
    "Enlarge",
    "All rights reserved.",
    "All rights reserved",
    "Show more",
];

/// What a bracket holds that is no credit.
pub const ASIDES: &[&str] = &[
    "archivbild",
    "symbolbild",
    "symbolfoto",
    "archivfoto",
    "left",
    "right",
    "centre",
    "center",
    "pictured",
    "above",
    "below",
    "file",
    "archiv",
    "l",
    "r",
    "m",
    "regular",
    "large",
    "medium",
    "long",
];

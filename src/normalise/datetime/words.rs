//! Words of printed dates: months, weekdays, halves of the day, and words that say nothing.

/// Months in the languages of feeds. A word is the first month that it is, or that it is the beginning of, three letters or more.
#[rustfmt::skip]
const MONTHS: &[(i8, &str)] = &[
    (1, "january janvier januar januari jänner janeiro enero gennaio január januára ιανουάριος ιανουαρίου ιαν января январь styczeń stycznia ocak tammikuuta leden ledna ianuarie січня січень януари يناير جانفي ינואר जनवरी জানুয়ারি มกราคม ژانویه جنوری"),
    (2, "february février fevrier februar februari febrero febbraio fevereiro február februára φεβρουάριος φεβρουαρίου φεβ февраля февраль luty lutego şubat helmikuuta únor února februarie лютого лютий февруари فبراير فيفري شباط פברואר फ़रवरी फरवरी ফেব্রুয়ারি กุมภาพันธ์ فوریه فروری"),
    (3, "march mars märz maerz marzo março marco maart mrt március mart marec μάρτιος μαρτίου μάρ μαρ марта март marzec marca maaliskuuta březen března martie березня березень مارس آذار מרץ मार्च মার্চ มีนาคม maret مارچ"),
    (4, "april avril abril aprile április apríla απρίλιος απριλίου απρ апреля апрель април kwiecień kwietnia nisan huhtikuuta duben dubna aprilie квітня квітень أبريل إبريل ابريل أفريل نيسان אפריל अप्रैल এপ্রিল เมษายน آوریل اپریل"),
    (5, "may mai mayo maggio maio mei maj május mája μάιος μαΐου μάι μαϊ μαι мая май maja mayıs toukokuuta květen května травня травень مايو ماي أيار מאי मई মে พฤษภาคม مه مئی"),
    (6, "june juin juni junio giugno junho június júna ιούνιος ιουνίου ιούν ιουν июня июнь юни czerwiec czerwca haziran kesäkuuta červen června iunie червня червень يونيو جوان حزيران יוני जून জুন มิถุนายน ژوئن جون"),
    (7, "july juillet juli julio luglio julho július júla ιούλιος ιουλίου ιούλ ιουλ июля июль юли lipiec lipca temmuz heinäkuuta červenec července iulie липня липень يوليو جويلية تموز יולי जुलाई জুলাই กรกฎาคม ژوئیه جولائی julai"),
    (8, "august août aout agosto augustus augusti augusztus αύγουστος αυγούστου αύγ αυγ августа август sierpień sierpnia ağustos elokuuta srpen srpna серпня серпень أغسطس اغسطس أوت آب אוגוסט अगस्त আগস্ট สิงหาคม اوت اگست agustus ogos"),
    (9, "september septembre septiembre settembre setembro septembra szeptember σεπτέμβριος σεπτεμβρίου σεπ сентября сентябрь септември wrzesień września eylül syyskuuta září septembrie вересня вересень سبتمبر أيلول ספטמבר सितंबर सितम्बर সেপ্টেম্বর กันยายน سپتامبر ستمبر"),
    (10, "october octobre oktober octubre ottobre outubro október októbra οκτώβριος οκτωβρίου οκτ октября октябрь октомври październik października ekim lokakuuta říjen října octombrie жовтня жовтень أكتوبر اكتوبر אוקטובר अक्टूबर अक्तूबर অক্টোবর ตุลาคม اکتبر اکتوبر"),
    (11, "november novembre noviembre novembro novembra νοέμβριος νοεμβρίου νοέ νοε ноября ноябрь ноември listopad listopada listopadu kasım marraskuuta noiembrie листопада листопад نوفمبر נובמבר नवंबर नवम्बर নভেম্বর พฤศจิกายน نوامبر نومبر"),
    (12, "december décembre decembre dezember diciembre dicembre dezembro desember decembra δεκέμβριος δεκεμβρίου δεκ декабря декабрь декември grudzień grudnia aralık joulukuuta prosinec prosince decembrie грудня грудень ديسمبر דצמבר दिसंबर दिसम्बर ডিসেম্বর ธันวาคม دسامبر دسمبر disember"),
];

/// The months that most dates bear.
pub const ENGLISH: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Days of the week. A word is a day when it is the beginning of one, two letters or more.
#[rustfmt::skip]
const WEEKDAYS: &[&str] = &[
    "monday tuesday wednesday thursday friday saturday sunday tues weds thurs",
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunes martes miércoles miercoles jueves viernes sábado sabado domingo",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "segunda terça quarta quinta sexta feira",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tisdag lördag söndag",
    "maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina",
    "δευτέρα δευ τρίτη τρι τετάρτη τετ πέμπτη πεμ παρασκευή σάββατο σαβ κυριακή",
    "понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс",
    "понеділок вівторок середа четвер субота неділя",
    "poniedziałek wtorek środa czwartek piątek pt sobota niedziela",
    "pondělí úterý středa čtvrtek pátek neděle pondelok utorok streda štvrtok piatok nedeľa",
    "luni marți miercuri joi vineri sâmbătă duminică",
    "hétfő kedd szerda csütörtök péntek szombat vasárnap",
    "pazartesi salı çarşamba perşembe cuma cumartesi pazar",
    "senin selasa rabu kamis jumat sabtu minggu isnin khamis ahad",
    "월요일 화요일 수요일 목요일 금요일 토요일 일요일",
    "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 周一 周二 周三 周四 周五 周六 周日 週一 週二 週三 週四 週五 週六 週日",
    "الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت",
    "सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार",
];

/// Words that stand between the parts of a date and say nothing.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "at on of the st nd rd th de del di do da le la las el il a à às alle ore er ème den der dem am um uhr uur kl klo klokken om t h hs hrs r u v ve в г р года року",
    "published posted publié publicado publicada pubblicato veröffentlicht erstellt publisert publicerad gepubliceerd",
    "년 월 일 분 월 화 수 목 금 토 일 年 月 日 分 号 火 水 木 金 土 ngày tháng năm",
];

/// Halves of the day, and whether it is the second.
const HALVES: &[(&str, bool)] = &[
    ("am", false),
    ("pm", true),
    ("오전", false),
    ("오후", true),
    ("上午", false),
    ("下午", true),
    ("午前", false),
    ("午後", true),
    ("ص", false),
    ("صباحا", false),
    ("صباحًا", false),
    ("م", true),
    ("مساء", true),
    ("مساءً", true),
];

/// Months of two words, as one.
const TWO_WORDS: &[(&str, &str)] = &[
    ("كانون الثاني", "يناير"),
    ("تشرين الأول", "أكتوبر"),
    ("تشرين الثاني", "نوفمبر"),
    ("كانون الأول", "ديسمبر"),
];

/// A printed date in lower case, `a.m.` as one word, digits and marks as ASCII has them.
pub fn lower(printed: &str) -> String {
    let mut lower = printed.to_lowercase();
    if lower.contains(".m") {
        lower = lower.replace("a.m.", "am").replace("p.m.", "pm").replace("p.m", "pm");
    }
    if lower.is_ascii() {
        return lower;
    }
    let lower: String = lower.chars().map(plain).collect();
    TWO_WORDS
        .iter()
        .fold(lower, |text, (two, one)| if text.contains(two) { text.replace(two, one) } else { text })
}

/// Digits of other scripts, and the wide marks of Chinese and Japanese.
fn plain(c: char) -> char {
    const ZEROS: &[char] = &['٠', '۰', '०', '০', '０'];
    const WIDE: &[(char, char)] = &[
        ('（', '('),
        ('）', ')'),
        ('：', ':'),
        ('，', ','),
        ('、', ','),
        ('،', ','),
        ('／', '/'),
        ('．', '.'),
        ('・', '.'),
    ];
    let digit = |zero: &char| {
        u32::from(c).checked_sub(u32::from(*zero)).and_then(|value| char::from_digit(value, 10))
    };
    let mark = || WIDE.iter().find(|(wide, _)| *wide == c).map(|(_, mark)| *mark);
    ZEROS.iter().find_map(digit).or_else(mark).unwrap_or(c)
}

/// The number of a month. Hebrew puts `ב`, in, before its name.
pub fn month(word: &str) -> Option<i8> {
    let long = word.chars().nth(2).is_some();
    let english = ENGLISH.iter().position(|name| long && name.starts_with(word));
    if let Some(at) = english {
        return i8::try_from(at + 1).ok();
    }
    let is = |names: &str| names.split(' ').any(|name| name == word || long && name.starts_with(word));
    let found = MONTHS.iter().find(|(_, names)| is(names)).map(|(number, _)| *number);
    found.or_else(|| month(word.strip_prefix('ב')?))
}

/// True for a day of the week.
pub fn is_weekday(word: &str) -> bool {
    let begins = |days: &&str| days.split(' ').any(|day| day.starts_with(word));
    word.chars().nth(1).is_some() && WEEKDAYS.iter().any(begins)
}

/// True for a word that says nothing.
pub fn is_filler(word: &str) -> bool {
    FILLERS.iter().any(|fillers| fillers.split(' ').any(|filler| filler == word))
}

/// `Some(true)` for `pm`, `Some(false)` for `am`.
pub fn afternoon(word: &str) -> Option<bool> {
    HALVES.iter().find(|(half, _)| *half == word).map(|(_, afternoon)| *afternoon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_are_read_as_their_language_means_them() {
        let cases = [
            ("jan", 1),
            ("janv", 1),
            ("ene", 1),
            ("fév", 2),
            ("mar", 3),
            ("mär", 3),
            ("avr", 4),
            ("abr", 4),
            ("mai", 5),
            ("juin", 6),
            ("juil", 7),
            ("jul", 7),
            ("aoû", 8),
            ("ago", 8),
            ("sept", 9),
            ("set", 9),
            ("okt", 10),
            ("ott", 10),
            ("out", 10),
            ("nov", 11),
            ("dez", 12),
            ("déc", 12),
            ("dic", 12),
            ("gen", 1),
            ("giu", 6),
            ("lug", 7),
        ];
        for (word, number) in cases {
            assert_eq!(month(word), Some(number), "{word}");
        }
        assert_eq!(month("ma"), None);
        assert_eq!(month("zone"), None);
    }
}

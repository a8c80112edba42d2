//! Words of printed dates: months, weekdays, halves of the day, and words that say nothing.

/// Months in the languages of feeds. A word is the first month of which it is the beginning, three letters or more.
const MONTHS: &[(i8, &str)] = &[
    (
        1,
        "january janvier januar januari jänner janeiro enero gennaio január ιανουάριος ιανουαρίου ιαν \
         января январь styczeń stycznia ocak tammikuuta",
    ),
    (
        2,
        "february février fevrier februar februari febrero febbraio fevereiro február φεβρουάριος \
         φεβρουαρίου φεβ февраля февраль luty lutego şubat helmikuuta",
    ),
    (
        3,
        "march mars märz maerz marzo março marco maart mrt március mart μάρτιος μαρτίου μάρ μαρ марта \
         март marzec marca maaliskuuta",
    ),
    (
        4,
        "april avril abril aprile április απρίλιος απριλίου απρ апреля апрель kwiecień kwietnia nisan \
         huhtikuuta",
    ),
    (5, "may mai mayo maggio maio mei maj május μάιος μαΐου μάι μαϊ μαι мая май maja mayıs toukokuuta"),
    (
        6,
        "june juin juni junio giugno junho június ιούνιος ιουνίου ιούν ιουν июня июнь czerwiec czerwca \
         haziran kesäkuuta",
    ),
    (
        7,
        "july juillet juli julio luglio julho július ιούλιος ιουλίου ιούλ ιουλ июля июль lipiec lipca \
         temmuz heinäkuuta",
    ),
    (
        8,
        "august août aout agosto augustus augusti augusztus αύγουστος αυγούστου αύγ αυγ августа август \
         sierpień sierpnia ağustos elokuuta",
    ),
    (
        9,
        "september septembre septiembre settembre setembro szeptember σεπτέμβριος σεπτεμβρίου σεπ \
         сентября сентябрь wrzesień września eylül syyskuuta",
    ),
    (
        10,
        "october octobre oktober octubre ottobre outubro október οκτώβριος οκτωβρίου οκτ октября октябрь \
         październik października ekim lokakuuta",
    ),
    (
        11,
        "november novembre noviembre novembro νοέμβριος νοεμβρίου νοέ νοε ноября ноябрь listopad \
         listopada kasım marraskuuta",
    ),
    (
        12,
        "december décembre decembre dezember diciembre dicembre dezembro desember δεκέμβριος δεκεμβρίου \
         δεκ декабря декабрь grudzień grudnia aralık joulukuuta",
    ),
];

/// Days of the week. A word is a day when it is the beginning of one, two letters or more.
const WEEKDAYS: &str = "monday tuesday wednesday thursday friday saturday sunday tues weds thurs montag dienstag mittwoch \
    donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche \
    lunes martes miércoles miercoles jueves viernes sábado sabado domingo lunedì martedì mercoledì \
    giovedì venerdì sabato domenica segunda terça quarta quinta sexta feira maandag dinsdag woensdag \
    donderdag vrijdag zaterdag zondag mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tisdag \
    lördag söndag δευτέρα δευ τρίτη τρι τετάρτη τετ πέμπτη πεμ παρασκευή σάββατο σαβ κυριακή понедельник \
    вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс 월요일 화요일 수요일 목요일 금요일 토요일 일요일 \
    hétfő kedd szerda csütörtök péntek szombat vasárnap";

/// Words that stand between the parts of a date and say nothing.
const FILLERS: &str = "at on of the st nd rd th de del di do da le la las el il à às alle ore er ème den der am um uhr kl \
    klo klokken om t г года 년 월 일 年 月 日";

/// Halves of the day, and whether it is the second.
const HALVES: &[(&str, bool)] =
    &[("am", false), ("pm", true), ("오전", false), ("오후", true), ("上午", false), ("下午", true)];

/// A printed date in lower case, `a.m.` as one word.
pub fn lower(printed: &str) -> String {
    let lower = printed.to_lowercase();
    if lower.contains(".m") {
        lower.replace("a.m.", "am").replace("p.m.", "pm").replace("p.m", "pm")
    } else {
        lower
    }
}

/// The number of a month.
pub fn month(word: &str) -> Option<i8> {
    let long = word.chars().nth(2).is_some();
    let begins = |names: &str| names.split(' ').any(|name| name.starts_with(word));
    MONTHS.iter().find(|(_, names)| long && begins(names)).map(|(number, _)| *number)
}

/// True for a day of the week.
pub fn is_weekday(word: &str) -> bool {
    word.chars().nth(1).is_some() && WEEKDAYS.split(' ').any(|day| day.starts_with(word))
}

/// True for a word that says nothing.
pub fn is_filler(word: &str) -> bool {
    FILLERS.split(' ').any(|filler| filler == word)
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

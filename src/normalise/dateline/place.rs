//! A printed place resolved to city, region, country and coordinates.

use crate::item::Dateline;

use super::super::gazetteer::{self, Place, fold};
use super::super::regions::{self, Region};
use super::line;

/// Cities that stand alone in a dateline, whatever else bears their name: AP's lists (US and abroad), and the
/// specials of section 9: folded name, country, first-level division where the country has several such cities.
#[rustfmt::skip]
const ALONE: &[(&str, &str)] = &[
    ("atlanta", "US-GA"), ("baltimore", "US-MD"), ("boston", "US-MA"), ("chicago", "US-IL"), ("cincinnati", "US-OH"),
    ("cleveland", "US-OH"), ("dallas", "US-TX"), ("denver", "US-CO"), ("detroit", "US-MI"), ("honolulu", "US-HI"),
    ("houston", "US-TX"), ("indianapolis", "US-IN"), ("lasvegas", "US-NV"), ("losangeles", "US-CA"), ("miami", "US-FL"),
    ("milwaukee", "US-WI"), ("minneapolis", "US-MN"), ("neworleans", "US-LA"), ("newyork", "US-NY"), ("oklahomacity", "US-OK"),
    ("philadelphia", "US-PA"), ("phoenix", "US-AZ"), ("pittsburgh", "US-PA"), ("saintlouis", "US-MO"), ("saltlakecity", "US-UT"),
    ("sanantonio", "US-TX"), ("sandiego", "US-CA"), ("sanfrancisco", "US-CA"), ("seattle", "US-WA"), ("washington", "US-DC"),
    ("amsterdam", "NL"), ("baghdad", "IQ"), ("bangkok", "TH"), ("beijing", "CN"), ("beirut", "LB"), ("berlin", "DE"),
    ("brussels", "BE"), ("cairo", "EG"), ("djibouti", "DJ"), ("dublin", "IE"), ("geneva", "CH"), ("gibraltar", "GI"),
    ("guatemalacity", "GT"), ("havana", "CU"), ("helsinki", "FI"), ("hongkong", "HK"), ("islamabad", "PK"), ("istanbul", "TR"),
    ("jerusalem", "IL"), ("johannesburg", "ZA"), ("kuwaitcity", "KW"), ("london", "GB"), ("luxembourg", "LU"), ("macau", "MO"),
    ("madrid", "ES"), ("mexicocity", "MX"), ("milan", "IT"), ("monaco", "MC"), ("montreal", "CA"), ("moscow", "RU"),
    ("munich", "DE"), ("newdelhi", "IN"), ("panamacity", "PA"), ("paris", "FR"), ("prague", "CZ"), ("quebeccity", "CA"),
    ("riodejaneiro", "BR"), ("rome", "IT"), ("sanmarino", "SM"), ("saopaulo", "BR"), ("shanghai", "CN"), ("singapore", "SG"),
    ("stockholm", "SE"), ("sydney", "AU"), ("tokyo", "JP"), ("toronto", "CA"), ("vaticancity", "VA"), ("vienna", "AT"),
    ("zurich", "CH"), ("quebec", "CA"), ("bahrain", "BH"), ("kuwait", "KW"), ("brasilia", "BR"), ("roma", "IT"), ("genf", "CH"),
    ("delhi", "IN"), ("gaza", "PS"), ("santodomingo", "DO"), ("kingston", "JM"), ("georgetown", "GY"), ("sanjose", "CR"),
    ("santiago", "CL"), ("lapaz", "BO"), ("hamilton", "BM"), ("victoria", "CA"), ("valletta", "MT"), ("athens", "GR"), ("lima", "PE"),
];

/// Where the world body sits, and other places that are no town: name, town that gives region and coordinates.
const INSTEAD: &[(&str, &str)] = &[("unitednations", "New York"), ("capecanaveral", "Cape Canaveral")];

/// City, region, country and coordinates of a printed place. With several cities the first gives country and position.
pub fn resolve(cities: &str, region: Option<&str>) -> Dateline {
    let mut dateline = Dateline::default();
    if cities.is_empty() {
        return dateline;
    }
    dateline.city = Some(reading_case(cities));
    let first = line::split(cities).next().unwrap_or(cities);
    let named = region.map(regions::named).unwrap_or_default();
    let place = find(first, named);
    let inside = chosen(named, place);
    dateline.country = place.map(|it| it.country).or(inside.map(|it| it.country)).map(String::from);
    dateline.region = division(inside, place).map(String::from).or_else(|| unknown_region(region, named));
    if let Some(place) = place {
        (dateline.lat, dateline.lon) = (Some(place.lat), Some(place.lon));
        if fold(place.name) == fold(cities)
            && place.name.is_ascii()
            && cities.chars().all(|c| !c.is_lowercase())
        {
            dateline.city = Some(respelt(cities, place.name));
        }
    }
    dateline
}

/// Region given: in that country or state only. Else the stand-alone list; else the likeliest of that name.
fn find(city: &str, named: &[Region]) -> Option<Place> {
    let folded = fold(city);
    let city = INSTEAD.iter().find(|(name, _)| *name == folded).map_or(city, |(_, town)| town);
    if !named.is_empty() {
        return named.iter().find_map(|region| gazetteer::likeliest(city, |place| lies_in(place, region)));
    }
    let alone = ALONE
        .iter()
        .find(|(name, _)| *name == fold(city))
        .map(|(_, home)| home.split_once('-').unwrap_or((home, "")));
    let at_home = alone.and_then(|(country, admin1)| {
        gazetteer::likeliest(city, |place| {
            place.country == country && (admin1.is_empty() || place.admin1 == admin1)
        })
    });
    at_home.or_else(|| gazetteer::likeliest(city, |_| true))
}

fn lies_in(place: &Place, region: &Region) -> bool {
    let in_division = |(code, _): (&str, &str)| place.admin1 == code;
    place.country == region.country && region.division.is_none_or(in_division)
}

/// Of the regions a form may mean, the one in which the city was found: `Georgia` with Tbilisi is the country.
fn chosen(named: &[Region], place: Option<Place>) -> Option<Region> {
    let found = place.and_then(|place| named.iter().find(|region| lies_in(&place, region)));
    found.or(named.first()).copied()
}

fn division(inside: Option<Region>, place: Option<Place>) -> Option<&'static str> {
    let printed = inside.and_then(|region| region.division).map(|(_, name)| name);
    printed.or_else(|| place.and_then(|place| regions::division_name(place.country, place.admin1)))
}

fn unknown_region(region: Option<&str>, named: &[Region]) -> Option<String> {
    region.filter(|_| named.is_empty()).map(reading_case)
}

/// ISO code of a country's name or code, else the word as printed.
pub fn country_code(printed: &str) -> String {
    regions::country(printed).map_or_else(|| printed.to_string(), String::from)
}

/// A state's or province's full name, in this country when one is known: `Calif.` is `California`. Others stay as printed.
pub fn region_name(printed: &str, country: Option<&str>) -> String {
    let here = |region: &&Region| country.is_none_or(|country| country == region.country);
    let division = regions::named(printed).iter().filter(here).find_map(|region| region.division);
    division.map_or_else(|| printed.to_string(), |(_, name)| name.to_string())
}

/// Degrees by which a place's printed position may differ from the gazetteer's.
const NEAR: f64 = 5.0;

/// Takes a printed position over the gazetteer's, when it is one. IPTC's own AP sample has latitude and longitude the
/// wrong way round: they are put right where only that lies near the town, or where only that is on the globe.
pub fn position(dateline: &mut Dateline, printed: Option<&(String, String)>) {
    let Some((lat, lon)) = printed else { return };
    let (Ok(lat), Ok(lon)) = (lat.trim().parse::<f64>(), lon.trim().parse::<f64>()) else { return };
    let on_the_globe = |(lat, lon): &(f64, f64)| lat.abs() <= 90.0 && lon.abs() <= 180.0;
    let known = dateline.lat.zip(dateline.lon);
    let is_near = |(lat, lon): &(f64, f64)| {
        known.is_none_or(|(at_lat, at_lon)| (lat - at_lat).abs() < NEAR && (lon - at_lon).abs() < NEAR)
    };
    let both = [(lat, lon), (lon, lat)];
    let fits = both.iter().filter(|at| on_the_globe(at));
    if let Some((lat, lon)) = fits.clone().find(|at| is_near(at)).or_else(|| fits.clone().next()) {
        (dateline.lat, dateline.lon) = (Some(*lat), Some(*lon));
    }
}

/// The gazetteer's upper and lower case (`MCLEAN`: `McLean`) over the printed letters.
fn respelt(printed: &str, name: &str) -> String {
    if printed.len() == name.len() && printed.eq_ignore_ascii_case(name) {
        name.to_string()
    } else {
        reading_case(printed)
    }
}

/// Small words that stay small inside a place name.
const SMALL: &[&str] = &[
    "and", "de", "del", "la", "of", "the", "do", "da", "dos", "di", "du", "y", "et", "und", "am", "an",
    "der", "upon", "sur", "on",
];

/// `RIO DE JANEIRO` as `Rio de Janeiro`; mixed case stays as printed.
pub fn reading_case(printed: &str) -> String {
    if printed.chars().any(char::is_lowercase) && !printed.contains(" and ") {
        return printed.to_string();
    }
    let mut cased = String::with_capacity(printed.len());
    let mut begins = true;
    for (count, word) in printed.split(' ').enumerate() {
        if count > 0 {
            cased.push(' ');
        }
        let lower = word.to_lowercase();
        // `Boulogne sur Mer`, but `Big Sur`
        let last = printed.len() == cased.len() + word.len();
        if count > 0 && !last && SMALL.contains(&lower.as_str()) {
            cased.push_str(&lower);
            continue;
        }
        if word.chars().any(char::is_lowercase)
            || word.contains('.') && word.len() <= 5 && word.matches('.').count() > 1
        {
            cased.push_str(word);
            continue;
        }
        for c in word.chars() {
            cased.extend(if begins {
                c.to_uppercase().collect::<Vec<_>>()
            } else {
                c.to_lowercase().collect()
            });
            begins = "-/'’".contains(c);
        }
        begins = true;
    }
    cased
}

//! **Which state, province or country is that?** Every form in which copy prints them, with ISO codes.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::gazetteer::fold;

/// A country, or a state or province of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// ISO 3166 alpha-2 code.
    pub country: &'static str,
    /// GeoNames first-level division and its full name, when it is less than a country.
    pub division: Option<(&'static str, &'static str)>,
}

/// US states, territories and Canadian provinces: country, GeoNames code, name, then every form copy prints.
/// AP's short forms (AP Stylebook, "state names"), postal codes, and variants met on the wire.
#[rustfmt::skip]
const DIVISIONS: &[(&str, &str, &str, &str)] = &[
    ("US", "AL", "Alabama", "Ala|AL"), ("US", "AK", "Alaska", "AK|Alas"), ("US", "AZ", "Arizona", "Ariz|AZ"),
    ("US", "AR", "Arkansas", "Ark|AR"), ("US", "CA", "California", "Calif|CA|Cal"), ("US", "CO", "Colorado", "Colo|CO"),
    ("US", "CT", "Connecticut", "Conn|CT"), ("US", "DE", "Delaware", "Del|DE|Dela"), ("US", "FL", "Florida", "Fla|FL"),
    ("US", "GA", "Georgia", "Ga"), ("US", "HI", "Hawaii", "HI|Hawai'i"), ("US", "ID", "Idaho", "ID|Ida"),
    ("US", "IL", "Illinois", "Ill|IL"), ("US", "IN", "Indiana", "Ind|IN"), ("US", "IA", "Iowa", "IA"),
    ("US", "KS", "Kansas", "Kan|KS|Kans"), ("US", "KY", "Kentucky", "Ky"), ("US", "LA", "Louisiana", "La"),
    ("US", "ME", "Maine", "ME"), ("US", "MD", "Maryland", "Md"), ("US", "MA", "Massachusetts", "Mass|MA"),
    ("US", "MI", "Michigan", "Mich|MI"), ("US", "MN", "Minnesota", "Minn|MN"), ("US", "MS", "Mississippi", "Miss|MS"),
    ("US", "MO", "Missouri", "Mo"), ("US", "MT", "Montana", "Mont|MT"), ("US", "NE", "Nebraska", "Neb|NE|Nebr"),
    ("US", "NV", "Nevada", "Nev|NV"), ("US", "NH", "New Hampshire", "N.H|NH"), ("US", "NJ", "New Jersey", "N.J|NJ"),
    ("US", "NM", "New Mexico", "N.M|NM|N. Mex"), ("US", "NY", "New York", "N.Y|NY"), ("US", "NC", "North Carolina", "N.C|NC"),
    ("US", "ND", "North Dakota", "N.D|ND|N. Dak"), ("US", "OH", "Ohio", "OH"), ("US", "OK", "Oklahoma", "Okla|OK"),
    ("US", "OR", "Oregon", "Ore|OR|Oreg"), ("US", "PA", "Pennsylvania", "Pa|Penn|Penna"), ("US", "RI", "Rhode Island", "R.I|RI"),
    ("US", "SC", "South Carolina", "S.C|SC"), ("US", "SD", "South Dakota", "S.D|SD|S. Dak"), ("US", "TN", "Tennessee", "Tenn|TN"),
    ("US", "TX", "Texas", "Tex|TX"), ("US", "UT", "Utah", "UT"), ("US", "VT", "Vermont", "Vt"),
    ("US", "VA", "Virginia", "Va"), ("US", "WA", "Washington", "Wash|WA"), ("US", "WV", "West Virginia", "W.Va|WV|W. Va"),
    ("US", "WI", "Wisconsin", "Wis|WI|Wisc"), ("US", "WY", "Wyoming", "Wyo|WY"), ("US", "DC", "District of Columbia", "D.C|DC"),
    ("CA", "01", "Alberta", "Alta|AB"), ("CA", "02", "British Columbia", "B.C|BC"), ("CA", "03", "Manitoba", "Man|MB"),
    ("CA", "04", "New Brunswick", "N.B|NB"), ("CA", "05", "Newfoundland and Labrador", "Newfoundland|Nfld|N.L|NL|Labrador"),
    ("CA", "07", "Nova Scotia", "N.S|NS"), ("CA", "08", "Ontario", "Ont|ON"), ("CA", "09", "Prince Edward Island", "P.E.I|PEI"),
    ("CA", "10", "Quebec", "Que|QC|Québec"), ("CA", "11", "Saskatchewan", "Sask|SK"), ("CA", "12", "Yukon", "Yukon Territory|Y.T|YT"),
    ("CA", "13", "Northwest Territories", "N.W.T|NWT"), ("CA", "14", "Nunavut", "NU"),
    ("AU", "02", "New South Wales", "NSW|N.S.W"), ("AU", "04", "Queensland", "Qld"), ("AU", "05", "South Australia", "S.A"),
    ("AU", "06", "Tasmania", "Tas"), ("AU", "07", "Victoria", "Vic"), ("AU", "08", "Western Australia", "W.A"),
    ("AU", "03", "Northern Territory", ""), ("AU", "01", "Australian Capital Territory", "ACT"),
    ("GB", "ENG", "England", "Angleterre|Inglaterra"), ("GB", "SCT", "Scotland", "Schottland"), ("GB", "WLS", "Wales", ""),
    ("GB", "NIR", "Northern Ireland", "Ulster"),
    ("PS", "GZ", "Gaza Strip", "Gaza|Gazastreifen|Bande de Gaza|Franja de Gaza"),
    ("PS", "WE", "West Bank", "Occupied West Bank|Westjordanland|Cisjordanie|Cisjordania"),
    ("UA", "11", "Crimea", "Krim|Crimée"), ("IN", "12", "Kashmir", "Jammu and Kashmir|Indian-controlled Kashmir|Indian-administered Kashmir"),
];

/// Country names: ISO code, then its names in many languages, of agencies and of former days.
static COUNTRIES: &str = include_str!("gazetteer/countries.tsv");

static FORMS: LazyLock<HashMap<String, Vec<Region>>> = LazyLock::new(|| {
    let mut forms: HashMap<String, Vec<Region>> = HashMap::new();
    let mut file = |form: &str, region: Region| {
        let regions = forms.entry(fold(form)).or_default();
        if !form.is_empty() && !regions.contains(&region) {
            regions.push(region);
        }
    };
    for &(country, code, name, short) in DIVISIONS {
        for form in std::iter::once(name).chain(short.split('|')) {
            file(form, Region { country, division: Some((code, name)) });
        }
    }
    for (country, names) in COUNTRIES.lines().filter_map(|line| line.split_once('\t')) {
        for form in names.split('|') {
            file(form, Region { country, division: None });
        }
    }
    forms
});

/// The regions a printed form may mean, the likeliest first: `Ga.` is one, `Georgia` is two.
pub fn named(form: &str) -> &'static [Region] {
    if form.len() > 60 {
        return &[];
    }
    FORMS.get(&fold(form)).map_or(&[], Vec::as_slice)
}

/// The country of a name or of an ISO alpha-2 code.
pub fn country(form: &str) -> Option<&'static str> {
    let by_name = named(form).iter().find(|region| region.division.is_none()).map(|region| region.country);
    by_name.or_else(|| by_code(form.trim()))
}

/// The English name of a country that is given by its code: `FRA`, `fr`.
pub fn name_of(code: &str) -> Option<&'static str> {
    let iso = by_code(code.trim())?;
    let names =
        COUNTRIES.lines().filter_map(|line| line.split_once('\t')).find(|(known, _)| *known == iso)?.1;
    names.split('|').next()
}

/// Codes of three letters (ISO 3166-1 alpha-3: NewsML 1 of AFP and Reuters), each with the two letters of the same country behind it.
const THREE_LETTERS: &str = "\
    ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU AUTAT AZEAZ BDIBI BELBE BENBJ \
    BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO BRABR BRBBB BRNBN BTNBT BVTBV BWABW CAFCF CANCA \
    CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE \
    DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB \
    GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM HNDHN HRVHR \
    HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH \
    KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD \
    MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA \
    NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL \
    PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ SLBSB SLESL \
    SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ \
    TKLTK TKMTM TLSTL TONTO TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC VENVE VGBVG \
    VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW XKXXK";

fn by_code(code: &str) -> Option<&'static str> {
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return THREE_LETTERS.split_whitespace().find_map(|row| row.strip_prefix(code));
    }
    let two_letters = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    let upper = two_letters.then(|| code.to_ascii_uppercase())?;
    COUNTRIES.lines().filter_map(|line| line.get(..2)).find(|iso| *iso == upper)
}

/// The full name of a first-level division that we know: US states, Canadian provinces and a few more.
pub fn division_name(country: &str, code: &str) -> Option<&'static str> {
    DIVISIONS.iter().find(|row| row.0 == country && row.1 == code).map(|row| row.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_region_is_read() {
        for (form, country, division) in [
            ("Calif.", "US", Some("California")),
            ("CALIF.", "US", Some("California")),
            ("N.Y.", "US", Some("New York")),
            ("W.Va.", "US", Some("West Virginia")),
            ("Mass", "US", Some("Massachusetts")),
            ("Ontario", "CA", Some("Ontario")),
            ("West Germany", "DE", None),
            ("Alemania", "DE", None),
            ("Gaza Strip", "PS", Some("Gaza Strip")),
            ("U.K.", "GB", None),
            ("Burma", "MM", None),
        ] {
            let region = named(form).first().unwrap_or_else(|| panic!("{form} is unknown"));
            assert_eq!((region.country, region.division.map(|it| it.1)), (country, division), "{form}");
        }
        assert_eq!(named("Georgia").len(), 2);
        assert!(named("Dallas").is_empty());
    }

    #[test]
    fn a_country_is_read_from_name_or_code() {
        assert_eq!(country("Frankreich"), Some("FR"));
        assert_eq!(country("us"), Some("US"));
        assert_eq!(country("CH"), Some("CH"));
        assert_eq!((country("FRA"), country("DEU"), country("QQQ")), (Some("FR"), Some("DE"), None));
        assert_eq!(
            (name_of("FRA"), name_of("us"), name_of("France")),
            (Some("France"), Some("United States"), None)
        );
        assert_eq!(country("ZZ"), None);
        assert_eq!(division_name("US", "TX"), Some("Texas"));
    }
}

//! The 512 words of suggested passphrases: German nouns of four to eight letters without umlaut, written small.
//! Not a dictionary: changing a word changes no existing passphrase.

/// 512 different words: 9 bit each.
pub(crate) const WORDS: &[&str; 512] = &[
    "abend", "acker", "ahorn", "akte", "alge", "allee", "alpen", "amboss", "ampel", "anker",
    "antenne", "apfel", "april", "arena", "arkade", "armband", "asche", "aster", "atlas", "auge",
    "august", "auto", "backofen", "bagger", "balkon", "ball", "ballon", "banane", "bank", "barke",
    "basalt", "bauch", "bauer", "baum", "becher", "beere", "beet", "beil", "berg", "besen",
    "beton", "bett", "beutel", "biber", "biene", "bild", "birke", "birne", "bison", "blatt",
    "blei", "blitz", "block", "blume", "bluse", "boden", "bohne", "bohrer", "boje", "bolzen",
    "boot", "borke", "borste", "bote", "boxer", "brand", "brei", "brett", "brief", "brille",
    "brise", "brot", "bruder", "brunnen", "brust", "buch", "bucht", "bude", "bulle", "bund",
    "burg", "busch", "butter", "chor", "dach", "dachs", "damm", "dampf", "decke", "degen", "deich",
    "delfin", "delle", "denkmal", "diamant", "dichter", "diele", "distel", "dohle", "donner",
    "dorf", "dorn", "dose", "drache", "draht", "drehung", "dreieck", "drossel", "druck", "duft",
    "durst", "ebbe", "eber", "echo", "ecke", "efeu", "eibe", "eiche", "eidechse", "eimer", "eisen",
    "elch", "elefant", "elster", "ende", "ente", "erbse", "erde", "ernte", "esche", "esel", "eule",
    "faden", "fahne", "falke", "falte", "farbe", "farn", "fass", "feder", "feier", "feige",
    "feile", "feld", "felge", "fels", "fenster", "ferien", "fest", "feuer", "fichte", "figur",
    "film", "filz", "finger", "fink", "firma", "fisch", "flamme", "flasche", "fleck", "flieder",
    "floh", "flosse", "flug", "fluss", "flut", "fohlen", "folie", "forelle", "form", "foto",
    "frage", "frosch", "frucht", "fuchs", "fuge", "funke", "furche", "gabel", "galopp", "gang",
    "gans", "garten", "gast", "gaumen", "gebirge", "gefieder", "geige", "geist", "gelenk",
    "gepard", "gerste", "gesang", "gesicht", "gewicht", "giebel", "ginster", "gipfel", "gitarre",
    "gitter", "glanz", "glas", "gleis", "glocke", "gold", "gondel", "graben", "granit", "gras",
    "grenze", "grille", "grotte", "grube", "gruppe", "gurke", "gurt", "hafen", "hafer", "hahn",
    "hain", "haken", "halle", "hals", "hammer", "hang", "harfe", "harz", "hase", "hasel", "haube",
    "hauch", "haus", "haut", "hecht", "heft", "heide", "heimat", "held", "helm", "hemd", "henkel",
    "herbst", "hering", "herz", "himbeere", "himmel", "hirsch", "hirte", "hobel", "honig",
    "hopfen", "horn", "hose", "hotel", "hummel", "hummer", "hund", "hupe", "iltis", "imker",
    "insel", "jacke", "jagd", "jaguar", "jahr", "januar", "jasmin", "jubel", "jugend", "juli",
    "juni", "juwel", "kabel", "kabine", "kaffee", "kahn", "kakao", "kaktus", "kalb", "kalender",
    "kalk", "kamel", "kamera", "kamin", "kamm", "kanal", "kanne", "kante", "kanu", "kapelle",
    "karotte", "karpfen", "karte", "kasse", "kater", "katze", "kegel", "keil", "keks", "kelch",
    "keller", "kerze", "kessel", "kette", "keule", "kiefer", "kies", "kind", "kino", "kirche",
    "kirsche", "kissen", "klammer", "klang", "klavier", "klee", "klinge", "klippe", "kloster",
    "knie", "knolle", "knopf", "knospe", "knoten", "koch", "koffer", "kohl", "kohle", "komet",
    "kompass", "koralle", "korb", "korken", "korn", "krabbe", "kraft", "kragen", "kran", "kranich",
    "kranz", "kraut", "krebs", "kreide", "kreis", "kresse", "kreuz", "krone", "krug", "kuckuck",
    "kugel", "kunst", "kupfer", "kurve", "lachs", "lack", "laden", "lager", "lampe", "land",
    "lanze", "laterne", "laub", "lauch", "lawine", "leder", "lehm", "leine", "leiter", "lerche",
    "licht", "liebe", "lied", "lilie", "limone", "linde", "linie", "linse", "lippe", "liste",
    "locke", "luchs", "luft", "lupe", "mais", "maler", "malve", "mandel", "mango", "mantel",
    "marder", "markt", "marmor", "maske", "mast", "matte", "mauer", "maus", "meer", "meise",
    "melone", "messer", "metall", "meter", "milch", "mimose", "minze", "mispel", "mohn", "molch",
    "monat", "mond", "moor", "moos", "morgen", "motor", "motte", "mulde", "museum", "muskat",
    "mutter", "nabel", "nacht", "nadel", "nase", "natter", "nebel", "nelke", "nerv", "nest",
    "netz", "nickel", "norden", "note", "nuss", "oase", "oboe", "ofen", "oktober", "olive",
    "onkel", "opal", "orgel", "orkan", "osten", "otter", "paar", "paket", "palast", "palme",
    "panda", "panther", "papier", "pappel", "park", "pedal", "pelikan", "perle", "pfad", "pfanne",
    "pfau", "pfeffer", "pfeife", "pfeil", "pferd", "pflanze", "pflaume", "pflug", "pinguin",
    "pinsel", "pirat", "planet", "platz", "posaune", "prisma", "puls", "puma", "pumpe", "punkt",
    "puppe", "quarz", "quelle", "rabe", "rahmen", "rakete", "ranke", "raps", "rasen", "rauch",
    "raum", "raupe", "rebe", "regal", "regen", "reifen", "reis", "reise", "rettich", "riegel",
    "riese", "ring", "rippe", "ritter", "robbe", "rock", "roggen", "rohr", "rolle", "rose", "rost",
    "rubin", "ruder",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_differ_and_are_easy_to_type() {
        assert!(
            WORDS.is_sorted_by(|a, b| a < b),
            "sorted and without repetition"
        );
        assert!(WORDS.iter().all(|word| (4..=8).contains(&word.len())));
        assert!(
            WORDS
                .iter()
                .all(|word| word.bytes().all(|b| b.is_ascii_lowercase()))
        );
    }
}

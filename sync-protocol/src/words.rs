//! 256 German nouns for the four words that tablet and office compare. The order is part of the format. Source: SPEC P6.

/// One word per byte.
#[rustfmt::skip]
pub(crate) const WORDS: [&str; 256] = [
    "Acker", "Adler", "Ahorn", "Allee", "Ameise", "Anker", "Apfel", "April", "Armband", "Atlas",
    "Auge", "August", "Bach", "Bahnhof", "Balkon", "Banane", "Batterie", "Baum", "Becher", "Beere",
    "Berg", "Besen", "Biene", "Bild", "Birke", "Birne", "Blatt", "Bleistift", "Blitz", "Blume",
    "Bohne", "Boot", "Brille", "Brot", "Brunnen", "Buch", "Burg", "Butter", "Dach", "Dackel",
    "Dattel", "Daumen", "Decke", "Deich", "Delfin", "Diamant", "Distel", "Donner", "Dorf", "Drache",
    "Eiche", "Eimer", "Elch", "Elefant", "Ente", "Erbse", "Erdbeere", "Esel", "Eule", "Fabrik",
    "Fackel", "Fahne", "Falke", "Farbe", "Feder", "Feld", "Fenster", "Feuer", "Fichte", "Finger",
    "Fisch", "Flasche", "Fliege", "Fluss", "Forelle", "Frosch", "Fuchs", "Gabel", "Gans", "Garten",
    "Gebirge", "Geige", "Gipfel", "Giraffe", "Glas", "Glocke", "Gold", "Gras", "Gurke", "Hafen",
    "Hafer", "Hagel", "Hammer", "Hase", "Haus", "Herbst", "Herz", "Himmel", "Hirsch", "Hobel",
    "Holz", "Honig", "Hotel", "Huhn", "Hummel", "Hund", "Igel", "Insel", "Jacke", "Januar", "Juli",
    "Kaffee", "Kamel", "Kamin", "Kanne", "Kapelle", "Karotte", "Karte", "Kastanie", "Katze", "Keks",
    "Keller", "Kerze", "Kette", "Kino", "Kirche", "Kirsche", "Kissen", "Klavier", "Klee", "Kleid",
    "Knopf", "Koffer", "Kohle", "Komet", "Kompass", "Korb", "Kreide", "Krone", "Kuchen", "Kugel",
    "Kutsche", "Lachs", "Lampe", "Leder", "Lehm", "Leiter", "Lerche", "Licht", "Lupe", "Magnet",
    "Mais", "Mandel", "Mantel", "Markt", "Maus", "Meer", "Melone", "Messer", "Metall", "Milch",
    "Mohn", "Mond", "Motor", "Museum", "Muschel", "Nadel", "Nagel", "Nase", "Nebel", "Nelke",
    "Nest", "Nuss", "Ofen", "Olive", "Orgel", "Oktober", "Palme", "Papier", "Park", "Perle",
    "Pfeffer", "Pferd", "Pflaume", "Pilz", "Pinsel", "Planet", "Quelle", "Rabe", "Radio", "Rakete",
    "Regal", "Regen", "Ritter", "Rose", "Rucksack", "Saft", "Salz", "Sand", "Schaf", "Schiff",
    "Schlange", "Schnee", "Segel", "Seide", "Sessel", "Silber", "Sofa", "Sommer", "Sonne",
    "Spiegel", "Stern", "Stiefel", "Storch", "Strand", "Tafel", "Tanne", "Tasse", "Taube", "Teller",
    "Tiger", "Tisch", "Tomate", "Traube", "Treppe", "Trommel", "Tulpe", "Turm", "Ufer", "Vase",
    "Veilchen", "Vogel", "Vulkan", "Wald", "Wasser", "Wein", "Weizen", "Welle", "Wiese", "Wind",
    "Winter", "Wolf", "Wolke", "Wolle", "Wurzel", "Zahn", "Zaun", "Zebra", "Zelt", "Ziege", "Zimt",
    "Zirkus", "Zitrone", "Zucker", "Zug", "Zwiebel",
];

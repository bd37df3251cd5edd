import type { Row } from "./Golden.ts"

/** Accents, letters of their own, other scripts and their transliteration. */
export const scripts: ReadonlyArray<Row> = [
  [
    "Группа крови | Кино",
    0,
    "Gruppa krovi | Kino | Gruppa krovi",
    "Zvezda po imeni Solntse | Kino | Zvezda po imeni Solntse"
  ],
  [
    "Gruppa krovi | Kino",
    0,
    "Группа крови | Кино | Группа крови",
    "Звезда по имени Солнце | Кино | Звезда по имени Солнце"
  ],
  [
    "Звезда по имени Солнце | Кино | Звезда по имени Солнце",
    1,
    "Группа крови | Кино | Группа крови",
    "Звезда по имени Солнце | КИНО | Звезда по имени Солнце"
  ],
  ["Пачка сигарет | Kino", 0, "Пачка сигарет | Кино | Звезда по имени Солнце", "Пачка сигарет | Земфира | Кинопробы"],
  ["Перемен | Кино", 1, "Перемен | Ляпис Трубецкой | Матрёшка", "Перемен! | КИНО | Последний герой"],
  [
    "Всё идёт по плану | Гражданская оборона",
    0,
    "Все идет по плану | Гражданская Оборона | Всё идёт по плану",
    "Всё идёт по плану | Сибирский Кузнецкий Метрострой | Каверы"
  ],
  ["Обійми | Океан Ельзи", 0, "Obiymy | Okean Elzy | Zemlya", "Обійми мене | Скрябін | Хіти"],
  [
    "Стефания | Kalush",
    0,
    "Stefania (Kalush Orchestra) | KALUSH; Kalush Orchestra | Stefania",
    "Стефанія | Дзідзьо | Збірка"
  ],
  ["Ђурђевдан | Бијело дугме", 0, "Đurđevdan | Bijelo Dugme | Ćiribiribela", "Ederlezi | Goran Bregović | Ederlezi"],
  [
    "Τα παιδιά του Πειραιά | Μελίνα Μερκούρη",
    0,
    "Ta Paidia tou Peiraia | Melina Merkouri | Never On Sunday",
    "Never on Sunday | Connie Francis | Never on Sunday"
  ],
  [
    "Zorba's Dance | Mikis Theodorakis",
    0,
    "Zorba's Dance | Μίκης Θεοδωράκης | Zorba The Greek",
    "Zorba's Dance | Lcd | Zorba's Dance"
  ],
  ["Mia Kalimera | Glykeria", "ask", "Καλημέρα | Γλυκερία | Επιτυχίες", "Καληνύχτα | Γλυκερία | Επιτυχίες"],
  ["Jóga | Bjork | Homogenic", 0, "Jóga | Björk | Homogenic", "Joga - Live | Björk | Live Box"],
  [
    "Hoppipolla | Sigur Ros",
    0,
    "Hoppípolla | Sigur Rós | Takk...",
    "Hoppípolla | Vitamin String Quartet | VSQ Performs Sigur Rós"
  ],
  [
    "Dejame Llorar | Ricardo Montaner",
    0,
    "Déjame Llorar | Ricardo Montaner | Ricardo Montaner",
    "Déjame Vivir | Juan Gabriel; Rocío Dúrcal | Los Dúo"
  ],
  [
    "Aguas de Marco | Elis Regina & Tom Jobim",
    "ask",
    "Águas De Março | Antônio Carlos Jobim; Elis Regina | Elis & Tom",
    "Águas de Março | João Gilberto | João Gilberto"
  ],
  [
    "Águas de Março | Elis Regina",
    1,
    "Águas de Março | João Gilberto | João Gilberto",
    "Águas De Março | Elis Regina; Antônio Carlos Jobim | Elis & Tom"
  ],
  [
    "Non, je ne regrette rien | Edith Piaf",
    0,
    "Non, je ne regrette rien | Édith Piaf | Olympia 1961",
    "Non, je ne regrette rien | Patricia Kaas | Kaas chante Piaf"
  ],
  [
    "La vie en rose | Édith Piaf",
    2,
    "La vie en rose | Louis Armstrong | C'est si bon",
    "La Vie En Rose | Grace Jones | Portfolio",
    "La vie en rose | Edith Piaf | Eternelle"
  ],
  ["Gluck | Gunther", "ask", "Glück auf | Herbert Grönemeyer | Mensch"],
  [
    "Für immer jung | André Heller & Wolfgang Ambros",
    0,
    "Für immer jung | Wolfgang Ambros; André Heller | Selbstbewusst",
    "Für immer jung | Karel Gott; Bushido | Heavy Metal Payback"
  ],
  [
    "Weisst du wie viel Sterne stehen | Die Strasse",
    0,
    "Weißt du, wie viel Sterne stehen | Die Straße | Kinderlieder",
    "Weißt du wie viel Sternlein stehen | Rolf Zuckowski | Dezemberträume"
  ],
  ["Dzien dobry | Lady Pank", "ask", "Mniej niż zero | Lady Pank | Lady Pank"],
  [
    "Mniej niz zero | Lady Pank",
    0,
    "Mniej niż zero | Lady Pank | Lady Pank",
    "Zero | The Smashing Pumpkins | Mellon Collie"
  ],
  ["Malopolska | Zespol Lodz", 0, "Małopolska | Zespół Łódź | Pieśni", "Łódź | Zespół | Pieśni"],
  ["Simarik | Tarkan", 0, "Şımarık | Tarkan | Ölürüm Sana", "Şıkıdım | Tarkan | A-acayipsin"],
  ["Kuzu Kuzu | TARKAN", 0, "Kuzu Kuzu | Tarkan | Karma", "Kuzu Kuzu - Remix | Tarkan | Kuzu Kuzu"],
  [
    "Vi er rode, vi er hvide | Roligans & Michael Laudrup",
    0,
    "Vi Er Røde, Vi Er Hvide | Roligans; Michael Laudrup | Fodboldhits",
    "Vi er hvide | Nik & Jay | Fodboldhits"
  ],
  ["Kaerlighed | Rasmus Seebach", "ask", "Lidt i fem | Rasmus Seebach | Rasmus Seebach"],
  ["強南 | 周杰倫", "ask", "青花瓷 | 周杰倫 | 我很忙", "七里香 | 周杰倫 | 七里香"],
  ["青花瓷 | 周杰倫 | 我很忙", 1, "七里香 | 周杰倫 | 七里香", "青花瓷 | 周杰倫 | 我很忙"],
  [
    "夜に駆ける | YOASOBI | THE BOOK",
    0,
    "夜に駆ける | YOASOBI | THE BOOK",
    "夜に駆ける - Piano Version | ピアノ王子 | カバー集",
    "群青 | YOASOBI | THE BOOK"
  ],
  ["アイドル | YOASOBI", 0, "アイドル | YOASOBI | アイドル", "Idol | YOASOBI | E-SIDE 3"],
  [
    "残酷な天使のテーゼ | 高橋洋子",
    1,
    "残酷な天使のテーゼ (カラオケ) - Karaoke Version | 歌っちゃ王 | カラオケ",
    "残酷な天使のテーゼ | 高橋洋子 | NEON GENESIS EVANGELION"
  ],
  ["Gangnam Style | PSY", 0, "강남스타일 (Gangnam Style) | PSY | PSY 6甲 Part 1", "Gentleman | PSY | Gentleman"],
  [
    "강남스타일 (Gangnam Style) | PSY",
    0,
    "Gangnam Style | PSY | Gangnam Style",
    "Gangnam Style (Karaoke) | Party Tyme Karaoke | Karaoke"
  ],
  ["봄날 | BTS", 0, "봄날 (Spring Day) | BTS | You Never Walk Alone", "Spring Day | Jimin | Covers"],
  ["Spring Day | BTS", 0, "봄날 (Spring Day) | BTS | You Never Walk Alone", "Butter | BTS | Butter"],
  ["中島みゆき 糸 | 中島みゆき", "ask", "時代 | 中島みゆき | 私の声が聞こえますか"],
  ["糸 | 中島みゆき", 1, "糸 | Bank Band | 沿志奏逢", "糸 | 中島みゆき | EAST ASIA"],
  ["かえる | 花", "ask", "がえる | 鼻 | かお"],
  [
    "Ｔｈｅ　Ｎｉｇｈｔｓ | Ａｖｉｃｉｉ",
    0,
    "The Nights | Avicii | The Days / Nights",
    "The Days | Avicii | The Days / Nights"
  ],
  [
    "Motorhead | Motörhead",
    0,
    "Motorhead | Motörhead | Motörhead",
    "Motörhead | Hawkwind | Warrior on the Edge of Time"
  ]
]

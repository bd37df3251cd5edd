import type { Row } from "./Golden.ts"

/** Remixes, covers and imitations. */
export const remixes: ReadonlyArray<Row> = [
  [
    "Summertime Sadness (Cedric Gervais Remix) | Lana Del Rey",
    1,
    "Summertime Sadness | Lana Del Rey | Born To Die",
    "Summertime Sadness (Lana Del Rey Vs. Cedric Gervais) - Cedric Gervais Remix | Lana Del Rey; Cedric Gervais | Summertime Sadness"
  ],
  [
    "Summertime Sadness | Lana Del Rey | Born to Die",
    1,
    "Summertime Sadness (Lana Del Rey Vs. Cedric Gervais) - Cedric Gervais Remix | Lana Del Rey; Cedric Gervais | Summertime Sadness",
    "Summertime Sadness | Lana Del Rey | Born To Die - The Paradise Edition"
  ],
  [
    "In the End (Mellen Gi Remix) | Tommee Profitt",
    1,
    "In The End | Linkin Park | Hybrid Theory",
    "In The End - Mellen Gi Remix | Tommee Profitt; Fleurie; Mellen Gi | In The End (Mellen Gi Remix)"
  ],
  [
    "Cold Heart (PNAU Remix) | Elton John & Dua Lipa",
    0,
    "Cold Heart - PNAU Remix | Elton John; Dua Lipa; PNAU | The Lockdown Sessions",
    "Cold Heart - Claptone Remix | Elton John; Dua Lipa; Claptone | Cold Heart (Claptone Remix)"
  ],
  [
    "Cold Heart (Claptone Remix) | Elton John & Dua Lipa",
    "ask",
    "Cold Heart - PNAU Remix | Elton John; Dua Lipa; PNAU | The Lockdown Sessions"
  ],
  [
    "Strobe (Club Edit) | deadmau5",
    1,
    "Strobe - Radio Edit | deadmau5 | Strobe",
    "Strobe - Club Edit | deadmau5 | Strobe",
    "Strobe | deadmau5 | For Lack of a Better Name"
  ],
  [
    "Ignition Remix | R. Kelly",
    1,
    "Ignition | R. Kelly | Chocolate Factory",
    "Ignition (Remix) | R. Kelly | Chocolate Factory"
  ],
  [
    "Blinding Lights | The Weeknd | After Hours",
    1,
    "Blinding Lights (Remix) | The Weeknd; ROSALÍA | Blinding Lights (Remix)",
    "Blinding Lights | The Weeknd | After Hours",
    "Blinding Lights - Instrumental | Vox Freaks | Blinding Lights"
  ],
  [
    "Blinding Lights | The Weeknd",
    "ask",
    "Blinding Lights (Sped Up) | Nightcore High | Sped Up Hits",
    "Blinding Lights | Teddy Swims | Blinding Lights",
    "Blinding Lights - 8 Bit Version | 8-Bit Arcade | 8-Bit Weeknd"
  ],
  [
    "Bad Guy | Billie Eilish",
    1,
    "bad guy (with Justin Bieber) - Remix | Billie Eilish; Justin Bieber | bad guy",
    "bad guy | Billie Eilish | WHEN WE ALL FALL ASLEEP, WHERE DO WE GO?"
  ],
  [
    "Shape of You | Ed Sheeran",
    "ask",
    "Shape of You (Acoustic) | Ed Sheeran | Shape of You (Acoustic)",
    "Shape of You (Galantis Remix) | Ed Sheeran; Galantis | Shape of You",
    "Shape of You | Kidz Bop Kids | Kidz Bop 35"
  ],
  [
    "Don't Stop Believin' | Journey | Escape",
    1,
    "Don't Stop Believin' (Glee Cast Version) | Glee Cast | Glee: The Music, Volume 1",
    "Don't Stop Believin' | Journey | Escape (Bonus Track Version)"
  ],
  [
    "Don't Stop Believin' (Glee Cast Version) | Glee Cast",
    0,
    "Don't Stop Believin' (Glee Cast Version) | Glee Cast | Glee: The Music, The Complete Season One",
    "Don't Stop Believin' | Journey | Escape"
  ],
  [
    "Fast Car | Tracy Chapman",
    "ask",
    "Fast Car | Luke Combs | Gettin' Old",
    "Fast Car | Jonas Blue; Dakota | Fast Car"
  ],
  [
    "Fast Car | Luke Combs | Gettin' Old",
    1,
    "Fast Car | Tracy Chapman | Tracy Chapman",
    "Fast Car | Luke Combs | Gettin' Old"
  ],
  [
    "Black or White | Michael Jackson | Dangerous",
    1,
    "Black Or White - The Clivillés & Cole House/Club Mix | Michael Jackson | Black Or White",
    "Black or White | Michael Jackson | Dangerous"
  ],
  [
    "Yesterday | The Beatles | Help!",
    "ask",
    "Yesterday - Take 1 | The Beatles | Anthology 2",
    "Yesterday | Boyz II Men | II",
    "Yesterday - Tribute to The Beatles | The Fab Four Tribute Band | Beatles Tribute"
  ],
  [
    "Nothing Compares 2 U | Sinéad O'Connor",
    1,
    "Nothing Compares 2 U | Prince | Originals",
    "Nothing Compares 2 U | Sinéad O'Connor | I Do Not Want What I Haven't Got",
    "Nothing Compares 2 U | Chris Cornell | Chris Cornell"
  ],
  [
    "Thinking Out Loud | Ed Sheeran | x",
    0,
    "Thinking out Loud | Ed Sheeran | x (Deluxe Edition)",
    "Thinking Out Loud - Instrumental | Pianista sull'Oceano | Piano Hits"
  ],
  ["Stay (Acoustic Version) | Rihanna", "ask", "Stay | Rihanna; Mikky Ekko | Unapologetic (Deluxe)"],
  [
    "Africa | Toto",
    1,
    "Africa | Weezer | Weezer (Teal Album)",
    "Africa | TOTO | Toto IV",
    "Africa - Live | TOTO | 40 Tours Around The Sun"
  ]
]

import type { Row } from "./Golden.ts"

/** Guests, several artists, and the same title by others. */
export const performers: ReadonlyArray<Row> = [
  [
    "Crazy in Love (feat. JAY-Z) | Beyoncé | Dangerously in Love",
    0,
    "Crazy In Love (feat. Jay-Z) | Beyoncé; JAY-Z | Dangerously In Love",
    "Crazy in Love | Antony and the Johnsons | Aeon"
  ],
  [
    "Crazy in Love | Beyonce ft. Jay-Z",
    0,
    "Crazy In Love (feat. Jay-Z) | Beyoncé; JAY-Z | Dangerously In Love",
    "Crazy In Love (feat. Boots) - Remix | Beyoncé; Boots | Fifty Shades of Grey"
  ],
  [
    "Crazy in Love | Beyoncé",
    0,
    "Crazy In Love (feat. Jay-Z) | Beyoncé; JAY-Z | Dangerously In Love",
    "Crazy in Love (Remix) | Beyoncé | Fifty Shades Darker"
  ],
  [
    "Uptown Funk (feat. Bruno Mars) | Mark Ronson",
    0,
    "Uptown Funk (feat. Bruno Mars) | Mark Ronson; Bruno Mars | Uptown Special",
    "Uptown Funk | Jimmy Fallon | The Roots Sing"
  ],
  [
    "Uptown Funk | Bruno Mars",
    0,
    "Uptown Funk (feat. Bruno Mars) | Mark Ronson; Bruno Mars | Uptown Special",
    "Uptown Funk | Fleur East | X Factor"
  ],
  [
    "Despacito | Luis Fonsi & Daddy Yankee",
    1,
    "Despacito - Remix | Luis Fonsi; Daddy Yankee; Justin Bieber | VIDA",
    "Despacito | Luis Fonsi; Daddy Yankee | VIDA"
  ],
  [
    "Despacito (Remix) [feat. Justin Bieber] | Luis Fonsi & Daddy Yankee",
    1,
    "Despacito | Luis Fonsi; Daddy Yankee | VIDA",
    "Despacito - Remix | Luis Fonsi; Daddy Yankee; Justin Bieber | VIDA"
  ],
  [
    "Under Pressure | Queen & David Bowie | Hot Space",
    0,
    "Under Pressure - Remastered 2011 | Queen; David Bowie | Hot Space (2011 Remaster)",
    "Under Pressure | Shawn Mendes; teddy<3 | Under Pressure"
  ],
  [
    "Under Pressure | David Bowie, Queen",
    0,
    "Under Pressure - Remastered 2011 | Queen; David Bowie | Hot Space (2011 Remaster)",
    "Under Pressure | My Chemical Romance; The Used | Under Pressure"
  ],
  [
    "Mrs. Robinson | Simon & Garfunkel | Bookends",
    0,
    "Mrs. Robinson - From \"The Graduate\" Soundtrack | Simon & Garfunkel | Bookends",
    "Mrs. Robinson | The Lemonheads | It's a Shame About Ray"
  ],
  [
    "September | Earth, Wind & Fire",
    0,
    "September | Earth, Wind & Fire | The Best Of Earth, Wind & Fire Vol. 1",
    "September | Daughtry | Leave This Town",
    "September | Taylor Swift | Spotify Singles"
  ],
  [
    "EARFQUAKE | Tyler, The Creator | IGOR",
    0,
    "EARFQUAKE | Tyler, The Creator | IGOR",
    "Earfquake | Channel Tres | Earfquake"
  ],
  [
    "See You Again | Tyler the Creator",
    1,
    "See You Again (feat. Charlie Puth) | Wiz Khalifa; Charlie Puth | Furious 7",
    "See You Again (feat. Kali Uchis) | Tyler, The Creator; Kali Uchis | Flower Boy"
  ],
  [
    "See You Again | Wiz Khalifa & Charlie Puth",
    0,
    "See You Again (feat. Charlie Puth) | Wiz Khalifa; Charlie Puth | Furious 7",
    "See You Again (feat. Kali Uchis) | Tyler, The Creator; Kali Uchis | Flower Boy",
    "See You Again | Miley Cyrus | Hannah Montana 2"
  ],
  [
    "Dog Days Are Over | Florence and the Machine",
    0,
    "Dog Days Are Over | Florence + The Machine | Lungs",
    "Dog Days Are Over (Glee Cast Version) | Glee Cast | Glee: The Music"
  ],
  [
    "Thunderstruck | ACDC",
    0,
    "Thunderstruck | AC/DC | The Razors Edge",
    "Thunderstruck | Steve 'n' Seagulls | Farm Machine"
  ],
  [
    "Back in Black | AC/DC | Back in Black",
    0,
    "Back In Black | AC/DC | Back In Black",
    "Back in Black | Santana; Nas | Guitar Heaven"
  ],
  [
    "Hold On | Justin Bieber | Justice",
    1,
    "Hold On | Chord Overstreet | Hold On",
    "Hold On | Justin Bieber | Justice",
    "Hold On | Wilson Phillips | Wilson Phillips",
    "Hold On | Alabama Shakes | Boys & Girls"
  ],
  ["Hold On | Tom Waits", "ask", "Hold On | Chord Overstreet | Hold On", "Hold On | Justin Bieber | Justice"],
  [
    "Stay | Rihanna",
    1,
    "STAY (with Justin Bieber) | The Kid LAROI; Justin Bieber | F*CK LOVE 3",
    "Stay | Rihanna; Mikky Ekko | Unapologetic",
    "Stay | Zedd; Alessia Cara | Stay"
  ],
  [
    "Stay | The Kid LAROI & Justin Bieber",
    0,
    "STAY (with Justin Bieber) | The Kid LAROI; Justin Bieber | F*CK LOVE 3",
    "Stay | Rihanna; Mikky Ekko | Unapologetic"
  ],
  [
    "Stay | Zedd, Alessia Cara",
    1,
    "Stay | Rihanna; Mikky Ekko | Unapologetic",
    "Stay (with Alessia Cara) | Zedd; Alessia Cara | Stay"
  ],
  [
    "Hello | Lionel Richie",
    1,
    "Hello | Adele | 25",
    "Hello | Lionel Richie | Can't Slow Down",
    "Hello (feat. A Boogie Wit da Hoodie) | Pop Smoke; A Boogie Wit da Hoodie | Shoot For The Stars"
  ],
  ["Hello | Erykah Badu", "ask", "Hello | Adele | 25", "Hello | Lionel Richie | Can't Slow Down"],
  [
    "Angel | Massive Attack | Mezzanine",
    1,
    "Angel | Sarah McLachlan | Surfacing",
    "Angel | Massive Attack; Horace Andy | Mezzanine",
    "Angel | Shaggy; Rayvon | Hot Shot"
  ],
  [
    "Power | Kanye West",
    1,
    "Power (feat. Stormzy) | Little Mix; Stormzy | Glory Days",
    "POWER | Kanye West | My Beautiful Dark Twisted Fantasy"
  ],
  [
    "Runaway (feat. Pusha T) | Kanye West",
    1,
    "Runaway | AURORA | All My Demons Greeting Me As A Friend",
    "Runaway | Kanye West; Pusha T | My Beautiful Dark Twisted Fantasy",
    "Runaway | Bon Jovi | Bon Jovi"
  ]
]

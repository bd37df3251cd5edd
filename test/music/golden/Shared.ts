import type { Row } from "./Golden.ts"

/** Written after the rules, and not used to make them: as Apple Music, YouTube and people write songs. */
export const shared: ReadonlyArray<Row> = [
  [
    "good 4 u | Olivia Rodrigo | SOUR",
    0,
    "good 4 u | Olivia Rodrigo | SOUR",
    "good for you | Selena Gomez; A$AP Rocky | Revival"
  ],
  [
    "Good for You (feat. A$AP Rocky) | Selena Gomez | Revival (Deluxe)",
    1,
    "good 4 u | Olivia Rodrigo | SOUR",
    "Good For You | Selena Gomez; A$AP Rocky | Revival"
  ],
  [
    "Bitter Sweet Symphony | The Verve | Urban Hymns (Remastered 2016)",
    0,
    "Bitter Sweet Symphony - Remastered 2016 | The Verve | Urban Hymns (Super Deluxe / Remastered 2016)",
    "Bittersweet Symphony | London Grammar | Live"
  ],
  [
    "Bittersweet Symphony | The Verve",
    0,
    "Bitter Sweet Symphony | The Verve | Urban Hymns",
    "Bitter Sweet Symphony (Karaoke) | Zoom Karaoke | Karaoke"
  ],
  [
    "Heathens | twenty one pilots | Suicide Squad: The Album",
    0,
    "Heathens | Twenty One Pilots | Heathens",
    "Heathens - Live, MTV Unplugged 2022 | Twenty One Pilots | MTV Unplugged"
  ],
  [
    "Pumped Up Kicks | Foster the People",
    0,
    "Pumped Up Kicks | Foster The People | Torches",
    "Pumped Up Kicks - Bridge & Law Remix | Bridge & Law | Pumped Up Kicks"
  ],
  [
    "Feel Good Inc. | Gorillaz | Demon Days",
    0,
    "Feel Good Inc. | Gorillaz | Demon Days",
    "Feel Good Inc (Stanton Warriors Remix) | Gorillaz; Stanton Warriors | Feel Good"
  ],
  [
    "Feel Good Inc. (feat. De La Soul) | Gorillaz",
    0,
    "Feel Good Inc. | Gorillaz; De La Soul | Demon Days",
    "Feel Good | Gryffin; ILLENIUM; Daya | Feel Good"
  ],
  [
    "September (2018) | Earth, Wind & Fire",
    0,
    "September | Earth, Wind & Fire | The Essential",
    "September 2018 | James Poyser | Soundtrack"
  ],
  [
    "Ain't No Mountain High Enough | Marvin Gaye & Tammi Terrell",
    0,
    "Ain't No Mountain High Enough | Marvin Gaye; Tammi Terrell | United",
    "Ain't No Mountain High Enough | Diana Ross | Diana Ross"
  ],
  [
    "Smooth (feat. Rob Thomas) | Santana | Supernatural (Remastered)",
    0,
    "Smooth (feat. Rob Thomas) | Santana; Rob Thomas | Supernatural (Remastered)",
    "Smooth Operator | Sade | Diamond Life"
  ],
  [
    "Blitzkrieg Bop (2016 Remaster) | Ramones",
    0,
    "Blitzkrieg Bop - 2016 Remaster | Ramones | Ramones - 40th Anniversary Deluxe Edition",
    "Blitzkrieg Bop - Live | Ramones | It's Alive"
  ],
  [
    "Losing My Religion (Unplugged) | R.E.M.",
    1,
    "Losing My Religion | R.E.M. | Out Of Time",
    "Losing My Religion - Live / MTV Unplugged, 1991 | R.E.M. | Unplugged 1991/2001"
  ],
  [
    "Alive | Pearl Jam | Ten",
    0,
    "Alive | Pearl Jam | Ten",
    "Alive | Sia | This Is Acting",
    "Alive - Live | Pearl Jam | Live On Two Legs"
  ],
  ["Stan (feat. Dido) | Eminem", 0, "Stan | Eminem; Dido | The Marshall Mathers LP", "Thank You | Dido | No Angel"],
  ["La Bamba | Ritchie Valens", 1, "La Bamba | Los Lobos | La Bamba", "La Bamba | Ritchie Valens | Ritchie Valens"],
  [
    "Believe | Cher | Believe",
    0,
    "Believe | Cher | Believe",
    "Believe | Mumford & Sons | Wilder Mind",
    "Believer | Imagine Dragons | Evolve"
  ],
  ["Believe | Imagine Dragons", "ask", "Thunder | Imagine Dragons | Evolve", "Believe | Cher | Believe"],
  ["Zombie | The Cranberries", 1, "Zombie | Bad Wolves | Disobey", "Zombie | The Cranberries | No Need To Argue"],
  [
    "Zombie (Acoustic) | The Cranberries",
    "ask",
    "Zombie | The Cranberries | No Need To Argue",
    "Zombie (Acoustic) | Bad Wolves | Zombie"
  ],
  [
    "Beat It | Michael Jackson | Thriller 25 Super Deluxe Edition",
    0,
    "Beat It | Michael Jackson | Thriller",
    "Beat It 2008 with Fergie | Michael Jackson; Fergie | Thriller 25"
  ],
  [
    "We Found Love | Rihanna ft. Calvin Harris",
    0,
    "We Found Love | Rihanna; Calvin Harris | Talk That Talk",
    "We Found Love - Cahill Club Mix | Rihanna; Calvin Harris | We Found Love"
  ],
  [
    "Nirvana - Lithium (Official Music Video) | Nirvana",
    0,
    "Lithium | Nirvana | Nevermind (Remastered)",
    "Lithium | Evanescence | The Open Door"
  ],
  [
    "Toxic [Official HD Video] | Britney Spears",
    0,
    "Toxic | Britney Spears | In The Zone",
    "Toxic | BoyWithUke | Serotonin Dreams"
  ],
  [
    "Sweet Dreams (Are Made of This) | Eurythmics",
    0,
    "Sweet Dreams (Are Made of This) - 2005 Remaster | Eurythmics; Annie Lennox; Dave Stewart | Sweet Dreams",
    "Sweet Dreams | Beyoncé | I AM...SASHA FIERCE"
  ],
  [
    "Sweet Dreams | Beyoncé",
    1,
    "Sweet Dreams (Are Made of This) - 2005 Remaster | Eurythmics; Annie Lennox | Sweet Dreams",
    "Sweet Dreams | Beyoncé | I AM...SASHA FIERCE"
  ],
  [
    "Sign o' the Times | Prince | Sign o' the Times",
    0,
    "Sign 'O' the Times (2020 Remaster) | Prince | Sign O' the Times",
    "Sign of the Times | Harry Styles | Harry Styles"
  ],
  [
    "Sign of the Times | Harry Styles",
    1,
    "Sign 'O' the Times | Prince | Sign O' the Times",
    "Sign of the Times | Harry Styles | Harry Styles"
  ],
  [
    "Iron Man (2012 Remaster) | Black Sabbath",
    0,
    "Iron Man - 2012 - Remaster | Black Sabbath | Paranoid (Remaster)",
    "Iron Man | The Cardigans | First Band On The Moon"
  ],
  [
    "Knockin' on Heaven's Door | Bob Dylan",
    1,
    "Knockin' On Heaven's Door | Guns N' Roses | Use Your Illusion II",
    "Knockin' On Heaven's Door - Remastered | Bob Dylan | Pat Garrett & Billy The Kid"
  ],
  [
    "Moon River | Audrey Hepburn",
    "ask",
    "Moon River | Andy Williams | Moon River",
    "Moon River | Frank Ocean | Moon River"
  ],
  [
    "Tom's Diner | DNA feat. Suzanne Vega",
    1,
    "Tom's Diner | Suzanne Vega | Solitude Standing",
    "Tom's Diner - 7\" Version | DNA; Suzanne Vega | Tom's Album"
  ],
  [
    "Me and Bobby McGee | Janis Joplin",
    0,
    "Me and Bobby McGee | Janis Joplin | Pearl (Legacy Edition)",
    "Me and Bobby McGee - Demo | Janis Joplin | Pearl"
  ],
  [
    "O Fortuna | Carl Orff",
    0,
    "Carmina Burana: O Fortuna | Carl Orff; London Philharmonic | Orff: Carmina Burana",
    "Fortuna | Max Gazzè | Album"
  ],
  [
    "Canon in D | Johann Pachelbel",
    0,
    "Canon in D Major | Johann Pachelbel; Jean-François Paillard | Pachelbel",
    "Canon | Zola Jesus | Okovi"
  ],
  ["Sono andati? | Giacomo Puccini", "ask", "O mio babbino caro | Giacomo Puccini; Maria Callas | Callas"],
  [
    "Lose Yourself (From \"8 Mile\") | Eminem",
    0,
    "Lose Yourself - From \"8 Mile\" Soundtrack | Eminem | Curtain Call: The Hits",
    "Lose Yourself to Dance | Daft Punk; Pharrell Williams | Random Access Memories"
  ],
  [
    "Get Lucky (feat. Pharrell Williams & Nile Rodgers) | Daft Punk",
    1,
    "Get Lucky (Radio Edit) [feat. Pharrell Williams and Nile Rodgers] | Daft Punk; Pharrell Williams; Nile Rodgers | Get Lucky",
    "Get Lucky (feat. Pharrell Williams and Nile Rodgers) | Daft Punk; Pharrell Williams; Nile Rodgers | Random Access Memories"
  ],
  [
    "I Want You Back | The Jackson 5",
    1,
    "I Want You Back | *NSYNC | *NSYNC",
    "I Want You Back | The Jackson 5 | Diana Ross Presents The Jackson 5"
  ],
  [
    "Ms. Jackson | OutKast",
    0,
    "Ms. Jackson | Outkast | Stankonia",
    "Miss Jackson | Panic! At The Disco; LOLO | Too Weird To Live"
  ]
]

import type { Row } from "./Golden.ts"

/** The same recording in other pressings, and what else a search gives beside it. */
export const editions: ReadonlyArray<Row> = [
  [
    "Bohemian Rhapsody | Queen | A Night at the Opera",
    0,
    "Bohemian Rhapsody - Remastered 2011 | Queen | A Night At The Opera (2011 Remaster)",
    "Bohemian Rhapsody - Live Aid | Queen | Bohemian Rhapsody (The Original Soundtrack)",
    "Bohemian Rhapsody | Panic! At The Disco | Suicide Squad: The Album"
  ],
  [
    "Bohemian Rhapsody | Queen",
    1,
    "Bohemian Rhapsody - Remastered 2011 | Queen | A Night At The Opera (2011 Remaster)",
    "Bohemian Rhapsody | Queen | Greatest Hits"
  ],
  [
    "Come Together | The Beatles | Abbey Road",
    0,
    "Come Together - Remastered 2009 | The Beatles | Abbey Road (Remastered)",
    "Come Together - 2019 Mix | The Beatles | Abbey Road (Super Deluxe Edition)",
    "Come Together | Gary Clark Jr.; Junkie XL | Come Together"
  ],
  [
    "Here Comes the Sun | Beatles",
    0,
    "Here Comes The Sun - Remastered 2009 | The Beatles | Abbey Road (Remastered)",
    "Here Comes The Sun | Nina Simone | Here Comes The Sun"
  ],
  [
    "Hotel California | Eagles | Hotel California",
    1,
    "Hotel California - Live On MTV, 1994 | Eagles | Hell Freezes Over",
    "Hotel California - 2013 Remaster | Eagles | Hotel California (2013 Remaster)"
  ],
  [
    "Hotel California (Live) | Eagles | Hell Freezes Over",
    0,
    "Hotel California - Live On MTV, 1994 | Eagles | Hell Freezes Over (Remaster 2018)",
    "Hotel California - 2013 Remaster | Eagles | Hotel California (2013 Remaster)"
  ],
  [
    "Dreams | Fleetwood Mac | Rumours",
    0,
    "Dreams - 2004 Remaster | Fleetwood Mac | Rumours (Super Deluxe)",
    "Dreams | The Cranberries | Everybody Else Is Doing It, So Why Can't We?",
    "Dreams | Gabrielle | Find Your Way"
  ],
  [
    "Heroes | David Bowie | Heroes",
    0,
    "\"Heroes\" - 2017 Remaster | David Bowie | \"Heroes\" (2017 Remaster)",
    "Heroes (we could be) | Alesso; Tove Lo | Forever"
  ],
  [
    "Space Oddity (2015 Remaster) | David Bowie",
    0,
    "Space Oddity - 2015 Remaster | David Bowie | David Bowie (aka Space Oddity) [2015 Remaster]",
    "Space Oddity - Demo | David Bowie | Space Oddity (The Demos)"
  ],
  [
    "Stairway to Heaven (Remaster) | Led Zeppelin | Led Zeppelin IV (Deluxe Edition)",
    0,
    "Stairway to Heaven - Remaster | Led Zeppelin | Led Zeppelin IV (Remaster)",
    "Stairway To Heaven - Live | Led Zeppelin | How the West Was Won (Remaster)"
  ],
  [
    "Billie Jean | Michael Jackson | Thriller",
    0,
    "Billie Jean | Michael Jackson | Thriller",
    "Billie Jean - Single Version | Michael Jackson | The Essential Michael Jackson",
    "Billie Jean | Chris Cornell | Carry On"
  ],
  [
    "Billie Jean (Single Version) | Michael Jackson | Number Ones",
    0,
    "Billie Jean - Single Version | Michael Jackson | The Essential Michael Jackson",
    "Billie Jean (Karaoke Version) | Ameritz Karaoke | Karaoke Hits"
  ],
  [
    "Smells Like Teen Spirit | Nirvana | Nevermind (30th Anniversary Super Deluxe)",
    0,
    "Smells Like Teen Spirit - Remastered 2021 | Nirvana | Nevermind (30th Anniversary Super Deluxe)",
    "Smells Like Teen Spirit - Live In Amsterdam | Nirvana | Nevermind (30th Anniversary Super Deluxe)"
  ],
  [
    "Hello | Adele | Hello - Single",
    0,
    "Hello | Adele | 25",
    "Hello | Lionel Richie | Can't Slow Down",
    "Hello | Evanescence | Fallen"
  ],
  [
    "Rolling in the Deep | Adele | 21 (Deluxe Edition)",
    0,
    "Rolling in the Deep | Adele | 21",
    "Rolling In The Deep | Aretha Franklin | Aretha Franklin Sings the Great Diva Classics"
  ],
  [
    "Blue Monday | New Order | Substance",
    0,
    "Blue Monday - 2016 Remaster | New Order | Singles (2016 Remaster)",
    "Blue Monday | Orgy | Candyass"
  ],
  [
    "Good Vibrations | The Beach Boys",
    0,
    "Good Vibrations - Mono | The Beach Boys | Smiley Smile (Mono)",
    "Good Vibrations | Marky Mark And The Funky Bunch; Loleatta Holloway | Music For The People"
  ],
  [
    "Paint It, Black | The Rolling Stones | Aftermath",
    0,
    "Paint It, Black - Mono | The Rolling Stones | Aftermath (US Version)",
    "Paint It Black | Ciara | The Last Witch Hunter"
  ],
  [
    "(I Can't Get No) Satisfaction | The Rolling Stones",
    0,
    "(I Can't Get No) Satisfaction - Mono | The Rolling Stones | Out Of Our Heads",
    "(I Can't Get No) Satisfaction | Otis Redding | Otis Blue"
  ],
  [
    "Satisfaction | The Rolling Stones",
    0,
    "(I Can't Get No) Satisfaction - Mono Version / Remastered | The Rolling Stones | Out Of Our Heads",
    "Satisfaction | Benny Benassi; The Biz | Hypnotica"
  ],
  [
    "Wish You Were Here | Pink Floyd | Wish You Were Here (2011 Remastered Version)",
    0,
    "Wish You Were Here | Pink Floyd | Wish You Were Here",
    "Wish You Were Here | Incubus | Morning View"
  ],
  [
    "Another Brick in the Wall, Pt. 2 | Pink Floyd | The Wall",
    1,
    "Another Brick in the Wall, Pt. 1 | Pink Floyd | The Wall",
    "Another Brick in the Wall, Pt. 2 | Pink Floyd | The Wall",
    "Another Brick in the Wall, Pt. 3 | Pink Floyd | The Wall"
  ],
  [
    "Another Brick in the Wall (Part II) | Pink Floyd",
    1,
    "Another Brick in the Wall, Pt. 1 - 2011 Remastered Version | Pink Floyd | The Wall [Remastered]",
    "Another Brick in the Wall, Pt. 2 - 2011 Remastered Version | Pink Floyd | The Wall [Remastered]"
  ],
  [
    "Sweet Child O' Mine | Guns N' Roses | Appetite for Destruction",
    0,
    "Sweet Child O' Mine | Guns N' Roses | Appetite For Destruction (Super Deluxe)",
    "Sweet Child O' Mine - Live | Guns N' Roses | Live Era '87-'93"
  ],
  [
    "Take On Me | a-ha | Hunting High and Low",
    0,
    "Take on Me | a-ha | Hunting High and Low (2015 Remastered)",
    "Take On Me - MTV Unplugged | a-ha | MTV Unplugged Summer Solstice",
    "Take On Me | Reel Big Fish | Why Do They Rock So Hard?"
  ],
  [
    "Blue (Da Ba Dee) | Eiffel 65",
    1,
    "Blue (Da Ba Dee) - Gabry Ponte Remix | Eiffel 65 | Blue (The Remixes)",
    "Blue (Da Ba Dee) | Eiffel 65 | Europop"
  ],
  [
    "Running Up That Hill | Kate Bush | Hounds of Love",
    0,
    "Running Up That Hill (A Deal With God) - 2018 Remaster | Kate Bush | Hounds of Love (2018 Remaster)",
    "Running Up That Hill | Placebo | Covers"
  ],
  [
    "Let It Go (From \"Frozen\") | Idina Menzel | Frozen (Original Motion Picture Soundtrack)",
    0,
    "Let It Go - From \"Frozen\"/Soundtrack Version | Idina Menzel | Frozen (Original Motion Picture Soundtrack / Deluxe Edition)",
    "Let It Go - Single Version | Demi Lovato | Let It Go",
    "Let It Go | James Bay | Chaos And The Calm"
  ],
  [
    "My Heart Will Go On | Céline Dion | Titanic",
    0,
    "My Heart Will Go On - Love Theme from \"Titanic\" | Céline Dion | Let's Talk About Love",
    "My Heart Will Go On - Instrumental | Kenny G | Faith"
  ],
  [
    "Stayin' Alive | Bee Gees | Saturday Night Fever",
    0,
    "Stayin' Alive - From \"Saturday Night Fever\" Soundtrack | Bee Gees | Saturday Night Fever",
    "Stayin' Alive | N-Trance; Ricardo Da Force | Electronic Pleasure"
  ],
  [
    "Clocks | Coldplay | A Rush of Blood to the Head",
    0,
    "Clocks | Coldplay | A Rush of Blood to the Head",
    "Clocks - Radio Edit | Coldplay | Clocks"
  ],
  [
    "Levels (Radio Edit) | Avicii",
    0,
    "Levels - Radio Edit | Avicii | Levels",
    "Levels - Skrillex Remix | Avicii; Skrillex | Levels (Remixes)"
  ],
  [
    "One More Time (Radio Edit) | Daft Punk | One More Time - Single",
    0,
    "One More Time | Daft Punk | Discovery",
    "One More Time | Britney Spears | Baby"
  ],
  [
    "Mr. Brightside (Official Video) | The Killers",
    0,
    "Mr. Brightside | The Killers | Hot Fuss",
    "Mr. Brightside - Jacques Lu Cont's Thin White Duke Mix | The Killers | Sawdust"
  ],
  [
    "Go Your Own Way 2004 Remaster | Fleetwood Mac",
    0,
    "Go Your Own Way - 2004 Remaster | Fleetwood Mac | Rumours (Super Deluxe)",
    "Go Your Own Way | Lissie | Covered Up With Flowers"
  ],
  [
    "Suspicious Minds (Remastered) | Elvis Presley",
    0,
    "Suspicious Minds | Elvis Presley | Back In Memphis",
    "Suspicious Minds - Live at The International Hotel | Elvis Presley | On Stage"
  ]
]

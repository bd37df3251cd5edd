import type { Row } from "./Golden.ts"

/** Classical works, and titles with a half in brackets. */
export const works: ReadonlyArray<Row> = [
  [
    "Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio | Herbert von Karajan & Berliner Philharmoniker",
    0,
    "Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio | Ludwig van Beethoven; Berliner Philharmoniker; Herbert von Karajan | Beethoven: Symphonies",
    "Symphony No. 5 in C Minor, Op. 67: II. Andante con moto | Ludwig van Beethoven; Berliner Philharmoniker; Herbert von Karajan | Beethoven: Symphonies"
  ],
  [
    "Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio | Carlos Kleiber",
    "ask",
    "Symphony No. 5 in C Minor, Op. 67: I. Allegro con brio | Ludwig van Beethoven; Berliner Philharmoniker; Herbert von Karajan | Beethoven: Symphonies",
    "Symphony No. 7 in A Major, Op. 92: I. Poco sostenuto | Ludwig van Beethoven; Carlos Kleiber; Wiener Philharmoniker | Beethoven: Symphonies 5 & 7"
  ],
  [
    "Symphony No. 9 in D Minor, Op. 125 | Ludwig van Beethoven",
    "ask",
    "Symphony No. 5 in C Minor, Op. 67 | Ludwig van Beethoven | Symphonies",
    "Symphony No. 8 in F Major, Op. 93 | Ludwig van Beethoven | Symphonies"
  ],
  [
    "Nocturne No. 2 in E-Flat Major, Op. 9 No. 2 | Frédéric Chopin",
    1,
    "Nocturne No. 1 in B-Flat Minor, Op. 9 No. 1 | Frédéric Chopin; Arthur Rubinstein | Nocturnes",
    "Nocturne No. 2 in E-Flat Major, Op. 9 No. 2 | Frédéric Chopin; Arthur Rubinstein | Nocturnes"
  ],
  [
    "Clair de lune | Claude Debussy",
    0,
    "Clair de Lune | Claude Debussy; Martin Jones | Debussy: Piano Works",
    "Clair De Lune | Flight Facilities; Christine Hoberg | Down To Earth"
  ],
  [
    "Gymnopédie No.1 | Erik Satie",
    1,
    "Gymnopédie No. 3 | Erik Satie; Philippe Entremont | Satie: Piano Works",
    "Gymnopédie No. 1 | Erik Satie; Philippe Entremont | Satie: Piano Works"
  ],
  [
    "The Four Seasons: Spring | Antonio Vivaldi",
    "ask",
    "The Four Seasons: Winter | Antonio Vivaldi; Janine Jansen | The Four Seasons",
    "The Four Seasons - Autumn | Antonio Vivaldi; Nigel Kennedy | The Four Seasons"
  ],
  [
    "Boléro | Maurice Ravel",
    0,
    "Boléro, M. 81 | Maurice Ravel; London Symphony Orchestra | Ravel: Boléro",
    "Bolero | Ravel Orchestra Tribute | Classics"
  ],
  [
    "Ride of the Valkyries | Richard Wagner",
    0,
    "Ride of the Valkyries | Richard Wagner; Slovak Radio Symphony Orchestra | Wagner",
    "Ride | Twenty One Pilots | Blurryface"
  ],
  [
    "Goldberg Variations, BWV 988: Aria | Glenn Gould | Bach: The Goldberg Variations (1981)",
    0,
    "Goldberg Variations, BWV 988: Aria | Johann Sebastian Bach; Glenn Gould | Bach: The Goldberg Variations (1981 Digital Remaster)",
    "Goldberg Variations, BWV 988: Variatio 1 a 1 Clav. | Johann Sebastian Bach; Glenn Gould | Bach: The Goldberg Variations"
  ],
  [
    "Everything I Do (I Do It for You) | Bryan Adams",
    0,
    "(Everything I Do) I Do It For You | Bryan Adams | Waking Up The Neighbours",
    "(Everything I Do) I Do It For You | Brandy | Never Say Never"
  ],
  [
    "It's the End of the World as We Know It | R.E.M.",
    0,
    "It's The End Of The World As We Know It (And I Feel Fine) | R.E.M. | Document",
    "Losing My Religion | R.E.M. | Out Of Time"
  ],
  [
    "Gonna Make You Sweat | C+C Music Factory",
    0,
    "Gonna Make You Sweat (Everybody Dance Now) (feat. Freedom Williams) | C & C Music Factory; Freedom Williams | Gonna Make You Sweat",
    "Make You Sweat | Keith Sweat | I'll Give All My Love to You"
  ],
  ["XO Tour Llif3 | Lil Uzi Vert", 0, "XO Tour Llif3 | Lil Uzi Vert | Luv Is Rage 2", "XO | Beyoncé | BEYONCÉ"],
  [
    "Xanny | Billie Eilish",
    0,
    "xanny | Billie Eilish | WHEN WE ALL FALL ASLEEP, WHERE DO WE GO?",
    "XANAX | Billie | Pills"
  ],
  [
    "Your Song | Elton John",
    0,
    "Your Song | Elton John | Elton John",
    "Your Song | Ellie Goulding | Bright Lights",
    "Our Song | Taylor Swift | Taylor Swift"
  ],
  [
    "A Song Nobody Ever Recorded | Imaginary Band",
    "ask",
    "Nobody | Mitski | Be the Cowboy",
    "Nobody Knows | The Tony Rich Project | Words"
  ],
  [
    "Untitled | D'Angelo",
    "ask",
    "Untitled | Interpol | Turn On The Bright Lights",
    "Untitled | The Cure | Disintegration"
  ],
  [
    "Untitled (How Does It Feel) | D'Angelo",
    1,
    "Untitled | Interpol | Turn On The Bright Lights",
    "Untitled (How Does It Feel) | D'Angelo | Voodoo"
  ],
  [
    "Heart-Shaped Box | Nirvana",
    0,
    "Heart-Shaped Box | Nirvana | In Utero - 20th Anniversary Remaster",
    "Heart Shaped Box | Ramin Djawadi | Westworld"
  ],
  [
    "Heart Shaped Box | Nirvana | In Utero",
    0,
    "Heart-Shaped Box | Nirvana | Nirvana",
    "Heart-Shaped Box - Live in Munich | Nirvana | Live"
  ]
]

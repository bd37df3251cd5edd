import type { Row } from "./Golden.ts"

/** Duets, and families of names. */
export const duets: ReadonlyArray<Row> = [
  [
    "Old Town Road (feat. Billy Ray Cyrus) [Remix] | Lil Nas X",
    1,
    "Old Town Road | Lil Nas X | 7 EP",
    "Old Town Road - Remix | Lil Nas X; Billy Ray Cyrus | 7 EP"
  ],
  [
    "Empire State of Mind | JAY-Z feat. Alicia Keys",
    0,
    "Empire State Of Mind | JAY-Z; Alicia Keys | The Blueprint 3",
    "Empire State of Mind (Part II) Broken Down | Alicia Keys | The Element Of Freedom"
  ],
  [
    "Lean On | Major Lazer & DJ Snake feat. MØ",
    0,
    "Lean On | Major Lazer; MØ; DJ Snake | Peace Is The Mission",
    "Lean On Me | Bill Withers | Still Bill"
  ],
  [
    "Lean on Me | Bill Withers",
    1,
    "Lean On | Major Lazer; MØ; DJ Snake | Peace Is The Mission",
    "Lean on Me | Bill Withers | Still Bill",
    "Lean on Me | Club Nouveau | Life, Love & Pain"
  ],
  [
    "Say Say Say | Paul McCartney & Michael Jackson",
    1,
    "Say Say Say - 2015 Remix | Paul McCartney; Michael Jackson | Pipes Of Peace",
    "Say Say Say | Paul McCartney; Michael Jackson | Pure McCartney"
  ],
  [
    "Scream | Michael Jackson & Janet Jackson",
    0,
    "Scream | Michael Jackson; Janet Jackson | HIStory",
    "Scream | Usher | Looking 4 Myself",
    "Scream | Tears For Fears | Scream"
  ],
  ["Together Again | Michael Jackson", "ask", "Together Again | Janet Jackson | The Velvet Rope"],
  [
    "Angels | Robbie Williams",
    1,
    "Angels | The xx | Coexist",
    "Angels | Robbie Williams | Life Thru A Lens",
    "Angels | John Williams | Film Music"
  ],
  ["Feel | John Williams", "ask", "Feel | Robbie Williams | Escapology"],
  [
    "Family Tradition | Hank Williams Jr.",
    0,
    "Family Tradition | Hank Williams, Jr. | Family Tradition",
    "Family Tradition | Hank Williams | Best Of"
  ],
  [
    "Your Cheatin' Heart | Hank Williams, Jr.",
    "ask",
    "Your Cheatin' Heart | Patsy Cline | Sentimentally Yours",
    "Your Cheatin' Heart | Ray Charles | Modern Sounds"
  ],
  [
    "Titanium (feat. Sia) | David Guetta | Nothing but the Beat",
    0,
    "Titanium (feat. Sia) | David Guetta; Sia | Nothing but the Beat (Ultimate Edition)",
    "Titanium | Madilyn Bailey | Titanium"
  ],
  [
    "Don't Go Breaking My Heart | Elton John & Kiki Dee",
    0,
    "Don't Go Breaking My Heart | Elton John; Kiki Dee | Blue Moves",
    "Don't Go Breaking My Heart | Backstreet Boys | DNA"
  ],
  [
    "Don't Go Breaking My Heart | Elton John & Kiki Dee",
    "ask",
    "Don't Go Breaking My Heart | Elton John; RuPaul | Duets",
    "Don't Go Breaking My Heart | Backstreet Boys | DNA"
  ],
  [
    "Bang Bang | Jessie J x Ariana Grande x Nicki Minaj",
    0,
    "Bang Bang | Jessie J; Ariana Grande; Nicki Minaj | Sweet Talker",
    "Bang Bang | Green Day | Revolution Radio"
  ],
  [
    "Bang Bang (My Baby Shot Me Down) | Nancy Sinatra",
    0,
    "Bang Bang (My Baby Shot Me Down) | Nancy Sinatra | How Does That Grab You?",
    "Bang Bang | Jessie J; Ariana Grande; Nicki Minaj | Sweet Talker"
  ],
  [
    "Queen - Innuendo | Queen",
    0,
    "Innuendo - Remastered 2011 | Queen | Innuendo (2011 Remaster)",
    "Innuendo | Static-X | Start a War"
  ],
  [
    "Walk This Way | Run-D.M.C. & Aerosmith",
    1,
    "Walk This Way | Aerosmith | Toys In The Attic",
    "Walk This Way (feat. Aerosmith) | Run–D.M.C.; Aerosmith | Raising Hell"
  ],
  [
    "Forever | Chris Brown",
    1,
    "Forever | Drake; Kanye West; Lil Wayne; Eminem | Forever",
    "Forever | Chris Brown | Exclusive",
    "Forever | Kiss | Hot In The Shade"
  ],
  [
    "Time | Hans Zimmer | Inception",
    0,
    "Time | Hans Zimmer | Inception (Music from the Motion Picture)",
    "Time - 2011 Remastered Version | Pink Floyd | The Dark Side of the Moon"
  ],
  [
    "Jolene | Dolly Parton",
    1,
    "Jolene | The White Stripes | Jolene",
    "Jolene | Dolly Parton | Jolene",
    "JOLENE | Beyoncé | COWBOY CARTER"
  ],
  ["Jolene | Miley Cyrus", "ask", "Jolene | Dolly Parton | Jolene", "JOLENE | Beyoncé | COWBOY CARTER"]
]

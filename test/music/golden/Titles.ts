import type { Row } from "./Golden.ts"

/** Punctuation, numbers, short titles, typing mistakes, medleys, classical works. */
export const titles: ReadonlyArray<Row> = [
  ["99 Luftballons | Nena", 1, "99 Red Balloons | Nena | 99 Luftballons", "99 Luftballons | Nena | Nena"],
  ["99 Red Balloons | Nena", 1, "99 Luftballons | Nena | Nena", "99 Red Balloons | Nena | 99 Luftballons"],
  ["99 Red Balloons | Nena", "ask", "99 Luftballons | Nena | Nena", "99 Red Balloons | Goldfinger | Stomping Ground"],
  [
    "7 Nation Army | The White Stripes",
    0,
    "Seven Nation Army | The White Stripes | Elephant",
    "Seven Nation Army | Ben l'Oncle Soul | Soul Wash"
  ],
  ["Two Become One | Spice Girls", 0, "2 Become 1 | Spice Girls | Spice", "Two Become One | Jewel | 0304"],
  [
    "1979 | The Smashing Pumpkins",
    0,
    "1979 - Remastered 2012 | The Smashing Pumpkins | Mellon Collie And The Infinite Sadness",
    "1999 | Prince | 1999"
  ],
  ["1999 | Prince", 1, "1979 | Prince | Covers", "1999 | Prince | 1999", "1999 | Charli xcx; Troye Sivan | 1999"],
  ["24K Magic | Bruno Mars", 0, "24K Magic | Bruno Mars | 24K Magic", "24K Magic | Jun Sung Ahn | Violin"],
  ["Song 2 | Blur", 0, "Song 2 - 2012 Remaster | Blur | Blur (Special Edition)", "Song | Blur | Live"],
  [
    "Summer of '69 | Bryan Adams",
    0,
    "Summer Of '69 | Bryan Adams | Reckless",
    "Summer Of '69 - Live | Bryan Adams | Bare Bones"
  ],
  [
    "505 | Arctic Monkeys",
    0,
    "505 | Arctic Monkeys | Favourite Worst Nightmare",
    "505 - Live At Kings Theatre | Arctic Monkeys | Live"
  ],
  ["U | Kendrick Lamar", 1, "i | Kendrick Lamar | To Pimp A Butterfly", "u | Kendrick Lamar | To Pimp A Butterfly"],
  [
    "One | U2 | Achtung Baby",
    1,
    "One - Remastered | Metallica | ...And Justice for All",
    "One - Remastered 2011 | U2 | Achtung Baby (Deluxe)",
    "One | Johnny Cash | American III"
  ],
  ["One | Metallica", 0, "One (Remastered) | Metallica | ...And Justice for All", "One | U2 | Achtung Baby"],
  [
    "Help! | The Beatles",
    0,
    "Help! - Remastered 2009 | The Beatles | Help! (Remastered)",
    "Help! | Bananarama | Greatest Hits"
  ],
  ["So What | P!nk", 0, "So What | P!nk | Funhouse", "So What | Miles Davis | Kind Of Blue"],
  ["So What | Pink", 1, "So What | Miles Davis | Kind Of Blue", "So What | P!nk | Funhouse"],
  ["TiK ToK | Kesha", 0, "TiK ToK | Kesha | Animal (Expanded Edition)", "TiK ToK | Sped Up Songs | Fast"],
  [
    "Praise The Lord (Da Shine) [feat. Skepta] | ASAP Rocky",
    0,
    "Praise The Lord (Da Shine) (feat. Skepta) | A$AP Rocky; Skepta | TESTING",
    "Praise the Lord | Breland; Thomas Rhett | Praise the Lord"
  ],
  ["HUMBLE. | Kendrick Lamar", 0, "HUMBLE. | Kendrick Lamar | DAMN.", "Humble | Lil Baby | Harder Than Ever"],
  [
    "dont stop me now | queen",
    0,
    "Don't Stop Me Now - Remastered 2011 | Queen | Jazz (2011 Remaster)",
    "Don't Stop Me Now | McFly | Motion in the Ocean"
  ],
  [
    "WHERE IS MY MIND | PIXIES",
    0,
    "Where Is My Mind? - Remastered | Pixies | Surfer Rosa (Remastered)",
    "Where Is My Mind? | Maxence Cyrin | Novö Piano"
  ],
  [
    "Rock & Roll | Led Zeppelin",
    0,
    "Rock and Roll - Remaster | Led Zeppelin | Led Zeppelin IV (Remaster)",
    "Rock & Roll | The Velvet Underground | Loaded"
  ],
  [
    "Rock 'n' Roll Star | Oasis",
    0,
    "Rock 'N' Roll Star - Remastered | Oasis | Definitely Maybe (Remastered)",
    "Rock and Roll All Nite | KISS | Dressed To Kill"
  ],
  [
    "B.O.B. | OutKast",
    0,
    "B.O.B. - Bombs Over Baghdad | Outkast | Stankonia",
    "Bob | \"Weird Al\" Yankovic | Poodle Hat"
  ],
  [
    "Hey Ya | Outkast",
    0,
    "Hey Ya! | Outkast | Speakerboxxx/The Love Below",
    "Hey Ya | Obadiah Parker | The Siren and the Saint"
  ],
  [
    "Bohemian Rapsody | Quen",
    0,
    "Bohemian Rhapsody - Remastered 2011 | Queen | A Night At The Opera",
    "Bohemian Rhapsody | Panic! At The Disco | Suicide Squad"
  ],
  [
    "Smels Like Teen Spirit | Nirvana",
    0,
    "Smells Like Teen Spirit | Nirvana | Nevermind (Remastered)",
    "Smells Like Nirvana | \"Weird Al\" Yankovic | Off The Deep End"
  ],
  [
    "Umbrela | Rihana",
    0,
    "Umbrella | Rihanna; JAY-Z | Good Girl Gone Bad",
    "Umbrella | All Time Low | Punk Goes Crunk"
  ],
  ["Sk8er Boi | Avril Lavigne", 0, "Sk8er Boi | Avril Lavigne | Let Go", "Complicated | Avril Lavigne | Let Go"],
  ["Skater Boy | Avril Lavigne", "ask", "Sk8er Boi | Avril Lavigne | Let Go", "Complicated | Avril Lavigne | Let Go"],
  [
    "Intro | The xx | xx",
    0,
    "Intro | The xx | xx",
    "Outro | M83 | Hurry Up, We're Dreaming",
    "Intro | M83 | Hurry Up, We're Dreaming"
  ],
  ["Outro | M83", 1, "Intro | M83; Zola Jesus | Hurry Up, We're Dreaming", "Outro | M83 | Hurry Up, We're Dreaming"],
  [
    "Hello Goodbye | The Beatles",
    1,
    "Goodbye | Mary Hopkin | Goodbye",
    "Hello, Goodbye - Remastered 2009 | The Beatles | Magical Mystery Tour"
  ],
  [
    "Breathe | Pink Floyd | The Dark Side of the Moon",
    0,
    "Breathe (In the Air) | Pink Floyd | The Dark Side of the Moon",
    "Breathe | The Prodigy | The Fat of the Land"
  ],
  [
    "Shine On You Crazy Diamond (Pts. 1-5) | Pink Floyd",
    0,
    "Shine On You Crazy Diamond (Pts. 1-5) | Pink Floyd | Wish You Were Here",
    "Shine On You Crazy Diamond (Pts. 6-9) | Pink Floyd | Wish You Were Here"
  ],
  [
    "We Are the Champions | Queen",
    1,
    "We Will Rock You / We Are the Champions (Medley) | Queen | Live",
    "We Are The Champions - Remastered 2011 | Queen | News Of The World"
  ],
  [
    "Golden Slumbers / Carry That Weight / The End | The Beatles",
    "ask",
    "Golden Slumbers - Remastered 2009 | The Beatles | Abbey Road",
    "The End - Remastered 2009 | The Beatles | Abbey Road",
    "Carry That Weight - Remastered 2009 | The Beatles | Abbey Road"
  ],
  [
    "Somewhere Over the Rainbow / What a Wonderful World | Israel Kamakawiwo'ole",
    0,
    "Somewhere Over The Rainbow_What A Wonderful World | Israel Kamakawiwo'ole | Facing Future",
    "Over the Rainbow | Israel Kamakawiwo'ole | Facing Future"
  ],
  [
    "A Sky Full of Stars | Coldplay",
    0,
    "A Sky Full of Stars | Coldplay | Ghost Stories",
    "Sky Full of Song | Florence + The Machine | High As Hope"
  ],
  [
    "Levitating | Dua Lipa",
    1,
    "Levitating (feat. DaBaby) | Dua Lipa; DaBaby | Future Nostalgia",
    "Levitating | Dua Lipa | Future Nostalgia"
  ],
  [
    "Theme from New York, New York | Frank Sinatra",
    0,
    "Theme From New York, New York | Frank Sinatra | Trilogy: Past, Present & Future",
    "New York, New York | Liza Minnelli | New York, New York"
  ],
  [
    "The Real Slim Shady | Eminem",
    0,
    "The Real Slim Shady | Eminem | The Marshall Mathers LP",
    "My Name Is | Eminem | The Slim Shady LP"
  ],
  [
    "Ironic | Alanis Morissette | Jagged Little Pill",
    0,
    "Ironic - 2015 Remaster | Alanis Morissette | Jagged Little Pill (Remastered)",
    "Ironic (Acoustic) | Alanis Morissette | Jagged Little Pill Acoustic"
  ]
]

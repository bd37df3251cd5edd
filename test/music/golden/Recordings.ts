import type { Row } from "./Golden.ts"

/** Other recordings of the song: live, acoustic, karaoke, covers, remixes. */
export const recordings: ReadonlyArray<Row> = [
  [
    "Wonderwall | Oasis",
    1,
    "Wonderwall (Karaoke Version) | The Karaoke Channel | Sing Oasis",
    "Wonderwall - Remastered | Oasis | (What's The Story) Morning Glory? (Remastered)",
    "Wonderwall | Ryan Adams | Love Is Hell"
  ],
  [
    "Wonderwall | Oasis",
    "ask",
    "Wonderwall (Karaoke Version) | The Karaoke Channel | Sing Oasis",
    "Wonderwall - In the Style of Oasis | Ameritz Karaoke | Karaoke Classics",
    "Wonderwall | Ryan Adams | Love Is Hell"
  ],
  [
    "Someone Like You | Adele | 21",
    "ask",
    "Someone Like You (Made Famous by Adele) | Sing Karaoke Sing | Adele Karaoke",
    "Someone Like You - Piano Karaoke | Sing2Piano | Piano Karaoke Hits"
  ],
  [
    "Someone Like You | Adele",
    "ask",
    "Someone Like You - Live At The Royal Albert Hall | Adele | Live At The Royal Albert Hall"
  ],
  [
    "Someone Like You (Live at the Royal Albert Hall) | Adele",
    1,
    "Someone Like You | Adele | 21",
    "Someone Like You - Live At The Royal Albert Hall | Adele | Live At The Royal Albert Hall"
  ],
  ["Creep (Acoustic) | Radiohead", 1, "Creep | Radiohead | Pablo Honey", "Creep - Acoustic | Radiohead | My Iron Lung"],
  ["Creep (Acoustic) | Radiohead", "ask", "Creep | Radiohead | Pablo Honey", "Creep | TLC | CrazySexyCool"],
  ["Creep | Radiohead", 1, "Creep - Acoustic | Radiohead | My Iron Lung", "Creep | Radiohead | Pablo Honey"],
  [
    "Creep | Radiohead",
    "ask",
    "Creep | Vega Choir | Cover Songs",
    "Creep | Postmodern Jukebox; Haley Reinhart | Emoji Antique",
    "Creep | TLC | CrazySexyCool"
  ],
  [
    "Hallelujah | Jeff Buckley | Grace",
    2,
    "Hallelujah | Leonard Cohen | Various Positions",
    "Hallelujah | Pentatonix | A Pentatonix Christmas",
    "Hallelujah | Jeff Buckley | Grace",
    "Hallelujah | Rufus Wainwright | Shrek"
  ],
  ["Hallelujah | Leonard Cohen", "ask", "Hallelujah | Jeff Buckley | Grace", "Hallelujah | Alexandra Burke | Overcome"],
  [
    "Hurt | Johnny Cash | American IV: The Man Comes Around",
    1,
    "Hurt | Nine Inch Nails | The Downward Spiral",
    "Hurt | Johnny Cash | American IV: The Man Comes Around",
    "Hurt | Christina Aguilera | Back To Basics"
  ],
  [
    "Hurt | Nine Inch Nails",
    "ask",
    "Hurt | Johnny Cash | American IV: The Man Comes Around",
    "Hurt - Live | Nine Inch Nails | And All That Could Have Been"
  ],
  [
    "The Sound of Silence | Disturbed",
    1,
    "The Sound of Silence - Acoustic Version | Simon & Garfunkel | Wednesday Morning, 3 A.M.",
    "The Sound of Silence | Disturbed | Immortalized"
  ],
  [
    "I Will Always Love You | Whitney Houston",
    1,
    "I Will Always Love You | Dolly Parton | Jolene",
    "I Will Always Love You | Whitney Houston | The Bodyguard - Original Soundtrack Album"
  ],
  [
    "All Along the Watchtower | Jimi Hendrix",
    "ask",
    "All Along the Watchtower | Bob Dylan | John Wesley Harding",
    "All Along the Watchtower - Live | Dave Matthews Band | Live at Red Rocks"
  ],
  [
    "Come As You Are | Nirvana",
    "ask",
    "Come As You Are - Live | Nirvana | MTV Unplugged In New York",
    "Come As You Are | Civil Twilight | Come As You Are"
  ],
  [
    "Come As You Are | Nirvana | MTV Unplugged in New York",
    1,
    "Come As You Are | Nirvana | Nevermind (Remastered)",
    "Come As You Are - Live | Nirvana | MTV Unplugged In New York"
  ],
  [
    "Layla (Acoustic; Live at MTV Unplugged) | Eric Clapton | Unplugged",
    1,
    "Layla | Derek & The Dominos | Layla And Other Assorted Love Songs",
    "Layla - Acoustic; Live at MTV Unplugged, Bray Film Studios, Windsor, England, UK, 1/16/1992; 2013 Remaster | Eric Clapton | Unplugged (Deluxe Edition) [Remastered]"
  ],
  [
    "We Will Rock You | Queen | Live at Wembley '86",
    1,
    "We Will Rock You - Remastered 2011 | Queen | News Of The World (2011 Remaster)",
    "We Will Rock You - Live At Wembley Stadium / July 1986 | Queen | Live At Wembley Stadium"
  ],
  [
    "Radio Ga Ga (Live in Budapest) | Queen",
    "ask",
    "Radio Ga Ga - Live At Wembley Stadium / July 1986 | Queen | Live At Wembley Stadium",
    "Radio Ga Ga - Remastered 2011 | Queen | The Works"
  ],
  [
    "Live and Let Die | Paul McCartney & Wings",
    0,
    "Live And Let Die - Remastered | Paul McCartney; Wings | All The Best",
    "Live And Let Die | Guns N' Roses | Use Your Illusion I"
  ],
  [
    "Live Forever | Oasis | Definitely Maybe",
    0,
    "Live Forever - Remastered | Oasis | Definitely Maybe (Remastered)",
    "Live Forever - Live at Knebworth | Oasis | Knebworth 1996"
  ],
  [
    "Long Live | Taylor Swift | Speak Now",
    0,
    "Long Live | Taylor Swift | Speak Now",
    "Long Live (Taylor's Version) | Taylor Swift | Speak Now (Taylor's Version)"
  ],
  [
    "Love Story (Taylor's Version) | Taylor Swift",
    1,
    "Love Story | Taylor Swift | Fearless",
    "Love Story (Taylor’s Version) | Taylor Swift | Fearless (Taylor's Version)"
  ],
  [
    "Love Story | Taylor Swift | Fearless",
    "ask",
    "Love Story (Taylor’s Version) | Taylor Swift | Fearless (Taylor's Version)",
    "Love Story | Indila | Mini World"
  ],
  [
    "All Too Well (10 Minute Version) [Taylor's Version] [From the Vault] | Taylor Swift",
    1,
    "All Too Well (Taylor's Version) | Taylor Swift | Red (Taylor's Version)",
    "All Too Well (10 Minute Version) (Taylor's Version) (From The Vault) | Taylor Swift | Red (Taylor's Version)"
  ]
]

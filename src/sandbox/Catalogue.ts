/** The music of the world: real artists, albums and titles, with ids of the right form that are not Spotify's own. */
import type { JsonObject } from "./Contract.ts"
import { base62, draw, hex } from "./Seeded.ts"

/** `artist|album|release date|title m:ss;…`; a `!` before the title marks it explicit. */
const table = `
Radiohead|OK Computer|1997-05-28|Airbag 4:44;Paranoid Android 6:23;Karma Police 4:21;No Surprises 3:48;Let Down 4:59
Radiohead|In Rainbows|2007-12-28|15 Step 3:57;Weird Fishes/ Arpeggi 5:18;Reckoner 4:50;Nude 4:15
Björk|Homogenic|1997-09-22|Jóga 5:05;Bachelorette 5:12;All Is Full Of Love 4:32;Hunter 4:15
Sigur Rós|Takk...|2005-09-12|Glósóli 6:15;Hoppípolla 4:28;Sæglópur 7:37
Massive Attack|Mezzanine|1998-04-20|Angel 6:18;Teardrop 5:30;Inertia Creeps 5:56
Portishead|Dummy|1994-08-22|Mysterons 5:06;Sour Times 4:14;Glory Box 5:01;Roads 5:05
Aphex Twin|Selected Ambient Works 85-92|1992-11-09|Xtal 4:54;Ageispolis 5:23;Heliosphan 4:51
Boards of Canada|Music Has The Right To Children|1998-04-20|Roygbiv 2:31;Aquarius 5:58;Turquoise Hexagon Sun 5:07
Burial|Untrue|2007-11-05|Archangel 3:58;Near Dark 3:54;Raver 4:59
Four Tet|There Is Love in You|2010-01-25|Angel Echoes 4:00;Love Cry 9:13;This Unfolds 7:54
Jamie xx|In Colour|2015-05-29|Gosh 4:51;Loud Places 4:43;Sleep Sound 3:52
Caribou|Swim|2010-04-19|Odessa 5:15;Sun 5:44;Bowls 6:22
Bonobo|Black Sands|2010-03-29|Kiara 3:50;Kong 3:58;Black Sands 6:49
Nils Frahm|Spaces|2013-11-19|Says 8:18;Hammers 5:01;Familiar 2:32
Max Richter|The Blue Notebooks|2004-02-26|On The Nature Of Daylight 6:11;Vladimir's Blues 1:18;Written On The Sky 1:39
Philip Glass|Glassworks|1982-03|Opening 6:24;Floe 5:59;Closing 6:03
Erik Satie|Gymnopédies|1888|Gymnopédie No. 1 3:05;Gymnopédie No. 2 2:28;Gymnopédie No. 3 2:20
Antonín Dvořák|Symphony No. 9 "From the New World"|1893|II. Largo 12:14;IV. Allegro con fuoco 11:20
Leoš Janáček|Sinfonietta|1926|I. Allegretto 2:22;II. Andante 6:06;V. Andante con moto 7:20
Nina Simone|Pastel Blues|1965-10|Sinnerman 10:20;Strange Fruit 3:29;Trouble in Mind 2:41
Miles Davis|Kind Of Blue|1959-08-17|So What 9:22;Freddie Freeloader 9:46;Blue in Green 5:37
John Coltrane|A Love Supreme|1965-02|Acknowledgement 7:43;Resolution 7:20;Psalm 7:05
Herbie Hancock|Head Hunters|1973-10-26|Chameleon 15:41;Watermelon Man 6:29;Sly 10:18
Kamasi Washington|The Epic|2015-05-05|Change of the Guard 12:16;The Rhythm Changes 7:44
Bill Evans Trio|Waltz For Debby|1962|My Foolish Heart 4:56;Waltz for Debby 7:00;Detour Ahead 7:35
Fela Kuti|Zombie|1976|Zombie 12:26;Mister Follow Follow 12:58
Ali Farka Touré|Talking Timbuktu|1994-03-29|Ai Du 7:10;Bonde 5:28;Amandrai 9:22
Tinariwen|Aman Iman|2007-02-05|Cler Achel 4:28;Matadjem Yinmixan 5:02;Assouf 5:18
Khruangbin|Con Todo El Mundo|2018-01-26|Cómo Me Quieres 4:14;Maria También 3:11;Friday Morning 6:53
Kraftwerk|Trans-Europe Express|1977-03|Europe Endless 9:40;Trans-Europe Express 6:52;Showroom Dummies 6:12
Can|Ege Bamyasi|1972-11|Vitamin C 3:34;Spoon 3:07;I'm So Green 3:06
Neu!|Neu!|1972|Hallogallo 10:07;Negativland 9:47;Weissensee 6:44
David Bowie|Low|1977-01-14|Sound and Vision 3:03;Warszawa 6:21;Be My Wife 2:56;Always Crashing in the Same Car 3:35
Talking Heads|Remain in Light|1980-10-08|Once in a Lifetime 4:20;Born Under Punches 5:50;The Great Curve 6:27
The Velvet Underground|The Velvet Underground & Nico|1967-03-12|Sunday Morning 2:56;Venus in Furs 5:10;Heroin 7:12
The Beatles|Abbey Road|1969-09-26|Come Together 4:19;Something 3:02;Here Comes The Sun 3:05;Octopus's Garden 2:50
The Beach Boys|Pet Sounds|1966-05-16|God Only Knows 2:51;Sloop John B 2:57;Wouldn't It Be Nice 2:33
Joni Mitchell|Blue|1971-06-22|A Case of You 4:20;River 4:00;Carey 3:00
Nick Drake|Pink Moon|1972-02-25|Pink Moon 2:06;Place To Be 2:43;Which Will 2:58
Leonard Cohen|Songs of Leonard Cohen|1967-12-27|Suzanne 3:50;So Long, Marianne 5:39;Sisters of Mercy 3:36
Tom Waits|Rain Dogs|1985-09-30|Jockey Full of Bourbon 2:45;Downtown Train 3:53;Time 3:55
PJ Harvey|Let England Shake|2011-02-14|The Words That Maketh Murder 3:45;Let England Shake 3:09;On Battleship Hill 4:07
Nick Cave & The Bad Seeds|Push The Sky Away|2013-02-18|Jubilee Street 6:35;Higgs Boson Blues 7:50;Wide Lovely Eyes 3:40
LCD Soundsystem|Sound of Silver|2007-03-12|All My Friends 7:37;Someone Great 6:30;North American Scum 5:25
Arcade Fire|Funeral|2004-09-14|Wake Up 5:35;Rebellion (Lies) 5:10;Neighborhood #1 (Tunnels) 4:48
The National|High Violet|2010-05-10|Bloodbuzz Ohio 4:36;Terrible Love 4:39;Conversation 16 4:18
Bon Iver|For Emma, Forever Ago|2008-02-19|Skinny Love 3:59;Flume 3:39;Re: Stacks 6:41
Sufjan Stevens|Carrie & Lowell|2015-03-31|Death with Dignity 3:59;Should Have Known Better 5:07;Fourth of July 4:39
Fleet Foxes|Helplessness Blues|2011-05-03|Montezuma 3:37;Helplessness Blues 5:03;Grown Ocean 4:36
Big Thief|U.F.O.F.|2019-05-03|UFOF 3:08;Cattails 4:13;Century 3:04
Phoebe Bridgers|Punisher|2020-06-18|Kyoto 3:04;Moon Song 4:37;I Know The End 5:44
Mitski|Be the Cowboy|2018-08-17|Nobody 3:13;Geyser 2:23;Two Slow Dancers 3:59
Kendrick Lamar|To Pimp A Butterfly|2015-03-16|!Wesley's Theory 4:47;!King Kunta 3:54;!Alright 3:39
Frank Ocean|Blonde|2016-08-20|!Nikes 5:14;Pink + White 3:04;!Self Control 4:09
MF DOOM|MM..FOOD|2004-11-16|!Hoe Cakes 3:54;!Rapp Snitch Knishes 2:52;!One Beer 4:18
A Tribe Called Quest|The Low End Theory|1991-09-24|Excursions 3:53;!Check the Rhime 3:36;Jazz (We've Got) 4:09
Lauryn Hill|The Miseducation of Lauryn Hill|1998-08-25|Ex-Factor 5:26;Doo Wop (That Thing) 5:20;To Zion 6:09
Daft Punk|Discovery|2001-03-12|One More Time 5:20;Digital Love 4:58;Harder, Better, Faster, Stronger 3:44;Veridis Quo 5:45
Robyn|Body Talk|2010-11-22|Dancing On My Own 4:48;Call Your Girlfriend 3:47;Hang With Me 4:20
The Knife|Silent Shout|2006-02-17|Silent Shout 4:54;Marble House 5:18;We Share Our Mothers' Health 4:11
Кино|Группа крови|1988|Группа крови 4:46;Спокойная ночь 6:06;Мама, мы все тяжело больны 4:09
فيروز|معرفتي فيك|1987|خليك بالبيت 4:40;معرفتي فيك 4:16
椎名林檎|無罪モラトリアム|1999-02-24|歌舞伎町の女王 2:48;丸の内サディスティック 3:55;ここでキスして。 4:10
Plastic People of the Universe|Egon Bondy's Happy Hearts Club Banned|1978|Magické noci 4:18;Dvacet 1:22
`

/** One track of the catalogue. */
export interface Track {
  readonly id: string
  readonly uri: string
  readonly albumUri: string
  readonly artistUri: string
  readonly durationMillis: number
  /** The track object as served. */
  readonly json: JsonObject
}

const link = (kind: string, id: string): JsonObject => ({ spotify: `https://open.spotify.com/${kind}/${id}` })

const thing = (kind: string, id: string): JsonObject => ({
  external_urls: link(kind, id),
  href: `https://api.spotify.com/v1/${kind}s/${id}`,
  id,
  type: kind,
  uri: `spotify:${kind}:${id}`
})

const precision = (date: string): string => ["year", "month", "day"][date.split("-").length - 1] ?? "day"

const toTracks = (line: string, legacy: boolean): ReadonlyArray<Track> => {
  const [artistName = "", albumName = "", released = "", list = ""] = line.split("|")
  const titles = list.split(";")
  const artistId = base62(22, "artist", artistName)
  const albumId = base62(22, "album", artistName, albumName)
  const artist: JsonObject = { ...thing("artist", artistId), name: artistName }
  const markets: JsonObject = legacy ? { available_markets: ["CZ", "DE", "GB", "US"] } : {}
  const cover = hex(24, "cover", albumId)
  const album: JsonObject = {
    ...thing("album", albumId),
    ...markets,
    album_type: "album",
    artists: [artist],
    images: [[640, "0000b273"], [300, "00001e02"], [64, "00004851"]].map(([size, code]) => ({
      height: size ?? null,
      url: `https://i.scdn.co/image/ab67616d${code}${cover}`,
      width: size ?? null
    })),
    name: albumName,
    release_date: released,
    release_date_precision: precision(released),
    total_tracks: titles.length + draw("total", albumId).int(3, 9)
  }
  return titles.map((entry, index) => {
    const [, warning, title = "", minutes, seconds] = /^(!?)(.*) (\d+):(\d\d)$/.exec(entry) ?? []
    const id = base62(22, "track", artistName, albumName, title)
    const from = draw("track", id)
    const durationMillis = (Number(minutes) * 60 + Number(seconds)) * 1000 + from.int(0, 999)
    const year = released.slice(2, 4)
    return {
      id,
      uri: `spotify:track:${id}`,
      albumUri: `spotify:album:${albumId}`,
      artistUri: `spotify:artist:${artistId}`,
      durationMillis,
      json: {
        ...thing("track", id),
        ...markets,
        ...(legacy ? { popularity: from.int(12, 88) } : {}),
        album,
        artists: [artist],
        disc_number: 1,
        duration_ms: durationMillis,
        explicit: warning === "!",
        external_ids: {
          isrc: `${from.pick(["GB", "US", "DE", "CZ"])}A${from.int(10, 99)}${year}${from.int(10000, 99999)}`
        },
        is_local: false,
        name: title,
        preview_url: null,
        track_number: index + 1
      }
    }
  })
}

/** All tracks, in the order of the table. */
export const makeCatalogue = (legacy: boolean): ReadonlyArray<Track> =>
  table.trim().split("\n").flatMap((line) => toTracks(line, legacy))

/** A file from the person's own disk, as the feed lists it: no ids anywhere, only what its tags said. */
export const localTrack = (artist: string, album: string, title: string, seconds: number): Track => {
  const words = [artist, album, title].map((word) => encodeURIComponent(word).replaceAll("%20", "+"))
  const uri = `spotify:local:${words.join(":")}:${seconds}`
  const none = { external_urls: {}, href: null, id: null }
  return {
    id: uri,
    uri,
    albumUri: uri,
    artistUri: uri,
    durationMillis: seconds * 1000,
    json: {
      ...none,
      album: {
        ...none,
        album_type: null,
        artists: [],
        images: [],
        name: album,
        release_date: null,
        release_date_precision: null,
        type: "album",
        uri: null
      },
      artists: [{ ...none, name: artist, type: "artist", uri: null }],
      disc_number: 0,
      duration_ms: seconds * 1000,
      explicit: false,
      external_ids: {},
      is_local: true,
      name: title,
      preview_url: null,
      track_number: 0,
      type: "track",
      uri
    }
  }
}

/** Whether two tracks are the same recording of a song, by what their titles, albums and artists say beside the name. */
import { fold } from "./Fold.ts"
import { titleOf } from "./Normalise.ts"
import { type Kind, type Qualifier, qualifiersOf } from "./Qualifiers.ts"

/** Whole albums of one kind say so in their names, where the titles on them often do not. */
const wholeAlbum =
  /\blive (?:at|in|from)\b|\bunplugged\b|\bin concert\b|\bkaraoke\b|\btribute\b|\bin style of\b|\blullaby\b/
const ofAlbums: ReadonlySet<Kind> = new Set(["live", "karaoke", "cover"])

/** Artists of one kind: karaoke labels, tribute bands. */
const wholeArtist = /\bkaraoke\b|\btribute\b|\blullaby\b/

/** All that tells of another recording, in the title and beside it. */
export const recordingOf = (
  title: ReadonlyArray<Qualifier>,
  album: string | undefined,
  artists: ReadonlyArray<string>
): ReadonlyMap<Kind, ReadonlyArray<string>> => {
  const apart = album === undefined ? undefined : titleOf(album)
  const ofAlbum = apart === undefined ? [] : [
    ...apart.qualifiers,
    ...(wholeAlbum.test(apart.plain) ? qualifiersOf(apart.plain) : [])
  ].filter(({ kind }) => ofAlbums.has(kind))
  const ofArtists = artists.map(fold).filter((name) => wholeArtist.test(name)).flatMap(qualifiersOf)
  const all = new Map<Kind, ReadonlyArray<string>>()
  for (const { details, kind } of [...title, ...ofAlbum, ...ofArtists]) {
    all.set(kind, [...all.get(kind) ?? [], ...details])
  }
  return all
}

/** The kinds that only one of the two is of, or of which each says that it is another: two remixes, two concerts. */
export const differing = (
  one: ReadonlyMap<Kind, ReadonlyArray<string>>,
  other: ReadonlyMap<Kind, ReadonlyArray<string>>
): ReadonlyArray<Kind> =>
  [...new Set([...one.keys(), ...other.keys()])].filter((kind) => {
    const [here, there] = [one.get(kind), other.get(kind)]
    if (here === undefined || there === undefined) return true
    return here.length > 0 && there.length > 0 && !here.some((word) => there.includes(word))
  })

/** The prepared listening, as Spotify sends it. */
import { hostileStrings } from "../HostileStrings.ts"

const play = (at: string, id: string, name: string, artist: string, album: string, seconds = 180) => ({
  played_at: at,
  track: {
    id,
    uri: `spotify:track:${id}`,
    type: "track",
    name,
    artists: [{ id: `artist-${id}`, name: artist }],
    album: { id: `album-${id}`, name: album },
    duration_ms: seconds * 1000
  },
  context: null
})

/**
 * On 22 October 2026 in Prague: three plays of three minutes with at most ten minutes between them, and after a pause of
 * eleven another one.
 */
const sessions = [
  play("2026-01-05T08:00:00Z", "first", "Roads", "Portishead", "Dummy"),
  play("2026-10-22T08:00:00Z", "a", "Teardrop", "Massive Attack", "Mezzanine"),
  play("2026-10-22T08:03:00Z", "b", "Roads", "Portishead", "Dummy"),
  play("2026-10-22T08:16:00Z", "c", "Says", "Nils Frahm", "Spaces"),
  play("2026-10-22T08:30:30Z", "d", "Xtal", "Aphex Twin", "Selected Ambient Works"),
  // from 02:58 of the first pass to 02:02 of the second
  play("2026-10-25T00:58:00Z", "e", "Night Owl", "Galimatias", "Renaissance Boy", 240)
]

const hostilePlays = hostileStrings.map((text, index) =>
  play(
    new Date(Date.parse("2026-11-02T06:00:00Z") + index * 40 * 60_000).toISOString(),
    `hostile${index}`,
    text,
    hostileStrings[(index + 11) % hostileStrings.length] ?? "",
    hostileStrings[(index + 23) % hostileStrings.length] ?? ""
  )
)

export const plays = [...sessions, ...hostilePlays]

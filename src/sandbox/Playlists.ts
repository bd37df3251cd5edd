/** The person's playlists, and one of somebody else. Every change gives a playlist another snapshot. */
import { Array as Arr, Effect, Option } from "effect"
import type { Track } from "./Catalogue.ts"
import type { SandboxPlaylists } from "./Contract.ts"
import { utcText } from "./Instants.ts"
import { SandboxMisuse } from "./SandboxMisuse.ts"
import { base62, draw } from "./Seeded.ts"

export interface PlaylistItem {
  readonly uri: string
  readonly addedAt: string
}

export interface Playlist {
  readonly id: string
  readonly name: string
  readonly isOwn: boolean
  readonly isPublic: boolean
  readonly items: ReadonlyArray<PlaylistItem>
  readonly snapshot: string
}

interface Changing extends Playlist {
  items: ReadonlyArray<PlaylistItem>
  snapshot: string
}

export interface Playlists extends SandboxPlaylists {
  readonly all: () => ReadonlyArray<Playlist>
  readonly get: (id: string) => Playlist | undefined
  readonly track: (uri: string) => Track | undefined
  /** Puts them there, or at the end, whatever is there already; gives the new snapshot. */
  readonly add: (id: string, uris: ReadonlyArray<string>, position: number | undefined) => string
  /** Takes every occurrence out. */
  readonly remove: (id: string, uris: ReadonlySet<string>) => string
}

/** `[name, how many tracks, own, public]` */
const table = [
  ["Na cestu", 12, true, false],
  ["Long one", 250, true, false],
  ["Shared with everyone", 5, true, true],
  ["Somebody else's", 30, false, true]
] as const

export const makePlaylists = (seed: string, tracks: ReadonlyArray<Track>, now: () => number): Playlists => {
  const byUri = new Map(tracks.map((track) => [track.uri, track]))
  let revision = 0
  const snapshotOf = (id: string) => `AAAA${base62(28, seed, "snapshot", id, String(revision++))}`
  const lists = new Map(table.map(([name, count, isOwn, isPublic]): [string, Changing] => {
    const id = base62(22, seed, "own playlist", name)
    const from = draw(seed, "playlist", name)
    const items = Array.from({ length: count }, () => from.int(0, tracks.length - 1)).flatMap((index) =>
      Option.toArray(Option.map(Arr.get(tracks, index), ({ uri }) => ({ uri, addedAt: "2025-03-01T10:00:00Z" })))
    )
    return [id, { id, name, isOwn, isPublic, items, snapshot: snapshotOf(id) }]
  }))

  const changed = (id: string, change: (items: ReadonlyArray<PlaylistItem>) => ReadonlyArray<PlaylistItem>): string => {
    const list = lists.get(id)
    if (list === undefined) return ""
    list.items = change(list.items)
    list.snapshot = snapshotOf(id)
    return list.snapshot
  }

  const known = (id: string) =>
    Effect.suspend(() => {
      const list = lists.get(id)
      return list === undefined
        ? Effect.fail(new SandboxMisuse({ message: `No playlist ${id}. Take one of playlistIds.` }))
        : Effect.succeed(list)
    })

  const add: Playlists["add"] = (id, uris, position) =>
    changed(
      id,
      (items) => items.toSpliced(position ?? items.length, 0, ...uris.map((uri) => ({ uri, addedAt: utcText(now()) })))
    )

  const remove: Playlists["remove"] = (id, uris) => changed(id, (items) => items.filter(({ uri }) => !uris.has(uri)))

  return {
    all: () => [...lists.values()],
    get: (id) => lists.get(id),
    track: (uri) => byUri.get(uri),
    add,
    remove,
    playlistIds: [...lists.values()].filter(({ isOwn }) => isOwn).map(({ id }) => id),
    foreignPlaylistId: [...lists.values()].find(({ isOwn }) => !isOwn)?.id ?? "",
    tracksIn: (id) => Effect.map(known(id), ({ items }) => items.map(({ uri }) => uri)),
    addTrack: (id, uri) => Effect.asVoid(Effect.map(known(id), () => add(id, [uri], undefined))),
    removeTrack: (id, uri) => Effect.asVoid(Effect.map(known(id), () => remove(id, new Set([uri]))))
  }
}

/** `/search?text=…`: whatever bears these words. */
import { Effect, Option } from "effect"
import type { Found, SearchResult } from "../../api/DataSumMessages.ts"
import { dayOf } from "../../domain/LocalDay.ts"
import { Empty } from "../frame/Bits.tsx"
import { clock, longDay, moment, number, type Owner } from "../frame/Owner.ts"
import type { Page } from "../frame/Pages.ts"
import type { View } from "../frame/View.ts"
import { titleOf } from "./Title.ts"

const One = ({ found, owner }: { readonly owner: Owner; readonly found: Found }) => {
  switch (found._tag) {
    case "Event":
      return (
        <>
          <span class="badge">event</span>{" "}
          <a href={`/daily?day=${found.day}`}>
            <strong>{titleOf(found)}</strong>
          </a>
          <p class="small soft">
            {longDay(owner, found.day)}
            {Option.isSome(found.start) && `, ${clock(owner, found.start.value)}`}
            {Option.isSome(found.location) && `, ${found.location.value}`}
          </p>
          {Option.isSome(found.excerpt) && <p class="small">{found.excerpt.value}</p>}
        </>
      )
    case "Track":
      return (
        <>
          <span class="badge">track</span> <strong>{found.name}</strong>{" "}
          <span class="soft">
            {found.artists.join(", ")}
            {Option.isSome(found.album) && ` · ${found.album.value}`}
          </span>
          <p class="small soft">
            {number(owner, found.plays)} {found.plays === 1 ? "play" : "plays"}, last{" "}
            <a href={`/daily?day=${dayOf(found.last, owner.zone)}`}>{moment(owner, found.last)}</a>
          </p>
        </>
      )
    case "Artist":
      return (
        <>
          <span class="badge">artist</span> <strong>{found.name}</strong>
          {Option.isSome(found.plays) && Option.isSome(found.first) && Option.isSome(found.last) && (
            <p class="small soft">
              {number(owner, found.plays.value)} {found.plays.value === 1 ? "play" : "plays"}, first{" "}
              <a href={`/daily?day=${dayOf(found.first.value, owner.zone)}`}>{moment(owner, found.first.value)}</a>,
              last <a href={`/daily?day=${dayOf(found.last.value, owner.zone)}`}>{moment(owner, found.last.value)}</a>
            </p>
          )}
        </>
      )
    case "Activity":
      return (
        <>
          <span class="badge">{found.kind}</span>{" "}
          <a href={`/daily?day=${found.day}`}>
            <strong>{found.name}</strong>
          </a>
          <p class="small soft">{longDay(owner, found.day)}, {clock(owner, found.start)}</p>
        </>
      )
  }
}

const Results = ({ owner, result: { found, more }, text }: {
  readonly owner: Owner
  readonly text: string
  readonly result: SearchResult
}) =>
  found.length === 0
    ? <Empty>Nothing bears all of “{text}”. Fewer words, or only their beginnings, find more.</Empty>
    : (
      <>
        <ul class="found">
          {found.map((one, index) => (
            <li key={index} class="card">
              <One owner={owner} found={one} />
            </li>
          ))}
        </ul>
        {more && <p class="soft">There is more; another word narrows it down.</p>}
      </>
    )

export const searchView = (owner: Owner, text: string, result: Option.Option<SearchResult>): View => ({
  title: text === "" ? "Search" : `Search: ${text}`,
  place: "search",
  body: (
    <>
      <h1>Search</h1>
      <form class="row search" method="get" action="/search" role="search">
        <label for="text">Words</label>
        <input id="text" type="search" name="text" value={text} maxLength={200} required autocomplete="off" />
        <button type="submit" class="main">Search</button>
      </form>
      {Option.isSome(result)
        ? <Results owner={owner} text={text} result={result.value} />
        : <Empty>Events, artists, tracks (also by their albums) and workouts, by words or by their beginnings.</Empty>}
    </>
  )
})

export const searchPage: Page = Effect.fnUntraced(function*({ api, owner, query }) {
  const text = (query.get("text") ?? "").trim().slice(0, 200)
  const result = text === "" ? Option.none() : Option.some(yield* api.data.search({ query: { text, limit: 50 } }))
  return searchView(owner, text, result)
})

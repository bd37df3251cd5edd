import { assert, it } from "@effect/vitest"
import { Option } from "effect"
import { Found, SearchResult } from "../../../src/api/DataSumMessages.ts"
import { searchView } from "../../../src/dashboard/days/SearchPage.tsx"
import { at, ownerAt, pageOf } from "./DayFixtures.ts"

const pageWith = (plays: Option.Option<number>) =>
  pageOf(searchView(
    ownerAt("2026-11-26T12:00:00Z"),
    "can",
    Option.some(
      new SearchResult({
        time_zone: "Europe/Berlin",
        found: [Found.cases.Artist.make({
          name: "Can",
          plays,
          first: Option.as(plays, at("2026-03-10T18:00:00Z")),
          last: Option.as(plays, at("2026-03-11T18:00:00Z"))
        })],
        more: true
      })
    )
  ))

it("an artist whose plays could not be counted has no numbers beside the name", () => {
  assert.include(pageWith(Option.some(2)), "2 plays, first")
  const page = pageWith(Option.none())
  assert.include(page, "<strong>Can</strong>")
  assert.notInclude(page, "plays")
})

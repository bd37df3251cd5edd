/** How long the server takes for the pages of a person's days, and for what they are made of, with years of records. */
import { Array as Arr, Clock, DateTime, Effect, FileSystem, Schedule, Schema } from "effect"
import { fileURLToPath } from "node:url"
import { build, bundle, freePort } from "../Installation.ts"
import { CannotRun, node, output } from "../Processes.ts"
import { median, promise, round, type Sizes } from "../Report.ts"
import { FillSetup } from "./PageFigures.ts"

const filling = fileURLToPath(new URL("FillProcess.ts", import.meta.url))

const DaemonFile = Schema.fromJsonString(Schema.Struct({ address: Schema.String, token: Schema.String }))

const Link = Schema.fromJsonString(Schema.Struct({ url: Schema.String }))

/** Something that `glider run` has to do, though not now. */
const nightly = "[schedule.nightly]\nworkflow = \"diagnostics\"\ninput = { key = \"nightly\" }\ncron = \"0 2 29 2 *\"\n"

/** Starts `glider run` over the filled store, and signs a browser in. */
const signedIn = Effect.fnUntraced(function*(folder: string) {
  const fs = yield* FileSystem.FileSystem
  yield* fs.writeFileString(`${folder}/config.toml`, `[server]\nport = ${yield* freePort}\n\n${nightly}`)
  yield* node([bundle, "run", "--config", `${folder}/config.toml`, "--data-dir", folder])
  const begin = Effect.gen(function*() {
    const { address, token } = yield* Schema.decodeEffect(DaemonFile)(yield* fs.readFileString(`${folder}/daemon.json`))
    const link = yield* asked(`${address}/api/v0/sessions/links`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: "{}"
    })
    const { url } = yield* Schema.decodeEffect(Link)(link.text)
    const { cookie } = yield* asked(url, { redirect: "manual" })
    return { address, cookie, token }
  })
  return yield* Effect.retry(begin, Schedule.spaced("200 millis").pipe(Schedule.upTo({ times: 100 })))
})

const asked = (url: string, init: RequestInit) =>
  Effect.tryPromise({
    try: () =>
      fetch(url, init).then((answer) =>
        answer.text().then((text) => ({
          status: answer.status,
          text,
          cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? ""
        }))
      ),
    catch: (cause) => new CannotRun({ message: `${url}: ${String(cause)}` })
  })

export const pages = Effect.fn("bench.pages")(function*({ pages: { repeats, years } }: Sizes) {
  yield* build
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glider-bench-" })
  const now = yield* Clock.currentTimeMillis
  const counts = {
    plays: Math.round(26_000 * years),
    samples: Math.round(70_000 * years),
    events: Math.round(2000 * years),
    days: Math.round(365 * years)
  }
  const records = counts.plays + counts.samples + counts.events + 4 * counts.days
  const from = performance.now()
  yield* output([filling, yield* Schema.encodeEffect(Schema.fromJsonString(FillSetup))({ folder, now, ...counts })])
  const filled = round((performance.now() - from) / 1000)
  const { address, cookie, token } = yield* signedIn(folder)

  const dayOf = (ago: number) => DateTime.formatIsoDateUtc(DateTime.makeUnsafe(now - ago * 86_400_000))
  const year = dayOf(366).slice(0, 4)
  const range = (ago: number, length: number) => `from=${dayOf(ago + length)}&to=${dayOf(ago)}`
  const data = "/api/v0/data"
  const paths = {
    "week page": "/?week=0",
    "week page, years ago": `/?week=-${Math.round(52 * years * 0.7)}`,
    "day page": "/daily",
    "year page": `/year?year=${year}`,
    "month page": "/month",
    "listening page of a month": "/listening?range=last-month",
    "calendar of a week": `${data}/calendar?${range(0, 6)}`,
    "listening of a week": `${data}/listening?${range(0, 6)}`,
    "heart rate of a week": `${data}/heart-rate?${range(0, 6)}`,
    "body of a week": `${data}/body?${range(0, 6)}`,
    "recorded of a week": `${data}/recorded?${range(0, 6)}`,
    "totals of a year": `${data}/totals?from=${year}-01-01&to=${year}-12-31`,
    "top artists of a month": `${data}/listening/tops?of=artists&${range(0, 30)}`,
    "top artists of a year": `${data}/listening/tops?of=artists&${range(0, 364)}`,
    "top artists of all time": `${data}/listening/tops?of=artists&from=2000-01-01&to=${dayOf(0)}`,
    "search: choir": `${data}/search?text=choir`,
    "search of a word that all tracks have: track night": `${data}/search?text=${encodeURIComponent("track night")}`
  }
  /** What standing jobs do at night. */
  const work = {
    "report of a week": { path: "/api/v1/reports", body: JSON.stringify({ kind: "weekly" }) },
    "all affinities": { path: "/api/v1/affinity/decay", body: "{}" }
  }
  const authorization = `Bearer ${token}`
  const questions: ReadonlyArray<readonly [name: string, path: string, init: RequestInit]> = [
    ...Object.entries(paths).map(([name, path]) => [name, path, { headers: { cookie } }] as const),
    ...Object.entries(work).map(([name, { body, path }]) =>
      [name, path, { method: "POST", headers: { authorization, "content-type": "application/json" }, body }] as const
    )
  ]
  const millis = yield* Effect.forEach(
    questions,
    ([name, path, init]) =>
      Effect.map(
        Effect.forEach(Arr.range(0, repeats), () =>
          Effect.gen(function*() {
            const begun = performance.now()
            const { status, text } = yield* asked(`${address}${path}`, init)
            if (status === 200) return performance.now() - begun
            return yield* new CannotRun({ message: `${path}: ${status} ${text.slice(0, 200)}` })
          })),
        ([first = Number.NaN, ...others]) =>
          [name, { first: round(first), median: round(median(others)), most: round(Math.max(...others)) }] as const
      )
  )
  const of = Object.fromEntries(millis)
  const below = (name: keyof typeof paths | keyof typeof work, promised: number) =>
    promise({
      what: `${name}, ${records} records, median`,
      unit: "ms",
      bound: "below",
      promised,
      measured: of[name]?.median ?? Number.NaN
    })
  return {
    promises: [
      below("week page", 300),
      below("week page, years ago", 300),
      below("year page", 500),
      below("totals of a year", 500),
      below("top artists of all time", 1000),
      below("search: choir", 100),
      below("search of a word that all tracks have: track night", 1000),
      below("report of a week", 2000),
      below("all affinities", 30_000)
    ],
    figures: { records, secondsToFill: filled, ...of }
  }
}, Effect.scoped)

/** `/listening`: what was listened to most, when, and for how long. */
import { Effect, Option } from "effect"
import type { ListeningSummary, PlayedTrack, Recorded, Tops } from "../../api/DataMessages.ts"
import { Empty } from "../frame/Bits.tsx"
import { length, moment, number, type Owner } from "../frame/Owner.ts"
import type { Page } from "../frame/Pages.ts"
import type { View } from "../frame/View.ts"
import { Missed } from "./Missed.tsx"
import { type RangeAsked, rangeAsked, RangeChoice, rangeText, withRange } from "./Ranges.tsx"
import { Rhythm } from "./Rhythm.tsx"
import { trackText } from "./SessionDetails.tsx"

const subjects = { artists: "Artists", tracks: "Tracks", albums: "Albums" } as const

type Subject = keyof typeof subjects

const subjectNames = ["artists", "tracks", "albums"] as const satisfies ReadonlyArray<Subject>

type Measure = "plays" | "minutes"

const TopList = ({ by, owner, subject, tops: { tops, total } }: {
  readonly owner: Owner
  readonly subject: Subject
  readonly by: Measure
  readonly tops: Tops
}) => {
  const amount = ({ listened_ms, plays }: Tops["tops"][number]) => by === "plays" ? plays : listened_ms
  const most = Math.max(1, ...tops.map(amount))
  return (
    <section class="card stack">
      <h2>
        {subjects[subject]} <span class="soft small">{number(owner, total)} in all</span>
      </h2>
      {tops.length === 0 ? <Empty>Nothing was played.</Empty> : (
        <ol class="tops">
          {tops.map((top) => (
            <li key={`${top.name} ${top.artists.join()}`}>
              <span class="name">
                {top.name}
                {top.artists.length > 0 && <span class="by soft small">{top.artists.join(", ")}</span>}
              </span>
              <span class="num small">
                {by === "plays" ? `${number(owner, top.plays)} plays` : length(top.listened_ms / 1000)}
              </span>
              <svg width="100%" height="3" aria-hidden="true">
                <rect width={`${amount(top) / most * 100}%`} height="3" rx="1.5" />
              </svg>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

const played = (owner: Owner, track: Option.Option<PlayedTrack>) =>
  Option.match(track, {
    onNone: () => "–",
    onSome: (known) => `${moment(owner, known.played_at)}: ${trackText(known)}`
  })

const Summary = ({ owner, summary }: { readonly owner: Owner; readonly summary: ListeningSummary }) => (
  <section class="stack" aria-label="In short">
    <dl class="tiles">
      {([
        ["Plays", number(owner, summary.plays)],
        ["Listened", length(summary.listened_ms / 1000)],
        ["Artists", number(owner, summary.artists)],
        ["Tracks", number(owner, summary.tracks)],
        ["Sessions", number(owner, summary.sessions)]
      ] as const).map(([name, value]) => (
        <div key={name} class="tile">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
    <dl class="facts small">
      <dt>First</dt>
      <dd>{played(owner, summary.first)}</dd>
      <dt>Last</dt>
      <dd>{played(owner, summary.last)}</dd>
      {Option.isSome(summary.longest_session) && (
        <>
          <dt>Longest session</dt>
          <dd>
            {moment(owner, summary.longest_session.value.start)}, {number(owner, summary.longest_session.value.plays)}
            {" "}
            plays, {length(summary.longest_session.value.listened_ms / 1000)}
          </dd>
        </>
      )}
    </dl>
  </section>
)

export interface ListeningAnswers {
  readonly summary: ListeningSummary
  readonly tops: { readonly [S in Subject]: Tops }
  readonly recorded: Recorded
}

export const listeningView = (owner: Owner, range: RangeAsked, by: Measure, answers: ListeningAnswers): View => ({
  title: `Listening, ${rangeText(owner, range)}`,
  place: "listening",
  body: (
    <>
      <div class="row spread">
        <h1>
          Listening <span class="soft">{rangeText(owner, range)}</span>
        </h1>
      </div>
      <RangeChoice
        path="/listening"
        range={range}
        names={["7-days", "30-days", "this-month", "last-month", "this-year", "all"]}
        rest={{ by }}
      />
      <Summary owner={owner} summary={answers.summary} />
      <nav class="choices" aria-label="Counted by">
        {(["plays", "minutes"] as const).map((measure) => (
          <a
            key={measure}
            href={withRange("/listening", range, { by: measure })}
            aria-current={measure === by ? "true" : undefined}
          >
            {measure === "plays" ? "By plays" : "By minutes"}
          </a>
        ))}
      </nav>
      <div class="columns">
        {subjectNames.map((subject) => (
          <TopList key={subject} owner={owner} subject={subject} by={by} tops={answers.tops[subject]} />
        ))}
      </div>
      <Rhythm owner={owner} summary={answers.summary} by={by} />
      <Missed owner={owner} parts={answers.recorded.unrecorded.filter(({ kind }) => kind === "listening")} />
    </>
  )
})

export const listeningPage: Page = Effect.fnUntraced(function*({ api, owner, query }) {
  const range = rangeAsked(owner, query, "30-days")
  const by = query.get("by") === "minutes" ? "minutes" : "plays"
  const { from, to } = range
  const topsOf = (of: Subject) => api.data.tops({ query: { from, to, of, by, limit: 10 } })
  const answers = yield* Effect.all({
    summary: api.data.summary({ query: { from, to } }),
    tops: Effect.all({ artists: topsOf("artists"), tracks: topsOf("tracks"), albums: topsOf("albums") }, {
      concurrency: "unbounded"
    }),
    recorded: Option.contains(range.preset, "all")
      ? Effect.succeed({ coverage: [], unrecorded: [] })
      : api.data.recorded({ query: { from, to } })
  }, { concurrency: "unbounded" })
  return listeningView(owner, range, by, answers)
})

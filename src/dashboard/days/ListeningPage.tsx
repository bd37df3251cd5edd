/** `/listening`: what was listened to most, when, and for how long. */
import { Effect, Option } from "effect"
import type { ListeningSession, PlayedTrack, Recorded } from "../../api/DataMessages.ts"
import type { ListeningSummary, Tops } from "../../api/DataSumMessages.ts"
import { dayCount } from "../../domain/DayRange.ts"
import { Empty } from "../frame/Bits.tsx"
import { length, moment, number, type Owner } from "../frame/Owner.ts"
import type { Page } from "../frame/Pages.ts"
import type { View } from "../frame/View.ts"
import { Hatch } from "./Hatch.tsx"
import { Missed } from "./Missed.tsx"
import { type RangeAsked, rangeAsked, RangeChoice, rangeText, withRange } from "./Ranges.tsx"
import { figureOf, nothingText, type Recording, recordingOf } from "./Recording.ts"
import { Rhythm } from "./Rhythm.tsx"
import { trackText } from "./SessionDetails.tsx"
import { SessionList } from "./SessionList.tsx"

const subjects = { artists: "Artists", tracks: "Tracks", albums: "Albums" } as const

type Subject = keyof typeof subjects

const subjectNames = ["artists", "tracks", "albums"] as const satisfies ReadonlyArray<Subject>

type Measure = "plays" | "minutes"

const TopList = ({ by, owner, recording, subject, tops: { tops, total } }: {
  readonly owner: Owner
  readonly subject: Subject
  readonly by: Measure
  readonly tops: Tops
  readonly recording: Recording
}) => {
  const amount = ({ listened_ms, plays }: Tops["tops"][number]) => by === "plays" ? plays : listened_ms
  const most = Math.max(1, ...tops.map(amount))
  return (
    <section class="card stack">
      <h2>
        {subjects[subject]} {tops.length > 0 && <span class="soft small">{number(owner, total)} in all</span>}
      </h2>
      {tops.length === 0 ? <Empty>{nothingText(recording, "Nothing was played.")}</Empty> : (
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

const Summary = ({ owner, recording, summary }: {
  readonly owner: Owner
  readonly summary: ListeningSummary
  readonly recording: Recording
}) => (
  <section class="stack" aria-label="In short">
    <dl class="tiles">
      {([
        ["Plays", summary.plays, (value: number) => number(owner, value)],
        ["Listened", summary.listened_ms, (value: number) => length(value / 1000)],
        ["Artists", summary.artists, (value: number) => number(owner, value)],
        ["Tracks", summary.tracks, (value: number) => number(owner, value)],
        ["Sessions", summary.sessions, (value: number) => number(owner, value)]
      ] as const).map(([name, amount, text]) => {
        const { note, value } = figureOf(recording, amount, text)
        return (
          <div key={name} class="tile">
            <dt>{name}</dt>
            <dd>
              {value} <small>{note}</small>
            </dd>
          </div>
        )
      })}
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
  /** None where the range is too long to ask for single plays. */
  readonly sessions: Option.Option<ReadonlyArray<ListeningSession>>
}

export const listeningView = (owner: Owner, range: RangeAsked, by: Measure, answers: ListeningAnswers): View => {
  const recording = recordingOf(owner, range, "listening", answers.recorded)
  return {
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
        <Hatch />
        <Summary owner={owner} summary={answers.summary} recording={recording} />
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
            <TopList
              key={subject}
              owner={owner}
              subject={subject}
              by={by}
              tops={answers.tops[subject]}
              recording={recording}
            />
          ))}
        </div>
        <Rhythm owner={owner} summary={answers.summary} by={by} recording={recording} />
        {Option.isSome(answers.sessions) && (
          <SessionList owner={owner} sessions={answers.sessions.value} recording={recording} />
        )}
        <Missed owner={owner} parts={answers.recorded.unrecorded.filter(({ kind }) => kind === "listening")} />
      </>
    )
  }
}

/** As much as one answer about single plays covers. */
const mostDays = 42

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
    recorded: api.data.recorded({ query: { from, to } }),
    sessions: dayCount(range) > mostDays
      ? Effect.succeedNone
      : Effect.map(api.data.listening({ query: { from, to } }), ({ sessions }) => Option.some(sessions))
  }, { concurrency: "unbounded" })
  return listeningView(owner, range, by, answers)
})

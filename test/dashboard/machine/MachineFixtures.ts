/** Answers of the API about the machine, with little in them. */
import { DateTime, Option, Schema } from "effect"
import { CandidateInfo, ImportInfo } from "../../../src/api/ImportMessages.ts"
import { Account, Check, TaskState } from "../../../src/api/Messages.ts"
import { ReviewInfo } from "../../../src/api/ReviewMessages.ts"
import { ScheduleInfo, TickLine } from "../../../src/api/ScheduleMessages.ts"
import { WebhookView } from "../../../src/api/WebhookMessages.ts"
import { Alert, AlertTelling } from "../../../src/domain/Alert.ts"
import { Connection, connectionId, type ConnectionState } from "../../../src/domain/Connection.ts"
import { DeadLetter } from "../../../src/domain/DeadLetter.ts"
import type { Provider } from "../../../src/domain/Provider.ts"
import { Run, RunError, StreamCounts, SyncReport } from "../../../src/domain/Run.ts"
import { HistoryEvent } from "../../../src/domain/RunHistory.ts"
import { taskProvider } from "../../../src/domain/Task.ts"
import { WebhookDelivery } from "../../../src/domain/WebhookDelivery.ts"
import { Score } from "../../../src/music/Score.ts"
import { Candidate } from "../../../src/music/Track.ts"
import { at, ownerAt } from "../days/DayFixtures.ts"

export const now = at("2026-11-24T09:16:00Z")
export const owner = ownerAt("2026-11-24T09:16:00Z")

const none = Option.none()

export const minutesAgo = (minutes: number): DateTime.Utc => DateTime.subtract(now, { minutes })

/** What a sync of one stream did. */
export const reportOf = (stream: string, counts: Partial<typeof StreamCounts.none>) =>
  Schema.encodeSync(SyncReport)(
    new SyncReport({
      pages: 1,
      streams: { [stream]: new StreamCounts({ ...StreamCounts.none, ...counts }) },
      errors: {}
    })
  )

type RunFields = ConstructorParameters<typeof Run>[0]

/** A run of Spotify that took two seconds, four minutes ago. */
export const runOf = (id: string, fields: Partial<RunFields> = {}): Run =>
  new Run({
    id,
    workflow: "spotify",
    version: 1,
    status: "completed",
    state: fields.status ?? "completed",
    trigger: "schedule",
    schedule: none,
    tick: none,
    attempt: 1,
    original: none,
    parent: none,
    attributes: {},
    startedAt: minutesAgo(4),
    finishedAt: Option.some(DateTime.add(minutesAgo(4), { seconds: 2 })),
    due: none,
    cancelRequested: false,
    error: none,
    progress: null,
    report: null,
    cursor: 1,
    ...fields
  })

export const failure = (message = "signed out", tag = "NeedsAuth") =>
  Option.some(new RunError({ tag, message, fix: Option.some("glider auth spotify") }))

type EventFields = ConstructorParameters<typeof HistoryEvent>[0]

/** Something that happened so many seconds after the start of `runOf`. */
export const eventOf = (seconds: number, kind: HistoryEvent["kind"], fields: Partial<EventFields> = {}): HistoryEvent =>
  new HistoryEvent({
    at: DateTime.add(minutesAgo(4), { seconds }),
    kind,
    name: "step",
    attempt: none,
    tookMillis: none,
    due: none,
    run: none,
    value: none,
    error: none,
    ...fields
  })

export const accountOf = (provider: Provider, state?: ConnectionState): Account =>
  new Account({
    provider,
    connection: state === undefined ? none : Option.some(
      new Connection({
        id: connectionId(provider, "me"),
        provider,
        userId: "me",
        state,
        scopes: ["read"],
        connectedAt: minutesAgo(6000),
        expiresAt: none,
        refreshedAt: none,
        problem: none
      })
    ),
    signInEndsAt: none,
    missingScopes: [],
    fix: state === "connected" ? none : Option.some(`glider auth ${provider}`)
  })

const kindsOf = { google: ["calendar"], spotify: ["listening"], oura: ["heart_rate", "body"] } as const

/** A task of every ten minutes. */
export const taskOf = (task: TaskState["task"], lastRun: Option.Option<Run>, enabled = true): TaskState =>
  new TaskState({
    task,
    provider: taskProvider[task],
    enabled,
    intervalSeconds: Option.some(600),
    cron: none,
    kinds: [...kindsOf[taskProvider[task]]],
    connection: none,
    lastRun,
    nextStart: none,
    shutUntil: none
  })

export const checkOf = (name: string, state: Check["state"], message = "why"): Check =>
  new Check({ name, state, message, fix: Option.some("glider mend") })

export const scheduleOf = (
  id: string,
  fields: Partial<ConstructorParameters<typeof ScheduleInfo>[0]> = {}
): ScheduleInfo =>
  new ScheduleInfo({
    id,
    schedule_id: `schedule-glider-${id}`,
    workflow_id: "diagnostics",
    kind: "workflow",
    cron: Option.some("0 9 * * *"),
    interval_seconds: none,
    timezone: "UTC",
    description: "at 09:00",
    enabled: true,
    pause: none,
    is_override: false,
    yaml_config: {
      project: "glider",
      id,
      workflow: "diagnostics",
      kind: "workflow",
      enabled: true,
      cron: "0 9 * * *",
      timezone: "UTC",
      dst: { gap: "auto", repeat: "auto" },
      jitter_seconds: 0,
      overlap_policy: "skip",
      catch_up: "latest",
      pause_on_failure: false,
      input: {}
    },
    next_run_time: none,
    last_run_id: none,
    last_run_time: none,
    last_run_status: none,
    buffered: none,
    runs: 0,
    revision: 1,
    ...fields
  })

export const tickOf = (minutes: number, fields: Partial<ConstructorParameters<typeof TickLine>[0]> = {}): TickLine =>
  new TickLine({
    nominal: minutesAgo(minutes),
    effective: minutesAgo(minutes),
    state: "settled",
    outcome: Option.some("started"),
    run: Option.some("run-1"),
    marks: [],
    reason: none,
    dst: none,
    ...fields
  })

export const letterOf = (run: string, workflow: string, tag: string, message = "no"): DeadLetter =>
  DeadLetter.cases.Run.make({
    id: `run:${run}`,
    run,
    workflow,
    at: minutesAgo(60),
    attempts: 1,
    error: new RunError({ tag, message, fix: Option.some("mend it") }),
    chain: [message]
  })

export const recordOf = (hash: string, stream: string, problem = "no title"): DeadLetter =>
  DeadLetter.cases.Record.make({
    id: `record:spotify:me/${stream}/${hash}`,
    connection: connectionId("spotify", "me"),
    stream,
    at: minutesAgo(60),
    lastSeenAt: minutesAgo(5),
    problem,
    raw: "{\"a\":1}"
  })

/** Texts that would be markup, were they not escaped. */
export const hostile: ReadonlyArray<string> = [
  "<script>alert(1)</script>",
  "\"><img src=x onerror=alert(1)>",
  "' onmouseover='alert(1)",
  "</title><script>alert(1)</script>",
  "javascript:alert(1)",
  "&lt;script&gt;",
  "</textarea><script>alert(1)</script>",
  "\u202Eevil\u0000"
]

/** An alert that lasts, or is over. */
export const alertOf = (text: string, resolvedAt: Option.Option<DateTime.Utc> = none): Alert =>
  new Alert({
    id: `alr_${Option.isSome(resolvedAt)}`,
    rule: "dead_letter",
    key: text,
    severity: "critical",
    title: text,
    message: text,
    fix: text,
    firstSeenAt: minutesAgo(90),
    lastSeenAt: now,
    resolvedAt,
    saidAt: minutesAgo(90),
    tellings: [
      new AlertTelling({
        sink: text,
        saying: "raised",
        status: "pending",
        attempts: 1,
        createdAt: minutesAgo(90),
        sentAt: none,
        lastError: Option.some(text)
      })
    ]
  })

/** A webhook that is told nothing any more. */
export const webhookOf = (text: string) =>
  new WebhookView({
    name: text,
    url: text,
    enabled: true,
    events: [text],
    streams: [],
    format: "standard",
    per: "page",
    disabled_at: Option.some(minutesAgo(5)),
    disabled_why: Option.some(text),
    held_until: none,
    pending: 1,
    failed: 1
  })

export const deliveryOf = (text: string) =>
  new WebhookDelivery({
    endpoint: text,
    event: text,
    type: text,
    subject: text,
    at: minutesAgo(5),
    status: "failed",
    attempts: 10,
    due: none,
    lastAttemptAt: none,
    publishedAt: none,
    lastStatus: none,
    lastError: Option.some(text)
  })

/** An import that has come to an end, with that text wherever there is one. */
export const importOf = (text: string, fields: Partial<ConstructorParameters<typeof ImportInfo>[0]> = {}): ImportInfo =>
  new ImportInfo({
    id: text,
    kind: "history",
    status: "partial",
    started_at: minutesAgo(5),
    finished_at: Option.some(now),
    file: Option.some(text),
    connection: Option.some(text),
    progress: Option.some(text),
    fraction: none,
    error: Option.some(new RunError({ tag: text, message: text, fix: Option.some(text) })),
    result: Option.some({
      files: 2,
      records: 51,
      created: 50,
      updated: 0,
      unchanged: 0,
      quarantined: 1,
      merged: 40,
      counted: 5,
      skipped: 3,
      review: 2,
      failed: 0,
      faults: [text]
    }),
    ...fields
  })

/** A stream that may be a play, four minutes into it. */
export const candidateOf = (
  text: string,
  { from = 8, uri = text }: { readonly from?: number; readonly uri?: string } = {}
): CandidateInfo => {
  const heard = { name: Option.some(text), artist: Option.some(text), album: Option.some(text), raw: { [text]: text } }
  return new CandidateInfo({
    id: text,
    state: "open",
    connection: text,
    stream: { ...heard, uri: text, started_at: minutesAgo(from), ended_at: minutesAgo(0), ms_played: 480_000 },
    play: { ...heard, uri, played_at: minutesAgo(4), duration_ms: Option.some(180_000) },
    similarity: 0.8,
    confidence: 0.75,
    found_at: minutesAgo(1)
  })
}

/** A song that waits, with that text wherever there is one. */
export const reviewOf = (text: string): ReviewInfo => {
  const candidate = new Candidate({ uri: text, name: text, artists: [text], album: text, isPlayable: true })
  const lowered = [{ reason: "other_recording" as const, factor: 0.6 }]
  const score = new Score({ candidate, confidence: 0.6, isSameIsrc: false, title: 1, artist: 1, lowered })
  return new ReviewInfo({
    id: text,
    track_name: text,
    artist: text,
    album: Option.some(text),
    isrc: none,
    playlist_id: text,
    user_id: Option.some(text),
    candidate,
    confidence: 0.6,
    scores: [score],
    since: minutesAgo(5),
    until: DateTime.add(now, { days: 7 })
  })
}

/**
 * The control plane of a sandbox that runs alone: the clock, the faults and the calendar over HTTP, under `/sandbox`.
 * A request that cannot be understood is answered with a problem (RFC 9457) that says what is expected.
 */
import { DateTime, Effect, Schema } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import type { EventTime, JsonObject, SandboxCalendar, SandboxClock, SandboxFaults, SandboxTokens } from "./Contract.ts"
import { FaultRule, Provider, RandomPlan } from "./FaultRules.ts"
import { ModelAnswer, type SandboxModel } from "./ModelScript.ts"
import { SandboxMisuse } from "./SandboxMisuse.ts"

/** What the control plane reaches of a sandbox. */
export interface Controlled {
  readonly calendar: SandboxCalendar
  readonly clock: SandboxClock
  readonly faults: SandboxFaults
  readonly model: SandboxModel
  readonly tokens: SandboxTokens
  /** What `GET /sandbox/state` shows beside the clock. */
  readonly facts: () => JsonObject
  readonly requests: Effect.Effect<ReadonlyArray<object>>
}

const Time = Schema.Union([
  Schema.Struct({ date: Schema.String }),
  Schema.Struct({ dateTime: Schema.String, timeZone: Schema.optionalKey(Schema.String) })
])

const Address = { calendarId: Schema.String, eventId: Schema.String }

const ClockBody = Schema.Union([
  Schema.Struct({ advance_seconds: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)) }),
  Schema.Struct({ set: Schema.String })
])

const FaultsBody = Schema.Struct({
  rules: Schema.optionalKey(Schema.Array(FaultRule)),
  random: Schema.optionalKey(RandomPlan)
})

const AddBody = Schema.Struct({
  calendarId: Schema.optionalKey(Schema.String),
  eventId: Schema.optionalKey(Schema.String),
  summary: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  location: Schema.optionalKey(Schema.String),
  start: Time,
  end: Time,
  recurrence: Schema.optionalKey(Schema.Struct({
    frequency: Schema.Literals(["daily", "weekly"]),
    count: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 }))
  }))
})

const MoveBody = Schema.Struct({ ...Address, start: Time, end: Time })
const RenameBody = Schema.Struct({ ...Address, summary: Schema.String })
const CancelBody = Schema.Struct({
  ...Address,
  tombstone: Schema.optionalKey(Schema.Literals(["instances", "master"]))
})
const TokensBody = Schema.Struct({ provider: Provider, action: Schema.Literals(["expire", "revoke"]) })

const json = (body: JsonObject): HttpServerResponse.HttpServerResponse => HttpServerResponse.jsonUnsafe(body)

const problem = (detail: string): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(
    JSON.stringify({
      type: "about:blank",
      title: "Bad Request",
      status: 400,
      code: "invalid_request",
      detail,
      details: {}
    }),
    { status: 400, contentType: "application/problem+json" }
  )

/** A POST whose body is read by a schema; what is wrong with it comes back as a problem, with an example. */
const post = <A, I>(
  path: `/sandbox/${string}`,
  body: Schema.Codec<A, I>,
  example: string,
  act: (value: A) => Effect.Effect<JsonObject, SandboxMisuse>
) =>
  HttpRouter.route(
    "POST",
    path,
    HttpServerRequest.schemaBodyJson(body, { errors: "all", onExcessProperty: "error" }).pipe(
      Effect.mapError((error) => new SandboxMisuse({ message: `${error.message}\nSend JSON such as ${example}` })),
      Effect.flatMap(act),
      Effect.match({ onFailure: (error) => problem(error.message), onSuccess: json })
    )
  )

const readTime = (time: typeof Time.Type): EventTime => time

export const controlRoutes = (sandbox: Controlled) => {
  const { calendar, clock, faults, model, tokens } = sandbox
  const time = Effect.map(clock.now, (now): JsonObject => ({ now: DateTime.formatIso(now) }))
  const state = Effect.gen(function*() {
    const [requests, applied, now] = yield* Effect.all([sandbox.requests, faults.applied, time])
    return json({ ...now, ...sandbox.facts(), requests: requests.length, faults_applied: applied.length })
  })
  const address = "\"calendarId\": \"primary\", \"eventId\": \"…\""
  const span =
    "\"start\": {\"dateTime\": \"2026-11-21T10:00:00+01:00\"}, \"end\": {\"dateTime\": \"2026-11-21T11:00:00+01:00\"}"
  const done = <E>(effect: Effect.Effect<void, E>) => Effect.andThen(effect, time)
  return HttpRouter.addAll([
    HttpRouter.route("GET", "/sandbox/state", state),
    HttpRouter.route(
      "GET",
      "/sandbox/requests",
      Effect.map(sandbox.requests, (requests) => HttpServerResponse.jsonUnsafe({ requests }))
    ),
    post(
      "/sandbox/clock",
      ClockBody,
      "{\"advance_seconds\": 3600} or {\"set\": \"2026-11-20T21:00:00Z\"}",
      (body) => done("set" in body ? clock.set(body.set) : clock.advance(body.advance_seconds * 1000))
    ),
    post(
      "/sandbox/faults",
      FaultsBody,
      "{\"rules\": [{\"provider\": \"spotify\", \"fault\": {\"_tag\": \"Reset\"}, \"times\": 2}]}",
      (body) =>
        done(Effect.all([
          faults.script(...body.rules ?? []),
          body.random === undefined ? Effect.void : faults.random(body.random)
        ], { discard: true }))
    ),
    HttpRouter.route("DELETE", "/sandbox/faults", Effect.map(Effect.andThen(faults.clear, time), json)),
    post(
      "/sandbox/model",
      Schema.Struct({ answers: Schema.Array(ModelAnswer) }),
      "{\"answers\": [{\"toolCalls\": [{\"name\": \"search_track\", \"arguments\": {\"query\": \"…\"}}]}, {\"text\": \"done\"}]}",
      ({ answers }) => done(model.script(...answers))
    ),
    HttpRouter.route("DELETE", "/sandbox/model", Effect.map(Effect.andThen(model.clear, time), json)),
    HttpRouter.route(
      "GET",
      "/sandbox/model",
      Effect.map(model.requests, (requests) => HttpServerResponse.jsonUnsafe({ requests }))
    ),
    post(
      "/sandbox/tokens",
      TokensBody,
      "{\"provider\": \"oura\", \"action\": \"expire\"}",
      (body) =>
        done(body.action === "expire" ? tokens.expireAccessTokens(body.provider) : tokens.revokeTokens(body.provider))
    ),
    post("/sandbox/calendar/add", AddBody, `{"summary": "Tea", ${span}}`, ({ end, start, ...event }) =>
      Effect.map(
        calendar.addEvent({ ...event, start: readTime(start), end: readTime(end) }),
        (eventId): JsonObject => ({ eventId })
      )),
    post(
      "/sandbox/calendar/move",
      MoveBody,
      `{${address}, ${span}}`,
      ({ end, start, ...event }) => done(calendar.moveEvent({ ...event, start: readTime(start), end: readTime(end) }))
    ),
    post(
      "/sandbox/calendar/rename",
      RenameBody,
      `{${address}, "summary": "Tea"}`,
      (body) => done(calendar.renameEvent(body))
    ),
    post("/sandbox/calendar/cancel", CancelBody, `{${address}}`, (body) => done(calendar.cancelEvent(body))),
    post(
      "/sandbox/calendar/restore",
      Schema.Struct(Address),
      `{${address}}`,
      (body) => done(calendar.restoreEvent(body))
    )
  ])
}

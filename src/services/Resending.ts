/** When a message that somebody elsewhere did not take is sent again. */
import { Duration, Effect, Option, Random } from "effect"

/** A message that was not taken. */
export interface Untaken {
  /** Tries so far. */
  readonly tries: number
  /** How long it has waited to be taken, in milliseconds. */
  readonly age: number
  /** For how long whoever did not take it asks to be left alone, in milliseconds. */
  readonly asked: number
}

/** How long after a try has failed the next one is, in milliseconds; none when that was the last. */
export type ResendPolicy = (untaken: Untaken) => Option.Option<number>

/** How long before each try of a webhook, after the one before it has failed: the schedule of Standard Webhooks. */
export const webhookWaits: ReadonlyArray<Duration.Duration> = [
  Duration.zero,
  Duration.seconds(5),
  Duration.minutes(5),
  Duration.minutes(30),
  Duration.hours(2),
  Duration.hours(5),
  Duration.hours(10),
  Duration.hours(14),
  Duration.hours(20),
  Duration.hours(24)
]

export const webhookPolicy: ResendPolicy = ({ tries }) =>
  Option.map(Option.fromUndefinedOr(webhookWaits[tries]), Duration.toMillis)

const firstWait = Duration.toMillis("30 seconds")
const longestWait = Duration.toMillis("1 hour")
/** After so much of it nobody wants to know of an alert any more. */
const worthTelling = Duration.toMillis("3 days")

/** An alert: after 30 s, and then after twice as long each time, up to an hour, for three days. */
export const alertPolicy: ResendPolicy = ({ age, tries }) =>
  age >= worthTelling ? Option.none() : Option.some(Math.min(longestWait, firstWait * 2 ** (tries - 1)))

/** A wait is up to this share longer, so that what failed together does not come together. */
const jitter = 0.1

/** How long it is left alone, in milliseconds. What the other side asks for makes that longer, never shorter. */
export const waitAfter = (policy: ResendPolicy, untaken: Untaken): Effect.Effect<Option.Option<number>> =>
  Option.match(policy(untaken), {
    onNone: () => Effect.succeedNone,
    onSome: (wait) =>
      Effect.map(
        Random.next,
        (random) => Option.some(Math.ceil(Math.max(untaken.asked, wait * (1 + jitter * random))))
      )
  })

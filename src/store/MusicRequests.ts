import { Clock, Context, Duration, Effect, Layer, Option, Schema } from "effect"
import { Surreal } from "../services/Surreal.ts"
import { SurrealError, UnexpectedRow } from "../services/SurrealError.ts"
import { recordId } from "../services/SurrealValue.ts"

/** Somebody asks for a song, and would have a run for it. */
export interface Claim {
  /** What the same request has again: its key, or what it says. */
  readonly request: string
  /** The id of the run that is to be, which no other has. */
  readonly run: string
  /** How long a request is the same; longer than a day it never is. */
  readonly window: Duration.Duration
  /** A run that holds the request no longer, for it came to nothing. */
  readonly instead: Option.Option<string>
}

/** How long requests are kept. */
const kept = Duration.hours(24)

/** The table `music_request`: which run a request has become. */
export class MusicRequests extends Context.Service<MusicRequests, {
  /** The run that holds the request: the one that is to be, unless another has claimed it within the window. */
  readonly claim: (claim: Claim) => Effect.Effect<string, SurrealError>
}>()("glider/store/MusicRequests") {
  static readonly layer: Layer.Layer<MusicRequests, never, Surreal> = Layer.effect(
    MusicRequests,
    Effect.gen(function*() {
      const surreal = yield* Surreal

      const claim = Effect.fn("MusicRequests.claim")(function*({ instead, request, run, window }: Claim) {
        const at = yield* Clock.currentTimeMillis
        // requests of the same moment remove the same rows: so this, too, is tried again
        yield* surreal.transaction([{
          sql: "DELETE music_request WITH INDEX music_request_by_age WHERE at <= $before RETURN NONE",
          vars: { before: at - Duration.toMillis(kept) }
        }])
        const id = recordId("music_request", [request])
        // one transaction, which is tried again when another claim commits first: of two at once only one holds it
        const answers = yield* surreal.transaction([
          {
            sql: "UPDATE $id SET run = $run, at = $at WHERE run = $instead OR at <= $oldest RETURN NONE",
            vars: {
              id,
              run,
              at,
              instead: Option.getOrElse(instead, () => ""),
              oldest: at - Duration.toMillis(window)
            }
          },
          { sql: "INSERT IGNORE INTO music_request $row RETURN NONE", vars: { row: { id, run, at } } },
          { sql: "SELECT VALUE run FROM $id", vars: { id } }
        ])
        const runs = yield* decode(answers.at(-1)).pipe(
          Effect.mapError(({ message }) =>
            new SurrealError({ operation: "claim", reason: new UnexpectedRow({ message }) })
          )
        )
        return runs[0]
      })
      return MusicRequests.of({ claim })
    })
  )
}

const decode = Schema.decodeUnknownEffect(Schema.Tuple([Schema.String]))

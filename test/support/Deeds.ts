import { Effect, Schema } from "effect"
import { Activity } from "effect/workflow"
import { Pulse } from "./EngineLives.ts"

export class Refused extends Schema.TaggedError<Refused>()("Refused", { why: Schema.String }) {}

/** What activities have done to the world, in the order in which they did it. */
export type Deeds = Array<string>

/** An activity that leaves its name in the world, then does the rest. */
export const deed = <R = never>(
  deeds: Deeds,
  name: string,
  rest: Effect.Effect<string, Refused, R> = Effect.succeed(name)
) =>
  Activity.make({
    name,
    success: Schema.String,
    error: Refused,
    execute: Effect.flatMap(Pulse, (pulse) =>
      Effect.andThen(
        pulse,
        Effect.suspend(() => {
          deeds.push(name)
          return rest
        })
      ))
  })

/** A deed that compensates: it cannot fail. */
export const undoing = (deeds: Deeds, name: string) => Effect.asVoid(Effect.orDie(deed(deeds, `undo ${name}`)))

import { Effect, Option } from "effect"
import type { Client } from "./Client.ts"
import { say } from "./Print.ts"

/** What becomes of a run that this command has started or asked to end; without a daemon, only the next one takes it to its end. */
export const sayNext = Effect.fnUntraced(function*(client: Client, id: string) {
  const { running } = yield* client.system.status()
  if (running) return yield* say(`Next: glider runs watch ${id}`)
  const { finishedAt } = yield* client.runs.get({ params: { id } })
  yield* say(
    Option.isSome(finishedAt)
      ? `See it: glider runs show ${id}`
      : "No glider run is at work; what is left of it goes on at the next: glider run"
  )
})

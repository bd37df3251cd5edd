import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Scheduler } from "../Scheduler.ts"
import { Migrations } from "../store/Migrations.ts"
import { Api } from "./Api.ts"
import { Doctor } from "./Doctor.ts"
import { Migrated, Reloaded } from "./Messages.ts"
import { Overview } from "./Overview.ts"
import { invalidConfig, storeFailed } from "./Translate.ts"

export const systemHandlers = HttpApiBuilder.group(
  Api,
  "system",
  Effect.fn(function*(handlers) {
    const doctor = yield* Doctor
    const { applied, version } = yield* Migrations
    const overview = yield* Overview
    const scheduler = yield* Scheduler
    return handlers.handleAll({
      status: () => Effect.mapError(overview.status, storeFailed),
      doctor: () => Effect.mapError(doctor.checks, storeFailed),
      reload: () =>
        scheduler.reload.pipe(
          Effect.map((changes) => new Reloaded(changes)),
          Effect.catchTags({
            ConfigFileError: (error) => Effect.fail(invalidConfig(error)),
            SurrealError: (error) => Effect.fail(storeFailed(error))
          })
        ),
      schema: () =>
        Effect.succeed(new Migrated({ version, applied: applied.map(({ name, number }) => ({ name, number })) }))
    })
  })
)

import { Effect, Option, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { withClient } from "./Ask.ts"

const limit = Flag.Int("limit").pipe(
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 500 }))),
  Flag.withDefault(20),
  Flag.withDescription("How many at most, 1 to 500")
)

const list = Command.make("list", { limit }, ({ limit }) =>
  withClient(Effect.fnUntraced(function*(client) {
    const { showImports } = yield* Effect.promise(() => import("./ShowImports.ts"))
    yield* showImports(yield* client.imports.list({ query: { limit } }))
  }))).pipe(Command.withDescription("What was imported, newest first"))

const show = Command.make(
  "show",
  { id: Argument.String("import").pipe(Argument.withDescription("The import, as glider import list shows it")) },
  (params) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { showImport } = yield* Effect.promise(() => import("./ShowImports.ts"))
      yield* showImport(yield* client.imports.get({ params }))
    }))
).pipe(Command.withDescription("How an import goes, or what it has come to"))

/** `glider import`. */
export const importCommand = Command.make(
  "import",
  {
    path: Argument.String("path").pipe(
      Argument.withDescription(
        "The zip or the JSON that Spotify has sent, a folder with its files, or a calendar: an .ics file or its address"
      )
    ),
    calendar: Flag.String("calendar").pipe(
      Flag.optional,
      Flag.withDescription("What a calendar is to be called; like its file or host without it")
    ),
    connection: Flag.String("connection").pipe(
      Flag.optional,
      Flag.withDescription("Whose records they are, where several accounts are connected, as spotify:alex")
    ),
    detach: Flag.Boolean("detach").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Do not wait for its end, when a glider run is at work")
    )
  },
  ({ calendar, connection, detach, path }) =>
    withClient(Effect.fnUntraced(function*(client) {
      const { importAny } = yield* Effect.promise(() => import("./ImportWork.ts"))
      yield* importAny(client, {
        path,
        connection: Option.getOrUndefined(connection),
        calendar: Option.getOrUndefined(calendar),
        detach
      })
    }))
).pipe(
  Command.withDescription(
    "Bring in what a provider sends you on request (Spotify's extended streaming history), or a calendar. Nothing comes in twice"
  ),
  Command.withExamples([
    { command: "glider import my_spotify_data.zip", description: "The zip as it was downloaded" },
    { command: "glider import holidays.ics --calendar holidays", description: "A calendar" },
    { command: "glider import list", description: "What was imported before" }
  ]),
  Command.withSubcommands([list, show])
)

/** `glider db`: what keeps the store's records safe. */
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { LocalDay } from "../domain/LocalDay.ts"
import { withClient } from "./Ask.ts"
import { print } from "./Print.ts"

const work = Effect.promise(() => import("./DbWork.ts"))

const file = Argument.String("file").pipe(Argument.withDescription("A backup, as glider db backup has made it"))

const migrate = Command.make("migrate", {}, () =>
  withClient(Effect.fnUntraced(function*(client) {
    const { applied, version } = yield* client.system.schema()
    yield* print({
      json: { version, applied },
      text: applied.length === 0
        ? `the schema is up to date (${version})`
        : [...applied.map(({ name, number }) => `${number}  ${name}`), `the schema is now ${version}`].join("\n")
    })
  }))).pipe(Command.withDescription("Bring the schema of the store up to date; every start does so by itself"))

const backup = Command.make(
  "backup",
  {
    file: Argument.String("file").pipe(
      Argument.optional,
      Argument.withDescription("A new file; without it one in the folder backups of the data folder")
    )
  },
  ({ file }) => Effect.flatMap(work, ({ backUp }) => withClient((client) => backUp(client, file)))
).pipe(
  Command.withDescription("Write everything into one file, while Glider runs, and read it back"),
  Command.withExamples([
    { command: "glider db backup", description: "Into the folder backups of the data folder" },
    { command: "glider db backup /mnt/usb/glider.jsonl.gz", description: "Into a file elsewhere" }
  ])
)

const verify = Command.make(
  "verify",
  { file },
  ({ file }) => Effect.flatMap(work, ({ verifyFile }) => verifyFile(file))
).pipe(Command.withDescription("Read a backup to its end and tell whether it is as it was written"))

const restore = Command.make(
  "restore",
  {
    file,
    yes: Flag.Boolean("yes").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Replace the store that is there; it is kept under another name")
    ),
    dryRun: Flag.Boolean("dry-run").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Only verify the backup, and tell what would be done")
    )
  },
  ({ dryRun, file, yes }) => Effect.flatMap(work, ({ restoreFile }) => restoreFile(file, { yes, dryRun }))
).pipe(
  Command.withDescription("Make the store what a backup says; the one that is there is kept beside it"),
  Command.withExamples([
    { command: "glider db restore backup.jsonl.gz --dry-run", description: "What would be done" },
    { command: "glider db restore backup.jsonl.gz --yes", description: "Do it" }
  ])
)

const accept = Command.make(
  "accept",
  {
    yes: Flag.Boolean("yes").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Go on with what is there, whatever has become of it")
    )
  },
  ({ yes }) => Effect.flatMap(work, ({ acceptStore }) => acceptStore(yes))
).pipe(
  Command.withDescription("Compare the files of the store with how Glider left them; with --yes, take them as they are")
)

const day = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.withSchema(LocalDay),
    Flag.optional,
    Flag.withMetavar("day"),
    Flag.withDescription(description)
  )

const exporting = Command.make(
  "export",
  {
    folder: Argument.String("folder").pipe(
      Argument.withDefault("."),
      Argument.withDescription("Where the files are written, one for each table; - for standard output")
    ),
    format: Flag.Literals("format", ["jsonl", "csv", "ics"]).pipe(
      Flag.withDefault("jsonl"),
      Flag.withDescription("Lines of JSON, CSV (RFC 4180), or for the calendar iCalendar (RFC 5545)")
    ),
    table: Flag.String("table").pipe(
      Flag.atLeast(0),
      Flag.withDescription("Only this table, such as spotify_listening_history; may be given several times")
    ),
    from: day("from", "The first day, in UTC: 2026-11-01"),
    to: day("to", "The last day"),
    backup: Flag.String("backup").pipe(
      Flag.optional,
      Flag.withMetavar("file"),
      Flag.withDescription("Out of this backup, in place of the store")
    )
  },
  ({ backup, folder, ...choice }) =>
    Effect.gen(function*() {
      const { exportRecords } = yield* Effect.promise(() => import("./DbExport.ts"))
      yield* exportRecords(folder, backup, choice)
    })
).pipe(
  Command.withDescription("Write your records into files that other programs read"),
  Command.withExamples([
    { command: "glider db export records --format csv", description: "All of them, a file for each table" },
    { command: "glider db export calendar --format ics", description: "The calendar for another program" },
    {
      command: "glider db export - --table spotify_listening_history --from 2026-11-01",
      description: "Plays since a day, on standard output"
    }
  ])
)

const user = (provider: string, of: string) =>
  Flag.String(provider).pipe(
    Flag.optional,
    Flag.withMetavar("user id"),
    Flag.withDescription(`Whose ${of} are; without it the account that is signed in`)
  )

const importing = Command.make(
  "import-earlier",
  {
    source: Argument.String("source").pipe(
      Argument.withDescription("A file of surreal export or of JSON, or the address of the server: ws://127.0.0.1:8001")
    ),
    google: user("google", "the events"),
    spotify: user("spotify", "the plays"),
    oura: user("oura", "the ring's records"),
    namespace: Flag.String("namespace").pipe(
      Flag.withDefault("glider"),
      Flag.withMetavar("name"),
      Flag.withDescription("The server's namespace")
    ),
    database: Flag.String("database").pipe(
      Flag.withDefault("glider"),
      Flag.withMetavar("name"),
      Flag.withDescription("The server's database")
    ),
    dryRun: Flag.Boolean("dry-run").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Only tell what would become of each table")
    )
  },
  ({ source, ...choice }) =>
    Effect.gen(function*() {
      const { importEarlier } = yield* Effect.promise(() => import("./DbImport.ts"))
      yield* importEarlier(source, choice)
    })
).pipe(
  Command.withDescription("Take over the records of the earlier Glider, and mend them; what is there already stays"),
  Command.withExamples([
    { command: "glider db import-earlier earlier.surql --dry-run", description: "What would become of each table" },
    { command: "glider db import-earlier ws://127.0.0.1:8001", description: "From the server, which is only read" },
    {
      command: "glider db import-earlier earlier.surql --spotify u1 --google me@example.org",
      description: "Before any account is signed in"
    }
  ])
)

/** `glider db`. */
export const db = Command.make("db").pipe(
  Command.withDescription("Look after the store: its schema, backups, what leaves it"),
  Command.withSubcommands([migrate, backup, verify, restore, accept, exporting, importing])
)

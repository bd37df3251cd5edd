/** What the forms about imports do. */
import { Effect, Option, Redacted, Schema } from "effect"
import { CalendarName } from "../../domain/CalendarName.ts"
import type { Action, Sent } from "../frame/Pages.ts"
import { importsKnown } from "./ImportsPage.ts"
import { importsView } from "./ImportsView.tsx"

const path = "/imports"

const isName = Schema.is(CalendarName)

/** The page once more, with what is wrong. The address stands there no more: it may be a secret. */
const again = (sent: Sent, calendar: string, problems: ReadonlyArray<string>, fix: string | undefined) =>
  Effect.map(importsKnown(sent), (known) => ({
    ...importsView({ ...sent, ...known, trouble: Option.some({ calendar, problems, fix }) }),
    status: 400
  }))

/** Reads the calendar at an address. */
export const readAddress: Action = Effect.fnUntraced(function*(sent) {
  const [address = "", calendar = ""] = ["address", "calendar"].map((name) => sent.fields.get(name)?.trim() ?? "")
  if (address === "") return yield* again(sent, calendar, ["Give the address of the calendar."], undefined)
  if (calendar !== "" && !isName(calendar)) {
    const problem = `${calendar} is no name: at most 64 small letters, digits, dots, - and _, a letter or digit first.`
    return yield* again(sent, calendar, [problem], undefined)
  }
  const payload = { address: Redacted.make(address, { label: "address" }), ...calendar === "" ? {} : { calendar } }
  return yield* sent.api.imports.address({ payload }).pipe(
    Effect.map(({ id }) => `${path}?done=${Option.isSome(id) ? "reading" : "unchanged"}`),
    Effect.catchTag("InvalidRequest", (error) => again(sent, calendar, [error.detail], error.fix))
  )
})

/** They are the same listening. */
export const approve: Action = ({ api, params: { id = "" } }) =>
  Effect.as(api.candidates.approve({ params: { id } }), `${path}?done=same`)

/** They are two. */
export const reject: Action = ({ api, params: { id = "" } }) =>
  Effect.as(api.candidates.reject({ params: { id } }), `${path}?done=two`)

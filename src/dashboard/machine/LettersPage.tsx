import { Effect, Option, Schema } from "effect"
import { LetterChoice, LetterQuery } from "../../api/RunMessages.ts"
import type { DeadLetter } from "../../domain/DeadLetter.ts"
import type { Asked, Page } from "../frame/Pages.ts"
import { groupsOf, kindOf } from "./LetterGroups.ts"
import { letterView } from "./LetterSteps.tsx"
import { lettersView } from "./LettersView.tsx"
import { orNone } from "./OrNone.ts"

/** Letters that are read to be grouped; older ones are on the pages that follow. */
const mostRead = 2000

const decodeJson = Schema.decodeOption(Schema.fromJsonString(Schema.Json))

const one = Effect.fnUntraced(function*({ api, csrf, owner }: Asked, id: string) {
  const letter = yield* api.deadLetters.get({ params: { id } })
  // the journal of a run may have been pruned before its letter
  const history = letter._tag === "Run"
    ? yield* orNone(api.runs.history({ params: { id: letter.run } }))
    : Option.none()
  const input = Option.flatMap(
    history,
    ({ events }) =>
      Option.flatMap(Option.fromUndefinedOr(events.find(({ kind }) => kind === "started")), ({ value }) => value)
  )
  return letterView({
    owner,
    csrf,
    letter,
    input,
    raw: letter._tag === "Record" ? decodeJson(letter.raw) : Option.none()
  })
})

/** What failed for good. */
export const lettersPage: Page = Effect.fnUntraced(function*(asked) {
  const { api, csrf, owner, query } = asked
  const chosen = query.get("letter")
  if (chosen !== null) return yield* one(asked, chosen)
  const kind = kindOf(query.get("kind"))
  const ofKind = kind === undefined ? {} : { kind }
  const begin = query.get("after")
  const letters: Array<DeadLetter> = []
  let after = Option.fromNullOr(begin)
  do {
    const page = yield* api.deadLetters.list({
      query: { ...ofKind, limit: 500, ...Option.isSome(after) ? { after: after.value } : {} }
    })
    letters.push(...page.letters)
    after = page.next
  } while (Option.isSome(after) && letters.length < mostRead)
  const total = begin === null && Option.isNone(after)
    ? letters.length
    : (yield* api.deadLetters.drop({ payload: new LetterChoice({ all: new LetterQuery(ofKind), preview: true }) }))
      .matched
  return lettersView({
    owner,
    csrf,
    query,
    kind: kind ?? "",
    groups: groupsOf(letters),
    total,
    read: letters.length,
    isFirst: begin === null,
    older: after
  })
})

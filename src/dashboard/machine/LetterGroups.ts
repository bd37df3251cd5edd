/** Dead letters by what went wrong and where. */
import { Option, Schema } from "effect"
import { type DeadLetter, DeadLetterKind, errorOf, fromOf, kindOf as kindOfLetter } from "../../domain/DeadLetter.ts"
import { short } from "./RunWords.ts"

const isKind = Schema.is(DeadLetterKind)

/** The kind that an address or a form names. */
export const kindOf = (text: string | null): DeadLetterKind | undefined => isKind(text) ? text : undefined

/** Which letters a group is of, as the API asks for them. */
export interface GroupKey {
  readonly kind: DeadLetterKind
  /** The workflow of a run, the stream of a record, or the webhook of a delivery. */
  readonly from: string
  /** The tag of the error. */
  readonly error: string
}

export interface LetterGroup extends GroupKey {
  /** The newest first. */
  readonly letters: readonly [DeadLetter, ...ReadonlyArray<DeadLetter>]
}

export const keyOf = (letter: DeadLetter): GroupKey => ({
  kind: kindOfLetter(letter),
  from: fromOf(letter),
  error: errorOf(letter)
})

/** What went wrong, in one line. */
export const messageOf = (letter: DeadLetter): string =>
  short(letter._tag === "Run" || letter._tag === "Job" ? letter.error.message : letter.problem, 240)

/** What mends it. */
export const fixOf = (letter: DeadLetter): Option.Option<string> =>
  letter._tag === "Run" ? letter.error.fix : Option.none()

/** Groups of letters that are the newest first; the group with the newest letter is the first. */
export const groupsOf = (letters: ReadonlyArray<DeadLetter>): ReadonlyArray<LetterGroup> => {
  const groups = new Map<string, GroupKey & { readonly letters: [DeadLetter, ...Array<DeadLetter>] }>()
  for (const letter of letters) {
    const { error, from, kind } = keyOf(letter)
    const name = JSON.stringify([kind, from, error])
    const known = groups.get(name)
    if (known === undefined) groups.set(name, { kind, from, error, letters: [letter] })
    else known.letters.push(letter)
  }
  return [...groups.values()]
}

/** Where the page of a letter is; its id may hold slashes. */
export const letterHref = (id: string): string => `/dead-letters?${new URLSearchParams({ letter: id })}`

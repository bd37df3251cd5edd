import { Effect, Option, Result, Stream } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { DeadLetter, DeadLetterFilter } from "../domain/DeadLetter.ts"
import { DeadLetters } from "../store/DeadLetters.ts"
import { LetterRetries } from "../workflows/LetterRetries.ts"
import { Api } from "./Api.ts"
import { damageFound, unlessDamaged } from "./Damage.ts"
import { notAPlace, placeOf, placeText } from "./LetterPlaces.ts"
import { InvalidRequest, NotFound } from "./Problems.ts"
import { type LetterChoice, LetterPage, type LetterQuery, LettersDone } from "./RunMessages.ts"
import { storeFailed } from "./Translate.ts"

/** How many letters are listed, or shown in a preview, when nobody says. */
const defaultLimit = 50

const filterOf = ({ error, from, kind, newerThan, olderThan, text }: LetterQuery): DeadLetterFilter => ({
  kind: Option.fromUndefinedOr(kind),
  from: Option.map(Option.fromUndefinedOr(from), Array.of),
  error: Option.fromUndefinedOr(error),
  olderThan: Option.fromUndefinedOr(olderThan),
  newerThan: Option.fromUndefinedOr(newerThan),
  text: Option.fromUndefinedOr(text)
})

const invalid = (pointer: string, message: string): InvalidRequest =>
  new InvalidRequest({ detail: message, details: [{ pointer, message }] })

const missing = (id: string): NotFound => new NotFound({ detail: `There is no dead letter ${id}.` })

export const deadLettersHandlers = HttpApiBuilder.group(
  Api,
  "deadLetters",
  Effect.fn(function*(handlers) {
    const damage = yield* damageFound
    const letters = yield* DeadLetters
    const retries = yield* LetterRetries

    const found = (id: string) =>
      Effect.flatMap(
        Effect.mapError(letters.get(id), storeFailed),
        Option.match({ onNone: () => Effect.fail(missing(id)), onSome: Effect.succeed })
      )

    /** The letters that are meant; with a preview only the newest of them, and how many there are. */
    const meant = Effect.fnUntraced(function*({ all, ids, input, preview }: LetterChoice) {
      if ((ids === undefined) === (all === undefined)) {
        return yield* invalid("/payload", "Say either ids or all, one of the two.")
      }
      if (input !== undefined && ids?.length !== 1) {
        return yield* invalid("/payload/input", "Another input is for one letter alone.")
      }
      if (ids !== undefined) return { count: ids.length, ids }
      const matching = yield* Effect.mapError(letters.matching(filterOf(all ?? {}), defaultLimit), storeFailed)
      return {
        count: matching.count,
        ids: preview === true
          ? matching.first.map(({ id }) => id)
          : yield* Effect.mapError(Stream.runCollect(matching.ids), storeFailed)
      }
    })

    const forEach = Effect.fnUntraced(function*(
      choice: LetterChoice,
      act: (letter: DeadLetter) => Effect.Effect<Option.Option<string>, { readonly message: string }>
    ) {
      if (choice.preview !== true) yield* unlessDamaged(damage)
      const { count, ids } = yield* meant(choice)
      if (choice.preview === true) {
        const done = ids.map((id) => ({ id, run: Option.none() }))
        return new LettersDone({ matched: count, preview: true, done, failed: [] })
      }
      const results = yield* Effect.forEach(
        ids,
        (id) =>
          Effect.flatMap(Effect.mapError(found(id), ({ detail }) => ({ message: detail })), act).pipe(
            Effect.map((run) => ({ id, run })),
            Effect.mapError(({ message }) => ({ id, message })),
            Effect.result
          )
      )
      return new LettersDone({
        matched: count,
        preview: false,
        done: results.flatMap((result) => Result.isSuccess(result) ? [result.success] : []),
        failed: results.flatMap((result) => Result.isFailure(result) ? [result.failure] : [])
      })
    })

    return handlers.handleAll({
      list: Effect.fnUntraced(function*({ query: { after, limit, ...asked } }) {
        const place = Option.flatMap(Option.fromUndefinedOr(after), placeOf)
        if (after !== undefined && Option.isNone(place)) {
          return yield* notAPlace()
        }
        const page = yield* Effect.mapError(
          letters.list({ filter: filterOf(asked), after: place, limit: limit ?? defaultLimit }),
          storeFailed
        )
        return new LetterPage({ letters: page.letters, next: Option.map(page.next, placeText) })
      }),
      get: ({ params }) => found(params.id),
      retry: ({ payload }) =>
        forEach(payload, (letter) => retries.retry(letter, Option.fromUndefinedOr(payload.input))),
      drop: ({ payload }) => forEach(payload, ({ id }) => Effect.as(letters.drop([id]), Option.none()))
    })
  })
)

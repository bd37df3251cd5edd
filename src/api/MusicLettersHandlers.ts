import { Effect, Option, Result, Stream } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { anyDeadLetter, type DeadLetter, type DeadLetterFilter, deadLetterId } from "../domain/DeadLetter.ts"
import { inputOf } from "../domain/RunHistory.ts"
import { DeadLetters } from "../store/DeadLetters.ts"
import { Runs } from "../store/Runs.ts"
import { LetterRetries } from "../workflows/LetterRetries.ts"
import { isOfSong, songWorkflows } from "../workflows/MusicRecord.ts"
import { retryId } from "../workflows/Retries.ts"
import { Api } from "./Api.ts"
import { notAPlace, placeOf, placeText } from "./LetterPlaces.ts"
import { LetterRetried, LettersRetried, type SyncLetter, SyncLetters } from "./MusicMessages.ts"
import { NotFound, RunConflict } from "./Problems.ts"
import { storeFailed } from "./Translate.ts"

/** How many are listed when nobody says. */
const defaultLimit = 50

/** Runs that put songs into playlists. */
const ofSongs: DeadLetterFilter = { ...anyDeadLetter, kind: Option.some("run"), from: Option.some(songWorkflows) }

type RunLetter = Extract<DeadLetter, { readonly _tag: "Run" }>

/** `retry` tells a number from the id: the first run of all tries. */
const originalOf = (run: string): string => /^(.+)~\d+$/s.exec(run)?.[1] ?? run

export const musicLettersHandlers = HttpApiBuilder.group(
  Api,
  "musicLetters",
  Effect.fn(function*(handlers) {
    const letters = yield* DeadLetters
    const retries = yield* LetterRetries
    const runs = yield* Runs

    const entryOf = Effect.fnUntraced(function*({ at, error, run, workflow }: RunLetter) {
      const found = yield* runs.history(run)
      return {
        original_workflow_id: originalOf(run),
        run_id: run,
        workflow_type: workflow,
        input_data: Option.getOrNull(Option.flatMap(found, ({ entries }) => inputOf(entries))),
        error_type: error.tag,
        error_message: error.message,
        failed_at: at
      } satisfies SyncLetter
    })

    const songs = (found: ReadonlyArray<DeadLetter>): ReadonlyArray<RunLetter> =>
      found.filter((letter) => letter._tag === "Run")

    const letterOf = (run: string) =>
      Effect.map(
        letters.get(deadLetterId({ _tag: "Run", run })),
        Option.filter((letter): letter is RunLetter => letter._tag === "Run" && isOfSong(letter))
      )

    /** That of the run, or of the last try of it that failed. */
    const meant = Effect.fnUntraced(function*(id: string) {
      const own = yield* letterOf(id)
      if (Option.isSome(own)) return own.value
      const run = Option.filter(yield* runs.get(id), isOfSong)
      if (Option.isSome(run)) {
        for (let attempt = run.value.attempt + 1;; attempt++) {
          const next = retryId(originalOf(id), attempt)
          const later = yield* letterOf(next)
          if (Option.isSome(later)) return later.value
          if (Option.isNone(yield* runs.get(next))) break
        }
      }
      return yield* new NotFound({ detail: `No song that failed for good is named ${id}.`, fix: "glider dlq list" })
    })

    const retry = (letter: RunLetter) =>
      Effect.map(
        retries.retry(letter, Option.none()),
        (started) => ({
          original_workflow_id: originalOf(letter.run),
          new_workflow_id: Option.getOrElse(started, () => letter.run)
        })
      )

    return handlers.handleAll({
      list: Effect.fnUntraced(function*({ query: { after, limit = defaultLimit } }) {
        const place = Option.flatMap(Option.fromUndefinedOr(after), placeOf)
        if (after !== undefined && Option.isNone(place)) return yield* notAPlace()
        return yield* Effect.mapError(
          Effect.gen(function*() {
            const { count } = yield* letters.matching(ofSongs, 0)
            const page = yield* letters.list({ filter: ofSongs, after: place, limit })
            const entries = yield* Effect.forEach(songs(page.letters), entryOf)
            return new SyncLetters({ total: count, entries, next: Option.map(page.next, placeText) })
          }),
          storeFailed
        )
      }),
      retry: Effect.fnUntraced(function*({ params: { id } }) {
        const letter = yield* Effect.catchTag(meant(id), "SurrealError", (error) => Effect.fail(storeFailed(error)))
        const started = yield* Effect.catchTags(retry(letter), {
          LetterStays: ({ message }) => Effect.fail(new RunConflict({ detail: message })),
          SurrealError: (error) => Effect.fail(storeFailed(error))
        })
        return new LetterRetried({ status: "retried", ...started })
      }),
      retryAll: () =>
        Effect.mapError(
          Effect.gen(function*() {
            const { ids } = yield* letters.matching(ofSongs, 0)
            const results = yield* Effect.forEach(yield* Stream.runCollect(ids), (id) =>
              Effect.gen(function*() {
                const letter = yield* letters.get(id)
                if (Option.isNone(letter) || letter.value._tag !== "Run") return Option.none()
                const { run } = letter.value
                return Option.some(
                  yield* Effect.result(
                    Effect.mapError(retry(letter.value), ({ message }) => ({
                      original_workflow_id: originalOf(run),
                      message
                    }))
                  )
                )
              }))
            const done = results.flatMap(Option.toArray)
            return new LettersRetried({
              status: "retried",
              total: done.length,
              retried: done.flatMap((result) => Result.isSuccess(result) ? [result.success] : []),
              failed: done.flatMap((result) => Result.isFailure(result) ? [result.failure] : [])
            })
          }),
          storeFailed
        )
    })
  })
)

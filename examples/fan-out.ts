// npm exec -- node examples/fan-out.ts [folder]
/**
 * A run that starts twenty others and gathers what they give. Each child is a run of its own: listed, cancelled and
 * retried by itself, and not run again when the parent goes on after a crash.
 */
import { Console, Effect, Schema } from "effect"
import { Activity, Workflow } from "effect/workflow"
import * as Example from "./support/Example.ts"

const Chapter = Workflow.make("chapter", {
  payload: { book: Schema.String, number: Schema.Natural },
  success: Schema.Struct({ words: Schema.Natural }),
  // derived from the parent's key and the place in it, so that a replay finds the same child
  idempotencyKey: ({ book, number }) => `${book}/${number}`
})

const Book = Workflow.make("book", {
  payload: { title: Schema.String, chapters: Schema.Natural },
  success: Schema.Struct({ words: Schema.Natural, longest: Schema.Natural }),
  idempotencyKey: ({ title }) => title
})

const count = (number: number) =>
  Activity.make({
    name: "count",
    success: Schema.Natural,
    // as if it took its time, the later chapters less
    execute: Effect.delay(Effect.succeed(1000 + ((number * 37) % 20) * 10), `${25 - number} millis`)
  })

const chapters = Chapter.toLayer(Effect.fnUntraced(function*({ number }) {
  const words = yield* count(number)
  yield* Activity.make({ name: "tell", execute: Console.log(`chapter ${number}: ${words} words`) })
  return { words }
}))

const books = Book.toLayer(Effect.fnUntraced(function*({ chapters, title }) {
  const numbers = Array.from({ length: chapters }, (_, index) => index + 1)
  // side by side; the results come in the order of the chapters, whichever ends first
  const counted = yield* Effect.forEach(numbers, (number) => Chapter.execute({ book: title, number }), {
    concurrency: "unbounded"
  })
  const words = counted.map(({ words }) => words)
  return { words: words.reduce((sum, more) => sum + more, 0), longest: words.indexOf(Math.max(...words)) + 1 }
}))

Example.run(
  [chapters, books],
  Effect.gen(function*() {
    const { longest, words } = yield* Book.execute({ title: "Moby-Dick", chapters: 20 })
    yield* Console.log(`the book: ${words} words, and chapter ${longest} is the longest`)
  })
)

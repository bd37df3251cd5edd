import { Cause, Effect, Ref, Stream } from "effect"
import { Progress } from "../domain/Progress.ts"
import { StreamCounts, SyncReport } from "../domain/Run.ts"
import { CrashPoint } from "../services/CrashPoint.ts"
import { Commit } from "../store/Commit.ts"
import type { Page } from "../store/Write.ts"
import type { SyncStream } from "../syncs/Sync.ts"
import { runErrorOf } from "./RunResult.ts"

/** What a stream is called in the report of a run. */
const titleOf = ({ name, part }: SyncStream): string => part === undefined ? name : `${name} of ${part}`

/**
 * Commits a stream's pages in order and adds them to the report. A page is committed whole or not at all, also when the
 * run is interrupted meanwhile. A failure or a defect ends this stream only and stands in the report.
 */
export const syncPages = (
  stream: SyncStream,
  report: Ref.Ref<SyncReport>,
  onProgress: (progress: Progress) => Effect.Effect<void>
): Effect.Effect<void, never, Commit> =>
  Effect.gen(function*() {
    const title = titleOf(stream)
    const commit = yield* Commit
    const crashPoint = yield* CrashPoint
    const store = Effect.fnUntraced(function*(page: Page) {
      yield* crashPoint("page.read")
      const counts = yield* commit.page(page)
      const { pages } = yield* Ref.updateAndGet(report, (so) =>
        new SyncReport({
          ...so,
          pages: so.pages + 1,
          streams: { ...so.streams, [title]: sum(so, title, counts) }
        }))
      yield* onProgress(new Progress({ stream: title, pages, counts, fraction: page.fraction }))
    }, Effect.uninterruptible)
    yield* Ref.update(report, (so) =>
      new SyncReport({ ...so, streams: { ...so.streams, [title]: sum(so, title, StreamCounts.none) } }))
    yield* Stream.runForEach(stream.pages, store).pipe(
      Effect.catchCause((cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Effect.interrupt
          : Ref.update(report, (so) =>
            new SyncReport({ ...so, errors: { ...so.errors, [title]: runErrorOf(cause) } }))
      )
    )
  })

const sum = (report: SyncReport, title: string, counts: StreamCounts): StreamCounts =>
  (report.streams[title] ?? StreamCounts.none).plus(counts)

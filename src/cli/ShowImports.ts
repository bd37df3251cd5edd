/** Imports, and what of them waits for a person, for a person and for programs. */
import { DateTime, Effect, Formatter, Option, Schema } from "effect"
import { CandidateAnswered, CandidateInfo, ImportInfo } from "../api/ImportMessages.ts"
import { fromNow, orDash, print, say, table, visible, visibleLines } from "./Print.ts"

const encodeImports = Schema.encodeEffect(Schema.Array(ImportInfo))
const encodeImport = Schema.encodeEffect(ImportInfo)
const encodeCandidates = Schema.encodeEffect(Schema.Array(CandidateInfo))
const encodeCandidate = Schema.encodeEffect(CandidateInfo)
const encodeAnswered = Schema.encodeEffect(CandidateAnswered)

/** What an import has come to, in lines. */
export const resultText = ({ error, file, id, progress, result, status }: ImportInfo): string => {
  const lines = [`${id} (${visible(orDash(file))}) is ${status}`]
  if (Option.isNone(result)) lines.push(...Option.toArray(progress))
  else {
    const { counted, created, deleted = 0, failed, files, kind, merged, quarantined, records, review } = result.value
    const { skipped, unchanged, updated } = result.value
    lines.push(
      kind === "calendar"
        ? `${records} events in ${files} calendars; with each time they repeat ${created} new, ${unchanged} known, ` +
          `${updated} changed, ${deleted} gone, ${quarantined} unreadable`
        : `${records} records in ${files} files: ${created} new, ${unchanged} known, ${updated} changed, ${quarantined} unreadable`
    )
    if (kind === undefined) {
      lines.push(
        `of what was new ${merged} are plays that were there, ${counted} are plays that were not, ${skipped} too short to count`
      )
    }
    if (review > 0) lines.push(`${review} wait for you: glider candidates list`)
    if (failed > 0) lines.push(`${failed} could not be compared: see the log`)
    if (quarantined > 0) lines.push("what could not be read is kept: glider dlq list --kind record")
  }
  return [...lines, ...Option.toArray(Option.map(error, ({ message }) => visibleLines(message)))].join("\n")
}

/** `glider import list`. */
export const showImports = Effect.fnUntraced(function*(imports: ReadonlyArray<ImportInfo>) {
  const now = yield* DateTime.now
  const rows = imports.map(({ file, id, progress, result, started_at, status }) => [
    id,
    orDash(file),
    status,
    fromNow(now, started_at),
    Option.match(result, {
      onNone: () => orDash(progress),
      onSome: ({ created, records }) => `${records} records, ${created} new`
    })
  ])
  yield* print({
    json: yield* Effect.orDie(encodeImports(imports)),
    text: rows.length === 0 ? "nothing was imported" : table(["IMPORT", "FILE", "STATUS", "BEGUN", "RECORDS"], rows)
  })
})

/** `glider import show`. */
export const showImport = Effect.fnUntraced(function*(info: ImportInfo) {
  yield* print({ json: yield* Effect.orDie(encodeImport(info)), text: resultText(info) })
})

const heard = ({ artist, name, uri }: Pick<CandidateInfo["stream"], "artist" | "name" | "uri">): string =>
  `${Option.getOrElse(name, () => uri)}${Option.match(artist, { onNone: () => "", onSome: (by) => ` by ${by}` })}`

/** `glider candidates list`. */
export const showCandidates = Effect.fnUntraced(function*(candidates: ReadonlyArray<CandidateInfo>) {
  const rows = candidates.map(({ confidence, id, play, state, stream }) => [
    id,
    heard(stream),
    `${DateTime.formatIso(stream.started_at)} to ${DateTime.formatIso(stream.ended_at)}`,
    heard(play),
    DateTime.formatIso(play.played_at),
    confidence.toFixed(2),
    state
  ])
  yield* print({
    json: yield* Effect.orDie(encodeCandidates(candidates)),
    text: rows.length === 0
      ? "no imported stream waits for you"
      : table(["CANDIDATE", "IMPORTED", "HEARD", "PLAY", "AT", "CONFIDENCE", "STATE"], rows)
  })
  if (rows.length > 0) yield* say("The same listening? glider candidates approve <candidate>; two? reject <candidate>")
})

/** `glider candidates show`. */
export const showCandidate = Effect.fnUntraced(function*(candidate: CandidateInfo) {
  const json = yield* Effect.orDie(encodeCandidate(candidate))
  const { play, state, stream } = candidate
  yield* print({
    json,
    text: visibleLines([
      `${state}, similarity ${candidate.similarity.toFixed(2)}, confidence ${candidate.confidence.toFixed(2)}`,
      `imported: ${heard(stream)}, ${DateTime.formatIso(stream.started_at)} to ${DateTime.formatIso(stream.ended_at)}`,
      Formatter.formatJson(stream.raw, { space: 2 }),
      `play: ${heard(play)}, ${DateTime.formatIso(play.played_at)}`,
      Formatter.formatJson(play.raw, { space: 2 })
    ].join("\n"))
  })
})

/** `glider candidates approve` and `reject`. */
export const showAnswered = Effect.fnUntraced(function*(answered: CandidateAnswered) {
  yield* print({
    json: yield* Effect.orDie(encodeAnswered(answered)),
    text: answered.verdict === "approved" ? "they count as one listening" : "they count as two listenings"
  })
})
